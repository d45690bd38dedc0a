#include "bench/raw_store.h"

#include <sqlite3.h>
#include <time.h>

#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "bench/rows.h"
#include "common/sql/statement.h"
#include "common/sql/writer.h"
#include "common/status/macros.h"
#include "common/text/collation.h"

namespace partnerskap::bench {
namespace {

using Steady = std::chrono::steady_clock;

// Sort keys are not part of what is measured, so they are made before; neighbours in the index as in a real store.
constexpr size_t kSortKeys = 4'096;

double ThreadSeconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

absl::StatusOr<Statement> Prepare(sqlite3* db, const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(db, sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) return SqlStatus(db, code, sql);
  return Statement(statement);
}

absl::Status Step(sqlite3* db, const Statement& statement) {
  const int code = sqlite3_step(statement.get());
  sqlite3_reset(statement.get());
  return code == SQLITE_DONE ? absl::OkStatus() : SqlStatus(db, code, "a raw statement");
}

// An INSERT with the newest row's values, of which some are replaced for each new row.
struct Insert {
  Statement statement;
  std::map<std::string, int> parameters;  // by column

  void Text(const char* column, absl::string_view value) const {
    sqlite3_bind_text(statement.get(), parameters.at(column), value.data(), static_cast<int>(value.size()),
                      SQLITE_STATIC);
  }
  void Blob(const char* column, absl::string_view value) const {
    sqlite3_bind_blob(statement.get(), parameters.at(column), value.data(), static_cast<int>(value.size()),
                      SQLITE_STATIC);
  }
  void Number(const char* column, int64_t value) const {
    sqlite3_bind_int64(statement.get(), parameters.at(column), value);
  }
};

absl::StatusOr<Insert> LikeNewest(sqlite3* db, const std::string& table) {
  ASSIGN_OR_RETURN(const Statement newest,
                   Prepare(db, absl::StrCat("SELECT * FROM ", table, " ORDER BY rowid DESC LIMIT 1")));
  if (sqlite3_step(newest.get()) != SQLITE_ROW) return absl::NotFoundError(absl::StrCat(table, " is empty"));
  const int count = sqlite3_column_count(newest.get());
  std::vector<std::string> columns;
  for (int i = 0; i < count; ++i) columns.emplace_back(sqlite3_column_name(newest.get(), i));
  Insert insert;
  ASSIGN_OR_RETURN(insert.statement,
                   Prepare(db, absl::StrCat("INSERT INTO ", table, " (", absl::StrJoin(columns, ", "), ") VALUES (",
                                            absl::StrJoin(std::vector<std::string>(columns.size(), "?"), ", "), ")")));
  for (int i = 0; i < count; ++i) {
    sqlite3_bind_value(insert.statement.get(), i + 1, sqlite3_column_value(newest.get(), i));
    insert.parameters[columns[static_cast<size_t>(i)]] = i + 1;
  }
  return insert;
}

class RawStoreImpl final : public RawStore {
 public:
  explicit RawStoreImpl(std::unique_ptr<Connection> connection)
      : connection_(std::move(connection)), db_(connection_->handle()) {}

  absl::Status Prepare();
  absl::StatusOr<Result> Create(int batch, std::chrono::milliseconds window) override;
  absl::StatusOr<Result> Get(uint64_t rows, std::chrono::milliseconds window) override;
  absl::StatusOr<Result> List(std::chrono::milliseconds window) override;

 private:
  // Runs `once` (which says how much it has done) until the window is over.
  absl::StatusOr<Result> Repeat(std::chrono::milliseconds window, const std::function<absl::StatusOr<int64_t>()>& once);
  absl::Status Add();
  absl::StatusOr<int64_t> Transaction(int batch);
  absl::Status Number(const char* sql, int64_t& number);

