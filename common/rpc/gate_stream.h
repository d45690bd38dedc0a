// The gate's part in a stream: each message from the caller is checked, each answer counted, each end named.
#ifndef PARTNERSKAP_COMMON_RPC_GATE_STREAM_H_
#define PARTNERSKAP_COMMON_RPC_GATE_STREAM_H_

#include <memory>

#include "common/rpc/gate_call.h"

namespace partnerskap {

// Null when the stream is refused; the sink has been closed then.
std::shared_ptr<Session> OpenStream(std::shared_ptr<GateCall> call, std::shared_ptr<StreamSink> sink);

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_RPC_GATE_STREAM_H_
