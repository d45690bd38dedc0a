// The gate's work on one unary call, from its body to its answer.
#ifndef PARTNERSKAP_COMMON_RPC_GATE_UNARY_H_
#define PARTNERSKAP_COMMON_RPC_GATE_UNARY_H_

#include <memory>
#include <string>

#include "common/rpc/gate.h"
#include "common/rpc/gate_call.h"

namespace partnerskap {

// Parses and checks `body` for the method of `call`. Also the messages of streams.
absl::StatusOr<std::shared_ptr<google::protobuf::Message>> ReadRequest(GateCall& call, const std::string& body);

// `respond` is called once, on this thread or another.
void HandleUnary(std::unique_ptr<GateCall> call, const std::string& body, Respond respond);

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_RPC_GATE_UNARY_H_
