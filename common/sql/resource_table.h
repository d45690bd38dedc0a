// One table of resources. The message's bytes are the truth; every other column is derived from them by reflection:
// column name = field name, enum by name as TEXT, Timestamp as INTEGER microseconds UTC, google.type.Date as TEXT
// `YYYY[-MM[-DD]]`, Money as INTEGER minor units (öre) in a column `<field>_minor`, bool and integers as INTEGER,
// absent = NULL (so are an empty string and an enum's zero value without `optional`); repeated, map, bytes, floating
// point and other message fields have no column. `parent` is the name's parent (`''` for top level). Only Put writes a
// row, so columns and bytes cannot differ; `VerifyDerivation` proves it.
#ifndef PARTNERSKAP_COMMON_SQL_RESOURCE_TABLE_H_
#define PARTNERSKAP_COMMON_SQL_RESOURCE_TABLE_H_

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/auth/permit.h"
#include "common/sql/transaction.h"
#include "common/status/macros.h"
#include "google/protobuf/message.h"

namespace partnerskap {

// A derived column and its value for one message.
struct DerivedColumn {
  std::string name;
  OwnedSqlValue value;
};
std::vector<DerivedColumn> DeriveColumns(const google::protobuf::Message& message);

// The part of a table that does not depend on the message's C++ type.
class ResourceTableBase {
 public:
  struct Spec {
    // SQL name, plural: `seats`. The table has `name TEXT PRIMARY KEY`, `parent TEXT`, `message BLOB`, the derived
    // columns, and `sort_key BLOB` if a sort key is given.
    std::string table;
    // Bytes that order lists as a reader expects (Swedish collation of a display name). Empty: lists go by name.
    std::function<std::string(const google::protobuf::Message&)> sort_key;
  };
  // Where a list begins and what belongs to it. `equals` become `column = ?`, sorted by column name.
  struct ListQuery {
    // `networks/partnerskapet`; empty: all of the table. A `-` as an id stands for any (AIP-159):
    // `networks/partnerskapet/seats/-` is a range of names, and such a list goes by name.
    std::string parent = {};
    // Only rows whose `start_date` to `end_date` may hold this day (`YYYY-MM-DD`); partial dates count with all their
    // days, absent ones are open. Empty: all.
    std::string effective_date = {};
    // What was known then, from revisions (each name's newest at or before it); such a list goes by name.
    std::optional<absl::Time> read_time = {};
    // The store's newest sequence when the first page was read (from a page token): rows are as they were then,
    // whatever has been written since. Absent: now.
    std::optional<int64_t> at_sequence = {};
    std::vector<std::pair<std::string, std::string>> equals = {};
    int32_t page_size = 0;       // 0 = 50; above 1,000 lowered to it; negative is refused by the gate
    std::string after_key = {};  // keyset position of the last row of the page before (from a page token)
    std::string after_name = {};
  };
  struct Page {
    std::vector<std::string> messages;  // stored bytes
    bool more = false;                  // then the next page begins after:
    std::string last_key, last_name;
    int64_t sequence = 0;  // and is read as of this sequence of the store
  };

  ResourceTableBase(const google::protobuf::Message& prototype, Spec spec);
  ResourceTableBase(const ResourceTableBase&) = delete;

  const std::string& table() const { return spec_.table; }
  const google::protobuf::Descriptor& descriptor() const { return *prototype_.GetDescriptor(); }

  absl::StatusOr<bool> Exists(ReadTx& tx, absl::string_view name) const;
  // Stored bytes. Errors: RESOURCE_NOT_FOUND with ResourceInfo.
  absl::StatusOr<std::string> GetBytes(ReadTx& tx, absl::string_view name) const;
  // Stored bytes, or nothing.
  absl::StatusOr<std::optional<std::string>> FindBytes(ReadTx& tx, absl::string_view name) const;
  // What was known at `read_time`, from revisions. Errors: RESOURCE_NOT_FOUND.
  absl::StatusOr<std::string> GetBytesAt(ReadTx& tx, absl::string_view name, absl::Time read_time) const;
  // A page, ended by page_size or 1 MiB. All pages of a list are of one snapshot.
  // Errors: FEED_POSITION_EXPIRED, when the store no longer keeps revisions as old as `at_sequence`;
  // PAGE_TOKEN_INVALID, when it has not come so far.
  absl::StatusOr<Page> List(ReadTx& tx, const ListQuery& query) const;

