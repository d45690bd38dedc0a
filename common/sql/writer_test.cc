// What the writer promises: exactly once, all or nothing, one fsync for many, refusals that change nothing but audit.
#include "common/sql/writer.h"

#include <sqlite3.h>
#include <unistd.h>

#include <new>
#include <stdexcept>

#include "absl/strings/str_cat.h"
#include "common/audit/audit.h"
#include "common/env/steady_time.h"
#include "common/sql/audit_log.h"
#include "common/sql/disk_space.h"
#include "common/sql/store_fixture.h"
#include "common/status/refusal.h"
#include "gmock/gmock.h"

namespace partnerskap {
namespace {

using testing::SizeIs;

class WriterTest : public StoreTest {
 protected:
  void SetUp() override { Open(); }

  // The whole chain, verified.
  absl::StatusOr<int64_t> VerifyAudit() {
    return database_->Read([](ReadTx& tx) -> absl::StatusOr<int64_t> {
      ChainVerifier verifier;
      Rows rows = tx.Query(absl::StrCat("SELECT ", kAuditColumns, "\n  FROM audit\n ORDER BY sequence"));
      while (rows.Next()) RETURN_IF_ERROR(verifier.Add(AuditEntryOf(rows)));
      RETURN_IF_ERROR(rows.status());
      return verifier.sequence();
    });
  }
};

absl::StatusOr<std::string> CreateThen(WriteTx& tx, absl::string_view id, const absl::Status& status) {
  ASSIGN_OR_RETURN(TestBook book, Books().Create(tx, TestPermit(), BookNamed(id)));
  RETURN_IF_ERROR(status);
  return book.SerializeAsString();
}

TEST_F(WriterTest, WritesRowRevisionAuditAndKeyTogether) {
  WriteResult result = Create(BookNamed("x"), "id-1");
  ASSERT_TRUE(result.answer.ok()) << result.answer.status();
  EXPECT_EQ(result.position, 1);
  EXPECT_FALSE(result.replayed);
  EXPECT_EQ(database_->committed_sequence(), 1);
  EXPECT_EQ(Int("SELECT COUNT(*) FROM books"), 1);
  EXPECT_EQ(Text("SELECT type FROM revisions WHERE seq = 1"), "partnerskap.teststore.test_book.created.v1");
  EXPECT_EQ(Text("SELECT request_id FROM audit WHERE sequence = 1"), "id-1");
  EXPECT_EQ(Int("SELECT change_sequence FROM audit WHERE sequence = 1"), 1);
  // The answer is the revision's bytes, so they are not stored a second time.
  EXPECT_EQ(Int("SELECT answer_sequence FROM audit WHERE sequence = 1 AND answer IS NULL"), 1);
}

// Denies one RELEASE, as a want of memory does.
int DenyRelease(void* left, int action, const char* operation, const char*, const char*, const char*) {
  if (action != SQLITE_SAVEPOINT || absl::string_view(operation) != "RELEASE") return SQLITE_OK;
  return (*static_cast<int*>(left))-- > 0 ? SQLITE_DENY : SQLITE_OK;
}

TEST_F(WriterTest, AWriteWhoseSavepointDoesNotEndLeavesNothing) {
  int left = 1;
  WriteResult result = Write(
      [&left](WriteTx& tx) {
        sqlite3_set_authorizer(tx.connection().handle(), &DenyRelease, &left);
        return CreateThen(tx, "x", absl::OkStatus());
      },
      "id-1");
  EXPECT_FALSE(result.answer.ok());
  EXPECT_EQ(Int("SELECT COUNT(*) FROM books"), 0);
  EXPECT_EQ(Int("SELECT COUNT(*) FROM revisions"), 0);
  // Asked again, it runs: the refusal has not used the request id.
  WriteResult again = Create(BookNamed("x"), "id-1");
  EXPECT_TRUE(again.answer.ok()) << again.answer.status();
  EXPECT_FALSE(again.replayed);
  EXPECT_EQ(again.position, 1);
  EXPECT_TRUE(VerifyAudit().ok());
}

TEST_F(WriterTest, ABodyWithoutMemoryIsRefusedAndLeavesNothing) {
  WriteResult result = Write([](WriteTx& tx) -> absl::StatusOr<std::string> {
    RETURN_IF_ERROR(CreateThen(tx, "x", absl::OkStatus()).status());
    throw std::bad_alloc();
  });
  EXPECT_EQ(ReasonOf(result.answer.status()), "TOO_MANY_CALLS");
  EXPECT_EQ(ReasonMetadataOf(result.answer.status(), "limit"), "memory");
  EXPECT_EQ(Int("SELECT COUNT(*) FROM books"), 0);
}

TEST_F(WriterTest, AnswersARepeatWithTheFirstBytesAndPosition) {
  WriteResult first = Create(BookNamed("x"), "id-1");
  ASSERT_TRUE(Create(BookNamed("y")).answer.ok());
  WriteResult second = Create(BookNamed("x"), "id-1");
  ASSERT_TRUE(second.answer.ok()) << second.answer.status();
  EXPECT_EQ(*second.answer, *first.answer);
  EXPECT_EQ(second.position, first.position);
  EXPECT_TRUE(second.replayed);
  EXPECT_EQ(Int("SELECT COUNT(*) FROM revisions"), 2);
}

TEST_F(WriterTest, AnswersARepeatAfterARestart) {
  WriteResult first = Create(BookNamed("x"), "id-1");
  WriteResult bytes = Write([](WriteTx&) { return std::string("not a resource"); }, "id-2");
  Open();
  WriteResult second = Create(BookNamed("x"), "id-1");
  EXPECT_TRUE(second.replayed);
  EXPECT_EQ(*second.answer, *first.answer);
  WriteResult second_bytes = Write([](WriteTx&) { return std::string("another"); }, "id-2");
  EXPECT_TRUE(second_bytes.replayed);
  EXPECT_EQ(*second_bytes.answer, *bytes.answer);
}

TEST_F(WriterTest, SeesRepeatsWithinOneBatch) {
  int runs = 0;
  std::vector<WriteRequest> requests;
  for (int i = 0; i < 3; ++i) {
    requests.push_back(Request(
        [&runs](WriteTx& tx) {
          ++runs;
          return CreateThen(tx, "x", absl::OkStatus());
        },
        "id-1"));
  }
  std::vector<WriteResult> results = WriteTogether(std::move(requests));
  EXPECT_EQ(runs, 1);
  EXPECT_FALSE(results[0].replayed);
  EXPECT_TRUE(results[1].replayed);
  EXPECT_EQ(*results[2].answer, *results[0].answer);
}

TEST_F(WriterTest, RefusesAnIdWithOtherContentAndChangesNothing) {
  ASSERT_TRUE(Create(BookNamed("x"), "id-1").answer.ok());
  std::string before = Dump(/*with_audit=*/false);
  WriteResult other = Create(BookNamed("y"), "id-1");
  EXPECT_EQ(ReasonOf(other.answer.status()), "REQUEST_ID_REUSED");
  EXPECT_EQ(Dump(/*with_audit=*/false), before);
}

TEST_F(WriterTest, ScopesAnIdToPrincipalAndMethod) {
  ASSERT_TRUE(Create(BookNamed("x"), "id-1").answer.ok());
  WriteRequest other = Request([](WriteTx& tx) { return CreateThen(tx, "y", absl::OkStatus()); }, "id-1");
  other.context.principal = "spiffe://example/svc/other";
  EXPECT_FALSE(Submit(std::move(other)).replayed);
  other = Request([](WriteTx& tx) { return CreateThen(tx, "z", absl::OkStatus()); }, "id-1");
  other.context.method = "/Test/Other";
  EXPECT_FALSE(Submit(std::move(other)).replayed);
  EXPECT_EQ(Int("SELECT COUNT(*) FROM books"), 3);
  // And the first is remembered beside them.
  EXPECT_TRUE(Create(BookNamed("x"), "id-1").replayed);
}

TEST_F(WriterTest, JudgesARefusedRequestAnew) {
  auto body = [](const absl::Status& status) { return [status](WriteTx& tx) { return CreateThen(tx, "x", status); }; };
  EXPECT_FALSE(Write(body(absl::FailedPreconditionError("not yet")), "id-1").answer.ok());
  EXPECT_TRUE(Write(body(absl::OkStatus()), "id-1").answer.ok());
}

TEST_F(WriterTest, RefusalChangesNothingButAudit) {
  ASSERT_TRUE(Create(BookNamed("x")).answer.ok());
  std::string before = Dump(/*with_audit=*/false);
  WriteResult refused =
      Write([](WriteTx& tx) { return CreateThen(tx, "y", absl::FailedPreconditionError("no")); }, "id-2");
  EXPECT_TRUE(absl::IsFailedPrecondition(refused.answer.status()));
  EXPECT_EQ(Dump(/*with_audit=*/false), before);
  EXPECT_EQ(Int("SELECT code FROM audit WHERE sequence = 2"), static_cast<int>(absl::StatusCode::kFailedPrecondition));
  // Its sequence number goes to the next, so that the feed has no gap.
  EXPECT_EQ(Create(BookNamed("z")).position, 2);
}

TEST_F(WriterTest, RefusalDoesNotTouchItsNeighboursInTheBatch) {
  std::vector<WriteRequest> requests;
  requests.push_back(Request([](WriteTx& tx) { return CreateThen(tx, "a", absl::OkStatus()); }));
  requests.push_back(Request([](WriteTx& tx) { return CreateThen(tx, "b", absl::AbortedError("no")); }));
  requests.push_back(Request([](WriteTx& tx) { return CreateThen(tx, "c", absl::OkStatus()); }));
  std::vector<WriteResult> results = WriteTogether(std::move(requests));
  EXPECT_TRUE(results[0].answer.ok());
  EXPECT_TRUE(absl::IsAborted(results[1].answer.status()));
  EXPECT_TRUE(results[2].answer.ok());
  EXPECT_EQ(results[2].position, 2);
  EXPECT_EQ(Text("SELECT group_concat(name) FROM (SELECT name FROM books ORDER BY name)"),
            "shelves/a/books/a,shelves/a/books/c");
}

TEST_F(WriterTest, ValidateOnlyAnswersAndLeavesNoRow) {
  std::string before = Dump(/*with_audit=*/true);
  WriteRequest request = Request([](WriteTx& tx) { return CreateThen(tx, "x", absl::OkStatus()); }, "id-1");
  request.validate_only = true;
  WriteResult result = Submit(std::move(request));
  EXPECT_TRUE(result.answer.ok());
  request = Request([](WriteTx& tx) { return CreateThen(tx, "x", absl::AbortedError("no")); }, "id-1");
  request.validate_only = true;
  EXPECT_FALSE(Submit(std::move(request)).answer.ok());
  EXPECT_EQ(Dump(/*with_audit=*/true), before);
  EXPECT_FALSE(Create(BookNamed("x"), "id-1").replayed);
}

TEST_F(WriterTest, DoesNotBeginAfterTheDeadline) {
  bool ran = false;
  auto body = [&ran](WriteTx& tx) {
    ran = true;
    return CreateThen(tx, "x", absl::OkStatus());
  };
  WriteRequest late = Request(body);
  late.deadline = SteadyTime(loop_.clock()) - absl::Milliseconds(1);
  EXPECT_EQ(ReasonOf(Submit(std::move(late)).answer.status()), "ARRIVED_LATE");
  EXPECT_FALSE(ran);
  WriteRequest in_time = Request(body);
  in_time.deadline = SteadyTime(loop_.clock());
  EXPECT_TRUE(Submit(std::move(in_time)).answer.ok());
  EXPECT_TRUE(ran);
}

TEST_F(WriterTest, AJumpOfTheWallClockMakesNoWriteLate) {
  WriteRequest write = Request([](WriteTx& tx) { return CreateThen(tx, "x", absl::OkStatus()); });
  write.deadline = SteadyTime(loop_.clock()) + absl::Seconds(1);
  loop_.clock().SetNow(loop_.clock().Now() + absl::Hours(365 * 24));
  EXPECT_TRUE(Submit(std::move(write)).answer.ok());
}

TEST_F(WriterTest, CommitsOnceForABatch) {
  std::vector<WriteRequest> requests;
  for (int i = 0; i < 100; ++i) {
    requests.push_back(Request([i](WriteTx& tx) { return CreateThen(tx, absl::StrCat("b", i), absl::OkStatus()); }));
  }
  std::vector<int64_t> commits;
  database_->writer().OnCommit([&](int64_t sequence) { commits.push_back(sequence); });
  std::vector<WriteResult> results = WriteTogether(std::move(requests));
  loop_.RunReady();
  EXPECT_THAT(commits, SizeIs(1));
  EXPECT_EQ(commits.front(), 100);
  EXPECT_EQ(Int("SELECT COUNT(*) FROM books"), 100);
  EXPECT_EQ(Int("SELECT COUNT(DISTINCT tx) FROM revisions"), 100);
}

TEST_F(WriterTest, BoundsBatchAndQueue) {
  DatabaseOptions options = Options();
  options.writer.max_batch = 4;
  options.writer.max_queue = 10;
  Open(std::move(options));
  std::vector<WriteRequest> requests;
  for (int i = 0; i < 12; ++i) {
    requests.push_back(Request([i](WriteTx& tx) { return CreateThen(tx, absl::StrCat("b", i), absl::OkStatus()); }));
  }
  std::vector<int64_t> commits;
  database_->writer().OnCommit([&](int64_t sequence) { commits.push_back(sequence); });
  std::vector<WriteResult> results = WriteTogether(std::move(requests));
  loop_.RunReady();
  EXPECT_THAT(commits, testing::ElementsAre(4, 8, 10));
  EXPECT_EQ(ReasonOf(results[10].answer.status()), "WRITER_OVERLOADED");
  EXPECT_EQ(ReasonMetadataOf(results[11].answer.status(), "limit"), "10");
}

TEST_F(WriterTest, LosingTheTransactionCostsOnlyTheRequestThatLostIt) {
  std::vector<WriteRequest> requests;
  requests.push_back(Request([](WriteTx& tx) { return CreateThen(tx, "a", absl::OkStatus()); }, "id-a"));
  requests.push_back(Request([](WriteTx& tx) -> absl::StatusOr<std::string> {
    // As SQLITE_FULL does in the middle of a statement.
    RETURN_IF_ERROR(tx.connection().Execute("ROLLBACK"));
    return absl::ResourceExhaustedError("full");
  }));
  requests.push_back(Request([](WriteTx& tx) { return CreateThen(tx, "c", absl::OkStatus()); }, "id-c"));
  std::vector<WriteResult> results = WriteTogether(std::move(requests));
  EXPECT_TRUE(results[0].answer.ok()) << results[0].answer.status();
  EXPECT_TRUE(absl::IsResourceExhausted(results[1].answer.status()));
  EXPECT_TRUE(results[2].answer.ok()) << results[2].answer.status();
  EXPECT_EQ(Int("SELECT COUNT(*) FROM books"), 2);
  EXPECT_EQ(Int("SELECT MAX(seq) FROM revisions"), 2);
  EXPECT_TRUE(VerifyAudit().ok()) << VerifyAudit().status();
}

TEST_F(WriterTest, FullFileRefusesWhatDoesNotFitAndKeepsTheRest) {
  auto grow = [](absl::string_view id, size_t bytes) {
    return [id = std::string(id), bytes](WriteTx& tx) -> absl::StatusOr<std::string> {
      TestBook book = BookNamed(id);
      book.set_scan(std::string(bytes, 'x'));
      ASSIGN_OR_RETURN(book, Books().Create(tx, TestPermit(), book));
      return book.name();
    };
  };
  int64_t pages = Int("PRAGMA page_count");
  ASSERT_TRUE(Write([pages](WriteTx& tx) -> absl::StatusOr<std::string> {
                RETURN_IF_ERROR(tx.connection().Execute(absl::StrCat("PRAGMA max_page_count = ", pages + 30)));
                return std::string();
              }).answer.ok());
  std::vector<WriteRequest> requests;
  requests.push_back(Request(grow("a", 100), "id-a"));
  requests.push_back(Request(grow("huge", 1 << 20), "id-huge"));
  requests.push_back(Request(grow("c", 100), "id-c"));
  std::vector<WriteResult> results = WriteTogether(std::move(requests));
  EXPECT_TRUE(results[0].answer.ok()) << results[0].answer.status();
  EXPECT_TRUE(absl::IsResourceExhausted(results[1].answer.status())) << results[1].answer.status();
  EXPECT_TRUE(results[2].answer.ok()) << results[2].answer.status();
  EXPECT_TRUE(fatal_.empty());
  EXPECT_TRUE(Write(grow("a", 100), "id-a").replayed);
  ASSERT_TRUE(loop_.RunFor(absl::Seconds(1)));
  EXPECT_EQ(Int("SELECT COUNT(*) FROM audit WHERE code = 8"), 1);
  WriteResult again = Write(grow("huge", 10), "id-huge");
  EXPECT_TRUE(again.answer.ok());
  EXPECT_FALSE(again.replayed);
  EXPECT_TRUE(VerifyAudit().ok()) << VerifyAudit().status();
}

TEST_F(WriterTest, BelowTheFloorNothingIsWrittenAndReadsGoOn) {
  int64_t room = kWriteFloorBytes;
  DatabaseOptions options = Options();
  options.free_bytes = [&room](const std::string&) { return room; };
  Open(std::move(options));
  ASSERT_TRUE(Create(BookNamed("a")).answer.ok());
  room = kWriteFloorBytes - 1;
  ASSERT_TRUE(loop_.RunFor(absl::Seconds(1)));
  EXPECT_EQ(ReasonOf(Create(BookNamed("b"), "id-b").answer.status()), "STORE_FULL");
  EXPECT_EQ(ReasonOf(Create(BookNamed("c")).answer.status()), "STORE_FULL");
  EXPECT_EQ(Int("SELECT COUNT(*) FROM books"), 1);
  room = kWriteFloorBytes;
  ASSERT_TRUE(loop_.RunFor(absl::Seconds(1)));
  EXPECT_TRUE(Create(BookNamed("b"), "id-b").answer.ok());
  EXPECT_EQ(Int("SELECT count FROM audit WHERE reason = 'STORE_FULL'"), 2);
}

TEST_F(WriterTest, MakesABallastThatFits) {
  DatabaseOptions options = Options();
  options.ballast_bytes = 1 << 20;
  options.free_bytes = [](const std::string&) { return kWriteFloorBytes + (1 << 20) - 1; };
  Open(options);
  EXPECT_NE(access((dir_ / "store/ballast").c_str(), F_OK), 0);
  options.free_bytes = [](const std::string&) { return kWriteFloorBytes + (1 << 20); };
  Open(options);
  EXPECT_EQ(access((dir_ / "store/ballast").c_str(), F_OK), 0);
}

TEST_F(WriterTest, FoldsCountedRefusalsAndWritesAllWithinASecond) {
  for (int i = 0; i < 5; ++i) {
    database_->writer().RecordRefusal(
        {loop_.clock().Now(), "spiffe://a", "/M", "", "RATE_EXCEEDED", 8, /*counted=*/true});
  }
  database_->writer().RecordRefusal({loop_.clock().Now(), "spiffe://b", "/M", "o", "PERMISSION_MISSING", 7, false});
  EXPECT_EQ(Int("SELECT COUNT(*) FROM audit"), 0);
  ASSERT_TRUE(loop_.RunFor(absl::Seconds(1)));
  EXPECT_EQ(Int("SELECT COUNT(*) FROM audit"), 2);
  EXPECT_EQ(Int("SELECT count FROM audit WHERE reason = 'RATE_EXCEEDED'"), 5);
  EXPECT_EQ(Int("SELECT count FROM audit WHERE reason = 'PERMISSION_MISSING'"), 1);
  EXPECT_EQ(*VerifyAudit(), 2);
}

TEST_F(WriterTest, WritesWaitingRefusalsWhenItCloses) {
  database_->writer().RecordRefusal({loop_.clock().Now(), "spiffe://b", "/M", "o", "PERMISSION_MISSING", 7, false});
  Open();
  EXPECT_EQ(Int("SELECT COUNT(*) FROM audit"), 1);
}

TEST_F(WriterTest, ClosingAnswersWhatWasSubmittedAndRefusesTheRest) {
  std::vector<std::string> answers;
  auto submit = [&](absl::string_view id) {
    WriteRequest request = Request([id](WriteTx& tx) { return CreateThen(tx, id, absl::OkStatus()); });
    request.done = [&answers](const WriteResult& result) { answers.push_back(ReasonOf(result.answer.status())); };
    database_->writer().Submit(std::move(request));
  };
  submit("a");
  submit("b");
  database_->writer().Close();
  submit("c");
  EXPECT_THAT(answers, testing::ElementsAre("", "", "SHUTTING_DOWN"));
}

TEST_F(WriterTest, CommitTimesNeverFallWhenTheClockDoes) {
  ASSERT_TRUE(Create(BookNamed("a")).answer.ok());
  loop_.clock().SetNow(loop_.clock().Now() - absl::Hours(24 * 365));
  ASSERT_TRUE(Create(BookNamed("b")).answer.ok());
  Open();
  ASSERT_TRUE(Create(BookNamed("c")).answer.ok());
  EXPECT_EQ(Int("SELECT COUNT(*) FROM revisions AS a JOIN revisions AS b ON b.seq = a.seq + 1"
                " WHERE b.commit_time < a.commit_time"),
            0);
}

TEST_F(WriterTest, ExceptionInABodyIsARefusal) {
  WriteResult result = Write([](WriteTx&) -> absl::StatusOr<std::string> { throw std::length_error("too long"); });
  EXPECT_TRUE(absl::IsInternal(result.answer.status()));
  EXPECT_TRUE(Create(BookNamed("x")).answer.ok());
}

TEST_F(WriterTest, ReactionsLeaveNoAuditRowAndKeepTheirCursor) {
  WriteRequest request = Request([](WriteTx& tx) -> absl::StatusOr<std::string> {
    RETURN_IF_ERROR(Books().Create(tx, TestPermit(), BookNamed("x")).status());
    RETURN_IF_ERROR(
        tx.Execute("INSERT INTO feed_cursors (producer, epoch, sequence, resume_token)\n"
                   "VALUES ('membership', 'e', 7, 't')"));
    return std::string();
  });
  request.audited = false;
  EXPECT_TRUE(Submit(std::move(request)).answer.ok());
  EXPECT_EQ(Int("SELECT COUNT(*) FROM audit"), 0);
  EXPECT_EQ(Int("SELECT sequence FROM feed_cursors"), 7);
}

}  // namespace
}  // namespace partnerskap
