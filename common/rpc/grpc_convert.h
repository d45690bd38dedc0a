// Between gRPC's types and ours: bytes, statuses, metadata, deadlines. Used by the door and by peers.
#ifndef PARTNERSKAP_COMMON_RPC_GRPC_CONVERT_H_
#define PARTNERSKAP_COMMON_RPC_GRPC_CONVERT_H_

#include <grpc/support/time.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/status.h>
#include <grpcpp/support/string_ref.h>

#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/rpc/call.h"

namespace partnerskap {

// Where gRPC puts google.rpc.Status beside code and message.
inline constexpr char kStatusDetailsKey[] = "grpc-status-details-bin";

// One slice. From kOwnedSliceBytes on it owns the moved string; below that a copy costs the same.
inline constexpr size_t kOwnedSliceBytes = 2048;
grpc::ByteBuffer ToByteBuffer(std::string bytes);
// One copy of the payload.
std::string FromByteBuffer(const grpc::ByteBuffer& buffer);

// Code, message, and google.rpc.Status with the same code and message (Go answers INTERNAL otherwise).
grpc::Status ToGrpcStatus(const absl::Status& status);
absl::Status FromGrpcStatus(const grpc::Status& status);

// Whether gRPC takes the pair; it ends the process for one that it does not take.
bool IsLegalMetadata(absl::string_view key, absl::string_view value);
// Without the status details, which are gRPC's own.
CallMetadata FromGrpcMetadata(const std::multimap<grpc::string_ref, grpc::string_ref>& metadata);

// What is left of a deadline of gRPC's, by the clock that it is told in. gRPC's own conversion to wall time and
// absl::Now, which keeps a reading of the clock for up to two seconds, disagree after a jump of the wall clock.
absl::Duration FromGrpcDeadline(gpr_timespec deadline);
gpr_timespec ToGrpcDeadline(absl::Duration left);

// gRPC is not instrumented, so the thread sanitizer does not see that its queue orders the arming of a tag before its
// delivery, and its counting the filling of a slice before its end.
#ifdef __SANITIZE_THREAD__
extern "C" void __tsan_acquire(void* address);
extern "C" void __tsan_release(void* address);
inline void HandOver(void* object) { __tsan_release(object); }
inline void TakeOver(void* object) { __tsan_acquire(object); }
#else
inline void HandOver(void*) {}
inline void TakeOver(void*) {}
#endif

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_RPC_GRPC_CONVERT_H_
