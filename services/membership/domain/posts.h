// Rules of posts, appointments and persons. Pure.
#ifndef PARTNERSKAP_SERVICES_MEMBERSHIP_DOMAIN_POSTS_H_
#define PARTNERSKAP_SERVICES_MEMBERSHIP_DOMAIN_POSTS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/type/date.pb.h"
#include "partnerskap/membership/v1/posts.pb.h"

namespace partnerskap::membership {

// A new post among the others of its seat.
// Errors: CAPACITY_MISSING, MANDATE_MISSING, SUBSTITUTED_POST_MISPLACED, POST_KIND_TAKEN.
absl::Status MayCreatePost(const v1::Post& post, const std::vector<v1::Post>& others);

// An appointment's own fields. Errors: HOLDER_AMBIGUOUS, DELEGATION_SOURCE_MISSING, PERIOD_REVERSED.
absl::Status CheckAppointment(const v1::Appointment& appointment);
// A new appointment among the others of its post. Errors: APPOINTMENT_OVERLAPS.
absl::Status MayAppoint(const v1::Appointment& appointment, const std::vector<v1::Appointment>& others);

// Another post that the same person holds, in a seat of the same municipality.
struct HeldPost {
  v1::Post post;
  v1::Appointment appointment;
};
// The director of a municipality holds no elected post in it (KL 2017:725 7:3).
// Errors: DIRECTOR_HOLDS_ELECTED_POST.
absl::Status MayHoldTogether(const v1::Post& post, const v1::Appointment& appointment,
                             const std::vector<HeldPost>& held);

// Errors: APPOINTMENT_ENDED, APPOINTMENT_DATE_IMPOSSIBLE.
absl::Status MayEndAppointment(const v1::Appointment& appointment, const google::type::Date& release_date);

// Errors: PERSON_ID_NOT_UUID.
absl::Status CheckPersonId(absl::string_view id);
// No personal identity number (personnummer, samordningsnummer) in a free text. Errors: PERSONAL_IDENTITY_NUMBER.
absl::Status CheckNoIdentityNumber(absl::string_view field, absl::string_view text);

}  // namespace partnerskap::membership

#endif  // PARTNERSKAP_SERVICES_MEMBERSHIP_DOMAIN_POSTS_H_
