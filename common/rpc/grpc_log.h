// gRPC's own log lines, which a caller can cause at will (a broken handshake, a compressed message), in the service's
// log.
#ifndef PARTNERSKAP_COMMON_RPC_GRPC_LOG_H_
#define PARTNERSKAP_COMMON_RPC_GRPC_LOG_H_

#include <cstdint>

#include "common/env/env.h"
#include "common/log/log.h"

namespace partnerskap {

// Sends gRPC's errors to `logger`: the first of each second in words, the rest as a count. Null: they are dropped, and
// counted. Not to be called beside calls.
void SetGrpcLog(Logger* logger, Clock* clock);
// Lines of gRPC since the start, for metrics.
uint64_t GrpcLogCount();

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_RPC_GRPC_LOG_H_
