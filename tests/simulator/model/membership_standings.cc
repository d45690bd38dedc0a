// Where seats and posts stand on a day, by the tables of services/membership/README.md.
#include <algorithm>
#include <set>

#include "partnerskap/agreements/v1/adoptions.pb.h"
#include "partnerskap/agreements/v1/resources.pb.h"
#include "partnerskap/membership/v1/service.pb.h"
#include "tests/simulator/model/dates.h"
#include "tests/simulator/model/facts.h"
#include "tests/simulator/model/membership_model.h"

namespace partnerskap::simulator::model {
namespace {

using namespace membership::v1;  // NOLINT(google-build-using-namespace): this file speaks of nothing else
using agreements::v1::Adoption;
using agreements::v1::Agreement;
using agreements::v1::Signature;

constexpr int kTermEndingDays = 183;
constexpr int kAppealDays = 21;

template <typename Request>
absl::CivilDay DayAsked(const Case& judged, const Request& request) {
  return request.has_effective_date() ? DayOf(request.effective_date()) : judged.today;
}

// ---- posts

void ComputePostStandingRule(Case& judged, const ComputePostStandingRequest& request) {
  const auto* post = judged.facts.Own<Post>(request.post());
  if (!judged.NeedSubject(post != nullptr)) return;
  auto standing = std::make_unique<PostStanding>();
  judged.UnclearIf(!StandingOf(*post, judged.facts.OwnUnder<Appointment>(post->name() + "/appointments/"),
                               DayAsked(judged, request), *standing));
  judged.Answer(std::move(standing));
}

void ListPostStandingsRule(Case& judged, const ListPostStandingsRequest& request) {
  if (!judged.NeedSubject(judged.facts.Own<Network>(request.parent()) != nullptr)) return;
  judged.UnclearIf(!request.seat().empty() && judged.facts.Own<Seat>(request.seat()) == nullptr);
  judged.UnclearIf(!request.seat().empty() && NetworkOf(request.seat()) != request.parent());
  auto answer = std::make_unique<ListPostStandingsResponse>();
  std::vector<const Seat*> seats = judged.facts.OwnUnder<Seat>(request.parent() + "/seats/");
  SortByDisplayName(seats);
  for (const Seat* seat : seats) {
    if (!request.seat().empty() && seat->name() != request.seat()) continue;
    for (const Post* post : judged.facts.OwnUnder<Post>(seat->name() + "/posts/")) {
      judged.UnclearIf(!StandingOf(*post, judged.facts.OwnUnder<Appointment>(post->name() + "/appointments/"),
                                   DayAsked(judged, request), *answer->add_post_standings()));
    }
  }
  judged.Answer(std::move(answer));
}

// ---- seats

bool IsAdopted(const Adoption& adoption) {
  return adoption.outcome() == Adoption::ADOPTED || adoption.outcome() == Adoption::ADOPTED_WITH_RESERVATION;
}

bool IsDecided(const Adoption& adoption) {
  return adoption.state() == Adoption::DECIDED || adoption.state() == Adoption::ADJUSTED ||
         adoption.state() == Adoption::ANNOUNCED;
}

// Seats of one network against one agreement on one day.
class SeatJudge {
 public:
  SeatJudge(Case& judged, const std::string& network, const std::string& agreement, absl::CivilDay day)
      : judged_(judged), day_(day) {
    if (!agreement.empty()) {
      agreement_ = judged.facts.Known<Agreement>(agreement);
      // One that is not known here is UNKNOWN or refused; both can be read out of the comments.
      judged.UnclearIf(agreement_ == nullptr || NetworkOf(agreement) != network);
      return;
    }
    for (const Agreement* each : judged.facts.KnownUnder<Agreement>(network + "/agreements/")) {
      judged.UnclearIf(!IsDay(each->start_date()) || !IsDay(each->end_date()) ||
                       each->kind() != Agreement::PERIOD_AGREEMENT);
      if (judged.unclear() || DayOf(each->start_date()) > day) continue;
      const bool later = agreement_ == nullptr || DayOf(agreement_->start_date()) < DayOf(each->start_date());
      judged.UnclearIf(agreement_ != nullptr && DayOf(agreement_->start_date()) == DayOf(each->start_date()));
      if (later) agreement_ = each;
    }
  }

  SeatStanding Of(const Seat& seat) {
    SeatStanding standing;
    standing.set_seat(seat.name());
    *standing.mutable_effective_date() = DateOf(day_);
    if (agreement_ != nullptr) standing.set_agreement(agreement_->name());
    standing.set_municipality_count(static_cast<int32_t>(MunicipalitiesOf(seat).size()));
    standing.set_state(StateOf(seat, standing));
    AddMarks(seat, standing);
    return standing;
  }

  std::set<std::string> MunicipalitiesOf(const Seat& seat) {
    std::set<std::string> municipalities;
    for (const Party& party : seat.parties()) {
      const auto* organization = judged_.facts.Own<Organization>(party.organization());
      if (organization == nullptr) {
        judged_.Unclear();
      } else if (organization->kind() == Organization::MUNICIPALITY) {
        municipalities.insert(organization->name());
      } else if (organization->kind() == Organization::DISTRICT) {
        municipalities.insert(organization->parent_organization());
      }
    }
    return municipalities;
  }

