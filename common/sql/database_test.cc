// Opening, refusing, migrating and reopening a store.
#include "common/sql/database.h"

#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <sstream>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/sql/store_fixture.h"
#include "common/status/refusal.h"
#include "gmock/gmock.h"

namespace partnerskap {
namespace {

std::string FileBytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

class DatabaseTest : public StoreTest {
 protected:
  std::string StorePath() const { return dir_ / "store/store.db"; }
  // SQL on the closed store's file, as another program would.
  void ChangeFile(const std::string& sql) {
    Close();
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open(StorePath().c_str(), &db), SQLITE_OK);
    char* error = nullptr;
    EXPECT_EQ(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, &error), SQLITE_OK) << error;
    sqlite3_close(db);
  }
  absl::Status OpenStatus(DatabaseOptions options) {
    Close();
    return Database::Open(std::move(options)).status();
  }
};

TEST_F(DatabaseTest, MakesAStoreThatOnlyItsOwnerReads) {
  Open();
  struct stat found = {};
  ASSERT_EQ(stat((dir_ / "store").c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0700u);
  EXPECT_EQ(database_->epoch().size(), 16u);
  EXPECT_EQ(Int("PRAGMA user_version"), 2);
  EXPECT_EQ(Int("PRAGMA auto_vacuum"), 2);
  EXPECT_EQ(Text("PRAGMA journal_mode"), "wal");
  EXPECT_EQ(static_cast<uint32_t>(Int("PRAGMA application_id")), kTestApplicationId);
}

TEST_F(DatabaseTest, KeepsEpochAndDataAcrossStarts) {
  Open();
  std::string epoch = database_->epoch();
  ASSERT_TRUE(Create(BookNamed("x")).answer.ok());
  Open();
  EXPECT_EQ(database_->epoch(), epoch);
  EXPECT_EQ(database_->committed_sequence(), 1);
  EXPECT_EQ(Int("SELECT COUNT(*) FROM books"), 1);
}

TEST_F(DatabaseTest, ASecondOpenIsRefusedAndNamesTheHolder) {
  Open();
  absl::Status status = Database::Open(Options()).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_TRUE(absl::StrContains(status.message(), absl::StrCat("process ", getpid()))) << status;
}

TEST_F(DatabaseTest, WhatWasAnsweredIsThereAfterAKill) {
  Open();
  ASSERT_TRUE(Create(BookNamed("x"), "id-1").answer.ok());
  CopyStateDirectory(dir_ / "store", dir_ / "killed");
  DatabaseOptions options = Options();
  options.directory = dir_ / "killed";
  Open(std::move(options));
  EXPECT_EQ(Int("SELECT COUNT(*) FROM books"), 1);
  EXPECT_TRUE(Create(BookNamed("x"), "id-1").replayed);
}

TEST_F(DatabaseTest, RefusesANewerStoreUntouched) {
  Open();
  ASSERT_TRUE(Create(BookNamed("x")).answer.ok());
  ChangeFile("PRAGMA user_version = 3");
  std::string before = FileBytes(StorePath());
  absl::Status status = OpenStatus(Options());
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_TRUE(absl::StrContains(status.message(), StorePath())) << status;
  EXPECT_TRUE(absl::StrContains(status.message(), "version 3")) << status;
  EXPECT_EQ(FileBytes(StorePath()), before);
  EXPECT_NE(access((StorePath() + "-wal").c_str(), F_OK), 0);
}

TEST_F(DatabaseTest, RefusesAnotherServicesStoreUntouched) {
  Open();
  Close();
  std::string before = FileBytes(StorePath());
  DatabaseOptions options = Options();
  options.application_id = kTestApplicationId + 1;
  EXPECT_TRUE(absl::IsFailedPrecondition(OpenStatus(std::move(options))));
  EXPECT_EQ(FileBytes(StorePath()), before);
}

TEST_F(DatabaseTest, RefusesAnUnclaimedFileWithTables) {
  Open();
  Close();
  ASSERT_EQ(unlink(StorePath().c_str()), 0);
  ChangeFile("CREATE TABLE diary (page TEXT)");
  std::string before = FileBytes(StorePath());
  EXPECT_TRUE(absl::IsFailedPrecondition(OpenStatus(Options())));
  EXPECT_EQ(FileBytes(StorePath()), before);
}

TEST_F(DatabaseTest, RefusesWhatIsNoStoreAtAll) {
  Open();
  Close();
  std::ofstream(StorePath(), std::ios::trunc) << std::string(5000, 'x');
  EXPECT_TRUE(absl::IsDataLoss(OpenStatus(Options())));
  EXPECT_EQ(FileBytes(StorePath()), std::string(5000, 'x'));
}

TEST_F(DatabaseTest, FinishesAStoreWhoseMakingWasCutShort) {
  Open();
  Close();
  ASSERT_EQ(unlink(StorePath().c_str()), 0);
  ChangeFile("PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL");
  Open();
  EXPECT_EQ(Int("PRAGMA user_version"), 2);
}

TEST_F(DatabaseTest, MigratesForwardAndDerivesNewColumns) {
  Open();
  ASSERT_TRUE(Create(BookNamed("x", "Drottningar i Kungahälla")).answer.ok());
  // A store of the release before: without the column `title`, at version 1.
  ChangeFile("DROP INDEX books_by_genre; ALTER TABLE books DROP COLUMN title; PRAGMA user_version = 1");
  DatabaseOptions options = Options();
  options.migrations[1] = {2, "0002_add_title",
                           "ALTER TABLE books ADD COLUMN title TEXT;\nCREATE INDEX books_by_genre ON books (genre);"};
  Open(std::move(options));
  EXPECT_EQ(Int("PRAGMA user_version"), 2);
  EXPECT_EQ(Text("SELECT title FROM books"), "Drottningar i Kungahälla");
}

TEST_F(DatabaseTest, AFailedMigrationLeavesTheStoreAsItWas) {
  Open();
  ASSERT_TRUE(Create(BookNamed("x")).answer.ok());
  DatabaseOptions options = Options();
  options.migrations.push_back({3, "0003_fail", "CREATE TABLE half (a TEXT);\nINSERT INTO nowhere VALUES (1);"});
  absl::Status status = OpenStatus(std::move(options));
  EXPECT_TRUE(absl::StrContains(status.message(), "0003_fail")) << status;
  Open();
  EXPECT_EQ(Int("PRAGMA user_version"), 2);
  EXPECT_EQ(Int("SELECT COUNT(*) FROM sqlite_schema WHERE name = 'half'"), 0);
}

TEST_F(DatabaseTest, RefusesATableThatDoesNotFitItsMessage) {
  DatabaseOptions options = Options();
  options.migrations.push_back(
      {3, "0003_drop", "ALTER TABLE books DROP COLUMN motto;\nALTER TABLE books ADD COLUMN x TEXT;"});
  absl::Status status = OpenStatus(std::move(options));
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_TRUE(absl::StrContains(status.message(), "missing (motto), beyond it (x)")) << status;
}

TEST_F(DatabaseTest, RefusesMigrationsOutOfOrder) {
  DatabaseOptions options = Options();
  std::swap(options.migrations[0], options.migrations[1]);
  EXPECT_FALSE(OpenStatus(std::move(options)).ok());
}

TEST_F(DatabaseTest, DerivesSortKeysAnewForAnotherCollation) {
  Open();
  ASSERT_TRUE(Create(BookNamed("x")).answer.ok());
  std::string key = Text("SELECT hex(sort_key) FROM books");
  ChangeFile("UPDATE store SET value = 'older' WHERE key = 'collation'; UPDATE books SET sort_key = x'00'");
  Open();
  EXPECT_EQ(Text("SELECT hex(sort_key) FROM books"), key);
}

TEST_F(DatabaseTest, DerivesEveryRowOfALargeTable) {
  // More than are read at once.
  constexpr int kBooks = 501;
  Open();
  std::vector<WriteRequest> requests;
  for (int i = 0; i < kBooks; ++i) {
    requests.push_back(Request([i](WriteTx& tx) -> absl::StatusOr<std::string> {
      RETURN_IF_ERROR(Books().Create(tx, TestPermit(), BookNamed(absl::StrCat("b", i))).status());
      return std::string();
    }));
  }
  for (const WriteResult& result : WriteTogether(std::move(requests))) ASSERT_TRUE(result.answer.ok());
  ChangeFile("UPDATE store SET value = 'older' WHERE key = 'collation'; UPDATE books SET sort_key = x'00'");
  Open();
  EXPECT_EQ(Int("SELECT COUNT(*) FROM books WHERE sort_key = x'00'"), 0);
}

TEST_F(DatabaseTest, ANumberOfAnErasedRevisionIsNotGivenAgain) {
  Open();
  ASSERT_EQ(Create(BookNamed("x")).position, 1);
  ASSERT_EQ(Create(BookNamed("y")).position, 2);
  ChangeFile(
      "DELETE FROM revisions WHERE seq = 2; DELETE FROM books WHERE name = 'shelves/a/books/y';"
      "INSERT INTO store (key, value) VALUES ('high_sequence', 2)");
  Open();
  EXPECT_EQ(database_->committed_sequence(), 2);
  EXPECT_EQ(Create(BookNamed("z")).position, 3);
}

TEST_F(DatabaseTest, HealthTellsOfRowsThatDoNotAddUp) {
  Open();
  ASSERT_TRUE(Create(BookNamed("x")).answer.ok());
  loop_.RunReady();
  EXPECT_TRUE(database_->health().ok()) << database_->health();
  ChangeFile("UPDATE books SET title = 'forged'");
  Open();
  EXPECT_TRUE(loop_.RunUntil([&] { return !database_->health().ok(); }));
  EXPECT_TRUE(absl::IsDataLoss(database_->health())) << database_->health();
}

TEST_F(DatabaseTest, HealthTellsOfABrokenAuditChain) {
  Open();
  ASSERT_TRUE(Create(BookNamed("x")).answer.ok());
  ChangeFile("UPDATE audit SET principal = 'somebody else'");
  Open();
  EXPECT_TRUE(loop_.RunUntil([&] { return !database_->health().ok(); }));
  EXPECT_TRUE(absl::IsDataLoss(database_->health())) << database_->health();
}

TEST_F(DatabaseTest, ChecksAgainEachDay) {
  Open();
  ASSERT_TRUE(loop_.RunFor(absl::Hours(1)));
  ASSERT_TRUE(database_->health().ok());
  ASSERT_TRUE(Create(BookNamed("x")).answer.ok());
  ASSERT_TRUE(Write([](WriteTx& tx) -> absl::StatusOr<std::string> {
                RETURN_IF_ERROR(tx.Execute("UPDATE books SET title = 'forged'"));
                return std::string();
              }).answer.ok());
  ASSERT_TRUE(loop_.RunFor(absl::Hours(22)));
  EXPECT_TRUE(database_->health().ok());
  ASSERT_TRUE(loop_.RunFor(absl::Hours(2)));
  EXPECT_FALSE(database_->health().ok());
}

TEST_F(DatabaseTest, ReadersCannotWrite) {
  Open();
  absl::Status status = database_->Read([](ReadTx& tx) { return tx.connection().Execute("DELETE FROM books"); });
  EXPECT_FALSE(status.ok());
}

TEST_F(DatabaseTest, AReadIsOneSnapshot) {
  Open();
  absl::Status status = database_->Read([&](ReadTx& tx) -> absl::Status {
    auto count = [&tx] {
      Rows rows = tx.Query("SELECT COUNT(*) FROM books");
      return rows.Next() ? rows.Int(0) : -1;
    };
    EXPECT_EQ(count(), 0);
    EXPECT_TRUE(Create(BookNamed("x")).answer.ok());
    EXPECT_EQ(count(), 0);
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok());
  EXPECT_EQ(Int("SELECT COUNT(*) FROM books"), 1);
}

TEST_F(DatabaseTest, CheckpointsBetweenBatchesAndKeepsTheLogSmall) {
  DatabaseOptions options = Options();
  options.writer.checkpoint_pages = 50;
  Open(std::move(options));
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(Create(BookNamed(absl::StrCat("b", i))).answer.ok());
  struct stat found = {};
  ASSERT_EQ(stat((StorePath() + "-wal").c_str(), &found), 0);
  EXPECT_LT(found.st_size, 100 * 4200);
}

// Two threads read while a third writes: each read sees whole requests, and none waits or fails.
TEST(DatabaseThreadsTest, ReadsWhileWriting) {
  TempDir dir;
  auto clock = NewSystemClock();
  auto random = NewSystemRandom();
  auto executor = NewThreadExecutor(1, 10);
  DatabaseOptions options;
  options.directory = dir / "store";
  options.application_id = kTestApplicationId;
  options.migrations = TestMigrations();
  options.tables = {&Books()};
  options.clock = clock.get();
  options.random = random.get();
  options.executor = executor.get();
  auto database = Database::Open(std::move(options));
  ASSERT_TRUE(database.ok()) << database.status();
  constexpr int kWrites = 500;
  std::atomic<int> answered{0}, failed{0};
  std::atomic<bool> stop{false};
  auto read = [&] {
    while (!stop) {
      // Each request makes two books, so an odd count would be half a request.
      absl::Status status = (*database)->Read([&](ReadTx& tx) -> absl::Status {
        Rows rows = tx.Query("SELECT COUNT(*) FROM books");
        if (!rows.Next() || rows.Int(0) % 2 != 0) ++failed;
        return rows.status();
      });
      if (!status.ok()) ++failed;
    }
  };
  std::thread one(read), two(read);
  for (int i = 0; i < kWrites; ++i) {
    WriteRequest request;
    request.context = {"spiffe://example/svc/test", "/Test/Write", absl::StrCat("id", i), "", clock->Now()};
    request.body = [i](WriteTx& tx) -> absl::StatusOr<std::string> {
      RETURN_IF_ERROR(Books().Create(tx, TestPermit(), BookNamed(absl::StrCat("a", i))).status());
      RETURN_IF_ERROR(Books().Create(tx, TestPermit(), BookNamed(absl::StrCat("b", i))).status());
      return std::string();
    };
    request.done = [&](const WriteResult& result) {
      if (!result.answer.ok()) ++failed;
      ++answered;
    };
    (*database)->writer().Submit(std::move(request));
  }
  (*database)->writer().Close();
  stop = true;
  one.join();
  two.join();
  EXPECT_EQ(answered, kWrites);
  EXPECT_EQ(failed, 0);
  EXPECT_EQ((*database)->committed_sequence(), 2 * kWrites);
}

}  // namespace
}  // namespace partnerskap
