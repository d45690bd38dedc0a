// What a handler reads and writes through. A read is one snapshot. A write is one SAVEPOINT inside the writer's
// transaction: it may run more than once before it is committed, so it has no effect but the transaction's.
#ifndef PARTNERSKAP_COMMON_SQL_TRANSACTION_H_
#define PARTNERSKAP_COMMON_SQL_TRANSACTION_H_

#include <array>
#include <cstdint>
#include <string>
#include <type_traits>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/auth/permit.h"
#include "common/sql/statement.h"

namespace partnerskap {

namespace internal {
inline SqlValue ToSqlValue(std::nullptr_t) { return nullptr; }
inline SqlValue ToSqlValue(Blob blob) { return blob; }
template <typename T>
SqlValue ToSqlValue(const T& value) {
  if constexpr (std::is_integral_v<T>) {
    return static_cast<int64_t>(value);
  } else {
    return absl::string_view(value);
  }
}
}  // namespace internal

class ReadTx {
 public:
  explicit ReadTx(Connection& connection) : connection_(connection) {}
  ReadTx(const ReadTx&) = delete;

  // `values` are integers, strings, Blob or nullptr; strings must live until the rows are read.
  template <typename... Values>
  Rows Query(absl::string_view sql, const Values&... values) {
    std::array<SqlValue, sizeof...(Values)> bound{internal::ToSqlValue(values)...};
    return connection_.Query(sql, bound);
  }
  Rows QueryWith(absl::string_view sql, absl::Span<const SqlValue> values) { return connection_.Query(sql, values); }
  Connection& connection() { return connection_; }

 protected:
  Connection& connection_;
};

// A change of one resource, as the revisions table keeps it.
struct Revision {
  absl::string_view name;           // `networks/partnerskapet/seats/uppsala`
  int64_t revision = 0;             // 1, 2, 3 … of this name
  absl::string_view type;           // `partnerskap.membership.seat.created.v1`
  absl::string_view message_type;   // `partnerskap.membership.v1.Seat`
  absl::string_view message;        // stored bytes, after the change
  absl::string_view changed_paths;  // comma separated, sorted; empty for a creation
};

class WriteTx : public ReadTx {
 public:
  // Who writes and why; fixed for the life of the write.
  struct Context {
    std::string principal;     // URI
    std::string method;        // path, or `feed:<producer>` for a reaction
    std::string request_id;    // or empty
    std::string trace_parent;  // or empty
    absl::Time time;           // the call's time, which becomes create_time and update_time
  };
  // `sequence` counts the revisions of the store; it is the writer's. `commit_micros` is the transaction's commit time,
  // microseconds UTC, never less than that of the transaction before, whatever the clock did.
  WriteTx(Connection& connection, const Context& context, class Random& random, int64_t* sequence,
          int64_t commit_micros)
      : ReadTx(connection), context_(context), random_(random), sequence_(sequence), commit_micros_(commit_micros) {}

  template <typename... Values>
  absl::Status Execute(absl::string_view sql, const Values&... values) {
    std::array<SqlValue, sizeof...(Values)> bound{internal::ToSqlValue(values)...};
    return connection_.Execute(sql, bound);
  }

  const Context& context() const { return context_; }
  absl::Time time() const { return context_.time; }
  class Random& random() {
    return random_;
  }

  // Appends to `revisions` under the next sequence number. ResourceTable calls it; nothing else needs to.
  absl::Status AppendRevision(const Permit& permit, const Revision& revision);
  // The last sequence number that this write has given, or 0, and whether its bytes equal `answer`.
  int64_t last_sequence() const { return last_sequence_; }
  // The first one, or 0: the number of this write's transaction in the feed.
  int64_t first_sequence() const { return first_sequence_; }
  bool LastRevisionIs(absl::string_view answer) const { return last_sequence_ != 0 && answer == last_message_; }

 private:
  const Context& context_;
  class Random& random_;
  int64_t* sequence_;
  int64_t commit_micros_;
  int64_t first_sequence_ = 0;
  int64_t last_sequence_ = 0;
  std::string last_message_;
};

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_SQL_TRANSACTION_H_
