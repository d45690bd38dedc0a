// Posts and appointments of *membership*, and who serves on a day.
#include <algorithm>

#include "partnerskap/membership/v1/service.pb.h"
#include "tests/simulator/model/dates.h"
#include "tests/simulator/model/facts.h"
#include "tests/simulator/model/membership_model.h"

namespace partnerskap::simulator::model {
namespace {

using namespace membership::v1;  // NOLINT(google-build-using-namespace): this file speaks of nothing else

constexpr int kEndsSoonDays = 90;

void CheckSubstituted(Case& judged, const Post& post, const std::string& seat) {
  const std::string& substituted = post.substituted_post();
  if ((post.kind() == Post::DEPUTY) == substituted.empty()) return judged.Refuse("SUBSTITUTED_POST_MISPLACED");
  if (substituted.empty()) return;
  const auto* other = judged.facts.Own<Post>(substituted);
  if (ParentOf(substituted) != seat) {
    judged.Refuse("SUBSTITUTED_POST_MISPLACED");
  } else if (other == nullptr) {
    judged.RefuseOneOf({"REFERENCE_UNKNOWN", "SUBSTITUTED_POST_MISPLACED"});
  } else if (other->kind() == Post::DEPUTY) {
    judged.Refuse("SUBSTITUTED_POST_MISPLACED");
  }
}

void CreatePostRule(Case& judged, const CreatePostRequest& request) {
  auto post = std::make_unique<Post>(request.post());
  post->set_name(absl::StrCat(request.parent(), "/posts/", request.post_id()));
  const Seat* seat = SeatWithRight(judged, request.parent());
  judged.NeedParent(seat != nullptr);
  judged.MustBeNew(post->name());
  if (post->kind() == Post::SIGNATORY && post->capacity().empty()) judged.Refuse("CAPACITY_MISSING");
  if (post->kind() == Post::CONTACT_PERSON && post->mandate().empty()) judged.Refuse("MANDATE_MISSING");
  CheckSubstituted(judged, *post, request.parent());
  const bool one =
      post->kind() == Post::ELECTED || post->kind() == Post::OFFICIAL || post->kind() == Post::CONTACT_PERSON;
  for (const Post* other : judged.facts.OwnUnder<Post>(request.parent() + "/posts/")) {
    if (one && other->kind() == post->kind() && other->name() != post->name()) judged.Refuse("POST_KIND_TAKEN");
  }
  if (seat != nullptr && seat->has_exit()) judged.Refuse("SEAT_LEFT");
  judged.Write(std::move(post));
}

// Last day in the post, as far as a date says it.
const Date& EndOf(const Appointment& appointment) {
  return appointment.has_release_date() ? appointment.release_date() : appointment.end_date();
}

bool IsDirector(const Post& post) {
  return post.kind() == Post::SIGNATORY && (post.capacity() == "KOMMUNDIREKTOR" || post.capacity() == "KOMMUNCHEF");
}

// Posts that a director may or may not hold beside: no document says.
bool IsDoubtful(const Post& post) {
  return post.kind() == Post::DEPUTY || post.kind() == Post::SPOKESPERSON ||
         (post.kind() == Post::SIGNATORY && !IsDirector(post));
}

void CheckDirector(Case& judged, const Appointment& appointment, const Post& post, const Seat& seat) {
  if (appointment.person().empty()) return;
  for (const auto* other : judged.facts.OwnUnder<Appointment>("networks/")) {
    if (other->person() != appointment.person()) continue;
    const auto* other_post = judged.facts.Own<Post>(ParentOf(other->name()));
    const auto* other_seat = judged.facts.Own<Seat>(ParentOf(ParentOf(other->name())));
    if (other_post == nullptr || other_seat == nullptr) continue;
    const bool pair = (IsDirector(post) && other_post->kind() == Post::ELECTED) ||
                      (IsDirector(*other_post) && post.kind() == Post::ELECTED);
    const bool doubtful =
        (IsDirector(post) && IsDoubtful(*other_post)) || (IsDirector(*other_post) && IsDoubtful(post));
    if (!pair && !doubtful) continue;
    const std::vector<std::string> here = OrganizationsOf(seat), there = OrganizationsOf(*other_seat);
    const bool same = std::find_first_of(here.begin(), here.end(), there.begin(), there.end()) != here.end();
    if (!same) {
      // A district's municipality is not the district; whether its director may sit there is not said.
      judged.Unclear();
    } else if (pair &&
               CertainlyOverlap(appointment.start_date(), EndOf(appointment), other->start_date(), EndOf(*other))) {
      judged.Refuse("DIRECTOR_HOLDS_ELECTED_POST");
    } else {
      judged.Unclear();
    }
  }
}

void CreateAppointmentRule(Case& judged, const CreateAppointmentRequest& request) {
  auto appointment = std::make_unique<Appointment>(request.appointment());
  appointment->clear_name();
  if (!request.appointment_id().empty()) {
    appointment->set_name(absl::StrCat(request.parent(), "/appointments/", request.appointment_id()));
    judged.MustBeNew(appointment->name());
  }
  const Seat* seat = SeatWithRight(judged, request.parent());
  const auto* post = judged.facts.Own<Post>(request.parent());
  judged.NeedParent(post != nullptr);
  if (appointment->vacant() == !appointment->person().empty()) judged.Refuse("HOLDER_AMBIGUOUS");
  if (appointment->basis() == Appointment::DELEGATION && appointment->delegation().empty()) {
    judged.Refuse("DELEGATION_SOURCE_MISSING");
  }
  judged.CheckPeriod(appointment->start_date(), appointment->end_date());
  if (!appointment->person().empty()) {
    judged.NeedReference(judged.facts.Own<Person>(appointment->person()) != nullptr);
  }
  if (seat != nullptr && seat->has_exit()) judged.Refuse("SEAT_LEFT");
  for (const auto* other : judged.facts.OwnUnder<Appointment>(request.parent() + "/appointments/")) {
    // Of a term without a beginning its last day alone is certain, if it is a day.
    judged.UnclearIf((IsEmpty(appointment->start_date()) && !IsEmpty(EndOf(*appointment))) ||
                     (IsEmpty(other->start_date()) && !IsEmpty(EndOf(*other))));
    // Which of two gives way, where nobody knows which came first, is not said.
    const bool ordered = CertainlyBefore(appointment->start_date(), other->start_date()) ||
                         CertainlyBefore(other->start_date(), appointment->start_date()) ||
                         (IsDay(appointment->start_date()) && IsDay(other->start_date()));
    judged.UnclearIf(!ordered && (IsEmpty(EndOf(*appointment)) || IsEmpty(EndOf(*other))));
    if (CertainlyOverlap(appointment->start_date(), EndOf(*appointment), other->start_date(), EndOf(*other))) {
      judged.Refuse("APPOINTMENT_OVERLAPS");
    }
  }
  if (post != nullptr && seat != nullptr) CheckDirector(judged, *appointment, *post, *seat);
  judged.Write(std::move(appointment));
}

void EndAppointmentRule(Case& judged, const EndAppointmentRequest& request) {
  SeatWithRight(judged, request.name());
  const auto* present = judged.Object<Appointment>(request.name());
  if (present == nullptr) return;
  judged.CheckEtag(request.etag(), present->etag());
  judged.UnclearIf(present->vacant());
  if (present->has_release_date()) judged.Refuse("APPOINTMENT_ENDED");
  if (CertainlyBefore(request.release_date(), present->start_date())) judged.Refuse("APPOINTMENT_DATE_IMPOSSIBLE");
  auto appointment = std::make_unique<Appointment>(*present);
  *appointment->mutable_release_date() = request.release_date();
  appointment->set_release_reason(request.reason());
  judged.Write(std::move(appointment));
}

void ListAppointmentsRule(Case& judged, const ListAppointmentsRequest& request) {
  // Whose term "carries over" to a day depends on who replaced the holder, which the comment leaves open.
  if (request.has_read_time() || request.has_effective_date()) return judged.Unclear();
  if (!judged.Lists(judged.facts.Own<Post>(request.parent()) != nullptr)) return;
  AnswerList<ListAppointmentsResponse>(judged, judged.facts.OwnUnder<Appointment>(request.parent() + "/appointments/"),
                                       "appointments");
}

}  // namespace

bool StandingOf(const Post& post, const std::vector<const Appointment*>& appointments, absl::CivilDay day,
                PostStanding& standing) {
  standing.set_post(post.name());
  *standing.mutable_effective_date() = DateOf(day);
  const Appointment* governing = nullptr;
  for (const Appointment* each : appointments) {
    if (!IsDay(each->start_date()) || (each->has_end_date() && !IsDay(each->end_date()))) return false;
    if (DayOf(each->start_date()) > day) continue;
    if (governing != nullptr && DayOf(governing->start_date()) == DayOf(each->start_date())) return false;
    if (governing == nullptr || DayOf(governing->start_date()) < DayOf(each->start_date())) governing = each;
  }
  standing.set_state(PostStanding::UNKNOWN);
  if (governing == nullptr) return true;
  standing.set_appointment(governing->name());
  if (governing->has_end_date()) *standing.mutable_end_date() = governing->end_date();
  const bool released = governing->has_release_date() && DayOf(governing->release_date()) < day;
  if (governing->vacant() || released) {
    standing.set_state(PostStanding::VACANT);
    return true;
  }
  standing.set_person(governing->person());
  standing.set_state(PostStanding::FILLED);
  if (governing->has_end_date()) {
    const int64_t left = DayOf(governing->end_date()) - day;
    if (left < 0) {
      standing.set_state(PostStanding::CARRY_OVER);
    } else if (left <= kEndsSoonDays) {
      standing.set_state(PostStanding::ENDS_SOON);
    }
  }
  const absl::CivilDay election = LastElectionDay(day);
  if (post.kind() == Post::ELECTED && DayOf(governing->start_date()) < election) {
    standing.set_confirmation_due(true);
    *standing.mutable_election_date() = DateOf(election);
  }
  return true;
}

void AddMembershipPosts(Rules& rules) {
  rules["CreatePost"] = On(&CreatePostRule);
  rules["CreateAppointment"] = On(&CreateAppointmentRule);
  rules["EndAppointment"] = On(&EndAppointmentRule);
  rules["ListAppointments"] = On(&ListAppointmentsRule);
}

}  // namespace partnerskap::simulator::model
