#include "common/testing/power_disk.h"

#include <sqlite3.h>

#include <set>

#include "absl/strings/str_cat.h"
#include "common/testing/temp_dir.h"
#include "gmock/gmock.h"

namespace partnerskap {
namespace {

// A connection to SQLite's VFS `power`, which the test may abandon as a dead process does.
class Db {
 public:
  explicit Db(const std::string& directory, int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) {
    code_ = sqlite3_open_v2(absl::StrCat(directory, "/store.db").c_str(), &db_, flags, kPowerVfs);
  }
  ~Db() { sqlite3_close_v2(db_); }

  int Run(const std::string& sql) {
    value_.clear();
    return sqlite3_exec(
        db_, sql.c_str(),
        [](void* self, int, char** values, char**) {
          static_cast<Db*>(self)->value_ = values[0] == nullptr ? "" : values[0];
          return 0;
        },
        this, nullptr);
  }
  std::string Value(const std::string& sql) {
    EXPECT_EQ(Run(sql), SQLITE_OK) << sql << ": " << sqlite3_errmsg(db_);
    return value_;
  }
  int code() const { return code_; }

 private:
  sqlite3* db_ = nullptr;
  int code_ = 0;
  std::string value_;
};

constexpr char kSetUp[] =
    "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT);";

class PowerDiskTest : public testing::Test {
 protected:
  PowerDisk disk_{"/disk", 1};
  SeededRandom draw_{1};
};

TEST_F(PowerDiskTest, ACommitIsSafeAndAnOpenTransactionIsLost) {
  Db db("/disk");
  ASSERT_EQ(db.Run(kSetUp), SQLITE_OK);
  ASSERT_EQ(db.Run("INSERT INTO t VALUES (1, 'x'); BEGIN; INSERT INTO t VALUES (2, 'y')"), SQLITE_OK);
  for (Unsynced unsynced : {Unsynced::kLost, Unsynced::kKept, Unsynced::kDrawn}) {
    auto image = disk_.AfterCut("/image", draw_, unsynced);
    Db after("/image");
    EXPECT_EQ(after.Value("SELECT group_concat(a) FROM t"), "1");
    EXPECT_EQ(after.Value("PRAGMA integrity_check"), "ok");
  }
}

TEST_F(PowerDiskTest, WithoutSyncACommitIsLostByACutAndKeptByAKill) {
  Db db("/disk");
  ASSERT_EQ(db.Run(kSetUp), SQLITE_OK);
  ASSERT_EQ(db.Run("PRAGMA synchronous = OFF; INSERT INTO t VALUES (1, 'x')"), SQLITE_OK);
  auto cut = disk_.AfterCut("/cut", draw_, Unsynced::kLost);
  EXPECT_EQ(Db("/cut").Value("SELECT COUNT(*) FROM t"), "0");
  auto killed = disk_.AfterKill("/killed");
  // Closing the last connection would sync.
  Db after("/killed");
  EXPECT_EQ(after.Value("SELECT COUNT(*) FROM t"), "1");
  killed->CutPower(draw_, Unsynced::kLost);
  EXPECT_EQ(Db("/killed").Value("SELECT COUNT(*) FROM t"), "0");
}

TEST_F(PowerDiskTest, ALyingDiskLosesEverything) {
  disk_.set_lies(true);
  Db db("/disk");
  ASSERT_EQ(db.Run(kSetUp), SQLITE_OK);
  auto image = disk_.AfterCut("/image", draw_, Unsynced::kLost);
  EXPECT_THAT(image->Files(), testing::IsEmpty());
}

TEST_F(PowerDiskTest, ReadersSeeWhatTheWriterCommitsAndTheirSnapshotStays) {
  Db db("/disk");
  ASSERT_EQ(db.Run(kSetUp), SQLITE_OK);
  Db reader("/disk", SQLITE_OPEN_READONLY);
  ASSERT_EQ(reader.Run("BEGIN; SELECT * FROM t"), SQLITE_OK);
  ASSERT_EQ(db.Run("INSERT INTO t VALUES (1, 'x')"), SQLITE_OK);
  EXPECT_EQ(reader.Value("SELECT COUNT(*) FROM t"), "0");
  // Busy: the reader keeps the WAL from beginning anew.
  EXPECT_EQ(db.Value("PRAGMA wal_checkpoint(TRUNCATE)"), "1");
  ASSERT_EQ(reader.Run("COMMIT"), SQLITE_OK);
  EXPECT_EQ(reader.Value("SELECT COUNT(*) FROM t"), "1");
  EXPECT_EQ(db.Value("PRAGMA wal_checkpoint(TRUNCATE)"), "0");
  EXPECT_EQ(disk_.Contents("store.db-wal"), "");
  EXPECT_FALSE(disk_.two_writers());
}

TEST_F(PowerDiskTest, TwoWritersAreNoticed) {
  Db one("/disk"), two("/disk");
  ASSERT_EQ(one.Run(kSetUp), SQLITE_OK);
  ASSERT_EQ(one.Run("BEGIN IMMEDIATE"), SQLITE_OK);
  EXPECT_EQ(two.Run("INSERT INTO t VALUES (1, 'x')"), SQLITE_BUSY);
  EXPECT_FALSE(disk_.two_writers());
  ASSERT_EQ(one.Run("COMMIT"), SQLITE_OK);
  ASSERT_EQ(two.Run("INSERT INTO t VALUES (1, 'x')"), SQLITE_OK);
  EXPECT_TRUE(disk_.two_writers());
}

TEST_F(PowerDiskTest, TheNthOperationFailsOnceOrFromThenOn) {
  Db db("/disk");
  ASSERT_EQ(db.Run(kSetUp), SQLITE_OK);
  disk_.set_fault({{DiskOperation::kSync}, 2, false});
  EXPECT_EQ(db.Run("INSERT INTO t VALUES (1, 'x')"), SQLITE_OK);
  EXPECT_FALSE(disk_.fault_struck());
  EXPECT_EQ(db.Run("INSERT INTO t VALUES (2, 'x')"), SQLITE_IOERR);
  EXPECT_TRUE(disk_.fault_struck());
  EXPECT_EQ(db.Run("INSERT INTO t VALUES (3, 'x')"), SQLITE_OK);
  disk_.set_fault({{DiskOperation::kWrite}, 1, true});
  EXPECT_EQ(db.Run("INSERT INTO t VALUES (4, 'x')"), SQLITE_IOERR);
  EXPECT_EQ(db.Run("INSERT INTO t VALUES (5, 'x')"), SQLITE_IOERR);
}

TEST_F(PowerDiskTest, WhatAFailedSyncLostIsReadableUntilTheCut) {
  Db db("/disk");
  ASSERT_EQ(db.Run(kSetUp), SQLITE_OK);
  disk_.set_fault({{DiskOperation::kSync}, 1, false});
  EXPECT_EQ(db.Run("INSERT INTO t VALUES (1, 'x')"), SQLITE_IOERR);
  disk_.Kill();
  Db after("/disk");
  EXPECT_EQ(after.Value("SELECT COUNT(*) FROM t"), "1");
}

TEST_F(PowerDiskTest, AFullDiskStillReads) {
  Db db("/disk");
  ASSERT_EQ(db.Run(kSetUp), SQLITE_OK);
  ASSERT_EQ(db.Run("INSERT INTO t VALUES (1, 'x')"), SQLITE_OK);
  disk_.set_quota(disk_.used() + 100);
  EXPECT_EQ(db.Run("INSERT INTO t VALUES (2, 'x')"), SQLITE_FULL);
  EXPECT_EQ(db.Value("SELECT COUNT(*) FROM t"), "1");
  disk_.set_quota(-1);
  EXPECT_EQ(db.Run("INSERT INTO t VALUES (2, 'x')"), SQLITE_OK);
}

TEST_F(PowerDiskTest, ADeadProcessLeavesNoLockAndItsLastWritesNobodySees) {
  Db db("/disk");
  ASSERT_EQ(db.Run(kSetUp), SQLITE_OK);
  ASSERT_EQ(db.Run("BEGIN IMMEDIATE; INSERT INTO t VALUES (1, 'x')"), SQLITE_OK);
  disk_.Kill();
  EXPECT_EQ(db.Run("COMMIT"), SQLITE_OK);
  Db after("/disk");
  EXPECT_EQ(after.Value("SELECT COUNT(*) FROM t"), "0");
  EXPECT_EQ(after.Run("INSERT INTO t VALUES (2, 'x')"), SQLITE_OK);
}

TEST_F(PowerDiskTest, AProcessThatDiedDoesNotRemoveWhatTheNextOneFinds) {
  auto db = std::make_unique<Db>("/disk");
  ASSERT_EQ(db->Run(kSetUp), SQLITE_OK);
  ASSERT_EQ(db->Run("INSERT INTO t VALUES (1, 'x')"), SQLITE_OK);
  disk_.Kill();
  db.reset();  // empties and removes its WAL, as the last connection does
  EXPECT_THAT(disk_.Files(), testing::ElementsAre("store.db", "store.db-wal"));
  EXPECT_EQ(Db("/disk").Value("SELECT COUNT(*) FROM t"), "1");
}

TEST_F(PowerDiskTest, OneSeedTearsOneWay) {
  Db db("/disk");
  ASSERT_EQ(db.Run(kSetUp), SQLITE_OK);
  ASSERT_EQ(db.Run("PRAGMA synchronous = OFF; INSERT INTO t VALUES (1, 'x')"), SQLITE_OK);
  std::set<uint64_t> digests;
  for (uint64_t seed = 0; seed < 20; ++seed) {
    SeededRandom one(seed), two(seed);
    auto first = disk_.AfterCut("/first", one, Unsynced::kDrawn);
    auto second = disk_.AfterCut("/second", two, Unsynced::kDrawn);
    EXPECT_EQ(first->Digest(), second->Digest());
    digests.insert(first->Digest());
  }
  EXPECT_GT(digests.size(), 5U);
}

TEST_F(PowerDiskTest, ARemovedJournalCanComeBackUntilItsDirectoryIsSynced) {
  disk_.set_strict_directory(true);
  TempDir real;
  DatabaseOptions options;
  disk_.Hold(options);
  {
    Db db("/disk");
    ASSERT_EQ(db.Run("CREATE TABLE t (a)"), SQLITE_OK);
  }
  EXPECT_THAT(disk_.Files(), testing::ElementsAre("store.db"));
  auto image = disk_.AfterCut("/image", draw_, Unsynced::kLost);
  EXPECT_THAT(image->Files(), testing::ElementsAre("store.db", "store.db-journal"));
  image.reset();
  ASSERT_TRUE(options.sync_directory("/disk").ok());
  image = disk_.AfterCut("/image", draw_, Unsynced::kLost);
  EXPECT_THAT(image->Files(), testing::ElementsAre("store.db"));
}

}  // namespace
}  // namespace partnerskap
