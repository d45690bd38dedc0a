// Computed standing of seats and posts: pure functions of stored facts and a day. Nothing here is ever stored.
#ifndef PARTNERSKAP_SERVICES_MEMBERSHIP_DOMAIN_STANDING_H_
#define PARTNERSKAP_SERVICES_MEMBERSHIP_DOMAIN_STANDING_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "google/type/date.pb.h"
#include "partnerskap/membership/v1/posts.pb.h"
#include "partnerskap/membership/v1/resources.pb.h"
#include "partnerskap/membership/v1/standing.pb.h"

namespace partnerskap::membership {

// How far one seat's adoption has come, as the projection of *agreements* keeps it.
enum class AdoptionStage {
  kUnderWay,    // circulated, prepared, proposed, tabled, referred back
  kAdopted,     // decided with an outcome that adopts the very text
  kNotAdopted,  // rejected, or adopted with a changed text: a conflict that is not settled
  kAnnulled,    // set aside by a court: the line is open again
};
std::string AdoptionStageName(AdoptionStage stage);
std::optional<AdoptionStage> AdoptionStageFromName(const std::string& name);

// What *agreements* says of one agreement and one seat.
struct AdoptionFacts {
  std::string adoption;  // resource name
  AdoptionStage stage = AdoptionStage::kUnderWay;
  google::type::Date decision_date;  // absent: unknown
  google::type::Date final_date;     // first day that the decision is final; absent: not computable
  google::type::Date extract_date;   // the extract came in; absent: it has not, or no source says
  std::vector<google::type::Date> signature_dates;
};

// One agreement of the network and what is known of the seat in it.
struct TermFacts {
  std::string agreement;                  // resource name
  google::type::Date start, end;          // inclusive
  std::string successor;                  // the agreement that follows it, or empty
  std::optional<AdoptionFacts> adoption;  // absent: no source says
};

// The term that an effective day speaks of: the one asked for, else the one that holds the day, else the last one that
// ended before it. Null if there is none.
const TermFacts* ChooseTerm(const std::vector<TermFacts>& terms, const std::string& agreement, absl::CivilDay day);

// `terms` are those of the seat's network; `carry_over` whether one of the two posts that count is carried over.
v1::SeatStanding StandingOfSeat(const v1::Seat& seat, const std::vector<TermFacts>& terms, const std::string& agreement,
                                bool carry_over, absl::CivilDay day);
// Bound on the day: whatever the state is called then.
bool IsBoundOn(const v1::SeatStanding& standing, const TermFacts* term, absl::CivilDay day);

// A term that ends within so many days asks for a successor: half a year, two rounds of a board.
inline constexpr int kTermEndingDays = 183;
// A post that ends within so many days is shown: a quarter, one round of a board.
inline constexpr int kPostEndsSoonDays = 90;

// `appointments` are those of the post, in any order.
v1::PostStanding StandingOfPost(const v1::Post& post, const std::vector<v1::Appointment>& appointments,
                                absl::CivilDay day);

// Municipalities behind a seat: a joint seat counts two; a district counts its municipality; others none.
// `organizations` are those of the seat's parties.
int MunicipalityCount(const std::vector<v1::Organization>& organizations);

}  // namespace partnerskap::membership

#endif  // PARTNERSKAP_SERVICES_MEMBERSHIP_DOMAIN_STANDING_H_
