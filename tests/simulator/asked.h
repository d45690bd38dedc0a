// A request of the simulator, with everything that its sender has heard of it.
#ifndef PARTNERSKAP_TESTS_SIMULATOR_ASKED_H_
#define PARTNERSKAP_TESTS_SIMULATOR_ASKED_H_

#include <cstdint>
#include <limits>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "tests/simulator/catalog.h"

namespace partnerskap::simulator {

// Counts what clients do and hear: of two events the one with the lower number was first.
using Moment = int64_t;
inline constexpr Moment kNever = std::numeric_limits<Moment>::max();

struct Asked {
  const MethodEntry* method = nullptr;
  std::string principal;  // URI; empty: no certificate
  std::shared_ptr<const google::protobuf::Message> request;
  std::string bytes;
  std::string request_id;
  bool validate_only = false;

  // The newest position of this service that anybody had been told when it was last sent.
  int64_t floor = 0;
  Moment first_sent = kNever;
  Moment first_ok = kNever;
  int sent = 0;
  int refused = 0;  // with a status that says that it was not done
  int unknown = 0;  // with a status that says nothing

  bool ok = false;
  std::string answer;
  int64_t position = 0;

  bool mutates() const { return method->mutating() && !validate_only; }
};

// With $PARTNERSKAP_TRACE set, a line on standard error: how a failing round is read.
void Trace(absl::string_view line);

// UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED, INTERNAL: it may have been done.
bool SaysNothing(absl::StatusCode code);

}  // namespace partnerskap::simulator

#endif  // PARTNERSKAP_TESTS_SIMULATOR_ASKED_H_
