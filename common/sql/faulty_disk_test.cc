// What the writer does when the disk fails: an fsync that fails ends the process, before anything is answered.
#include <sqlite3.h>

#include <atomic>
#include <chrono>
#include <future>
#include <map>

#include "common/sql/store_fixture.h"
#include "common/testing/power_disk.h"
#include "gmock/gmock.h"

namespace partnerskap {
namespace {

constexpr char kVfs[] = "failing-sync";

// Whether fsync fails now. The VFS is SQLite's own but for that.
bool g_fail_sync = false;
// One for all files, whatever locks they take.
int (*g_real_sync)(sqlite3_file*, int) = nullptr;

int Sync(sqlite3_file* file, int flags) { return g_fail_sync ? SQLITE_IOERR_FSYNC : g_real_sync(file, flags); }

int OpenFile(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out) {
  static std::map<const sqlite3_io_methods*, sqlite3_io_methods> failing;
  sqlite3_vfs* real = sqlite3_vfs_find(nullptr);
  int code = real->xOpen(real, name, file, flags, out);
  if (code != SQLITE_OK || file->pMethods == nullptr) return code;
  auto [methods, fresh] = failing.try_emplace(file->pMethods, *file->pMethods);
  if (fresh) {
    g_real_sync = methods->second.xSync;
    methods->second.xSync = Sync;
  }
  file->pMethods = &methods->second;
  return code;
}

class FaultyDiskTest : public StoreTest {
 protected:
  static void SetUpTestSuite() {
    static sqlite3_vfs vfs = *sqlite3_vfs_find(nullptr);
    vfs.zName = kVfs;
    vfs.xOpen = OpenFile;
    sqlite3_vfs_register(&vfs, 0);
  }

  void SetUp() override { Open(FaultyOptions()); }
  void TearDown() override {
    g_fail_sync = false;
    Close();
  }

  DatabaseOptions FaultyOptions() {
    DatabaseOptions options = Options();
    options.vfs = kVfs;
    return options;
  }
};

TEST_F(FaultyDiskTest, AFailedCommitIsFatalAndNotAnsweredAsDone) {
  ASSERT_TRUE(Create(BookNamed("a")).answer.ok());
  g_fail_sync = true;
  WriteResult result = Create(BookNamed("b"), "id-b");
  EXPECT_EQ(result.answer.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(fatal_, testing::SizeIs(1));
  EXPECT_EQ(database_->committed_sequence(), 1);
}

TEST_F(FaultyDiskTest, NothingIsWrittenAfterAFailedCommit) {
  g_fail_sync = true;
  EXPECT_FALSE(Create(BookNamed("b")).answer.ok());
  g_fail_sync = false;
  EXPECT_FALSE(Create(BookNamed("c")).answer.ok());
  EXPECT_THAT(fatal_, testing::SizeIs(1));
  Close();
  Open(Options());
  EXPECT_EQ(Int("SELECT COUNT(*) FROM books WHERE name = 'shelves/a/books/c'"), 0);
}

TEST_F(FaultyDiskTest, ARepeatAfterTheRestartTellsTheTruth) {
  g_fail_sync = true;
  EXPECT_FALSE(Create(BookNamed("b"), "id-b").answer.ok());
  g_fail_sync = false;
  Open(Options());
  EXPECT_TRUE(Create(BookNamed("b"), "id-b").answer.ok());
  EXPECT_EQ(Int("SELECT COUNT(*) FROM books"), 1);
  EXPECT_EQ(Int("SELECT COUNT(*) FROM revisions"), 1);
}

TEST_F(FaultyDiskTest, AFirstPageThatWasBeingWrittenWhenThePowerFailedIsReadFromTheWal) {
  Close();
  PowerDisk disk(dir_ / "power");
  DatabaseOptions options = Options();
  options.directory = disk.directory();
  disk.Hold(options);
  std::unique_ptr<PowerDisk> image;
  disk.set_after_io([&](const DiskIo& io) {
    // The checkpoint of the first start.
    if (image != nullptr || io.operation != DiskOperation::kWrite || io.file != "store.db" ||
        disk.Contents("store.db-wal").empty()) {
      return;
    }
    SeededRandom draw(1);
    image = disk.AfterCut(dir_ / "image", draw, Unsynced::kLost);
    std::string bytes = image->Contents("store.db");
    bytes.replace(0, 512, 512, 'x');
    image->SetContents("store.db", bytes);
  });
  Open(options);
  ASSERT_NE(image, nullptr);
  options.directory = image->directory();
  Open(options);
  EXPECT_TRUE(Create(BookNamed("b")).answer.ok());
  Close();
}

TEST_F(FaultyDiskTest, AHungDiskEndsTheProcessAndNothingIsAnsweredBefore) {
  Close();
  const std::unique_ptr<Executor> threads = NewThreadExecutor(1, 10);
  const std::unique_ptr<Clock> clock = NewSystemClock();
  PowerDisk disk(dir_ / "power");
  DatabaseOptions options = Options();
  options.directory = disk.directory();
  options.executor = threads.get();
  options.clock = clock.get();
  options.writer.max_disk_wait = absl::Milliseconds(20);
  std::promise<absl::Status> ended, answered;
  std::atomic<int> calls{0};
  options.fatal = [&](const absl::Status& status) {
    if (calls++ == 0) ended.set_value(status);
  };
  disk.Hold(options);
  Open(options);
  std::shared_future<absl::Status> end = ended.get_future().share();
  std::future<absl::Status> answer = answered.get_future();
  disk.set_before_sync([&] {
    end.wait();
    EXPECT_EQ(answer.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  });
  WriteRequest request = Request([](WriteTx& tx) -> absl::StatusOr<std::string> {
    ASSIGN_OR_RETURN(TestBook created, Books().Create(tx, TestPermit(), BookNamed("b")));
    return created.SerializeAsString();
  });
  request.context.time = clock->Now();
  request.done = [&](const WriteResult& result) { answered.set_value(result.answer.status()); };
  database_->writer().Submit(std::move(request));
  EXPECT_THAT(std::string(end.get().message()), testing::HasSubstr("taken for hung"));
  EXPECT_TRUE(answer.get().ok());
  disk.set_before_sync(nullptr);
  Close();
}

using FaultyDiskDeathTest = FaultyDiskTest;

TEST_F(FaultyDiskDeathTest, ByDefaultTheProcessEndsWithOneLine) {
  EXPECT_EXIT(
      {
        DatabaseOptions options = FaultyOptions();
        options.directory = dir_ / "other";
        options.fatal = nullptr;
        Open(std::move(options));
        g_fail_sync = true;
        Create(BookNamed("b"));
      },
      testing::ExitedWithCode(74), "\"severity\":\"CRITICAL\".*the store cannot be written");
}

}  // namespace
}  // namespace partnerskap
