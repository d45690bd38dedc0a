// The audit chain (granskningslogg): each row holds the hash of the one before, so that whoever keeps one hash can tell
// whether any earlier row was changed, removed, added or moved.
//
// The hash of a row is SHA-256 over its fields in this order, each as one byte (the field's number in AuditEntry),
// eight bytes (the length of what follows, big endian), and the value: text and bytes as they are, numbers as eight
// bytes, big endian, two's complement, the time in microseconds since 1970 UTC:
//
//   1 sequence, 2 commit_time, 3 principal, 4 method, 5 object, 6 request_id, 8 digest, 9 code, 10 reason, 11 count,
//   12 change_sequence, 13 previous_hash
//
// Every field is there, empty or not. 7 salt is not, so that it can be erased: without it the digest tells nothing
// about the request, and the chain stays whole.
#ifndef PARTNERSKAP_COMMON_AUDIT_AUDIT_H_
#define PARTNERSKAP_COMMON_AUDIT_AUDIT_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "partnerskap/common/v1/audit.pb.h"

namespace partnerskap {

// Bytes of a salt: as many as make guessing it hopeless.
inline constexpr size_t kAuditSaltBytes = 16;

// 32 bytes. `hash` and `salt` of the entry are not looked at.
std::string AuditHash(const common::v1::AuditEntry& entry);

// HMAC-SHA-256 of a request's deterministically serialized bytes: 32 bytes.
std::string AuditDigest(absl::string_view salt, absl::string_view content);

// Follows a chain row by row.
class ChainVerifier {
 public:
  // From the first row.
  ChainVerifier() = default;
  // From the row after one that is known: its sequence number and hash, perhaps from a head that somebody else kept.
  ChainVerifier(int64_t sequence, absl::string_view hash) : sequence_(sequence), hash_(hash) {}

  // The next row. DATA_LOSS names the sequence number of the first row that does not fit, and what is wrong with it;
  // after that every call gives the same status.
  absl::Status Add(const common::v1::AuditEntry& entry);

  // The last row that fitted: 0 and "" before the first.
  int64_t sequence() const { return sequence_; }
  const std::string& hash() const { return hash_; }

 private:
  absl::Status Check(const common::v1::AuditEntry& entry) const;
  int64_t sequence_ = 0;
  std::string hash_;
  absl::Status status_;
};

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_AUDIT_AUDIT_H_
