#include "common/sql/resource_table.h"

#include <algorithm>
#include <array>
#include <memory>
#include <set>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/env/env.h"
#include "common/ids/ids.h"
#include "common/sql/etag.h"
#include "common/sql/resource_fields.h"
#include "common/status/refusal.h"
#include "google/protobuf/descriptor.h"
#include "partnerskap/common/v1/reasons.pb.h"

namespace partnerskap {
namespace {

using google::protobuf::Message;

// Names of columns that are not derived from a field of the same name.
constexpr char kName[] = "name";
constexpr char kParent[] = "parent";
constexpr char kSortKey[] = "sort_key";
constexpr char kMessage[] = "message";

// Rows that are read at once while all rows are derived anew.
constexpr int64_t kRederivePortion = 500;

SqlValue ViewOf(const OwnedSqlValue& value) {
  if (const auto* number = std::get_if<int64_t>(&value)) return *number;
  if (const auto* text = std::get_if<std::string>(&value)) return absl::string_view(*text);
  if (const auto* blob = std::get_if<OwnedBlob>(&value)) return Blob{blob->bytes};
  return nullptr;
}

std::vector<SqlValue> ViewsOf(const std::vector<OwnedSqlValue>& values) {
  std::vector<SqlValue> views;
  views.reserve(values.size());
  for (const OwnedSqlValue& value : values) views.push_back(ViewOf(value));
  return views;
}

bool Equals(const Rows& row, int column, const OwnedSqlValue& value) {
  if (std::holds_alternative<std::nullptr_t>(value) || row.IsNull(column)) {
    return std::holds_alternative<std::nullptr_t>(value) && row.IsNull(column);
  }
  if (const auto* number = std::get_if<int64_t>(&value)) return row.Int(column) == *number;
  if (const auto* text = std::get_if<std::string>(&value)) return row.Text(column) == *text;
  return row.Bytes(column) == std::get<OwnedBlob>(value).bytes;
}

absl::Status NotFound(const google::protobuf::Descriptor& type, absl::string_view name) {
  return WithResource(Refuse(common::v1::RESOURCE_NOT_FOUND, {{"name", std::string(name)}}), ResourceType(type), name);
}

absl::Status Corrupt(absl::string_view what, absl::string_view name) {
  absl::Status status = Refuse(common::v1::STORE_CORRUPT);
  absl::Status named(status.code(), absl::StrCat(status.message(), " (", what, " of ", name, ")"));
  status.ForEachPayload([&](absl::string_view url, const absl::Cord& payload) { named.SetPayload(url, payload); });
  return named;
}

// Revisions count from 1, and the etag is the number.
absl::StatusOr<int64_t> RevisionOf(ReadTx& tx, const Message& message) {
  int64_t revision = 0;
  if (absl::SimpleAtoi(TextField(message, "etag"), &revision)) return revision;
  std::string name = TextField(message, kName);
  Rows rows = tx.Query("SELECT revision\n  FROM revisions\n WHERE name = ?\n ORDER BY seq DESC\n LIMIT 1", name);
  if (rows.Next()) revision = rows.Int(0);
  RETURN_IF_ERROR(rows.status());
  return revision;
}

}  // namespace

ResourceTableBase::ResourceTableBase(const Message& prototype, Spec spec)
    : prototype_(prototype), spec_(std::move(spec)), top_level_(IsTopLevel(*prototype.GetDescriptor())) {
  columns_ = {kName, kParent};
  if (spec_.sort_key) columns_.push_back(kSortKey);
  for (const DerivedColumn& column : DeriveColumns(prototype)) {
    if (column.name != kName) columns_.push_back(column.name);
  }
  columns_.push_back(kMessage);
  const std::string& table = spec_.table;
  get_sql_ = absl::StrCat("SELECT message\n  FROM ", table, "\n WHERE name = ?");
  scan_sql_ = absl::StrCat("SELECT ", absl::StrJoin(columns_, ", "), "\n  FROM ", table, "\n ORDER BY name");
  insert_sql_ = absl::StrCat("INSERT INTO ", table, " (", absl::StrJoin(columns_, ", "), ")\nVALUES (",
                             absl::StrJoin(std::vector<std::string>(columns_.size(), "?"), ", "), ")");
  std::vector<std::string> assignments(columns_.begin() + 1, columns_.end());
  update_sql_ =
      absl::StrCat("UPDATE ", table, "\n   SET ", absl::StrJoin(assignments, " = ?, "), " = ?\n WHERE name = ?");
}

std::vector<OwnedSqlValue> ResourceTableBase::ValuesOf(const Message& message, std::string bytes) const {
  std::string name = TextField(message, kName);
  std::vector<OwnedSqlValue> values;
  values.reserve(columns_.size() + 1);
  std::string parent(ParentName(name));
  values.emplace_back(std::move(name));
  values.emplace_back(std::move(parent));
  if (spec_.sort_key) values.emplace_back(OwnedBlob{spec_.sort_key(message)});
  for (DerivedColumn& column : DeriveColumns(message)) {
    if (column.name != kName) values.push_back(std::move(column.value));
  }
  values.emplace_back(OwnedBlob{std::move(bytes)});
  return values;
}

absl::Status ResourceTableBase::ParseStored(absl::string_view bytes, absl::string_view name, Message& message) const {
  if (message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return absl::OkStatus();
  return Corrupt("bytes", name);
}

absl::StatusOr<bool> ResourceTableBase::Exists(ReadTx& tx, absl::string_view name) const {
  ASSIGN_OR_RETURN(std::optional<std::string> bytes, FindBytes(tx, name));
  return bytes.has_value();
}

absl::StatusOr<std::optional<std::string>> ResourceTableBase::FindBytes(ReadTx& tx, absl::string_view name) const {
  Rows rows = tx.Query(get_sql_, name);
  std::optional<std::string> bytes;
  if (rows.Next()) bytes = std::string(rows.Bytes(0));
  RETURN_IF_ERROR(rows.status());
  return bytes;
}

absl::StatusOr<std::string> ResourceTableBase::GetBytes(ReadTx& tx, absl::string_view name) const {
  ASSIGN_OR_RETURN(std::optional<std::string> bytes, FindBytes(tx, name));
  if (!bytes.has_value()) return NotFound(descriptor(), name);
  return *std::move(bytes);
}

absl::StatusOr<std::string> ResourceTableBase::GetBytesAt(ReadTx& tx, absl::string_view name,
                                                          absl::Time read_time) const {
  Rows rows = tx.Query(
      "SELECT message, message_type\n  FROM revisions\n WHERE name = ?\n   AND commit_time <= ?\n"
      " ORDER BY seq DESC\n LIMIT 1",
      name, absl::ToUnixMicros(read_time));
  bool found = rows.Next();
  RETURN_IF_ERROR(rows.status());
  // Empty bytes: erased. Another type: the name was looked for in the wrong table.
  if (!found || rows.Bytes(0).empty() || rows.Text(1) != descriptor().full_name()) return NotFound(descriptor(), name);
  return std::string(rows.Bytes(0));
}

absl::Status ResourceTableBase::Append(WriteTx& tx, const Permit& permit, const Message& message, int64_t revision,
                                       absl::string_view event, absl::string_view bytes,
                                       absl::string_view changed_paths) const {
  std::string name = TextField(message, kName);
  std::string type = EventType(descriptor(), event);
  return tx.AppendRevision(permit, {name, revision, type, descriptor().full_name(), bytes, changed_paths});
}

absl::Status ResourceTableBase::Insert(WriteTx& tx, const Permit& permit, Message& message,
                                       absl::string_view event) const {
  SetTextField(message, "uid", NewUuid(tx.random()));
  SetTimeField(message, "create_time", tx.time());
  SetTimeField(message, "update_time", tx.time());
  SetTextField(message, "etag", "1");
  std::string bytes = DeterministicBytes(message);
  std::vector<OwnedSqlValue> values = ValuesOf(message, bytes);
  absl::Status status = tx.connection().Execute(insert_sql_, ViewsOf(values));
  if (absl::IsAlreadyExists(status)) {
    std::string name = TextField(message, kName);
    ASSIGN_OR_RETURN(bool exists, Exists(tx, name));
    if (!exists) return absl::FailedPreconditionError(status.message());
    return WithResource(Refuse(common::v1::RESOURCE_ALREADY_EXISTS, {{"name", name}}), ResourceType(descriptor()),
                        name);
  }
  RETURN_IF_ERROR(status);
  return Append(tx, permit, message, 1, event, bytes, "");
}

absl::Status ResourceTableBase::Replace(WriteTx& tx, const Permit& permit, Message& message,
                                        absl::string_view expected_etag, absl::string_view event) const {
  std::string name = TextField(message, kName);
  ASSIGN_OR_RETURN(std::string old_bytes, GetBytes(tx, name));
  std::unique_ptr<Message> old(prototype_.New());
  RETURN_IF_ERROR(ParseStored(old_bytes, name, *old));
  ASSIGN_OR_RETURN(int64_t revision, RevisionOf(tx, *old));
  RETURN_IF_ERROR(EtagMustFit(*old, expected_etag));
  for (absl::string_view field : {"uid", "create_time", "update_time", "etag"}) CopyField(*old, field, message);
  if (std::string field = ChangedImmutable(*old, message); !field.empty()) {
    return Refuse(common::v1::FIELD_IMMUTABLE, {{"name", name}, {"field", field}});
  }
  if (DeterministicBytes(message) == old_bytes) return absl::OkStatus();
  std::string changed_paths = ChangedPaths(*old, message);
  SetTimeField(message, "update_time", tx.time());
  SetTextField(message, "etag", absl::StrCat(revision + 1));
  std::string bytes = DeterministicBytes(message);
  std::vector<OwnedSqlValue> values = ValuesOf(message, bytes);
  std::rotate(values.begin(), values.begin() + 1, values.end());
  absl::Status status = tx.connection().Execute(update_sql_, ViewsOf(values));
  if (absl::IsAlreadyExists(status)) return absl::FailedPreconditionError(status.message());
  RETURN_IF_ERROR(status);
  return Append(tx, permit, message, revision + 1, event, bytes, changed_paths);
}

absl::Status ResourceTableBase::CheckColumns(ReadTx& tx) const {
  std::set<std::string> missing(columns_.begin(), columns_.end()), extra;
  Rows rows = tx.Query("SELECT name\n  FROM pragma_table_info(?)\n ORDER BY cid", spec_.table);
  while (rows.Next()) {
    std::string column(rows.Text(0));
    if (missing.erase(column) == 0) extra.insert(column);
  }
  RETURN_IF_ERROR(rows.status());
  if (missing.empty() && extra.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat("table ", spec_.table, " does not fit ", descriptor().full_name(),
                                                    ": missing (", absl::StrJoin(missing, ", "), "), beyond it (",
                                                    absl::StrJoin(extra, ", "), ")"));
}

absl::Status ResourceTableBase::Rederive(ReadTx& tx) const {
  std::string portion_sql =
      absl::StrCat("SELECT name, message\n  FROM ", spec_.table, "\n WHERE name > ?\n ORDER BY name\n LIMIT ?");
  std::string after;
  for (bool more = true; more;) {
    std::vector<std::pair<std::string, std::string>> portion;
    Rows rows = tx.Query(portion_sql, after, kRederivePortion);
    while (rows.Next()) portion.emplace_back(std::string(rows.Text(0)), std::string(rows.Bytes(1)));
    RETURN_IF_ERROR(rows.status());
    for (const auto& [name, bytes] : portion) {
      std::unique_ptr<Message> message(prototype_.New());
      RETURN_IF_ERROR(ParseStored(bytes, name, *message));
      std::vector<OwnedSqlValue> values = ValuesOf(*message, bytes);
      std::rotate(values.begin(), values.begin() + 1, values.end());
      RETURN_IF_ERROR(tx.connection().Execute(update_sql_, ViewsOf(values)));
      after = name;
    }
    more = static_cast<int64_t>(portion.size()) == kRederivePortion;
  }
  return absl::OkStatus();
}

absl::Status ResourceTableBase::VerifyRow(ReadTx& tx, const Rows& row) const {
  std::string name(row.Text(0));
  std::string bytes(row.Bytes(static_cast<int>(columns_.size()) - 1));
  std::unique_ptr<Message> message(prototype_.New());
  RETURN_IF_ERROR(ParseStored(bytes, name, *message));
  std::vector<OwnedSqlValue> values = ValuesOf(*message, bytes);
  for (size_t i = 0; i < columns_.size(); ++i) {
    if (!Equals(row, static_cast<int>(i), values[i])) return Corrupt(columns_[i], name);
  }
  Rows newest = tx.Query("SELECT message\n  FROM revisions\n WHERE name = ?\n ORDER BY seq DESC\n LIMIT 1", name);
  bool same = newest.Next() && newest.Bytes(0) == bytes;
  RETURN_IF_ERROR(newest.status());
  return same ? absl::OkStatus() : Corrupt("newest revision", name);
}

absl::Status ResourceTableBase::VerifyDerivation(ReadTx& tx) const {
  Rows rows = tx.Query(scan_sql_);
  while (rows.Next()) RETURN_IF_ERROR(VerifyRow(tx, rows));
  return rows.status();
}

}  // namespace partnerskap
