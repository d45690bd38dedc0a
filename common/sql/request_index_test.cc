// Remembering request ids: bounded memory, the window, and what a clock that jumps may not do.
#include "common/sql/request_index.h"

#include <sqlite3.h>

#include "absl/strings/str_cat.h"
#include "common/sql/store_fixture.h"
#include "common/status/refusal.h"

namespace partnerskap {
namespace {

class RequestIndexTest : public StoreTest {
 protected:
  void OpenWith(size_t max_in_memory) {
    DatabaseOptions options = Options();
    options.writer.max_request_ids_in_memory = max_in_memory;
    Open(std::move(options));
  }

  WriteResult Note(int i) {
    return Write([i](WriteTx&) { return absl::StrCat("answer ", i); }, absl::StrCat("id-", i));
  }

  void NoteMany(int count) {
    std::vector<WriteRequest> requests;
    for (int i = 0; i < count; ++i) {
      requests.push_back(Request([i](WriteTx&) { return absl::StrCat("answer ", i); }, absl::StrCat("id-", i)));
    }
    for (const WriteResult& result : WriteTogether(std::move(requests))) ASSERT_TRUE(result.answer.ok());
  }
};

TEST(RequestKeyTest, KeepsTheThreePartsApart) {
  EXPECT_EQ(RequestIndex::KeyOf("a", "b", "c"), RequestIndex::KeyOf("a", "b", "c"));
  EXPECT_NE(RequestIndex::KeyOf("ab", "", "c"), RequestIndex::KeyOf("a", "b", "c"));
  EXPECT_NE(RequestIndex::KeyOf("a", "bc", ""), RequestIndex::KeyOf("a", "b", "c"));
  EXPECT_NE(RequestIndex::KeyOf("x", "b", "c"), RequestIndex::KeyOf("a", "b", "c"));
}

TEST_F(RequestIndexTest, FindsOldIdsInTheTableAlsoAfterARestart) {
  OpenWith(5);
  NoteMany(300);
  EXPECT_GT(Int("SELECT COUNT(*) FROM old_request_keys"), 200);
  for (int round = 0; round < 2; ++round) {
    for (int i : {0, 150, 299}) {
      WriteResult again = Note(i);
      EXPECT_TRUE(again.replayed) << i;
      EXPECT_EQ(*again.answer, absl::StrCat("answer ", i));
    }
    EXPECT_FALSE(Note(1'000 + round).replayed);
    OpenWith(5);
  }
}

TEST_F(RequestIndexTest, KeepsAllInMemoryBelowTheBound) {
  OpenWith(1'000);
  NoteMany(300);
  EXPECT_EQ(Int("SELECT COUNT(*) FROM old_request_keys"), 0);
}

TEST_F(RequestIndexTest, ForgetsAfterTheWindowNotBefore) {
  for (size_t max_in_memory : {size_t{5}, size_t{1'000}}) {
    SCOPED_TRACE(max_in_memory);
    Close();
    ASSERT_EQ(std::system(absl::StrCat("rm -rf ", dir_ / "store").c_str()), 0);
    OpenWith(max_in_memory);
    NoteMany(20);
    ASSERT_TRUE(loop_.RunFor(absl::Hours(24 * 34)));
    ASSERT_TRUE(Note(5'000).answer.ok());
    EXPECT_TRUE(Note(0).replayed);
    ASSERT_TRUE(loop_.RunFor(absl::Hours(24 * 2)));
    ASSERT_TRUE(Note(5'001).answer.ok());
    EXPECT_FALSE(Note(0).replayed);
    EXPECT_TRUE(Note(5'000).replayed);
  }
}

TEST_F(RequestIndexTest, AClockThatJumpsAheadForgetsNothing) {
  OpenWith(1'000);
  ASSERT_TRUE(Note(0).answer.ok());
  loop_.clock().SetNow(loop_.clock().Now() + absl::Hours(24 * 365));
  for (int i = 1; i < 4; ++i) {
    ASSERT_TRUE(loop_.RunFor(absl::Minutes(5)));
    ASSERT_TRUE(Note(i).answer.ok());
  }
  EXPECT_TRUE(Note(0).replayed);
  OpenWith(1'000);
  ASSERT_TRUE(loop_.RunFor(absl::Minutes(5)));
  ASSERT_TRUE(Note(9).answer.ok());
  EXPECT_TRUE(Note(0).replayed);
}

TEST_F(RequestIndexTest, ALongHistoryIsReadBesideTheReadsAndMutationsWait) {
  OpenWith(100'000);
  ASSERT_TRUE(Note(0).answer.ok());
  Close();
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open((dir_ / "store/store.db").c_str(), &db), SQLITE_OK);
  ASSERT_EQ(
      sqlite3_exec(
          db,
          "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)\n"
          "INSERT INTO audit SELECT i, commit_time, principal, method, object, 'old-' || i, salt, digest,\n"
          " code, reason, count, change_sequence, previous_hash, hash, position, NULL, CAST('old answer' AS BLOB)\n"
          "FROM audit, n WHERE sequence = 1",
          nullptr, nullptr, nullptr),
      SQLITE_OK)
      << sqlite3_errmsg(db);
  sqlite3_close(db);
  OpenWith(100'000);
  EXPECT_FALSE(database_->writer().ready());
  EXPECT_EQ(Int("SELECT COUNT(*) FROM books"), 0);
  EXPECT_EQ(ReasonOf(Note(1).answer.status()), "STARTING");
  ASSERT_TRUE(loop_.RunUntil([&] { return database_->writer().ready(); }));
  EXPECT_TRUE(Note(0).replayed);
  EXPECT_EQ(*Write([](WriteTx&) { return std::string("new"); }, "old-19999").answer, "old answer");
  EXPECT_FALSE(Note(1).replayed);
}

}  // namespace
}  // namespace partnerskap
