#include "tests/simulator/invariants.h"

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/time/partial_date.h"
#include "partnerskap/agreements/v1/adoptions.pb.h"
#include "partnerskap/agreements/v1/decisions.pb.h"
#include "partnerskap/membership/v1/posts.pb.h"
#include "partnerskap/membership/v1/resources.pb.h"
#include "partnerskap/peerreview/v1/resources.pb.h"
#include "partnerskap/scheduling/v1/resources.pb.h"

namespace partnerskap::simulator {
namespace {

using agreements::v1::Adoption;
using agreements::v1::Signature;
using membership::v1::Seat;
using peerreview::v1::Review;
using peerreview::v1::ReviewRound;
using scheduling::v1::Meeting;

template <typename M>
std::vector<M> Newest(const Mirror& mirror) {
  std::vector<M> newest;
  for (const auto& [name, sequences] : mirror.names()) {
    const StoredRevision& stored = mirror.at(sequences.back());
    if (stored.message_type != M::descriptor()->full_name()) continue;
    newest.emplace_back();
    newest.back().ParseFromString(stored.message);
  }
  return newest;
}

bool Adopted(const Adoption& adoption) {
  return adoption.outcome() == Adoption::ADOPTED || adoption.outcome() == Adoption::ADOPTED_WITH_RESERVATION;
}

std::string Seats(const Mirror& membership) {
  std::map<std::string, std::string> holders;
  for (const Seat& seat : Newest<Seat>(membership)) {
    for (const auto& hold : seat.holds()) {
      if (Compare(hold.end_date(), hold.start_date()) == DateOrder::kBefore) {
        return absl::StrCat(seat.name(), " has a hold that ends before it begins");
      }
    }
    if (seat.has_exit()) continue;
    for (const auto& party : seat.parties()) {
      const std::string key = absl::StrCat(ParentOf(seat.name()), " ", party.organization(), " ", party.part());
      const auto [other, fresh] = holders.emplace(key, seat.name());
      if (!fresh) return absl::StrCat(key, " holds both ", other->second, " and ", seat.name());
    }
  }
  return "";
}

std::string Appointments(const Mirror& membership) {
  std::map<std::string, std::vector<membership::v1::Appointment>> by_post;
  for (auto& appointment : Newest<membership::v1::Appointment>(membership)) {
    if (appointment.person().empty() == !appointment.vacant()) {
      return absl::StrCat(appointment.name(), " has both a holder and a vacancy, or neither");
    }
    by_post[ParentOf(appointment.name())].push_back(std::move(appointment));
  }
  return "";
}

std::string Adoptions(const Mirror& agreements) {
  std::map<std::string, Adoption> by_name;
  for (Adoption& adoption : Newest<Adoption>(agreements)) {
    const std::string seat = adoption.seat().substr(adoption.seat().rfind('/') + 1);
    if (adoption.name().substr(adoption.name().rfind('/') + 1) != seat) return adoption.name() + " is not its seat's";
    if (adoption.state() >= Adoption::DECIDED && adoption.outcome() == Adoption::OUTCOME_UNSPECIFIED) {
      return adoption.name() + " is decided without an outcome";
    }
    if (!adoption.imported() && Adopted(adoption) && adoption.decision().empty()) {
      return adoption.name() + " is adopted without a decision";
    }
    if (adoption.state() < Adoption::DECIDED && adoption.has_adjustment_date()) {
      return adoption.name() + " is adjusted before it is decided";
    }
    by_name[adoption.name()] = std::move(adoption);
  }
  std::map<std::string, std::string> slots, persons;
  for (const Signature& signature : Newest<Signature>(agreements)) {
    const std::string parent = ParentOf(signature.name());
    const auto adoption = by_name.find(parent);
    if (adoption == by_name.end()) return signature.name() + " signs nothing";
    if (!slots.emplace(absl::StrCat(parent, " ", signature.slot()), signature.name()).second) {
      return signature.name() + " is the second in its slot";
    }
    if (!persons.emplace(absl::StrCat(parent, " ", signature.person()), signature.name()).second) {
      return signature.name() + " is signed by who has signed the other slot";
    }
  }
  return "";
}

std::string Meetings(const Mirror& scheduling) {
  for (const Meeting& meeting : Newest<Meeting>(scheduling)) {
    // History may be held of which no source tells the day or the host.
    const bool set = meeting.state() == Meeting::CONVENED;
    if (set && meeting.first_date().day() == 0) return meeting.name() + " is convened without days";
    if (set && meeting.kind() == Meeting::JOINT && meeting.host().empty()) return meeting.name() + " has no host";
    if (!meeting.host().empty() && ParentOf(meeting.host()) != ParentOf(meeting.name())) {
      return meeting.name() + " has a host of another network";
    }
    if (meeting.has_last_date() && Compare(meeting.last_date(), meeting.first_date()) == DateOrder::kBefore) {
      return meeting.name() + " ends before it begins";
    }
    if ((meeting.state() == Meeting::CANCELLED) != !meeting.cancel_reason().empty()) {
      return meeting.name() + " has a reason for what it is not";
    }
  }
  return "";
}

std::string Reviews(const Mirror& peer_review) {
  std::map<std::string, ReviewRound> rounds;
  std::map<std::string, std::string> open;
  for (ReviewRound& round : Newest<ReviewRound>(peer_review)) {
    if (round.state() != ReviewRound::CLOSED && !open.emplace(round.agreement(), round.name()).second) {
      return absl::StrCat(round.agreement(), " has two rounds that are not closed");
    }
    rounds[round.name()] = std::move(round);
  }
  for (const Review& review : Newest<Review>(peer_review)) {
    const auto round = rounds.find(ParentOf(review.name()));
    if (round == rounds.end() || round->second.state() == ReviewRound::DRAFT) {
      return review.name() + " is of no released round";
    }
    std::set<std::string> reviewers(review.reviewers().begin(), review.reviewers().end());
    if (reviewers.count(review.seat()) > 0) return review.seat() + " reviews itself";
    if (static_cast<int>(reviewers.size()) != round->second.rules().reviews_per_seat()) {
      return absl::StrCat(review.name(), " has ", reviewers.size(), " reviewers");
    }
    for (const auto& member : review.team()) {
      if (reviewers.count(ParentOf(member.post())) == 0) return member.post() + " is of no reviewing seat";
    }
  }
  return "";
}

}  // namespace

std::string BrokenInvariants(const std::map<std::string, std::unique_ptr<Mirror>>& mirrors) {
  for (const std::string& broken :
       {Seats(*mirrors.at("membership")), Appointments(*mirrors.at("membership")), Adoptions(*mirrors.at("agreements")),
        Meetings(*mirrors.at("scheduling")), Reviews(*mirrors.at("peer_review"))}) {
    if (!broken.empty()) return absl::StrCat("P20: ", broken);
  }
  return "";
}

}  // namespace partnerskap::simulator
