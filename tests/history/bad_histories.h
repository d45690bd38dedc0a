// Histories of a register under concurrent clients, honest or with one seeded error: what the checkers are tested with.
#ifndef PARTNERSKAP_TESTS_HISTORY_BAD_HISTORIES_H_
#define PARTNERSKAP_TESTS_HISTORY_BAD_HISTORIES_H_

#include <cstdint>

#include "tests/history/operation.h"

namespace partnerskap {

enum class Bug {
  kNone,
  kLostWrite,       // acknowledged and gone
  kAppliedTwice,    // one request made two revisions
  kStaleRead,       // sees what was replaced before it was called
  kDirtyRead,       // sees content that was never committed
  kLostUpdate,      // a condition that did not hold was taken as holding
  kRefusedWrongly,  // a condition that held was taken as not holding
  kRevisionReused,  // two writes were told the same revision
  kEarlyAnswer,     // answered before it took effect
};
inline constexpr Bug kBugs[] = {Bug::kLostWrite,  Bug::kAppliedTwice,   Bug::kStaleRead,      Bug::kDirtyRead,
                                Bug::kLostUpdate, Bug::kRefusedWrongly, Bug::kRevisionReused, Bug::kEarlyAnswer};

struct HistoryShape {
  int operations = 400;
  int clients = 8;
  double unknown = 0;  // share of writes whose outcome nobody learnt
};

// Ends with a read of what is left. The bug lies in the last quarter.
KeyHistory MakeHistory(uint64_t seed, const HistoryShape& shape, Bug bug = Bug::kNone);

}  // namespace partnerskap

#endif  // PARTNERSKAP_TESTS_HISTORY_BAD_HISTORIES_H_
