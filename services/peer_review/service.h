// *peer_review*: learning. Challenges, review rounds, who reviews whom.
#ifndef PARTNERSKAP_SERVICES_PEER_REVIEW_SERVICE_H_
#define PARTNERSKAP_SERVICES_PEER_REVIEW_SERVICE_H_

#include "common/rpc/serve.h"

namespace partnerskap::peer_review {

ServiceDefinition Definition();

}  // namespace partnerskap::peer_review

#endif  // PARTNERSKAP_SERVICES_PEER_REVIEW_SERVICE_H_
