// A whole service that inputs are run against, and that begins anew for each of them: the same input always finds the
// same store, the same clock and the same random numbers.
#ifndef PARTNERSKAP_TESTS_FUZZ_SUBJECT_H_
#define PARTNERSKAP_TESTS_FUZZ_SUBJECT_H_

#include <map>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/rpc/gate.h"
#include "common/testing/recording.pb.h"
#include "common/testing/sim.h"
#include "common/testing/sim_service.h"
#include "common/testing/temp_dir.h"
#include "common/testing/test_service.h"

namespace partnerskap::fuzz {

using Digests = std::map<std::string, std::string>;  // by table

class Subject {
 public:
  // With an empty store. The functions of `definition` outlive it.
  explicit Subject(const ServiceDefinition& definition);
  ~Subject();

  // As it was after construction.
  void Reset();
  // The process ends, and another opens the store: at once, or with Restart.
  void Stop();
  void Restart();

  // Wall time from 1970 to 2100; what is outside becomes the nearest.
  void SetTime(int64_t unix_seconds);
  // Through the gate, as a transport does it. A call that is never answered is a finding.
  CallResult Call(CallHead head, std::string body);
  CallResult Call(absl::string_view uri, absl::string_view method, std::string body);
  // Sends `body` as a stream's first message, lets it run, and ends it. What it was refused with, or OK.
  absl::Status Stream(CallHead head, std::string body);
  // A change from another service's feed, with the next sequence of that feed.
  absl::Status Learn(const std::string& producer, common::v1::Change change);

  Digests digests() { return TableDigests(database()); }
  Database& database() { return service_->database(); }
  TestService& service() { return *service_; }
  SimLoop& loop() { return *loop_; }
  const ServiceDefinition& definition() const { return definition_; }
  const std::string& directory() const { return directory_; }
  // Null if the service has no such method.
  const Method* Find(absl::string_view method) const { return service_->methods().Find(method); }

 private:
  void Open();

  const ServiceDefinition definition_;
  const TempDir files_;
  const std::string empty_, directory_;
  std::unique_ptr<SimLoop> loop_;
  std::unique_ptr<TestService> service_;
  std::map<std::string, int64_t> learned_;  // by producer: changes so far
  uint64_t lives_ = 0;                      // since the last Reset
};

// The four services' definitions, by name (`peer_review`). Ends the process for another name.
const ServiceDefinition& DefinitionOf(absl::string_view service);

// One for the whole process. Not begun anew.
Subject& SubjectOf(absl::string_view service);

// P27: a refusal has a reason of the contract, is none of ours (INTERNAL_ERROR, STORE_CORRUPT), fits on the wire, and
// is text. Else it is a finding; `what` says of what.
void CheckRefusal(const absl::Status& status, absl::string_view what);

}  // namespace partnerskap::fuzz

#endif  // PARTNERSKAP_TESTS_FUZZ_SUBJECT_H_
