#include "services/membership/domain/posts.h"

#include "absl/strings/ascii.h"
#include "common/ids/ids.h"
#include "common/status/macros.h"
#include "common/status/refusal.h"
#include "common/time/partial_date.h"
#include "partnerskap/membership/v1/reasons.pb.h"
#include "re2/re2.h"
#include "services/membership/domain/periods.h"

namespace partnerskap::membership {
namespace {

// A seat has one of each; deputies, signatories and spokespersons may be several.
bool IsSingle(v1::Post::Kind kind) {
  return kind == v1::Post::ELECTED || kind == v1::Post::OFFICIAL || kind == v1::Post::CONTACT_PERSON;
}

// A holder keeps the post until released or until the term ends.
Period TermOf(const v1::Appointment& appointment) {
  return {appointment.start_date(),
          appointment.has_release_date() ? appointment.release_date() : appointment.end_date()};
}

bool IsDirector(const v1::Post& post) {
  return post.kind() == v1::Post::SIGNATORY && (post.capacity() == "KOMMUNDIREKTOR" || post.capacity() == "KOMMUNCHEF");
}

// An open term gives way to whoever comes after it, in whatever order the two are entered.
bool GivesWay(const v1::Appointment& appointment, const v1::Appointment& other) {
  return !appointment.has_end_date() && !appointment.has_release_date() &&
         Compare(appointment.start_date(), other.start_date()) == DateOrder::kBefore;
}

}  // namespace

absl::Status MayCreatePost(const v1::Post& post, const std::vector<v1::Post>& others) {
  if (post.kind() == v1::Post::SIGNATORY && post.capacity().empty()) return Refuse(v1::CAPACITY_MISSING);
  if (post.kind() == v1::Post::CONTACT_PERSON && post.mandate().empty()) return Refuse(v1::MANDATE_MISSING);
  const bool substitutes = !post.substituted_post().empty();
  if ((post.kind() == v1::Post::DEPUTY) != substitutes ||
      (substitutes && ParentName(post.substituted_post()) != ParentName(post.name()))) {
    return Refuse(v1::SUBSTITUTED_POST_MISPLACED, {{"kind", v1::Post::Kind_Name(post.kind())}});
  }
  for (const v1::Post& other : others) {
    if (IsSingle(post.kind()) && other.kind() == post.kind() && other.name() != post.name()) {
      return Refuse(v1::POST_KIND_TAKEN, {{"kind", v1::Post::Kind_Name(post.kind())}, {"post", other.name()}});
    }
  }
  return absl::OkStatus();
}

absl::Status CheckAppointment(const v1::Appointment& appointment) {
  if (appointment.person().empty() != appointment.vacant()) return Refuse(v1::HOLDER_AMBIGUOUS);
  if (appointment.basis() == v1::Appointment::DELEGATION && appointment.delegation().empty()) {
    return Refuse(v1::DELEGATION_SOURCE_MISSING);
  }
  return CheckPeriod({appointment.start_date(), appointment.end_date()}, "appointment.end_date");
}

absl::Status MayAppoint(const v1::Appointment& appointment, const std::vector<v1::Appointment>& others) {
  for (const v1::Appointment& other : others) {
    if (GivesWay(other, appointment) || GivesWay(appointment, other)) continue;
    if (CertainlyOverlap(TermOf(appointment), TermOf(other))) {
      return Refuse(v1::APPOINTMENT_OVERLAPS, {{"appointment", other.name()}});
    }
  }
  return absl::OkStatus();
}

absl::Status MayHoldTogether(const v1::Post& post, const v1::Appointment& appointment,
                             const std::vector<HeldPost>& held) {
  for (const HeldPost& other : held) {
    const bool clash = (IsDirector(post) && other.post.kind() == v1::Post::ELECTED) ||
                       (post.kind() == v1::Post::ELECTED && IsDirector(other.post));
    if (clash && CertainlyOverlap(TermOf(appointment), TermOf(other.appointment))) {
      return Refuse(v1::DIRECTOR_HOLDS_ELECTED_POST,
                    {{"person", appointment.person()}, {"appointment", other.appointment.name()}});
    }
  }
  return absl::OkStatus();
}

absl::Status MayEndAppointment(const v1::Appointment& appointment, const google::type::Date& release_date) {
  if (appointment.has_release_date()) {
    return Refuse(v1::APPOINTMENT_ENDED,
                  {{"appointment", appointment.name()}, {"release_date", DateToText(appointment.release_date())}});
  }
  if (Compare(release_date, appointment.start_date()) == DateOrder::kBefore) {
    return Refuse(v1::APPOINTMENT_DATE_IMPOSSIBLE,
                  {{"appointment", appointment.name()}, {"start_date", DateToText(appointment.start_date())}});
  }
  return absl::OkStatus();
}

absl::Status CheckPersonId(absl::string_view id) {
  if (IsUuid4(id) && id == absl::AsciiStrToLower(id)) return absl::OkStatus();
  return Refuse(v1::PERSON_ID_NOT_UUID, {{"person_id", std::string(id)}});
}

absl::Status CheckNoIdentityNumber(absl::string_view field, absl::string_view text) {
  // (YY)YYMMDD-NNNN with a month; days to 31 are persons, 61 to 91 are samordningsnummer.
  static const RE2& pattern = *new RE2(
      R"((?:^|[^0-9])(?:19|20)?[0-9]{2}(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01]|[6-8][0-9]|9[01])[-+ ]?[0-9]{4}(?:$|[^0-9]))");
  if (!RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), pattern)) return absl::OkStatus();
  return Refuse(v1::PERSONAL_IDENTITY_NUMBER, {{"field", std::string(field)}});
}

}  // namespace partnerskap::membership
