// Rules of seats and of the bodies responsible for them. Pure.
#ifndef PARTNERSKAP_SERVICES_MEMBERSHIP_DOMAIN_SEATS_H_
#define PARTNERSKAP_SERVICES_MEMBERSHIP_DOMAIN_SEATS_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "google/type/date.pb.h"
#include "partnerskap/membership/v1/resources.pb.h"

namespace partnerskap::membership {

// Whether the seat is on hold on `day`.
bool IsOnHold(const v1::Seat& seat, absl::CivilDay day);
// Whether the seat has certainly left before `day`.
bool HasLeft(const v1::Seat& seat, absl::CivilDay day);
// Whether the seat has certainly not joined on `day`.
bool NotYetJoined(const v1::Seat& seat, absl::CivilDay day);

// A new seat among the others of its network. Errors: SEAT_PARTY_REPEATED, SEAT_PARTY_TAKEN.
absl::Status MayTakeSeat(const v1::Seat& seat, const std::vector<v1::Seat>& others);

// A seat with another day of joining than before. Errors: SEAT_DATE_IMPOSSIBLE.
absl::Status JoinDateMustFit(const v1::Seat& seat);
// Errors: SEAT_LEFT, SEAT_DATE_IMPOSSIBLE.
absl::Status MayLeave(const v1::Seat& seat, const google::type::Date& exit_date);
// Errors: SEAT_LEFT, SEAT_ON_HOLD, SEAT_DATE_IMPOSSIBLE.
absl::Status MayHoldSeat(const v1::Seat& seat, const google::type::Date& start_date);
// Errors: SEAT_LEFT, SEAT_NOT_ON_HOLD, SEAT_DATE_IMPOSSIBLE.
absl::Status MayResume(const v1::Seat& seat, const google::type::Date& end_date);
// A seat that has left gets nothing new. Errors: SEAT_LEFT.
absl::Status MustNotHaveLeft(const v1::Seat& seat);

// A new body in the seat's dated series. Errors: PERIOD_REVERSED, RESPONSIBLE_BODY_OVERLAPS.
absl::Status MayBeResponsible(const v1::ResponsibleBody& body, const std::vector<v1::ResponsibleBody>& series);
// Errors: RESPONSIBLE_BODY_ENDED, PERIOD_REVERSED.
absl::Status MayEndResponsibility(const v1::ResponsibleBody& body, const google::type::Date& end_date);

}  // namespace partnerskap::membership

#endif  // PARTNERSKAP_SERVICES_MEMBERSHIP_DOMAIN_SEATS_H_