 private:
  const Adoption* AdoptionOf(const Agreement& agreement, const Seat& seat) {
    return judged_.facts.Known<Adoption>(absl::StrCat(agreement.name(), "/adoptions/", IdOf(seat.name())));
  }

  SeatStanding::State StateOf(const Seat& seat, SeatStanding& standing) {
    if (seat.has_exit()) {
      judged_.UnclearIf(!IsDay(seat.exit().exit_date()));
      if (judged_.unclear() || day_ > DayOf(seat.exit().exit_date())) return SeatStanding::LEFT;
    }
    if (agreement_ == nullptr) return SeatStanding::UNKNOWN;
    judged_.UnclearIf(!IsDay(agreement_->start_date()) || !IsDay(agreement_->end_date()));
    const Adoption* adoption = AdoptionOf(*agreement_, seat);
    if (adoption == nullptr) return SeatStanding::UNKNOWN;
    standing.set_adoption(adoption->name());
    if (judged_.unclear()) return SeatStanding::UNKNOWN;
    const bool over = day_ > DayOf(agreement_->end_date());
    if (!IsDecided(*adoption)) {
      judged_.UnclearIf(adoption->state() == Adoption::ANNULLED);
      return over ? SeatStanding::UNKNOWN : SeatStanding::DECIDING;
    }
    // Of what was decided after the day, or otherwise, the table says nothing.
    if (adoption->has_decision_date() && !IsDay(adoption->decision_date())) judged_.Unclear();
    if (adoption->outcome() == Adoption::ADOPTED_CHANGED) judged_.Unclear();
    if (judged_.unclear()) return SeatStanding::UNKNOWN;
    if (!IsAdopted(*adoption)) {
      judged_.UnclearIf(!adoption->has_decision_date() || DayOf(adoption->decision_date()) > day_);
      return SeatStanding::LAPSED;
    }
    if (!adoption->has_decision_date()) return SeatStanding::UNKNOWN;
    return AdoptedState(seat, *adoption, standing);
  }

  SeatStanding::State AdoptedState(const Seat& seat, const Adoption& adoption, SeatStanding& standing) {
    const absl::CivilDay bound = std::max(DayOf(agreement_->start_date()), DayOf(adoption.decision_date()));
    const absl::CivilDay end = DayOf(agreement_->end_date());
    // Decided when the period was over: bound from a day on which nothing bound any more.
    judged_.UnclearIf(bound > end);
    if (day_ < bound) return SeatStanding::DECIDING;
    const bool renewed = SuccessorAdopted(seat);
    if (day_ > end && !renewed) return SeatStanding::LAPSED;
    if (day_ <= end) {
      *standing.mutable_bound_date() = DateOf(bound);
      bound_ = &adoption;
    }
    if (renewed) return SeatStanding::RENEWED;
    if (end - day_ <= kTermEndingDays) return SeatStanding::TERM_ENDING;
    return SignedBy(adoption) == 2 ? SeatStanding::ACTIVE : SeatStanding::BOUND;
  }

  bool SuccessorAdopted(const Seat& seat) {
    for (const Agreement* next : judged_.facts.KnownUnder<Agreement>(NetworkOf(seat.name()) + "/agreements/")) {
      if (next->predecessor() != agreement_->name()) continue;
      const Adoption* adoption = AdoptionOf(*next, seat);
      if (adoption == nullptr || !IsDecided(*adoption)) continue;
      judged_.UnclearIf(!adoption->has_decision_date() || !IsDay(adoption->decision_date()) || !IsAdopted(*adoption));
      if (!judged_.unclear() && DayOf(adoption->decision_date()) <= day_) return true;
      judged_.UnclearIf(true);
    }
    return false;
  }

  int SignedBy(const Adoption& adoption) {
    judged_.UnclearIf(agreement_->signer_slots_size() != 2);
    std::set<int> slots;
    for (const auto* signature : judged_.facts.KnownUnder<Signature>(adoption.name() + "/signatures/")) {
      if (DayOf(signature->sign_date()) > day_) continue;
      judged_.UnclearIf(!slots.insert(signature->slot()).second);
    }
    return static_cast<int>(slots.size());
  }

  void AddMarks(const Seat& seat, SeatStanding& standing) {
    if (bound_ != nullptr) AddBoundMarks(*bound_, standing);
    bound_ = nullptr;
    for (const SeatHold& hold : seat.holds()) {
      const bool over = hold.has_end_date() && SpanOf(hold.end_date()).last < day_;
      judged_.UnclearIf(hold.has_end_date() && !IsDay(hold.end_date()));
      if (DayOf(hold.start_date()) <= day_ && !over) standing.add_marks(SeatStanding::ON_HOLD);
    }
    bool carried = false;
    for (const Post* post : judged_.facts.OwnUnder<Post>(seat.name() + "/posts/")) {
      if (post->kind() != Post::ELECTED && post->kind() != Post::OFFICIAL) continue;
      PostStanding of_post;
      judged_.UnclearIf(
          !StandingOf(*post, judged_.facts.OwnUnder<Appointment>(post->name() + "/appointments/"), day_, of_post));
      carried = carried || of_post.state() == PostStanding::CARRY_OVER;
    }
    if (carried) standing.add_marks(SeatStanding::CARRY_OVER);
  }

