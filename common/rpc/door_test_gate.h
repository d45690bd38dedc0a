// A gate for the door's own tests, with a method for each way in which a call can go. The real gate's rules have tests
// of their own; here it matters what the door does with what a gate says.
#ifndef PARTNERSKAP_COMMON_RPC_DOOR_TEST_GATE_H_
#define PARTNERSKAP_COMMON_RPC_DOOR_TEST_GATE_H_

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "common/rpc/gate.h"

namespace partnerskap {

// What has happened so far.
struct TestGateFacts {
  int admitted = 0;        // Admitted objects that live
  int handled = 0;         // bodies that reached Handle
  int held = 0;            // calls that Hold keeps
  int sessions = 0;        // Session objects that live
  int watching = 0;        // sessions that have their request
  int64_t bytes_sent = 0;  // payload that Watch streams have handed over
  CallHead last_head;
  std::vector<std::string> ends;  // `path CODE`, in the order told
};

class TestGate final : public Gate {
 public:
  // Calls of any other principal are refused with PERMISSION_MISSING.
  explicit TestGate(std::string allowed_uri);
  ~TestGate() override;

  // /test/Echo     answers the request
  // /test/Put      answers the request, from another thread
  // /test/Hold     answers when Release is called
  // /test/Drop     never answers: the gate lets go of `respond`
  // /test/Refuse   FAILED_PRECONDITION-like refusal with metadata as long as the request
  // /test/Trailers answers with legal and illegal trailers
  // /test/Watch    server stream: `count size` of messages, or for ever
  // /test/Chat     bidirectional: answers each message, ends at half-close
  // /test/Closed   server stream that is closed before its request is read
  absl::StatusOr<std::unique_ptr<Admitted>> Admit(CallHead head) override;
  void Handle(std::unique_ptr<Admitted> admitted, std::string body, Respond respond) override;
  std::shared_ptr<Session> Open(std::shared_ptr<Admitted> admitted, std::shared_ptr<StreamSink> sink) override;
  void Ended(const Admitted& admitted, const absl::Status& status) override;
  void Drain() override { draining_ = true; }
  // For another door before the same gate.
  void Reopen() { draining_ = false; }

  // Answers what Hold has kept.
  void Release();
  // Waits until `condition` holds, looked at after each call's event. False after ten seconds.
  bool Await(std::function<bool(const TestGateFacts&)> condition);
  TestGateFacts Facts();

 private:
  friend class TestAdmitted;
  friend class TestWatch;
  friend class TestChat;
  void Change(const std::function<void()>& change);
  void RunDeferred();

  const std::string allowed_uri_;
  std::map<std::string, Method> methods_;
  std::atomic<bool> draining_{false};
  std::mutex mutex_;
  TestGateFacts facts_;
  std::condition_variable changed_;
  std::vector<Respond> held_;
  std::vector<Task> deferred_;
  bool stopping_ = false;
  std::thread deferred_thread_;
};

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_RPC_DOOR_TEST_GATE_H_
