// What the files of *agreements*' rules share.
#ifndef PARTNERSKAP_TESTS_SIMULATOR_MODEL_AGREEMENTS_MODEL_H_
#define PARTNERSKAP_TESTS_SIMULATOR_MODEL_AGREEMENTS_MODEL_H_

#include <string>
#include <vector>

#include "partnerskap/agreements/v1/adoptions.pb.h"
#include "partnerskap/agreements/v1/decisions.pb.h"
#include "partnerskap/agreements/v1/resources.pb.h"
#include "partnerskap/membership/v1/resources.pb.h"
#include "tests/simulator/model/facts.h"

namespace partnerskap::simulator::model {

// The organizations that hold a seat, as *membership* told; null if the seat is not known.
void NeedHolder(Case& judged, const std::string& seat);

// The wording must be one of the agreement's.
void CheckVersion(Case& judged, const std::string& version, const std::string& agreement);

// The decision must be of a holder of the seat, and say what the outcome says.
void CheckDecision(Case& judged, const agreements::v1::Decision& decision, const std::string& seat,
                   agreements::v1::Adoption::Outcome outcome, const std::string& version,
                   const std::string& adopted_version);

// The seat must take part; on which day is said for today alone.
void CheckTakesPart(Case& judged, const membership::v1::Seat& seat, const std::vector<google::type::Date>& days);

void AddAgreementsSteps(Rules& rules);
void AddAgreementsSigning(Rules& rules);
void AddAgreementsStandings(Rules& rules);

}  // namespace partnerskap::simulator::model

#endif  // PARTNERSKAP_TESTS_SIMULATOR_MODEL_AGREEMENTS_MODEL_H_
