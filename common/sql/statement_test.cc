#include "common/sql/statement.h"

#include <array>
#include <filesystem>
#include <string>
#include <system_error>

#include "absl/strings/match.h"
#include "common/sql/transaction.h"
#include "common/testing/temp_dir.h"
#include "gtest/gtest.h"

namespace partnerskap {
namespace {

class StatementTest : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = Connection::Open(dir_ / "store.db", Connection::Mode::kWriter, "");
    ASSERT_TRUE(opened.ok()) << opened.status();
    connection_ = *std::move(opened);
    ASSERT_TRUE(connection_
                    ->ExecuteScript("CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT UNIQUE, bytes BLOB,\n"
                                    "                     size INTEGER CHECK (size >= 0)) STRICT")
                    .ok());
  }

  absl::Status Insert(int64_t id, absl::string_view name, SqlValue bytes = nullptr, SqlValue size = nullptr) {
    return connection_->Execute("INSERT INTO things (id, name, bytes, size) VALUES (?, ?, ?, ?)",
                                std::array<SqlValue, 4>{id, name, bytes, size});
  }

  TempDir dir_;
  std::unique_ptr<Connection> connection_;
};

TEST_F(StatementTest, BindsAndReadsEachKindOfValue) {
  std::string bytes("\0\xff\0", 3);
  ASSERT_TRUE(Insert(1, std::string("å\0b", 4), Blob{bytes}, int64_t{1} << 62).ok());
  ASSERT_TRUE(Insert(2, absl::string_view(), Blob{absl::string_view()}, nullptr).ok());
  ReadTx tx(*connection_);
  Rows rows = tx.Query("SELECT name, bytes, size FROM things ORDER BY id");
  ASSERT_TRUE(rows.Next());
  EXPECT_EQ(rows.Text(0), absl::string_view("å\0b", 4));
  EXPECT_EQ(rows.Bytes(1), bytes);
  EXPECT_EQ(rows.Int(2), int64_t{1} << 62);
  ASSERT_TRUE(rows.Next());
  // Empty text and bytes are not NULL, whatever their pointer is.
  EXPECT_FALSE(rows.IsNull(0));
  EXPECT_FALSE(rows.IsNull(1));
  EXPECT_TRUE(rows.IsNull(2));
  EXPECT_FALSE(rows.Next());
  EXPECT_TRUE(rows.status().ok());
}

TEST_F(StatementTest, OneTextCanRunInsideItself) {
  for (int64_t id : {1, 2, 3}) ASSERT_TRUE(Insert(id, std::string(static_cast<size_t>(id), 'x')).ok());
  ReadTx tx(*connection_);
  int pairs = 0;
  const char* sql = "SELECT id FROM things ORDER BY id";
  Rows outer = tx.Query(sql);
  while (outer.Next()) {
    Rows inner = tx.Query(sql);
    while (inner.Next()) ++pairs;
  }
  EXPECT_EQ(pairs, 9);
}

TEST_F(StatementTest, TellsErrorsApart) {
  ASSERT_TRUE(Insert(1, "a").ok());
  EXPECT_TRUE(absl::IsAlreadyExists(Insert(1, "b")));
  absl::Status unique = Insert(2, "a");
  EXPECT_TRUE(absl::IsAlreadyExists(unique));
  EXPECT_TRUE(absl::StrContains(unique.message(), "things.name")) << unique;
  EXPECT_TRUE(absl::IsFailedPrecondition(Insert(2, "b", nullptr, int64_t{-1})));
  EXPECT_TRUE(absl::IsFailedPrecondition(Insert(2, "b", absl::string_view("text"))));
  EXPECT_TRUE(absl::IsInternal(connection_->Execute("SELECT nothing FROM nowhere")));
  EXPECT_TRUE(absl::IsInternal(connection_->Execute("")));
}

TEST_F(StatementTest, RefusesTheWrongNumberOfValues) {
  ReadTx tx(*connection_);
  EXPECT_FALSE(tx.Query("SELECT id FROM things WHERE id = ?").status().ok());
  EXPECT_FALSE(tx.Query("SELECT id FROM things WHERE id = ?", 1, 2).status().ok());
  EXPECT_TRUE(tx.Query("SELECT id FROM things WHERE id = ?", 1).status().ok());
}

TEST_F(StatementTest, StatusesNameSqlAndNeverValues) {
  ASSERT_TRUE(Insert(1, "secret name").ok());
  EXPECT_FALSE(absl::StrContains(Insert(2, "secret name").message(), "secret"));
}

TEST_F(StatementTest, ALargeSavepointNeedsNoTemporaryFile) {
  ASSERT_TRUE(connection_
                  ->ExecuteScript("BEGIN;\n"
                                  "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)\n"
                                  "INSERT INTO things (id, bytes) SELECT i, zeroblob(4000) FROM n;\n"
                                  "SAVEPOINT before;\n"
                                  "UPDATE things SET bytes = randomblob(4000)")
                  .ok());
  for (const auto& file : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code gone;
    const std::string path = std::filesystem::read_symlink(file.path(), gone).string();
    EXPECT_FALSE(absl::StrContains(path, "etilqs_")) << path;
  }
  ASSERT_TRUE(connection_->ExecuteScript("ROLLBACK TO before; COMMIT").ok());
}

TEST_F(StatementTest, OpensAWriterThatLosesNothingAndReadersThatCannotWrite) {
  auto text = [](Connection& connection, absl::string_view pragma) {
    Rows rows = connection.Query(pragma, {});
    return rows.Next() ? std::string(rows.Text(0)) : "";
  };
  EXPECT_EQ(text(*connection_, "PRAGMA journal_mode"), "wal");
  EXPECT_EQ(text(*connection_, "PRAGMA synchronous"), "2");
  EXPECT_EQ(text(*connection_, "PRAGMA foreign_keys"), "1");
  EXPECT_EQ(text(*connection_, "PRAGMA wal_autocheckpoint"), "0");
  EXPECT_EQ(text(*connection_, "PRAGMA trusted_schema"), "0");
  auto reader = Connection::Open(dir_ / "store.db", Connection::Mode::kReader, "");
  ASSERT_TRUE(reader.ok());
  EXPECT_FALSE((*reader)->Execute("DELETE FROM things").ok());
  EXPECT_EQ(text(**reader, "SELECT COUNT(*) FROM things"), "0");
  EXPECT_FALSE(Connection::Open(dir_ / "missing.db", Connection::Mode::kReader, "").ok());
}

}  // namespace
}  // namespace partnerskap