  // Every row's columns equal the derivation of its bytes, and its bytes are those of its newest revision.
  absl::Status VerifyDerivation(ReadTx& tx) const;
  // FAILED_PRECONDITION with the difference unless the table has exactly the columns that its messages derive.
  absl::Status CheckColumns(ReadTx& tx) const;
  // Writes all derived columns of all rows anew: a migration that adds a column calls it, inside its transaction.
  absl::Status Rederive(ReadTx& tx) const;

 protected:
  absl::Status Insert(WriteTx& tx, const Permit& permit, google::protobuf::Message& message,
                      absl::string_view event) const;
  absl::Status Replace(WriteTx& tx, const Permit& permit, google::protobuf::Message& message,
                       absl::string_view expected_etag, absl::string_view event) const;
  // Errors: STORE_CORRUPT, when the bytes are no message of this type.
  absl::Status ParseStored(absl::string_view bytes, absl::string_view name, google::protobuf::Message& message) const;
  const google::protobuf::Message& prototype_;

 private:
  // The one place where a row's values come from: all columns but `message`, in the order of columns_, then `message`.
  std::vector<OwnedSqlValue> ValuesOf(const google::protobuf::Message& message, std::string bytes) const;
  absl::Status Append(WriteTx& tx, const Permit& permit, const google::protobuf::Message& message, int64_t revision,
                      absl::string_view event, absl::string_view bytes, absl::string_view changed_paths) const;
  bool HasColumn(absl::string_view column) const;
  // A row that has changed since a list's first page, as it was then.
  struct FormerRow {
    std::string sort_key, name, message;
  };
  // The rows that belong to the list and stand after its position; names of all that changed go to `changed`.
  absl::StatusOr<std::vector<FormerRow>> FormerRows(ReadTx& tx, const ListQuery& query, int64_t newest,
                                                    std::set<std::string>& changed) const;
  absl::StatusOr<Page> ListRows(ReadTx& tx, const ListQuery& query, int64_t newest) const;
  absl::StatusOr<Page> ListRevisions(ReadTx& tx, const ListQuery& query, int64_t newest) const;
  absl::Status VerifyRow(ReadTx& tx, const Rows& row) const;

  Spec spec_;
  bool top_level_;                    // every row's parent is ''
  std::vector<std::string> columns_;  // name, parent, [sort_key], derived ones, message
  std::string get_sql_, insert_sql_, update_sql_, scan_sql_;
};

// `const ResourceTable<v1::Seat>& Seats()` is a function-local static of a service's store/tables.h.
template <typename M>
class ResourceTable : public ResourceTableBase {
 public:
  explicit ResourceTable(Spec spec) : ResourceTableBase(M::default_instance(), std::move(spec)) {}

  // Errors: RESOURCE_NOT_FOUND, STORE_CORRUPT.
  absl::StatusOr<M> Get(ReadTx& tx, absl::string_view name) const;
  absl::StatusOr<std::optional<M>> Find(ReadTx& tx, absl::string_view name) const;

  // Fills uid, create_time, update_time and etag, writes row and revision. `event` is a past participle: `created`.
  // Errors: RESOURCE_ALREADY_EXISTS.
  absl::StatusOr<M> Create(WriteTx& tx, const Permit& permit, M message, absl::string_view event = "created") const {
    RETURN_IF_ERROR(Insert(tx, permit, message, event));
    return message;
  }
  // Replaces the row of message.name(). `etag` is what the caller saw, `*` for any; immutable fields are compared.
  // Nothing is written and no revision made when nothing changes.
  // Errors: RESOURCE_NOT_FOUND, ETAG_STALE, FIELD_IMMUTABLE.
  absl::StatusOr<M> Update(WriteTx& tx, const Permit& permit, M message, absl::string_view etag,
                           absl::string_view event) const {
    RETURN_IF_ERROR(Replace(tx, permit, message, etag, event));
    return message;
  }
};

}  // namespace partnerskap

#include "common/sql/resource_table_inl.h"

#endif  // PARTNERSKAP_COMMON_SQL_RESOURCE_TABLE_H_
