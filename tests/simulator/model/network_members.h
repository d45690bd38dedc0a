// What *scheduling* and *peer_review* know of the seats of a network.
#ifndef PARTNERSKAP_TESTS_SIMULATOR_MODEL_NETWORK_MEMBERS_H_
#define PARTNERSKAP_TESTS_SIMULATOR_MODEL_NETWORK_MEMBERS_H_

#include <string>
#include <vector>

#include "partnerskap/scheduling/v1/resources.pb.h"
#include "tests/simulator/model/facts.h"

namespace partnerskap::simulator::model {

// The caller is an organization that holds a seat in the network today, or an administrator.
void NeedSeatInNetwork(Case& judged, const std::string& network);

// By first day, then name. Not judged where a month and a day in it must be put in order.
void SortByFirstDay(Case& judged, std::vector<const scheduling::v1::Meeting*>& meetings);

void AddSchedulingStandings(Rules& rules);

}  // namespace partnerskap::simulator::model

#endif  // PARTNERSKAP_TESTS_SIMULATOR_MODEL_NETWORK_MEMBERS_H_