  std::unique_ptr<Connection> connection_;
  sqlite3* db_;
  Insert organization_, revision_, audit_;
  Statement begin_, commit_, savepoint_, release_, get_, list_;
  std::vector<std::string> sort_keys_;
  int64_t sequence_ = 0, audit_sequence_ = 0;
  int wal_pages_ = 0, checkpointed_ = 0;
};

absl::Status RawStoreImpl::Prepare() {
  ASSIGN_OR_RETURN(organization_, LikeNewest(db_, "organizations"));
  ASSIGN_OR_RETURN(revision_, LikeNewest(db_, "revisions"));
  ASSIGN_OR_RETURN(audit_, LikeNewest(db_, "audit"));
  ASSIGN_OR_RETURN(begin_, bench::Prepare(db_, "BEGIN IMMEDIATE"));
  ASSIGN_OR_RETURN(commit_, bench::Prepare(db_, "COMMIT"));
  ASSIGN_OR_RETURN(savepoint_, bench::Prepare(db_, "SAVEPOINT request"));
  ASSIGN_OR_RETURN(release_, bench::Prepare(db_, "RELEASE request"));
  ASSIGN_OR_RETURN(get_, bench::Prepare(db_, "SELECT message FROM organizations WHERE name = ?"));
  ASSIGN_OR_RETURN(list_, bench::Prepare(db_,
                                         "SELECT name, message, sort_key FROM organizations WHERE parent = ''\n"
                                         " ORDER BY sort_key, name LIMIT 51"));
  RETURN_IF_ERROR(Number("SELECT MAX(seq) FROM revisions", sequence_));
  RETURN_IF_ERROR(Number("SELECT MAX(sequence) FROM audit", audit_sequence_));
  for (size_t i = 0; i < kSortKeys; ++i) {
    sort_keys_.push_back(SwedishSortKey(OrganizationOf(NextFreshNumber()).display_name()));
  }
  sqlite3_wal_hook(
      db_,
      [](void* self, sqlite3*, const char*, int pages) {
        static_cast<RawStoreImpl*>(self)->wal_pages_ = pages;
        return SQLITE_OK;
      },
      this);
  return absl::OkStatus();
}

absl::Status RawStoreImpl::Number(const char* sql, int64_t& number) {
  Rows rows = connection_->Query(sql, {});
  if (rows.Next()) number = rows.Int(0);
  return rows.status();
}

absl::StatusOr<RawStore::Result> RawStoreImpl::Repeat(std::chrono::milliseconds window,
                                                      const std::function<absl::StatusOr<int64_t>()>& once) {
  Result result;
  const Steady::time_point begin = Steady::now(), end = begin + window;
  const double cpu = ThreadSeconds();
  while (Steady::now() < end) {
    ASSIGN_OR_RETURN(const int64_t done, once());
    result.done += done;
  }
  result.seconds = std::chrono::duration<double>(Steady::now() - begin).count();
  result.cpu_seconds = ThreadSeconds() - cpu;
  return result;
}

absl::Status RawStoreImpl::Add() {
  const uint64_t number = NextFreshNumber();
  const std::string name = NameOf(number), uid = UuidOf(number);
  RETURN_IF_ERROR(Step(db_, savepoint_));
  organization_.Text("name", name);
  organization_.Text("uid", uid);
  organization_.Blob("sort_key", sort_keys_[number % kSortKeys]);
  RETURN_IF_ERROR(Step(db_, organization_.statement));
  ++sequence_;
  revision_.Number("seq", sequence_);
  revision_.Number("tx", sequence_);
  revision_.Text("name", name);
  revision_.Text("request_id", uid);
  RETURN_IF_ERROR(Step(db_, revision_.statement));
  audit_.Number("sequence", ++audit_sequence_);
  audit_.Text("request_id", uid);
  RETURN_IF_ERROR(Step(db_, audit_.statement));
  return Step(db_, release_);
}

absl::StatusOr<int64_t> RawStoreImpl::Transaction(int batch) {
  RETURN_IF_ERROR(Step(db_, begin_));
  for (int i = 0; i < batch; ++i) RETURN_IF_ERROR(Add());
  RETURN_IF_ERROR(Step(db_, commit_));
  if (wal_pages_ >= WriterOptions().checkpoint_pages) {
    sqlite3_wal_checkpoint_v2(db_, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    wal_pages_ = 0;
  }
  return batch;
}

absl::StatusOr<RawStore::Result> RawStoreImpl::Create(int batch, std::chrono::milliseconds window) {
  return Repeat(window, [&] { return Transaction(batch); });
}

absl::StatusOr<RawStore::Result> RawStoreImpl::Get(uint64_t rows, std::chrono::milliseconds window) {
  uint64_t row = 0;
  return Repeat(window, [&]() -> absl::StatusOr<int64_t> {
    // A prime step visits all rows in an order that is none of theirs.
    row = (row + 7'919) % rows;
    const std::string name = NameOf(row);
    sqlite3_bind_text(get_.get(), 1, name.data(), static_cast<int>(name.size()), SQLITE_STATIC);
    const bool found = sqlite3_step(get_.get()) == SQLITE_ROW && sqlite3_column_bytes(get_.get(), 0) > 0;
    sqlite3_reset(get_.get());
    if (!found) return absl::NotFoundError(name);
    return 1;
  });
}

absl::StatusOr<RawStore::Result> RawStoreImpl::List(std::chrono::milliseconds window) {
  return Repeat(window, [&]() -> absl::StatusOr<int64_t> {
    int rows = 0;
    std::string page;
    while (sqlite3_step(list_.get()) == SQLITE_ROW) {
      ++rows;
      page.append(static_cast<const char*>(sqlite3_column_blob(list_.get(), 1)),
                  static_cast<size_t>(sqlite3_column_bytes(list_.get(), 1)));
    }
    sqlite3_reset(list_.get());
    if (rows != kPageRows + 1 || page.empty()) return absl::DataLossError("the raw list has not a page");
    return 1;
  });
}

}  // namespace

absl::StatusOr<std::unique_ptr<RawStore>> RawStore::Open(const std::string& directory) {
  ASSIGN_OR_RETURN(auto connection,
                   Connection::Open(absl::StrCat(directory, "/store.db"), Connection::Mode::kWriter, ""));
  auto store = std::make_unique<RawStoreImpl>(std::move(connection));
  RETURN_IF_ERROR(store->Prepare());
  return std::unique_ptr<RawStore>(std::move(store));
}

}  // namespace partnerskap::bench
