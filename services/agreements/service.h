// *agreements*: what. Agreement texts, adoption by each member, decisions, signatures, promises.
#ifndef PARTNERSKAP_SERVICES_AGREEMENTS_SERVICE_H_
#define PARTNERSKAP_SERVICES_AGREEMENTS_SERVICE_H_

#include "common/rpc/serve.h"

namespace partnerskap::agreements {

ServiceDefinition Definition();

}  // namespace partnerskap::agreements

#endif  // PARTNERSKAP_SERVICES_AGREEMENTS_SERVICE_H_