  void AddBoundMarks(const Adoption& adoption, SeatStanding& standing) {
    if (SignedBy(adoption) < 2) standing.add_marks(SeatStanding::UNSIGNED);
    const bool extract = adoption.has_extract_date();
    judged_.UnclearIf(extract && !IsDay(adoption.extract_date()));
    if (!extract || SpanOf(adoption.extract_date()).first > day_) standing.add_marks(SeatStanding::EXTRACT_MISSING);
    bool final = false;
    if (adoption.has_announcement_date() && IsDay(adoption.announcement_date())) {
      absl::CivilDay last = DayOf(adoption.announcement_date()) + kAppealDays;
      while (!IsBankDay(last)) ++last;
      final = day_ > last;
    }
    if (!final) standing.add_marks(SeatStanding::NOT_FINAL);
  }

  Case& judged_;
  const absl::CivilDay day_;
  const Agreement* agreement_ = nullptr;
  const Adoption* bound_ = nullptr;
};

void ComputeSeatStandingRule(Case& judged, const ComputeSeatStandingRequest& request) {
  const auto* seat = judged.facts.Own<Seat>(request.seat());
  if (!judged.NeedSubject(seat != nullptr)) return;
  judged.UnclearIf(seat->kind() != Seat::MEMBER);
  SeatJudge judge(judged, NetworkOf(request.seat()), request.agreement(), DayAsked(judged, request));
  judged.Answer(std::make_unique<SeatStanding>(judge.Of(*seat)));
}

void ListSeatStandingsRule(Case& judged, const ListSeatStandingsRequest& request) {
  if (!judged.NeedSubject(judged.facts.Own<Network>(request.parent()) != nullptr)) return;
  const absl::CivilDay day = DayAsked(judged, request);
  SeatJudge judge(judged, request.parent(), request.agreement(), day);
  auto answer = std::make_unique<ListSeatStandingsResponse>();
  std::set<std::string> municipalities;
  int seats = 0, bound = 0;
  std::vector<const Seat*> all = judged.facts.OwnUnder<Seat>(request.parent() + "/seats/");
  SortByDisplayName(all);
  for (const Seat* seat : all) {
    judged.UnclearIf(seat->kind() != Seat::MEMBER);
    // Whether one that joins later or has left is listed, and where it stood before it joined, is not said.
    judged.UnclearIf(seat->has_exit() || (seat->has_join_date() && SpanOf(seat->join_date()).last > day));
    const SeatStanding standing = judge.Of(*seat);
    ++seats;
    if (standing.has_bound_date()) ++bound;
    municipalities.merge(judge.MunicipalitiesOf(*seat));
    *answer->add_seat_standings() = standing;
  }
  answer->set_seat_count(seats);
  answer->set_municipality_count(static_cast<int32_t>(municipalities.size()));
  answer->set_bound_seat_count(bound);
  judged.Answer(std::move(answer));
}

}  // namespace

void AddMembershipStandings(Rules& rules) {
  rules["ComputePostStanding"] = On(&ComputePostStandingRule);
  rules["ListPostStandings"] = On(&ListPostStandingsRule);
  rules["ComputeSeatStanding"] = On(&ComputeSeatStandingRule);
  rules["ListSeatStandings"] = On(&ListSeatStandingsRule);
}

void MembershipInvariants(const Facts& facts, std::vector<std::string>& broken) {
  for (const Seat* seat : facts.OwnUnder<Seat>("networks/")) {
    if (facts.Own<Network>(NetworkOf(seat->name())) == nullptr) broken.push_back(seat->name() + " lies in no network");
    for (int i = 0; i < seat->holds_size(); ++i) {
      const bool last = i + 1 == seat->holds_size();
      if (!seat->holds(i).has_end_date() && (!last || seat->has_exit())) {
        broken.push_back(seat->name() + " has a hold that lasts beyond its successor or the exit");
      }
    }
    int elected = 0, official = 0, contact = 0;
    for (const Post* post : facts.OwnUnder<Post>(seat->name() + "/posts/")) {
      elected += post->kind() == Post::ELECTED ? 1 : 0;
      official += post->kind() == Post::OFFICIAL ? 1 : 0;
      contact += post->kind() == Post::CONTACT_PERSON ? 1 : 0;
    }
    if (std::max({elected, official, contact}) > 1) broken.push_back(seat->name() + " has two posts of a kind");
  }
  for (const Appointment* appointment : facts.OwnUnder<Appointment>("networks/")) {
    if (facts.Own<Post>(ParentOf(appointment->name())) == nullptr) {
      broken.push_back(appointment->name() + " is to no post");
    }
    if (appointment->vacant() == !appointment->person().empty())
      broken.push_back(appointment->name() + " has no one holder");
  }
}

}  // namespace partnerskap::simulator::model
