// A client that does one thing at a time and can do it wrong: no message, two messages, no reading.
#ifndef PARTNERSKAP_COMMON_RPC_DOOR_TEST_CLIENT_H_
#define PARTNERSKAP_COMMON_RPC_DOOR_TEST_CLIENT_H_

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/rpc/grpc_convert.h"
#include "common/testing/certs.h"

namespace partnerskap {

inline std::shared_ptr<grpc::Channel> TestChannel(int port, const TlsFiles& tls) {
  const auto credentials =
      grpc::SslCredentials({ReadFileOrDie(tls.ca), ReadFileOrDie(tls.key), ReadFileOrDie(tls.certificate)});
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(absl::StrCat("127.0.0.1:", port), credentials, arguments);
}

class TestCall {
 public:
  // A call that hangs ends after 20 s, and its test fails.
  TestCall(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
           std::chrono::milliseconds deadline = std::chrono::seconds(20))
      : stub_(channel) {
    context.set_deadline(std::chrono::system_clock::now() + deadline);
    call_ = stub_.PrepareCall(&context, method, &queue_);
    call_->StartCall(this);
    Wait();
  }
  ~TestCall() {
    context.TryCancel();
    if (!finished_) Finish().IgnoreError();
    queue_.Shutdown();
    void* tag = nullptr;
    bool ok = false;
    while (queue_.Next(&tag, &ok)) {
    }
  }

  bool Write(const std::string& message) {
    call_->Write(ToByteBuffer(message), this);
    return Wait();
  }
  bool WritesDone() {
    call_->WritesDone(this);
    return Wait();
  }
  // Nothing when the stream has ended.
  std::optional<std::string> Read() {
    grpc::ByteBuffer message;
    call_->Read(&message, this);
    if (!Wait()) return std::nullopt;
    return FromByteBuffer(message);
  }
  absl::Status Finish() {
    finished_ = true;
    call_->Finish(&status, this);
    Wait();
    return FromGrpcStatus(status);
  }
  // A whole unary call.
  absl::Status Ask(const std::string& request, std::string* answer = nullptr) {
    if (Write(request)) WritesDone();
    if (const auto message = Read(); message && answer != nullptr) *answer = *message;
    return Finish();
  }

  grpc::ClientContext context;
  grpc::Status status;

 private:
  bool Wait() {
    void* tag = nullptr;
    bool ok = false;
    return queue_.Next(&tag, &ok) && ok;
  }
  grpc::CompletionQueue queue_;
  grpc::GenericStub stub_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
  bool finished_ = false;
};

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_RPC_DOOR_TEST_CLIENT_H_
