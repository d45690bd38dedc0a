// Why a seat is proposed as the next host, in plain words. Pure.
#ifndef PARTNERSKAP_SERVICES_SCHEDULING_DOMAIN_PROPOSAL_WORDS_H_
#define PARTNERSKAP_SERVICES_SCHEDULING_DOMAIN_PROPOSAL_WORDS_H_

#include <string>

#include "partnerskap/scheduling/v1/standing.pb.h"
#include "services/scheduling/domain/network_facts.h"

namespace partnerskap::scheduling {

enum class ProposalCode {
  kNobody,              // nobody takes part, or all are on hold
  kNeverHosted,         // waited longest, and has never hosted
  kLongestAgo,          // waited longest since it hosted
  kFewestSinceJoining,  // waited as long as another, and has hosted less since it joined
  kRotationOrder,       // waited as long as another, and comes first in the order of hosts
};
// As HostProposal.code writes it: `NEVER_HOSTED`.
std::string CodeName(ProposalCode code);

// The facts that decided.
struct ProposalGround {
  ProposalCode code = ProposalCode::kNobody;
  const SeatFacts* seat = nullptr;  // null for kNobody, as is `row`
  const v1::LedgerRow* row = nullptr;
  int waited_as_long = 0;        // seats that have waited as long, itself among them
  int unconfirmed_meetings = 0;  // meetings of the ledger that the sources only plan
};
std::string ReasonInSwedish(const ProposalGround& ground);
std::string ReasonInEnglish(const ProposalGround& ground);

}  // namespace partnerskap::scheduling

#endif  // PARTNERSKAP_SERVICES_SCHEDULING_DOMAIN_PROPOSAL_WORDS_H_
