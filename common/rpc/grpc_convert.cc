#include "common/rpc/grpc_convert.h"

#include <grpc/grpc.h>
#include <grpc/slice.h>

#include <utility>
#include <vector>

#include "common/status/refusal.h"

namespace partnerskap {
namespace {

// A slice of gRPC's over bytes that outlive it.
grpc_slice Borrow(absl::string_view bytes) { return grpc_slice_from_static_buffer(bytes.data(), bytes.size()); }

}  // namespace

grpc::ByteBuffer ToByteBuffer(std::string bytes) {
  if (bytes.size() < kOwnedSliceBytes) {
    const grpc::Slice slice(bytes);
    return grpc::ByteBuffer(&slice, 1);
  }
  auto* owned = new std::string(std::move(bytes));
  HandOver(owned);
  const auto release = [](void* string) {
    TakeOver(string);
    delete static_cast<std::string*>(string);
  };
  const grpc::Slice slice(owned->data(), owned->size(), release, owned);
  return grpc::ByteBuffer(&slice, 1);
}

std::string FromByteBuffer(const grpc::ByteBuffer& buffer) {
  std::string bytes;
  if (!buffer.Valid()) return bytes;
  std::vector<grpc::Slice> slices;
  if (!buffer.Dump(&slices).ok()) return bytes;
  bytes.reserve(buffer.Length());
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

grpc::Status ToGrpcStatus(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  const google::rpc::Status wire = ToRpcStatus(status);
  return grpc::Status(static_cast<grpc::StatusCode>(wire.code()), wire.message(), wire.SerializeAsString());
}

absl::Status FromGrpcStatus(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  google::rpc::Status wire;
  // Details of another code speak of something else; the outer code is what every client sees.
  if (status.error_details().empty() || !wire.ParseFromString(status.error_details()) ||
      wire.code() != static_cast<int>(status.error_code())) {
    wire.Clear();
    wire.set_code(status.error_code());
    wire.set_message(status.error_message());
  }
  return FromRpcStatus(wire);
}

bool IsLegalMetadata(absl::string_view key, absl::string_view value) {
  return grpc_header_key_is_legal(Borrow(key)) != 0 && grpc_is_binary_header(Borrow(key)) == 0 &&
         grpc_header_nonbin_value_is_legal(Borrow(value)) != 0;
}

CallMetadata FromGrpcMetadata(const std::multimap<grpc::string_ref, grpc::string_ref>& metadata) {
  CallMetadata result;
  result.reserve(metadata.size());
  for (const auto& [key, value] : metadata) {
    if (key == kStatusDetailsKey) continue;
    result.emplace_back(std::string(key.data(), key.size()), std::string(value.data(), value.size()));
  }
  return result;
}

absl::Duration FromGrpcDeadline(gpr_timespec deadline) {
  if (gpr_time_cmp(deadline, gpr_inf_future(deadline.clock_type)) == 0) return absl::InfiniteDuration();
  const gpr_timespec left = gpr_time_sub(deadline, gpr_now(deadline.clock_type));
  return absl::Seconds(left.tv_sec) + absl::Nanoseconds(left.tv_nsec);
}

gpr_timespec ToGrpcDeadline(absl::Duration left) {
  // absl saturates; gRPC reads the largest number as for ever.
  const gpr_timespec span = gpr_time_from_nanos(absl::ToInt64Nanoseconds(left), GPR_TIMESPAN);
  return gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), span);
}

}  // namespace partnerskap
