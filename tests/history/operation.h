// What clients did to one resource, as they saw it: the input of the linearizability checkers.
//
// A resource is a register with a counter: absent is revision 0, its creation makes revision 1, and each later write
// the next one. The etag that the services answer is that counter, so a client knows which revision it made or saw.
#ifndef PARTNERSKAP_TESTS_HISTORY_OPERATION_H_
#define PARTNERSKAP_TESTS_HISTORY_OPERATION_H_

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace partnerskap {

inline constexpr int64_t kNeverReturned = std::numeric_limits<int64_t>::max();

struct Operation {
  enum class Kind {
    kRead,     // sees a revision and its content; revision 0: not found
    kCreate,   // absent -> revision 1; refused if there is one
    kWrite,    // any revision but 0 -> the next; refused if absent
    kWriteIf,  // `expected` -> the next; refused if the revision is another
  };
  enum class Outcome {
    kDone,
    kRefused,
    kUnknown,  // perhaps applied, at any time after the call, perhaps never
  };
  int64_t call = 0;                   // before the first byte was sent; any clock that does not go back
  int64_t returned = kNeverReturned;  // after the answer was there
  Kind kind = Kind::kRead;
  Outcome outcome = Outcome::kDone;
  int64_t expected = 0;  // of kWriteIf
  uint64_t value = 0;    // digest of the content that was written or seen
  int64_t revision = 0;  // of kDone: made or seen
};

// All operations on one resource, in any order.
using KeyHistory = std::vector<Operation>;

// `write (if revision 3) of revision 4, called at 17, answered at 29`.
std::string Describe(const Operation& operation);

}  // namespace partnerskap

#endif  // PARTNERSKAP_TESTS_HISTORY_OPERATION_H_
