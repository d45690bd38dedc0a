#include "common/sql/store_fixture.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/rpc/call.h"
#include "common/text/collation.h"

namespace partnerskap {

// This folder does not link auth/; the tests permit everything.
absl::StatusOr<Permit> Authorize(const Call&, const Object& object) { return Permit(object.name); }

Permit TestPermit() { return *Authorize(Call(), Object{"any", {}, false}); }

std::vector<Migration> TestMigrations() {
  return {{1, "0001_create_books", R"sql(
CREATE TABLE books (
  name TEXT PRIMARY KEY,
  parent TEXT NOT NULL,
  sort_key BLOB NOT NULL,
  uid TEXT NOT NULL UNIQUE,
  title TEXT,
  genre TEXT,
  isbn TEXT,
  published_date TEXT,
  price_minor INTEGER,
  lent INTEGER NOT NULL,
  pages INTEGER NOT NULL,
  volume INTEGER,
  bought_time INTEGER,
  create_time INTEGER NOT NULL,
  update_time INTEGER NOT NULL,
  etag TEXT NOT NULL,
  motto TEXT,
  start_date TEXT,
  end_date TEXT,
  message BLOB NOT NULL,
  UNIQUE (parent, isbn)
) STRICT;
CREATE INDEX books_by_parent ON books (parent, sort_key, name);
)sql"},
          {2, "0002_index_genres", "CREATE INDEX books_by_genre ON books (genre);"}};
}

const ResourceTable<TestBook>& Books() {
  static const ResourceTable<TestBook> table({"books", [](const google::protobuf::Message& message) {
                                                return SwedishSortKey(static_cast<const TestBook&>(message).title());
                                              }});
  return table;
}

TestBook BookNamed(absl::string_view id, absl::string_view title) {
  TestBook book;
  book.set_name(absl::StrCat("shelves/a/books/", id));
  book.set_title(std::string(title));
  book.set_isbn(absl::StrCat("isbn-", id));
  return book;
}

DatabaseOptions StoreTest::Options() {
  DatabaseOptions options;
  options.directory = dir_ / "store";
  options.application_id = kTestApplicationId;
  options.migrations = TestMigrations();
  options.tables = {&Books()};
  options.clock = &loop_.clock();
  options.random = &loop_.random();
  options.executor = &loop_;
  options.fatal = [this](const absl::Status& status) { fatal_.push_back(status); };
  return options;
}

void StoreTest::Open(DatabaseOptions options) {
  database_.reset();
  auto opened = Database::Open(std::move(options));
  ASSERT_TRUE(opened.ok()) << opened.status();
  database_ = *std::move(opened);
}

WriteRequest StoreTest::Request(Body body, std::string request_id, std::string content) {
  WriteRequest request;
  request.context = {"spiffe://example/svc/test", "/Test/Write", std::move(request_id), "", loop_.clock().Now()};
  request.object = "shelves/a";
  request.content = std::move(content);
  request.body = std::move(body);
  return request;
}

std::vector<WriteResult> StoreTest::WriteTogether(std::vector<WriteRequest> requests) {
  std::vector<WriteResult> results(requests.size());
  size_t answered = 0;
  for (size_t i = 0; i < requests.size(); ++i) {
    requests[i].done = [&results, &answered, i](WriteResult result) {
      results[i] = std::move(result);
      ++answered;
    };
    database_->writer().Submit(std::move(requests[i]));
  }
  EXPECT_TRUE(loop_.RunUntil([&] { return answered == results.size(); }));
  return results;
}

WriteResult StoreTest::Submit(WriteRequest request) {
  std::vector<WriteRequest> requests;
  requests.push_back(std::move(request));
  return std::move(WriteTogether(std::move(requests)).front());
}

WriteResult StoreTest::Write(Body body, std::string request_id, std::string content) {
  return Submit(Request(std::move(body), std::move(request_id), std::move(content)));
}

WriteResult StoreTest::Create(const TestBook& book, std::string request_id) {
  return Write(
      [book](WriteTx& tx) -> absl::StatusOr<std::string> {
        ASSIGN_OR_RETURN(TestBook created, Books().Create(tx, TestPermit(), book));
        return created.SerializeAsString();
      },
      std::move(request_id), book.SerializeAsString());
}

int64_t StoreTest::Int(const std::string& sql) {
  auto value = database_->Read([&](ReadTx& tx) -> absl::StatusOr<int64_t> {
    Rows rows = tx.Query(sql);
    int64_t first = rows.Next() ? rows.Int(0) : -1;
    RETURN_IF_ERROR(rows.status());
    return first;
  });
  EXPECT_TRUE(value.ok()) << value.status();
  return value.value_or(-1);
}

std::string StoreTest::Text(const std::string& sql) {
  auto value = database_->Read([&](ReadTx& tx) -> absl::StatusOr<std::string> {
    Rows rows = tx.Query(sql);
    std::string first = rows.Next() ? std::string(rows.Text(0)) : "no row";
    RETURN_IF_ERROR(rows.status());
    return first;
  });
  EXPECT_TRUE(value.ok()) << value.status();
  return value.value_or("");
}

std::string StoreTest::Dump(bool with_audit) {
  auto dump = database_->Read([&](ReadTx& tx) -> absl::StatusOr<std::string> {
    std::string text;
    for (absl::string_view table : {"books", "revisions", "store", "feed_cursors", "old_request_keys", "audit"}) {
      if (table == "audit" && !with_audit) continue;
      Rows rows = tx.Query(absl::StrCat("SELECT * FROM ", table));
      while (rows.Next()) {
        absl::StrAppend(&text, table, ":");
        for (int i = 0; i < rows.columns(); ++i) absl::StrAppend(&text, " ", rows.Bytes(i));
        absl::StrAppend(&text, "\n");
      }
      RETURN_IF_ERROR(rows.status());
    }
    return text;
  });
  EXPECT_TRUE(dump.ok()) << dump.status();
  return dump.value_or("");
}

}  // namespace partnerskap
