// Tells a damaged write-ahead log from one that a power cut left unfinished. SQLite takes the first frame whose
// checksum is wrong for the end of the log and says nothing of what stands behind it. Since each commit is synced
// before the next transaction is written (synchronous=FULL), a power cut spoils frames of the newest transaction alone:
// a transaction that begins behind a whole commit, behind a wrong frame, says that the disk has changed what was safe.
//
// What cannot be told from a power cut, and passes: damage in the last transaction; in a commit's own mark of being
// one, when one transaction follows; and in the log's header, for all of the log then looks as one of an older time.
#ifndef PARTNERSKAP_COMMON_SQL_WAL_CHECK_H_
#define PARTNERSKAP_COMMON_SQL_WAL_CHECK_H_

#include <cstddef>
#include <cstdint>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"

namespace partnerskap {

// Fills `bytes` from `offset` on.
using ReadWalAt = absl::FunctionRef<absl::Status(int64_t offset, char* bytes, size_t size)>;

// Of a log of `size` bytes. Errors: DATA_LOSS, with the place of the damage but no file name; those of `read`.
absl::Status CheckWal(int64_t size, ReadWalAt read);

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_SQL_WAL_CHECK_H_
