#include "common/sql/request_index.h"

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/sql/store_file.h"
#include "common/status/macros.h"

namespace partnerskap {
namespace {

// Keys that one Trim moves or forgets: a few milliseconds between two batches.
constexpr int64_t kPortion = 1'000;
// How often the window's end is looked at. A window of weeks need not be sharper.
constexpr absl::Duration kLookEvery = absl::Minutes(1);

constexpr char kFloor[] = "request_floor";
constexpr char kExpired[] = "request_expired";
constexpr char kHorizon[] = "request_horizon";

std::string BytesOf(RequestIndex::Key key) {
  std::string bytes;
  for (uint64_t half : {absl::Uint128High64(key), absl::Uint128Low64(key)}) {
    for (int shift = 56; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>((half >> shift) & 0xff));
  }
  return bytes;
}

struct KeyedRow {
  int64_t sequence;
  RequestIndex::Key key;
};

// Keys of answered requests among the audit rows `from` to `to`, both inclusive.
absl::StatusOr<std::vector<KeyedRow>> KeysBetween(Connection& connection, int64_t from, int64_t to) {
  std::vector<KeyedRow> keys;
  Rows rows = connection.Query(
      "SELECT sequence, principal, method, request_id\n  FROM audit\n"
      " WHERE sequence BETWEEN ? AND ?\n   AND code = 0\n   AND request_id <> ''\n ORDER BY sequence",
      std::array<SqlValue, 2>{from, to});
  while (rows.Next()) keys.push_back({rows.Int(0), RequestIndex::KeyOf(rows.Text(1), rows.Text(2), rows.Text(3))});
  RETURN_IF_ERROR(rows.status());
  return keys;
}

absl::StatusOr<int64_t> NewestAudit(Connection& connection) {
  Rows rows = connection.Query("SELECT MAX(sequence)\n  FROM audit", {});
  int64_t newest = rows.Next() ? rows.Int(0) : 0;
  RETURN_IF_ERROR(rows.status());
  return newest;
}

// The last of at most kPortion audit rows from `from` on that were committed before `micros`; `from` - 1 if none was.
absl::StatusOr<int64_t> LastBefore(Connection& connection, int64_t from, int64_t micros) {
  int64_t last = from - 1;
  Rows rows =
      connection.Query("SELECT sequence, commit_time\n  FROM audit\n WHERE sequence >= ?\n ORDER BY sequence\n LIMIT ?",
                       std::array<SqlValue, 2>{from, kPortion});
  while (rows.Next() && rows.Int(1) < micros) last = rows.Int(0);
  RETURN_IF_ERROR(rows.status());
  return last;
}

}  // namespace

RequestIndex::Key RequestIndex::KeyOf(absl::string_view principal, absl::string_view method,
                                      absl::string_view request_id) {
  std::string text = absl::StrCat(principal.size(), " ", method.size(), " ", principal, method, request_id);
  std::array<unsigned char, SHA256_DIGEST_LENGTH> hash{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), hash.data());
  uint64_t high = 0, low = 0;
  for (size_t i = 0; i < 8; ++i) high = (high << 8) | hash[i];
  for (size_t i = 8; i < 16; ++i) low = (low << 8) | hash[i];
  return absl::MakeUint128(high, low);
}

absl::StatusOr<int64_t> RequestIndex::RowsToRead(Connection& connection) const {
  ASSIGN_OR_RETURN(int64_t floor, StoreInt(connection, kFloor));
  ASSIGN_OR_RETURN(int64_t newest, NewestAudit(connection));
  return newest - std::max<int64_t>(floor, 1) + 1;
}

absl::Status RequestIndex::Rebuild(Connection& connection) {
  recent_.clear();
  ASSIGN_OR_RETURN(int64_t floor, StoreInt(connection, kFloor));
  ASSIGN_OR_RETURN(int64_t expired, StoreInt(connection, kExpired));
  ASSIGN_OR_RETURN(horizon_micros_, StoreInt(connection, kHorizon));
  floor_ = std::max<int64_t>(floor, 1);
  expired_ = std::max<int64_t>(expired, 1);
  ASSIGN_OR_RETURN(int64_t newest, NewestAudit(connection));
  for (int64_t from = std::max(floor_, expired_); from <= newest; from += kPortion) {
    ASSIGN_OR_RETURN(std::vector<KeyedRow> keys, KeysBetween(connection, from, from + kPortion - 1));
    for (const KeyedRow& row : keys) recent_[row.key] = row.sequence;
  }
  return absl::OkStatus();
}

