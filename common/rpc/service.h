// The list of a process's methods: method -> handler, one typed line each. A method that the contract declares and that
// has no handler, a handler of other types, or a method without a declared permission ends the process at start.
//
//   void RegisterMembership(Methods& methods) {
//     ServiceMethods service(methods, "partnerskap.membership.v1.MembershipService");
//     service.Read("GetSeat", &GetSeat);
//     service.Write("CreateSeat", &CreateSeat);
//   }
#ifndef PARTNERSKAP_COMMON_RPC_SERVICE_H_
#define PARTNERSKAP_COMMON_RPC_SERVICE_H_

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/env/env.h"
#include "common/rpc/call.h"
#include "common/sql/transaction.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace partnerskap {

// What a read answers: a message, or the stored bytes of one, which go out as they are.
template <typename M>
class Answer {
 public:
  Answer(M message) : bytes_(message.SerializeAsString()) {}  // NOLINT(google-explicit-constructor)
  static Answer OfBytes(std::string bytes) { return Answer(std::move(bytes), 0); }
  const std::string& bytes() const& { return bytes_; }
  std::string bytes() && { return std::move(bytes_); }
  // For tests and for handlers that read their own answer.
  M message() const {
    M message;
    message.ParseFromString(bytes_);
    return message;
  }

 private:
  Answer(std::string bytes, int) : bytes_(std::move(bytes)) {}
  std::string bytes_;
};

// The handler's side of a stream to the caller. Functions of one session never run on two threads at once.
class StreamSink {
 public:
  enum class Sent { kOk, kFull, kClosed };
  virtual ~StreamSink() = default;
  // kFull: not taken; OnWritable comes when there is room.
  virtual Sent Send(std::string message) = 0;
  // Ends the stream; OK after what is buffered, else at once.
  virtual void Close(const absl::Status& status) = 0;
};
class Session {
 public:
  virtual ~Session() = default;  // the stream has ended, whoever ended it: unsubscribe here
  virtual void OnMessage(std::string message) = 0;
  virtual void OnWritable() = 0;
  virtual void OnHalfClose() = 0;
};

using ReadHandler =
    std::function<absl::StatusOr<std::string>(const Env&, const Call&, const google::protobuf::Message&, ReadTx&)>;
using WriteHandler =
    std::function<absl::StatusOr<std::string>(const Env&, const Call&, const google::protobuf::Message&, WriteTx&)>;
// Answers without a store: health.
using PlainHandler =
    std::function<absl::StatusOr<std::string>(const Env&, const Call&, const google::protobuf::Message&)>;
// Called when the stream is admitted; the request messages come through OnMessage.
using StreamHandler = std::function<std::shared_ptr<Session>(const Env&, const Call&, std::shared_ptr<StreamSink>)>;

struct Method {
  std::string path;  // `/package.Service/Method`
  const google::protobuf::MethodDescriptor* descriptor = nullptr;
  const common::v1::MethodAuth* auth = nullptr;
  const google::protobuf::Message* request_prototype = nullptr;
  std::variant<ReadHandler, WriteHandler, PlainHandler, StreamHandler> handler;
  bool is_stream() const { return std::holds_alternative<StreamHandler>(handler); }
};

// Filled by service.cc, then read only.
class Methods {
 public:
  // Reports a wrong line; the process exits 1 with all of them (`problems`).
  void Problem(std::string problem) { problems_.push_back(std::move(problem)); }
  void Add(Method method);
  void ExpectAllOf(const google::protobuf::ServiceDescriptor& service) { services_.push_back(&service); }
  // Every declared method has a handler and a policy; every policy's paths resolve; write methods carry `request_id`
  // and `validate_only`; field rules are sound; restricted fields are answered only under a permission that no answer
  // without them has. Sorted, one line each; empty when all is right.
  std::vector<std::string> Check() const;
  const Method* Find(absl::string_view path) const;
  const absl::flat_hash_map<std::string, Method>& all() const { return methods_; }
  // What the declared policies ask for, each once, sorted: what `*` in a role file stands for.
  std::vector<std::string> Permissions() const;

 private:
  absl::flat_hash_map<std::string, Method> methods_;
  std::vector<const google::protobuf::ServiceDescriptor*> services_;
  std::vector<std::string> problems_;
};

class ServiceMethods {
 public:
  // `service` is the full name; it must be linked.
  ServiceMethods(Methods& methods, absl::string_view service);

  template <typename M, typename Req>
  void Read(absl::string_view name,
            absl::StatusOr<Answer<M>> (*handler)(const Env&, const Call&, const Req&, ReadTx&)) {
    AddTyped(name, Req::default_instance(), *M::descriptor(),
             ReadHandler([handler](const Env& env, const Call& call, const google::protobuf::Message& request,
                                   ReadTx& tx) -> absl::StatusOr<std::string> {
               auto answer = handler(env, call, static_cast<const Req&>(request), tx);
               if (!answer.ok()) return std::move(answer).status();
               return std::move(answer)->bytes();
             }));
  }
  template <typename M, typename Req>
  void Write(absl::string_view name, absl::StatusOr<M> (*handler)(const Env&, const Call&, const Req&, WriteTx&)) {
    AddTyped(name, Req::default_instance(), *M::descriptor(),
             WriteHandler([handler](const Env& env, const Call& call, const google::protobuf::Message& request,
                                    WriteTx& tx) -> absl::StatusOr<std::string> {
               auto answer = handler(env, call, static_cast<const Req&>(request), tx);
               if (!answer.ok()) return std::move(answer).status();
               return answer->SerializeAsString();
             }));
  }
  // `response` is the type that the stream sends.
  void Stream(absl::string_view name, const google::protobuf::Message& request,
              const google::protobuf::Descriptor& response, StreamHandler handler) {
    AddTyped(name, request, response, std::move(handler));
  }

 private:
  void AddTyped(absl::string_view name, const google::protobuf::Message& request,
                const google::protobuf::Descriptor& response,
                std::variant<ReadHandler, WriteHandler, PlainHandler, StreamHandler> handler);
  Methods& methods_;
  const google::protobuf::ServiceDescriptor* service_ = nullptr;
};

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_RPC_SERVICE_H_
