#include <algorithm>
#include <memory>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/ids/ids.h"
#include "common/sql/resource_table.h"
#include "common/sql/store_file.h"
#include "common/status/macros.h"
#include "common/status/refusal.h"
#include "google/protobuf/descriptor.h"
#include "partnerskap/common/v1/reasons.pb.h"

namespace partnerskap {
namespace {

using ListQuery = ResourceTableBase::ListQuery;
using Page = ResourceTableBase::Page;

// Rows of a page when the caller does not say, and at most.
constexpr int32_t kDefaultPageSize = 50;
constexpr int32_t kMaxPageSize = 1'000;
// Bytes of messages after which a page ends: a quarter of the largest message that the door takes.
constexpr size_t kMaxPageBytes = 1 << 20;

constexpr char kStartDate[] = "start_date";
constexpr char kEndDate[] = "end_date";
// An id that stands for any.
constexpr char kAnyId[] = "-";

int64_t PageSize(int32_t asked) {
  if (asked <= 0) return kDefaultPageSize;
  return std::min(asked, kMaxPageSize);
}

// A page that is being filled.
class Filling {
 public:
  explicit Filling(int32_t asked) : size_(PageSize(asked)) {}

  // Takes a row into the page; false when the page had no room, which says that more follows.
  bool Take(absl::string_view sort_key, absl::string_view name, absl::string_view message) {
    if (static_cast<int64_t>(page_.messages.size()) == size_ || bytes_ >= kMaxPageBytes) {
      page_.more = true;
      return false;
    }
    page_.last_key = std::string(sort_key);
    page_.last_name = std::string(name);
    page_.messages.emplace_back(message);
    bytes_ += message.size();
    return true;
  }
  // The page, whose followers are to be read as of `sequence`.
  Page Done(int64_t sequence) && {
    page_.sequence = sequence;
    return std::move(page_);
  }

 private:
  int64_t size_;
  size_t bytes_ = 0;
  Page page_;
};

// `networks/-/seats`: what may stand above a row.
class ParentPattern {
 public:
  explicit ParentPattern(const std::string& parent) : segments_(absl::StrSplit(parent, '/')) {
    auto any = std::find(segments_.begin(), segments_.end(), kAnyId);
    wild_ = any != segments_.end();
    std::vector<std::string> fixed(segments_.begin(), any);
    if (!parent.empty()) low_ = absl::StrCat(absl::StrJoin(fixed, "/"), fixed.empty() ? "" : "/");
    high_ = low_;
    if (!high_.empty()) ++high_.back();
  }

  bool wild() const { return wild_; }
  // All names below begin from low() on and end before high(); both empty when nothing is fixed.
  const std::string& low() const { return low_; }
  const std::string& high() const { return high_; }

  bool Matches(absl::string_view parent) const {
    std::vector<absl::string_view> given = absl::StrSplit(parent, '/');
    return std::equal(
        given.begin(), given.end(), segments_.begin(), segments_.end(),
        [](absl::string_view one, absl::string_view pattern) { return pattern == kAnyId || one == pattern; });
  }

 private:
  std::vector<std::string> segments_;
  std::string low_, high_;
  bool wild_ = false;
};

// The WHERE clause under construction. Views of the query, which must outlive it.
class Conditions {
 public:
  void Add(std::string condition, std::initializer_list<SqlValue> values) {
    conditions_.push_back(std::move(condition));
    values_.insert(values_.end(), values);
  }
  std::string sql() const {
    return conditions_.empty() ? "" : absl::StrCat("\n WHERE ", absl::StrJoin(conditions_, "\n   AND "));
  }
  std::vector<SqlValue>& values() { return values_; }

