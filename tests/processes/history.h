// What the clients of a run asked and were told, and how they ask: every call is timed from before its first byte to
// after its answer, and every unclear outcome is repeated with its request id until it is clear.
#ifndef PARTNERSKAP_TESTS_PROCESSES_HISTORY_H_
#define PARTNERSKAP_TESTS_PROCESSES_HISTORY_H_

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/testing/sim.h"
#include "google/protobuf/message.h"
#include "tests/history/operation.h"
#include "tests/history/serial_order.h"
#include "tests/processes/service_processes.h"

namespace partnerskap {

// One call with all its attempts.
struct ClientCall {
  std::string name;  // of the resource; empty for a list
  Operation operation;
  std::string method;
  std::string request_id;  // of a mutation
  std::string answer;      // bytes of an OK answer to a mutation
  int64_t position = 0;    // of an acknowledged mutation
  int attempts = 0;
  std::vector<Seen> seen;  // of a list
};

// Shared by all clients of a run.
class History {
 public:
  void Add(const std::string& service, ClientCall call);
  void Broken(std::string what);
  std::vector<ClientCall> calls(const std::string& service) const;
  // From the `from`-th on.
  std::vector<ClientCall> CallsSince(const std::string& service, size_t from) const;
  std::vector<std::string> broken() const;
  void CountUnknown() { ++unknown_; }
  // Calls that did not get a clear answer at first.
  int unknown() const { return unknown_; }
  size_t size() const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::vector<ClientCall>> calls_;
  std::vector<std::string> broken_;
  std::atomic<int> unknown_ = 0;
};

uint64_t DigestOf(absl::string_view bytes);
// Steady, nanoseconds.
int64_t SteadyNow();

// One client, used by one thread.
class HistoryClient {
 public:
  HistoryClient(ServiceProcesses& services, History& history, uint64_t seed)
      : services_(services), history_(history), random_(seed) {}

  // Sends `request` under a new request id until the outcome is clear. OK: the answer. Else: why it was refused.
  template <typename Response>
  absl::StatusOr<Response> Mutate(const std::string& service, absl::string_view method,
                                  google::protobuf::Message& request, const std::string& name, Operation::Kind kind,
                                  int64_t expected = 0) {
    const absl::StatusOr<std::string> bytes = MutateBytes(service, method, request, name, kind, expected);
    if (!bytes.ok()) return bytes.status();
    Response response;
    if (!response.ParseFromString(*bytes)) return absl::DataLossError("an answer of another type");
    return response;
  }
  // One attempt. OK or NOT_FOUND go into the history.
  template <typename Response>
  absl::StatusOr<Response> Read(const std::string& service, absl::string_view method,
                                const google::protobuf::Message& request, const std::string& name) {
    Response response;
    const absl::Status status = ReadInto(service, method, request, name, response);
    if (!status.ok()) return status;
    return response;
  }
  // A list of one page. `all`: the names that could be in it; those that are not were not there.
  absl::Status ReadList(const std::string& service, absl::string_view method, const google::protobuf::Message& request,
                        google::protobuf::Message& response, const std::vector<std::string>& all);
  // Answers of `service` from now on are of this position of another, or newer.
  void After(const std::string& service, const std::string& position) { after_[service] = position; }
  const std::string& position() const { return position_; }

  SeededRandom& random() { return random_; }
  ServiceProcesses& services() { return services_; }
  History& history() { return history_; }

 private:
  absl::StatusOr<std::string> MutateBytes(const std::string& service, absl::string_view method,
                                          google::protobuf::Message& request, const std::string& name,
                                          Operation::Kind kind, int64_t expected);
  absl::Status ReadInto(const std::string& service, absl::string_view method, const google::protobuf::Message& request,
                        const std::string& name, google::protobuf::Message& response);
  absl::StatusOr<std::string> Attempt(const std::string& service, absl::string_view method, const std::string& request,
                                      absl::Duration timeout);
  // Sometimes sends it once more, as it is and with another content.
  void Repeat(const std::string& service, google::protobuf::Message& request, const ClientCall& call);

  ServiceProcesses& services_;
  History& history_;
  SeededRandom random_;
  std::map<std::string, std::shared_ptr<Peer>> peers_;
  std::map<std::string, std::string> after_;
  std::string position_;
};

}  // namespace partnerskap

#endif  // PARTNERSKAP_TESTS_PROCESSES_HISTORY_H_
