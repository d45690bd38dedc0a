// Computed standing of adoptions, duties and promises: pure functions of stored facts and a day. Nothing here is
// stored.
#ifndef PARTNERSKAP_SERVICES_AGREEMENTS_DOMAIN_STANDING_H_
#define PARTNERSKAP_SERVICES_AGREEMENTS_DOMAIN_STANDING_H_

#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "partnerskap/agreements/v1/adoptions.pb.h"
#include "partnerskap/agreements/v1/clauses.pb.h"
#include "partnerskap/agreements/v1/resources.pb.h"
#include "partnerskap/agreements/v1/standing.pb.h"
#include "services/agreements/domain/adoptions.h"

namespace partnerskap::agreements {

// How far the adoption had certainly come on `day`: of the steps up to the stored state, the last one dated on or
// before it. Steps without a date after that one count as taken unless a later step is still to come. Unspecified where
// the day lies before everything that is known.
v1::Adoption::State StateOn(const v1::Adoption& adoption, absl::CivilDay day);

// `signatures` are all of the adoption, `clauses` all of the agreement.
v1::AdoptionStanding StandingOfAdoption(const v1::Adoption& adoption, const v1::Agreement& agreement,
                                        const std::vector<v1::Signature>& signatures,
                                        const std::vector<v1::Clause>& clauses, absl::CivilDay day);
// Of a seat that has no adoption.
v1::AdoptionStanding StandingOfNone(const std::string& seat, absl::CivilDay day);

// Whether the seat had joined and not left, as far as is known.
bool TakesPartOn(const SeatFacts& seat, absl::CivilDay day);

// What each clause asks, by due date (those without one last), then clause.
std::vector<v1::Duty> DutiesOf(const v1::Agreement& agreement, const std::vector<v1::Clause>& clauses);
// Kinds of which no clause speaks, in the order of the enum.
std::vector<v1::Clause::Kind> SilencesOf(const std::vector<v1::Clause>& clauses);

// What the seat has promised by adopting the agreement, on a day: of each kind the clauses that say MUST in the
// agreement's own text, else in a decision, else in the work plan, else in a memo. Empty unless the adoption stood on
// the day and the period was not over.
std::vector<v1::Promise> PromisesOf(const v1::Adoption& adoption, const v1::Agreement& agreement,
                                    const std::vector<v1::Clause>& clauses, absl::CivilDay day);

}  // namespace partnerskap::agreements

#endif  // PARTNERSKAP_SERVICES_AGREEMENTS_DOMAIN_STANDING_H_