 private:
  std::vector<std::string> conditions_;
  std::vector<SqlValue> values_;
};

void AddRange(const ParentPattern& pattern, Conditions& conditions) {
  if (pattern.low().empty()) return;
  conditions.Add("name > ?", {absl::string_view(pattern.low())});
  conditions.Add("name < ?", {absl::string_view(pattern.high())});
}

void AddEquals(const ListQuery& query, Conditions& conditions) {
  // Sorted, so that one set of filters has one text and so one prepared statement.
  std::vector<const std::pair<std::string, std::string>*> equals;
  for (const auto& pair : query.equals) equals.push_back(&pair);
  std::sort(equals.begin(), equals.end(), [](const auto* a, const auto* b) { return *a < *b; });
  for (const auto* pair : equals) {
    conditions.Add(absl::StrCat(pair->first, " = ?"), {absl::string_view(pair->second)});
  }
}

// As text a partial date comes before the days that it may be, so it compares as its first day; cut to its length, the
// day compares with its last one.
void AddEffective(const ListQuery& query, bool has_start, bool has_end, Conditions& conditions) {
  if (query.effective_date.empty()) return;
  absl::string_view day = query.effective_date;
  if (has_start) conditions.Add("(start_date IS NULL OR start_date <= ?)", {day});
  if (has_end) conditions.Add("(end_date IS NULL OR end_date >= substr(?, 1, length(end_date)))", {day});
}

std::string TextOf(const OwnedSqlValue& value) {
  if (const auto* number = std::get_if<int64_t>(&value)) return absl::StrCat(*number);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  return "";
}

// The conditions of AddEquals and AddEffective, of a row that is only a message.
bool Fits(const ListQuery& query, const std::vector<DerivedColumn>& columns) {
  auto value_of = [&](absl::string_view name) {
    auto column = std::find_if(columns.begin(), columns.end(), [&](const auto& one) { return one.name == name; });
    return column == columns.end() ? std::string() : TextOf(column->value);
  };
  for (const auto& [column, value] : query.equals) {
    if (value_of(column) != value) return false;
  }
  if (query.effective_date.empty()) return true;
  std::string start = value_of(kStartDate), end = value_of(kEndDate);
  return (start.empty() || start <= query.effective_date) &&
         (end.empty() || end >= query.effective_date.substr(0, end.size()));
}

// The newest sequence that this snapshot holds; 0 for none.
absl::StatusOr<int64_t> NewestRevision(ReadTx& tx) {
  Rows rows = tx.Query("SELECT MAX(seq)\n  FROM revisions");
  const int64_t newest = rows.Next() ? rows.Int(0) : 0;
  RETURN_IF_ERROR(rows.status());
  return newest;
}

}  // namespace

bool ResourceTableBase::HasColumn(absl::string_view column) const {
  return std::find(columns_.begin(), columns_.end(), column) != columns_.end();
}

absl::StatusOr<Page> ResourceTableBase::List(ReadTx& tx, const ListQuery& query) const {
  for (const auto& [column, value] : query.equals) {
    if (!HasColumn(column)) return absl::InternalError(absl::StrCat("table ", spec_.table, " has no column ", column));
  }
  ASSIGN_OR_RETURN(const int64_t newest, NewestRevision(tx));
  if (query.at_sequence.has_value()) {
    if (*query.at_sequence > newest) return Refuse(common::v1::PAGE_TOKEN_INVALID);
    ASSIGN_OR_RETURN(const int64_t floor, StoreInt(tx.connection(), kFeedFloorKey));
    if (*query.at_sequence + 1 < floor) {
      return Refuse(common::v1::FEED_POSITION_EXPIRED, {{"floor", absl::StrCat(floor)}});
    }
  }
  return query.read_time.has_value() ? ListRevisions(tx, query, newest) : ListRows(tx, query, newest);
}

absl::StatusOr<std::vector<ResourceTableBase::FormerRow>> ResourceTableBase::FormerRows(
    ReadTx& tx, const ListQuery& query, int64_t newest, std::set<std::string>& changed) const {
  std::vector<FormerRow> former;
  if (query.at_sequence.value_or(newest) == newest) return former;
  Rows names = tx.Query("SELECT name\n  FROM revisions\n WHERE seq > ?\n   AND message_type = ?", *query.at_sequence,
                        descriptor().full_name());
  while (names.Next()) changed.insert(std::string(names.Text(0)));
  RETURN_IF_ERROR(names.status());
  ParentPattern pattern(query.parent);
  std::unique_ptr<google::protobuf::Message> message(prototype_.New());
  for (const std::string& name : changed) {
    if (!query.parent.empty() && !pattern.Matches(ParentName(name))) continue;
    Rows rows =
        tx.Query("SELECT message\n  FROM revisions\n WHERE name = ?\n   AND seq <= ?\n ORDER BY seq DESC\n LIMIT 1",
                 name, *query.at_sequence);
    std::string stored = rows.Next() ? std::string(rows.Bytes(0)) : "";
    RETURN_IF_ERROR(rows.status());
    // Made since, or erased.
    if (stored.empty()) continue;
    RETURN_IF_ERROR(ParseStored(stored, name, *message));
    std::string key = spec_.sort_key && !pattern.wild() ? spec_.sort_key(*message) : "";
    const bool follows = query.after_name.empty() || std::tie(key, name) > std::tie(query.after_key, query.after_name);
    if (follows && Fits(query, DeriveColumns(*message))) former.push_back({std::move(key), name, std::move(stored)});
  }
  std::sort(former.begin(), former.end(), [](const FormerRow& a, const FormerRow& b) {
    return std::tie(a.sort_key, a.name) < std::tie(b.sort_key, b.name);
  });
  return former;
}

absl::StatusOr<Page> ResourceTableBase::ListRows(ReadTx& tx, const ListQuery& query, int64_t newest) const {
  std::set<std::string> changed;
  ASSIGN_OR_RETURN(const std::vector<FormerRow> former, FormerRows(tx, query, newest, changed));
  ParentPattern pattern(query.parent);
  bool sorted = spec_.sort_key && !pattern.wild();
  Conditions conditions;
  if (pattern.wild()) {
    AddRange(pattern, conditions);
  } else if (!query.parent.empty() || (top_level_ && sorted)) {
    // For all of a top-level table, too: the index that has its order begins with the parent, and without it each page
    // would read and sort every row.
    conditions.Add("parent = ?", {absl::string_view(query.parent)});
  }
  AddEquals(query, conditions);
  AddEffective(query, HasColumn(kStartDate), HasColumn(kEndDate), conditions);
  if (!query.after_name.empty() && sorted) {
    conditions.Add("(sort_key, name) > (?, ?)", {Blob{query.after_key}, absl::string_view(query.after_name)});
  } else if (!query.after_name.empty()) {
    conditions.Add("name > ?", {absl::string_view(query.after_name)});
  }
  std::string sql =
      absl::StrCat("SELECT name, parent, message, ", sorted ? "sort_key" : "x'' AS sort_key", "\n  FROM ", spec_.table,
                   conditions.sql(), sorted ? "\n ORDER BY sort_key, name" : "\n ORDER BY name");
  if (!pattern.wild()) {
    // One more than the page, to know whether another follows; and those that are passed over.
    absl::StrAppend(&sql, "\n LIMIT ?");
    conditions.values().emplace_back(PageSize(query.page_size) + 1 + static_cast<int64_t>(changed.size()));
  }
  Filling page(query.page_size);
  auto next = former.begin();
  bool room = true;
  Rows rows = tx.QueryWith(sql, conditions.values());
  while (room && rows.Next()) {
    std::string name(rows.Text(0)), key(rows.Bytes(3));
    if ((pattern.wild() && !pattern.Matches(rows.Text(1))) || changed.count(name) > 0) continue;
    for (; room && next != former.end() && std::tie(next->sort_key, next->name) < std::tie(key, name); ++next) {
      room = page.Take(next->sort_key, next->name, next->message);
    }
    room = room && page.Take(key, name, rows.Bytes(2));
  }
  RETURN_IF_ERROR(rows.status());
  for (; room && next != former.end(); ++next) room = page.Take(next->sort_key, next->name, next->message);
  return std::move(page).Done(query.at_sequence.value_or(newest));
}

absl::StatusOr<Page> ResourceTableBase::ListRevisions(ReadTx& tx, const ListQuery& query, int64_t newest) const {
  const int64_t at_sequence = query.at_sequence.value_or(newest);
  ParentPattern pattern(query.parent);
  Conditions conditions;
  AddRange(pattern, conditions);
  if (!query.after_name.empty()) conditions.Add("name > ?", {absl::string_view(query.after_name)});
  conditions.Add("message_type = ?", {absl::string_view(descriptor().full_name())});
  // A later page of a time that is not over yet must not see what was committed since the first.
  conditions.Add(
      "seq = (SELECT MAX(newest.seq)\n                FROM revisions AS newest\n"
      "               WHERE newest.name = revisions.name\n                 AND newest.commit_time <= ?\n"
      "                 AND newest.seq <= ?)",
      {absl::ToUnixMicros(*query.read_time), at_sequence});
  std::string sql = absl::StrCat("SELECT name, message\n  FROM revisions INDEXED BY revisions_by_name",
                                 conditions.sql(), "\n ORDER BY name");
  std::unique_ptr<google::protobuf::Message> message(prototype_.New());
  Filling page(query.page_size);
  Rows rows = tx.QueryWith(sql, conditions.values());
  while (rows.Next()) {
    absl::string_view name = rows.Text(0), stored = rows.Bytes(1);
    // Without bytes it had been erased.
    if (stored.empty() || (!query.parent.empty() && !pattern.Matches(ParentName(name)))) continue;
    RETURN_IF_ERROR(ParseStored(stored, name, *message));
    if (!Fits(query, DeriveColumns(*message))) continue;
    if (!page.Take("", name, stored)) break;
  }
  RETURN_IF_ERROR(rows.status());
  return std::move(page).Done(at_sequence);
}

}  // namespace partnerskap
