// Strict serializability of one service, over all its resources at once: is there an order of all calls that agrees
// with time and in which every answer is right? All writes go through one connection, so their order is known: it is
// that of the revisions' sequence numbers. What remains is to find an instant between two of them for each read.
#ifndef PARTNERSKAP_TESTS_HISTORY_SERIAL_ORDER_H_
#define PARTNERSKAP_TESTS_HISTORY_SERIAL_ORDER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"

namespace partnerskap {

// One row of `revisions`.
struct LogEntry {
  int64_t sequence = 0;     // from 1, without a gap
  int64_t transaction = 0;  // sequence of the first entry of its transaction
  std::string name;
  int64_t revision = 0;  // 1, 2, 3 … of this name
  std::string type;
  std::string message_type;
  std::string message;
  std::string request_id;
  std::string actor;
};
using Log = std::vector<LogEntry>;

// A revision of a resource that an answer showed; 0: that there is none.
struct Seen {
  std::string name;
  int64_t revision = 0;
};

// An answered call.
struct AnsweredCall {
  int64_t call = 0, returned = 0;  // as in Operation
  // Of a write: sequence of its last revision, which its position trailer carried. 0: it wrote nothing.
  int64_t position = 0;
  // Of a read, a list included: everything that it said, and of a list also what it did not hold.
  std::vector<Seen> seen;
};

// Of the log alone: sequences without a gap, revisions of each name without a gap, transactions together.
absl::Status CheckLog(const Log& log);

// FAILED_PRECONDITION with the first call for which there is no place. `log` has passed CheckLog.
absl::Status CheckSerialOrder(const Log& log, std::vector<AnsweredCall> calls);

}  // namespace partnerskap

#endif  // PARTNERSKAP_TESTS_HISTORY_SERIAL_ORDER_H_