absl::StatusOr<int64_t> RequestIndex::Find(Connection& connection, Key key) const {
  if (auto found = recent_.find(key); found != recent_.end()) return found->second;
  // Nothing was ever moved to the table.
  if (floor_ == 1) return 0;
  std::string bytes = BytesOf(key);
  Rows rows = connection.Query("SELECT sequence\n  FROM old_request_keys\n WHERE key = ?",
                               std::array<SqlValue, 1>{Blob{bytes}});
  int64_t sequence = rows.Next() ? rows.Int(0) : 0;
  RETURN_IF_ERROR(rows.status());
  return sequence;
}

absl::StatusOr<bool> RequestIndex::Trim(Connection& connection, absl::Time now, absl::Duration steady) {
  ASSIGN_OR_RETURN(bool more_to_move, MoveOldest(connection));
  ASSIGN_OR_RETURN(bool more_to_forget, ForgetExpired(connection, now, steady));
  return more_to_move || more_to_forget;
}

absl::StatusOr<bool> RequestIndex::MoveOldest(Connection& connection) {
  if (recent_.size() <= max_in_memory_) return false;
  int64_t last = floor_ + kPortion - 1;
  ASSIGN_OR_RETURN(int64_t newest, NewestAudit(connection));
  last = std::min(last, newest);
  ASSIGN_OR_RETURN(std::vector<KeyedRow> keys, KeysBetween(connection, floor_, last));
  RETURN_IF_ERROR(InTransaction(connection, [&]() -> absl::Status {
    for (const KeyedRow& row : keys) {
      std::string bytes = BytesOf(row.key);
      RETURN_IF_ERROR(
          connection.Execute("INSERT INTO old_request_keys (key, sequence)\nVALUES (?, ?)\n"
                             "    ON CONFLICT (key) DO UPDATE SET sequence = excluded.sequence",
                             std::array<SqlValue, 2>{Blob{bytes}, row.sequence}));
    }
    return SetStoreInt(connection, kFloor, last + 1);
  }));
  for (const KeyedRow& row : keys) {
    auto found = recent_.find(row.key);
    if (found != recent_.end() && found->second == row.sequence) recent_.erase(found);
  }
  floor_ = last + 1;
  return recent_.size() > max_in_memory_;
}

absl::StatusOr<bool> RequestIndex::ForgetExpired(Connection& connection, absl::Time now, absl::Duration steady) {
  int64_t target = absl::ToUnixMicros(now - window_);
  if (trimmed_ == absl::ZeroDuration()) {
    trimmed_ = steady;
    // A new store begins at its present.
    if (horizon_micros_ == 0) horizon_micros_ = target;
  }
  if (steady - trimmed_ >= kLookEvery) {
    int64_t reachable = horizon_micros_ + 2 * absl::ToInt64Microseconds(steady - trimmed_);
    horizon_micros_ = std::max(horizon_micros_, std::min(target, reachable));
    trimmed_ = steady;
    forgetting_ = true;
  }
  if (!forgetting_) return false;
  ASSIGN_OR_RETURN(int64_t last, LastBefore(connection, expired_, horizon_micros_));
  ASSIGN_OR_RETURN(std::vector<KeyedRow> keys, KeysBetween(connection, expired_, last));
  RETURN_IF_ERROR(InTransaction(connection, [&]() -> absl::Status {
    for (const KeyedRow& row : keys) {
      std::string bytes = BytesOf(row.key);
      RETURN_IF_ERROR(connection.Execute("DELETE FROM old_request_keys\n WHERE key = ?\n   AND sequence = ?",
                                         std::array<SqlValue, 2>{Blob{bytes}, row.sequence}));
    }
    RETURN_IF_ERROR(SetStoreInt(connection, kHorizon, horizon_micros_));
    return SetStoreInt(connection, kExpired, last + 1);
  }));
  for (const KeyedRow& row : keys) {
    auto found = recent_.find(row.key);
    if (found != recent_.end() && found->second == row.sequence) recent_.erase(found);
  }
  forgetting_ = last - expired_ + 1 == kPortion;
  expired_ = last + 1;
  return forgetting_;
}

}  // namespace partnerskap
