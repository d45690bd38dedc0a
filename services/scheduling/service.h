// *scheduling*: when and where. Meetings, hosting in turn, the three hosts that coordinate.
#ifndef PARTNERSKAP_SERVICES_SCHEDULING_SERVICE_H_
#define PARTNERSKAP_SERVICES_SCHEDULING_SERVICE_H_

#include "common/rpc/serve.h"

namespace partnerskap::scheduling {

ServiceDefinition Definition();

}  // namespace partnerskap::scheduling

#endif  // PARTNERSKAP_SERVICES_SCHEDULING_SERVICE_H_
