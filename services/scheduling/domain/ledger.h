// Who has hosted what, over all agreements (värdskapsliggare), and whose turn it is. Pure.
//
// The order of turns, each next key only where the ones before are equal:
//   1. seats that take part before seats on hold;
//   2. more joint meetings since the seat last hosted, or since it joined if it never has: so a newcomer inherits no
//      debt, and what was due before a new agreement is still due in it;
//   3. fewer hostings for each joint meeting since it joined;
//   4. the seat that comes first in the order of hosts after the last one that hosted; seats outside it come after;
//   5. display name in Swedish order, then resource name.
//
// Every joint meeting that was not cancelled counts, held, planned in the source, or ahead: a host that is planned has
// its turn. Meetings certainly before a seat joined count neither for nor against it.
#ifndef PARTNERSKAP_SERVICES_SCHEDULING_DOMAIN_LEDGER_H_
#define PARTNERSKAP_SERVICES_SCHEDULING_DOMAIN_LEDGER_H_

#include <vector>

#include "absl/time/civil_time.h"
#include "partnerskap/scheduling/v1/standing.pb.h"
#include "services/scheduling/domain/network_facts.h"

namespace partnerskap::scheduling {

// The members that take part on `day`, on hold or not, by rank; and the participating actors that the order of hosts
// names.
std::vector<v1::LedgerRow> LedgerOn(const NetworkFacts& facts, absl::CivilDay day);

// Who hosts the first joint meeting that is not over and has no host, or else one after all that are known. Seats on
// hold are not proposed.
v1::HostProposal ProposeHost(const NetworkFacts& facts, absl::CivilDay day);

}  // namespace partnerskap::scheduling

#endif  // PARTNERSKAP_SERVICES_SCHEDULING_DOMAIN_LEDGER_H_
