// *membership*: who. Organizations, networks, seats, posts, appointments.
#ifndef PARTNERSKAP_SERVICES_MEMBERSHIP_SERVICE_H_
#define PARTNERSKAP_SERVICES_MEMBERSHIP_SERVICE_H_

#include "common/rpc/serve.h"

namespace partnerskap::membership {

ServiceDefinition Definition();

}  // namespace partnerskap::membership

#endif  // PARTNERSKAP_SERVICES_MEMBERSHIP_SERVICE_H_
