// Looks over the shoulder of every reaction to a feed, inside its transaction: that each change has its effect once and
// in order, and what a service had been told when it judged a request.
#ifndef PARTNERSKAP_TESTS_SIMULATOR_EDGES_H_
#define PARTNERSKAP_TESTS_SIMULATOR_EDGES_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/rpc/serve.h"
#include "partnerskap/common/v1/feed.pb.h"

namespace partnerskap::simulator {

// A change as a consumer took it: after so many of its own audit rows.
struct Learnt {
  int64_t after_audit = 0;
  uint64_t order = 0;  // among all
  std::string producer;
  std::shared_ptr<const common::v1::Change> change;
};

class EdgeLog {
 public:
  EdgeLog();
  ~EdgeLog();
  EdgeLog(const EdgeLog&) = delete;

  // The definition, with its reactions watched by the log that exists; at most one exists.
  static ServiceDefinition Watched(ServiceDefinition definition);

  // By consumer, then by producer and sequence number. A transaction that was rolled back and never came again is in
  // here too, with a position that its consumer has not reached.
  const std::map<std::pair<std::string, int64_t>, Learnt>& of(const std::string& consumer) const;
  uint64_t effects() const { return effects_; }
  const std::string& broken() const { return broken_; }
  // Twins of services that are built to compare with are not watched.
  void Rest() { resting_ = true; }

  absl::Status React(const std::string& consumer, const Subscription& edge, const common::v1::Change& change,
                     WriteTx& tx);
  absl::Status Reset(const std::string& consumer, const Subscription& edge, WriteTx& tx);

 private:
  std::map<std::string, std::map<std::pair<std::string, int64_t>, Learnt>> learnt_;
  std::map<std::pair<std::string, std::string>, int64_t> resets_;  // where the cursor was
  uint64_t effects_ = 0;
  bool resting_ = false;
  std::string broken_;
};

}  // namespace partnerskap::simulator

#endif  // PARTNERSKAP_TESTS_SIMULATOR_EDGES_H_
