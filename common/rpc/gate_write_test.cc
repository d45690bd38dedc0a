// Mutations: one path to the writer, positions, repeats, audit.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/rpc/gate_fixture.h"
#include "common/status/refusal.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace partnerskap {
namespace {

using library::v1::Book;
using library::v1::CreateBookRequest;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kId[] = "6fb9f1a4-3c1e-4d6e-9d43-0a2f6d2c1b77";

TEST_F(GateTest, AMutationAnswersItsResourceAndItsPosition) {
  const CallResult result = Do("CreateBook", CreateRequest("b"));
  ASSERT_TRUE(result.status.ok()) << result.status;
  Book book;
  ASSERT_TRUE(book.ParseFromString(result.bytes));
  EXPECT_EQ(book.name(), "shelves/a/books/b");
  ASSERT_EQ(result.trailers.size(), 1u);
  EXPECT_EQ(result.trailers[0].first, kPositionKey);
  EXPECT_EQ(result.trailers[0].second, absl::StrCat("library/", database_->epoch(), "/1"));
  EXPECT_EQ(database_->committed_sequence(), 1);
}

TEST_F(GateTest, OutputOnlyFieldsOfTheCallerAreDropped) {
  CreateBookRequest request = CreateRequest("b");
  request.mutable_book()->set_uid("00000000-0000-4000-8000-000000000000");
  request.mutable_book()->set_name("shelves/z/books/stolen");
  Book book;
  ASSERT_TRUE(book.ParseFromString(Do("CreateBook", request).bytes));
  EXPECT_EQ(book.uid(), "");
  EXPECT_EQ(book.name(), "shelves/a/books/b");
}

TEST_F(GateTest, ARepeatGivesTheSameAnswerAndDoesNothing) {
  CreateBookRequest request = CreateRequest("b");
  request.set_request_id(kId);
  const CallResult first = Do("CreateBook", request);
  ASSERT_TRUE(first.status.ok()) << first.status;
  const CallResult again = Do("CreateBook", request);
  EXPECT_EQ(again.bytes, first.bytes);
  EXPECT_EQ(again.trailers, first.trailers);
  EXPECT_EQ(database_->committed_sequence(), 1);
  EXPECT_EQ(CallLines().back()["replayed"], true);
  EXPECT_EQ(CallLines().back()["request_id"], kId);
  request.mutable_book()->set_title("Ronja");
  EXPECT_EQ(ReasonFor("CreateBook", request), "REQUEST_ID_REUSED");
}

TEST_F(GateTest, WhatTheCallerMayNotSetDoesNotMakeARequestAnother) {
  CreateBookRequest request = CreateRequest("b");
  request.set_request_id(kId);
  ASSERT_EQ(ReasonFor("CreateBook", request), "");
  request.mutable_book()->set_uid("00000000-0000-4000-8000-000000000000");
  EXPECT_EQ(ReasonFor("CreateBook", request), "");
}

TEST_F(GateTest, ValidateOnlyAnswersAndChangesNothingNotEvenTheChain) {
  CreateBookRequest request = CreateRequest("b");
  request.set_validate_only(true);
  const CallResult result = Do("CreateBook", request);
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_THAT(result.trailers, IsEmpty());
  Book book;
  ASSERT_TRUE(book.ParseFromString(result.bytes));
  EXPECT_EQ(book.name(), "shelves/a/books/b");
  EXPECT_EQ(CountBooks(), 0);
  request.set_book_id("-");
  EXPECT_EQ(ReasonFor("CreateBook", request), "FIELD_VIOLATIONS");
  EXPECT_EQ(ReasonFor(
                "CreateBook",
                [&] {
                  CreateBookRequest other = CreateRequest("c");
                  other.set_validate_only(true);
                  return other;
                }(),
                kStranger),
            "OBJECT_NOT_YOURS");
  EXPECT_THAT(Audit(), IsEmpty());
}

TEST_F(GateTest, TheOwnerIsAskedInTheTransaction) {
  EXPECT_EQ(ReasonFor("CreateBook", CreateRequest("b"), kStranger), "OBJECT_NOT_YOURS");
  EXPECT_EQ(CountBooks(), 0);
  EXPECT_EQ(ReasonFor("CreateBook", CreateRequest("b"), kAdmin), "");
  EXPECT_EQ(CountBooks(), 1);
}

TEST_F(GateTest, EachMutationAndEachOfItsRefusalsIsOneAuditRow) {
  CreateBookRequest request = CreateRequest("b");
  request.set_request_id(kId);
  ASSERT_EQ(ReasonFor("CreateBook", request), "");
  EXPECT_EQ(ReasonFor("CreateBook", CreateRequest("c"), kStranger), "OBJECT_NOT_YOURS");
  EXPECT_EQ(ReasonFor("CreateBook", CreateRequest("c", "internal")), "INTERNAL_ERROR");
  EXPECT_EQ(ReasonFor("CreateBook", CreateRequest("-")), "FIELD_VIOLATIONS");
  EXPECT_EQ(ReasonOf(Send(Head("CreateBook"), "\xff").status), "MALFORMED_REQUEST");
  const auto audit = Audit();
  ASSERT_EQ(audit.size(), 5u);
  EXPECT_EQ(audit[0].reason, "");
  EXPECT_EQ(audit[0].code, 0);
  EXPECT_EQ(audit[0].request_id, kId);
  EXPECT_EQ(audit[0].object, "shelves/a");
  EXPECT_EQ(audit[0].method, absl::StrCat(kLibraryPath, "CreateBook"));
  EXPECT_EQ(audit[1].reason, "OBJECT_NOT_YOURS");
  EXPECT_EQ(audit[1].principal, kStranger);
  EXPECT_EQ(audit[2].code, 13);
  EXPECT_EQ(audit[3].reason, "FIELD_VIOLATIONS");
  EXPECT_EQ(audit[3].object, "shelves/a");
  EXPECT_EQ(audit[4].reason, "MALFORMED_REQUEST");
  EXPECT_EQ(CountBooks(), 1);
}

TEST_F(GateTest, AClosedWriterRefusesAndTheRefusalIsNotLost) {
  database_->writer().Close();
  EXPECT_EQ(ReasonFor("CreateBook", CreateRequest("b")), "SHUTTING_DOWN");
  EXPECT_EQ(ReasonFor("GetBook", GetRequest("b")), "RESOURCE_NOT_FOUND");
}

TEST_F(GateTest, ReadYourWritesWaitsForTheProjection) {
  CallHead head = Head("GetBook");
  head.metadata = {{kPositionKey, "agreements/00000000000000aa/7"}};
  auto admitted = gate_->Admit(head);
  std::string reason = "waiting";
  gate_->Handle(*std::move(admitted), GetRequest("b").SerializeAsString(),
                [&](const CallResult& result) { reason = ReasonOf(result.status); });
  loop_.RunReady();
  EXPECT_EQ(reason, "waiting");
  ProjectionState state;
  state.producer = "agreements";
  state.epoch = "00000000000000aa";
  state.sequence = 6;
  projections_->Advance(state);
  loop_.RunReady();
  EXPECT_EQ(reason, "waiting");
  state.sequence = 7;
  projections_->Advance(state);
  loop_.RunReady();
  EXPECT_EQ(reason, "RESOURCE_NOT_FOUND");
  // And again, now that it is known.
  EXPECT_EQ(ReasonOf(Send(head, GetRequest("b").SerializeAsString()).status), "RESOURCE_NOT_FOUND");
}

TEST_F(GateTest, WhatDoesNotArriveInTimeIsSaid) {
  CallHead head = Head("CreateBook");
  head.metadata = {{kPositionKey, "agreements/00000000000000aa/7"}};
  const CallResult result = Send(head, CreateRequest("b").SerializeAsString());
  EXPECT_EQ(ReasonOf(result.status), "PROJECTION_BEHIND");
  EXPECT_EQ(ReasonMetadataOf(result.status, "service"), "agreements");
  EXPECT_EQ(CountBooks(), 0);
  EXPECT_EQ(Audit().back().reason, "PROJECTION_BEHIND");
}

TEST_F(GateTest, OwnAndUnfollowedPositionsDoNotWait) {
  CallHead head = Head("GetBook");
  head.metadata = {{kPositionKey, "library/00000000000000aa/700"}, {kPositionKey, "unknown/00000000000000aa/7"}};
  EXPECT_EQ(ReasonOf(Send(head, GetRequest("b").SerializeAsString()).status), "RESOURCE_NOT_FOUND");
}

TEST_F(GateTest, NonsenseAsAPositionIsRefused) {
  for (const char* position : {"", "x", "a/b", "a/b/c", "a/b/-1", "a/b/99999999999999999999", "a/b/1/2"}) {
    CallHead head = Head("GetBook");
    head.metadata = {{kPositionKey, position}};
    const CallResult result = Send(head, GetRequest("b").SerializeAsString());
    EXPECT_EQ(ReasonOf(result.status), "FIELD_VIOLATIONS") << position;
    EXPECT_EQ(ViolationsOf(result.status)[0].field, kPositionKey);
  }
  CallHead many = Head("GetBook");
  for (int i = 0; i < 8; ++i) many.metadata.emplace_back(kPositionKey, "library/a/1");
  EXPECT_EQ(ReasonOf(Send(many, GetRequest("b").SerializeAsString()).status), "RESOURCE_NOT_FOUND");
  many.metadata.emplace_back(kPositionKey, "library/a/1");
  EXPECT_EQ(ReasonOf(Send(many, GetRequest("b").SerializeAsString()).status), "FIELD_VIOLATIONS");
}

TEST_F(GateTest, AWaitThatEndsWithAFullPoolIsRefused) {
  CallHead head = Head("GetBook");
  head.metadata = {{kPositionKey, "agreements/00000000000000aa/1"}};
  auto admitted = gate_->Admit(head);
  std::string reason = "waiting";
  gate_->Handle(*std::move(admitted), GetRequest("b").SerializeAsString(),
                [&](const CallResult& result) { reason = ReasonOf(result.status); });
  loop_.set_pool_limit(0);
  ProjectionState state;
  state.producer = "agreements";
  state.epoch = "00000000000000aa";
  state.sequence = 1;
  projections_->Advance(state);
  loop_.RunReady();
  EXPECT_EQ(reason, "TOO_MANY_CALLS");
}

TEST_F(GateTest, TheStoreIsInTheMetrics) {
  ASSERT_EQ(ReasonFor("CreateBook", CreateRequest("b")), "");
  const std::string text = metrics_->Text();
  EXPECT_THAT(text, HasSubstr("partnerskap_committed_sequence{service=\"library\"} 1"));
  EXPECT_THAT(text, HasSubstr("partnerskap_writer_ready{service=\"library\"} 1"));
  EXPECT_THAT(text, HasSubstr("partnerskap_writer_queue{service=\"library\"} 0"));
  EXPECT_THAT(text, HasSubstr("partnerskap_feed_lag_changes{producer=\"agreements\",service=\"library\"} 0"));
}

}  // namespace
}  // namespace partnerskap
