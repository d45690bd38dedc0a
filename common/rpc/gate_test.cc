// Admission and reads.
#include "common/rpc/gate.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/env/steady_time.h"
#include "common/rpc/gate_fixture.h"
#include "common/status/refusal.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace partnerskap {
namespace {

using library::v1::Book;
using library::v1::GetBookRequest;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST_F(GateTest, OneIdentityWithARoleIsAdmitted) {
  EXPECT_EQ(Admission(Head("GetBook")), "");
  CallHead head = Head("GetBook");
  head.peer_uris.clear();
  EXPECT_EQ(Admission(head), "NO_IDENTITY");
  head.peer_uris = {kMember, kReader};
  EXPECT_EQ(Admission(head), "NO_IDENTITY");
  EXPECT_EQ(Admission(Head("GetBook", "spiffe://d/org/kommun-0136/sys/nobody")), "UNKNOWN_PRINCIPAL");
}

TEST_F(GateTest, WhoIsUnknownLearnsNothingOfMethods) {
  EXPECT_EQ(Admission(Head("BurnBook", "spiffe://d/svc/nobody")), "UNKNOWN_PRINCIPAL");
  EXPECT_EQ(Admission(Head("BurnBook")), "UNKNOWN_METHOD");
  EXPECT_EQ(Admission(Head("/")), "UNKNOWN_METHOD");
  EXPECT_EQ(Admission(Head(absl::StrCat("/", std::string(100'000, '\xff')))), "UNKNOWN_METHOD");
}

TEST_F(GateTest, TheRolesMustHoldThePermission) {
  EXPECT_EQ(Admission(Head("CreateBook", kMember)), "");
  const auto refused = gate_->Admit(Head("CreateBook", kReader));
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(ReasonOf(refused.status()), "PERMISSION_MISSING");
  EXPECT_EQ(ReasonMetadataOf(refused.status(), "permission"), "library.books.create");
  // To read is a permission like any other.
  EXPECT_EQ(Admission(Head("CountBooks", kReader)), "PERMISSION_MISSING");
}

TEST_F(GateTest, AServiceMethodIsForServicesEvenIfTheRoleHoldsIt) {
  EXPECT_EQ(Admission(Head("WatchBooks", kService)), "");
  EXPECT_EQ(Admission(Head("WatchBooks", kAdmin)), "");
  EXPECT_EQ(Admission(Head("WatchBooks", kMember)), "PERMISSION_MISSING");
}

TEST_F(GateTest, ADrainingGateRefusesWhoeverMayCall) {
  auto before = gate_->Admit(Head("GetBook"));
  gate_->Drain();
  EXPECT_EQ(Admission(Head("GetBook")), "SHUTTING_DOWN");
  EXPECT_EQ(Admission(Head("CreateBook", kReader)), "PERMISSION_MISSING");
  // What was admitted is answered.
  bool answered = false;
  gate_->Handle(*std::move(before), GetRequest("b").SerializeAsString(), [&](const CallResult& result) {
    EXPECT_EQ(ReasonOf(result.status), "RESOURCE_NOT_FOUND");
    answered = true;
  });
  EXPECT_TRUE(answered);
}

TEST_F(GateTest, WhatHasNoTimeLeftIsNotBegun) {
  CallHead head = Head("GetBook");
  head.deadline = SteadyTime(loop_.clock());
  EXPECT_EQ(Admission(head), "ARRIVED_LATE");
  head.deadline = absl::InfinitePast();
  EXPECT_EQ(Admission(head), "ARRIVED_LATE");
  head.deadline = SteadyTime(loop_.clock()) + absl::Nanoseconds(1);
  EXPECT_EQ(Admission(head), "");
}

TEST_F(GateTest, AUnaryCallWithoutADeadlineGetsTheDefaultAndAStreamNone) {
  const auto unary = gate_->Admit(Head("GetBook"));
  EXPECT_EQ((*unary)->call().deadline, SteadyTime(loop_.clock()) + absl::Seconds(10));
  const auto stream = gate_->Admit(Head("WatchBooks", kService));
  EXPECT_EQ((*stream)->call().deadline, absl::InfiniteFuture());
  CallHead head = Head("GetBook");
  head.deadline = SteadyTime(loop_.clock()) + absl::Seconds(3);
  EXPECT_EQ((*gate_->Admit(head))->call().deadline, head.deadline);
}

TEST_F(GateTest, AJumpOfTheWallClockMakesNoCallLate) {
  CallHead head = Head("GetBook");
  head.deadline = SteadyTime(loop_.clock()) + absl::Seconds(1);
  for (const int hours : {1, -24, 365 * 24, -365 * 24}) {
    // Before a slow read is admitted, while it waits for its thread, and while a write waits for the writer.
    loop_.clock().SetNow(loop_.clock().Now() + absl::Hours(hours));
    EXPECT_EQ(Admission(head), "") << hours;
    for (const bool write : {false, true}) {
      library::v1::CountBooksRequest count;
      count.set_shelf("shelves/a");
      CallHead waiting = Head(write ? "CreateBook" : "CountBooks");
      waiting.deadline = head.deadline;
      auto admitted = gate_->Admit(waiting);
      ASSERT_TRUE(admitted.ok()) << admitted.status();
      absl::Status status = absl::UnknownError("not answered");
      gate_->Handle(*std::move(admitted),
                    write ? CreateRequest(absl::StrCat("b", hours)).SerializeAsString() : count.SerializeAsString(),
                    [&](const CallResult& result) { status = result.status; });
      loop_.clock().SetNow(loop_.clock().Now() + absl::Hours(hours));
      ASSERT_TRUE(loop_.RunUntil([&] { return !absl::IsUnknown(status); }));
      EXPECT_TRUE(status.ok()) << hours << " " << status;
    }
  }
}

TEST_F(GateTest, TheHandlerSeesWhoCallsAndUnderWhatPolicy) {
  CallHead head = Head("GetBook");
  head.metadata = {{"x-request-id", "abc"}};
  const auto admitted = gate_->Admit(head);
  const Call& call = (*admitted)->call();
  EXPECT_EQ(call.method, absl::StrCat(kLibraryPath, "GetBook"));
  EXPECT_EQ(call.auth->permission(), "library.books.get");
  EXPECT_EQ(call.principal.uri, kMember);
  EXPECT_EQ(call.principal.identity.organization, "organizations/kommun-0136");
  EXPECT_EQ(call.time, loop_.clock().Now());
  EXPECT_EQ(Find(call.metadata, "x-request-id"), "abc");
}

TEST_F(GateTest, AReadAnswersStoredBytes) {
  ASSERT_EQ(ReasonFor("CreateBook", CreateRequest("b")), "");
  const CallResult result = Do("GetBook", GetRequest("b"), kReader);
  ASSERT_TRUE(result.status.ok()) << result.status;
  Book book;
  ASSERT_TRUE(book.ParseFromString(result.bytes));
  EXPECT_EQ(book.title(), "Emil");
  EXPECT_THAT(result.trailers, IsEmpty());
  EXPECT_EQ(ReasonFor("GetBook", GetRequest("other")), "RESOURCE_NOT_FOUND");
}

TEST_F(GateTest, ASlowReadRunsOnThePoolOrIsRefusedWhenItIsFull) {
  library::v1::CountBooksRequest request;
  request.set_shelf("shelves/a");
  EXPECT_EQ(ReasonFor("CountBooks", request), "");
  loop_.set_pool_limit(0);
  const CallResult result = Do("CountBooks", request);
  EXPECT_EQ(ReasonOf(result.status), "TOO_MANY_CALLS");
  EXPECT_EQ(result.status.code(), absl::StatusCode::kResourceExhausted);
}

TEST_F(GateTest, ASlowReadThatWaitedTooLongIsNotBegun) {
  library::v1::CountBooksRequest request;
  request.set_shelf("shelves/a");
  CallHead head = Head("CountBooks");
  head.deadline = SteadyTime(loop_.clock()) + absl::Seconds(1);
  auto admitted = gate_->Admit(head);
  std::string reason = "none";
  gate_->Handle(*std::move(admitted), request.SerializeAsString(),
                [&](const CallResult& result) { reason = ReasonOf(result.status); });
  EXPECT_EQ(reason, "none");
  loop_.clock().Advance(absl::Seconds(1));
  loop_.RunReady();
  EXPECT_EQ(reason, "ARRIVED_LATE");
}

TEST_F(GateTest, GarbageIsRefusedAndNeverReachesAHandler) {
  for (const std::string& body : {std::string("\xff\xff\xff\xff"),
                                  std::string("\x0a\x05"
                                              "a"),
                                  std::string(1000, '\0')}) {
    const CallResult result = Send(Head("GetBook"), body);
    EXPECT_EQ(result.status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(ReasonOf(result.status), "MALFORMED_REQUEST");
  }
  // A string that is no UTF-8 is no proto3 message.
  EXPECT_EQ(ReasonOf(Send(Head("GetBook"), std::string("\x0a\x02\xff\xfe")).status), "MALFORMED_REQUEST");
}

TEST_F(GateTest, RandomBytesNeverDoAnything) {
  const int64_t sequence = database_->committed_sequence();
  for (const char* method : {"GetBook", "ListBooks", "CountBooks", "CreateBook", "UpdateBook"}) {
    for (int i = 0; i < 300; ++i) {
      std::string body(loop_.random().Below(60), '\0');
      loop_.random().Fill(body.data(), body.size());
      const CallResult result = Send(Head(method), body);
      EXPECT_EQ(result.status.code(), absl::StatusCode::kInvalidArgument) << result.status;
    }
    loop_.RunFor(absl::Minutes(1));
  }
  EXPECT_EQ(database_->committed_sequence(), sequence);
  EXPECT_EQ(CountBooks(), 0);
}

TEST_F(GateTest, TheLargestRequestPassesAndALargerOneDoesNot) {
  MakeGate({.service = "library"}, {{"member", "max_request_bytes", 100}});
  std::string body = GetRequest("b").SerializeAsString();
  // Field 1000, which nobody knows, fills it up: two bytes of tag, one of length.
  body += "\xc2\x3e";
  body += static_cast<char>(100 - body.size() - 1);
  body += std::string(100 - body.size(), 'x');
  ASSERT_EQ(body.size(), 100u);
  EXPECT_EQ(ReasonOf(Send(Head("GetBook"), body).status), "RESOURCE_NOT_FOUND");
  const CallResult result = Send(Head("GetBook"), body + "x");
  EXPECT_EQ(ReasonOf(result.status), "REQUEST_TOO_LARGE");
  EXPECT_EQ(ReasonMetadataOf(result.status, "limit"), "100");
  EXPECT_EQ(ReasonMetadataOf(result.status, "size"), "101");
  EXPECT_EQ((*gate_->Admit(Head("GetBook")))->max_request_bytes(), 100u);
}

TEST_F(GateTest, BrokenFieldsAreAllNamed) {
  GetBookRequest request;
  request.set_name("shelves");
  request.mutable_read_time()->set_nanos(-1);
  const CallResult result = Do("GetBook", request);
  EXPECT_EQ(ReasonOf(result.status), "FIELD_VIOLATIONS");
  ASSERT_EQ(ViolationsOf(result.status).size(), 2u);
  EXPECT_EQ(ViolationsOf(result.status)[0].field, "name");
}

TEST_F(GateTest, AnExceptionEndsTheCallAndNotTheProcess) {
  const CallResult result = Do("GetBook", GetRequest("throws"));
  EXPECT_EQ(result.status.code(), absl::StatusCode::kInternal);
  EXPECT_EQ(ReasonOf(result.status), "INTERNAL_ERROR");
  EXPECT_EQ(ReasonFor("CreateBook", CreateRequest("b", "throws")), "INTERNAL_ERROR");
  EXPECT_EQ(CountBooks(), 0);
  EXPECT_THAT(metrics_->Text(), HasSubstr("partnerskap_exceptions_total{service=\"library\"} 2"));
}

TEST_F(GateTest, ErrorsOfOursHaveAnIdInPlaceOfTheirText) {
  const CallResult result = Do("GetBook", GetRequest("internal"));
  const std::string id = ReasonMetadataOf(result.status, "id");
  EXPECT_EQ(id.size(), 36u);
  EXPECT_THAT(result.status.ToString(), Not(HasSubstr("secret")));
  bool found = false;
  for (const auto& line : Log()) {
    if (line["event"] == "internal_error") {
      found = true;
      EXPECT_EQ(line["error_id"], id);
      EXPECT_THAT(line["text"].get<std::string>(), HasSubstr("secret: SELECT"));
    }
  }
  EXPECT_TRUE(found);
  EXPECT_EQ(CallLines().back()["error_id"], id);
  EXPECT_EQ(ReasonFor("GetBook", GetRequest("corrupt")), "STORE_CORRUPT");
  EXPECT_EQ(ReasonFor("GetBook", GetRequest("full")), "STORE_FULL");
  EXPECT_EQ(Do("GetBook", GetRequest("late")).status.code(), absl::StatusCode::kDeadlineExceeded);
}

TEST_F(GateTest, EachCallIsOneLineAndOneCount) {
  ASSERT_EQ(ReasonFor("CreateBook", CreateRequest("b")), "");
  CallHead head = Head("GetBook", kReader);
  head.metadata = {{"traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}, {"x-request-id", "r-1"}};
  ASSERT_TRUE(Send(head, GetRequest("b").SerializeAsString()).status.ok());
  EXPECT_EQ(ReasonFor("CreateBook", CreateRequest("c"), kReader), "PERMISSION_MISSING");
  EXPECT_EQ(Admission(Head("BurnBook")), "UNKNOWN_METHOD");
  const auto lines = CallLines();
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_EQ(lines[1]["method"], absl::StrCat(kLibraryPath, "GetBook"));
  EXPECT_EQ(lines[1]["principal"], kReader);
  EXPECT_EQ(lines[1]["code"], "OK");
  EXPECT_EQ(lines[1]["object"], "shelves/a/books/b");
  EXPECT_EQ(lines[1]["trace_id"], "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(lines[1]["request_id"], "r-1");
  EXPECT_GT(lines[1]["request_bytes"], 0);
  EXPECT_GT(lines[1]["response_bytes"], 0);
  EXPECT_EQ(lines[2]["reason"], "PERMISSION_MISSING");
  EXPECT_EQ(lines[3]["code"], "UNIMPLEMENTED");
  const std::string text = metrics_->Text();
  EXPECT_THAT(
      text, HasSubstr("code=\"OK\",method=\"/partnerskap.library.v1.LibraryService/GetBook\",service=\"library\"} 1"));
  EXPECT_THAT(text, HasSubstr("code=\"UNIMPLEMENTED\",method=\"unknown\",service=\"library\"} 1"));
  EXPECT_THAT(text, HasSubstr("partnerskap_refusals_total{reason=\"PERMISSION_MISSING\",service=\"library\"} 1"));
  EXPECT_THAT(text, HasSubstr("partnerskap_rpc_in_flight{kind=\"unary\",service=\"library\"} 0"));
}

TEST_F(GateTest, ACallWithoutAValidTraceGetsOne) {
  for (const char* trace : {"", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7", "nonsense",
                            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}) {
    CallHead head = Head("GetBook");
    head.metadata = {{"traceparent", trace}};
    Send(head, GetRequest("b").SerializeAsString());
    const std::string id = CallLines().back()["trace_id"];
    EXPECT_EQ(id.size(), 32u);
    EXPECT_NE(id.substr(0, 8), "4bf92f35") << trace;
  }
}

TEST_F(GateTest, FieldsThatBreakTheirRulesAreNotInTheLog) {
  library::v1::CreateBookRequest request = CreateRequest("b", "a title that nobody may read in the log");
  request.set_parent("Anna Andersson");
  request.set_request_id("Anna Andersson");
  EXPECT_EQ(ReasonFor("CreateBook", request), "FIELD_VIOLATIONS");
  loop_.RunReady();
  EXPECT_THAT(log_text_, Not(HasSubstr("Andersson")));
  EXPECT_THAT(log_text_, Not(HasSubstr("nobody may read")));
  const auto audit = Audit();
  ASSERT_EQ(audit.size(), 1u);
  EXPECT_EQ(audit[0].object, "");
  EXPECT_EQ(audit[0].request_id, "");
}

TEST_F(GateTest, ACallThatItsTransportGivesUpIsCancelled) {
  { const auto admitted = gate_->Admit(Head("GetBook")); }
  ASSERT_EQ(CallLines().size(), 1u);
  EXPECT_EQ(CallLines()[0]["code"], "CANCELLED");
  {
    const auto admitted = gate_->Admit(Head("GetBook"));
    gate_->Ended(**admitted, absl::DeadlineExceededError("too slow"));
  }
  ASSERT_EQ(CallLines().size(), 2u);
  EXPECT_EQ(CallLines()[1]["code"], "DEADLINE_EXCEEDED");
}

TEST_F(GateTest, RefusalsOfPermissionAreInTheAuditChainAndOrdinaryReadsAreNot) {
  EXPECT_EQ(ReasonFor("GetBook", GetRequest("none")), "RESOURCE_NOT_FOUND");
  EXPECT_EQ(ReasonFor("GetBook", GetRequest("stranger")), "OBJECT_NOT_YOURS");
  EXPECT_EQ(Admission(Head("CreateBook", kReader)), "PERMISSION_MISSING");
  CallHead late = Head("GetBook");
  late.deadline = absl::InfinitePast();
  EXPECT_EQ(Admission(late), "ARRIVED_LATE");
  for (int i = 0; i < 5; ++i) EXPECT_EQ(Admission(Head("GetBook", "spiffe://d/svc/nobody")), "UNKNOWN_PRINCIPAL");
  const auto audit = Audit();
  ASSERT_EQ(audit.size(), 3u);
  EXPECT_EQ(audit[0].reason, "OBJECT_NOT_YOURS");
  EXPECT_EQ(audit[0].principal, kMember);
  EXPECT_EQ(audit[0].object, "shelves/a/books/stranger");
  EXPECT_EQ(audit[1].reason, "PERMISSION_MISSING");
  EXPECT_EQ(audit[1].principal, kReader);
  EXPECT_EQ(audit[2].reason, "UNKNOWN_PRINCIPAL");
  EXPECT_EQ(audit[2].count, 5);
}

TEST_F(GateTest, AFloodOfForbiddenCallsIsFewRows) {
  MakeGate({.service = "library"}, {{"reader", "calls_per_second", 1}, {"reader", "burst", 3}});
  for (int i = 0; i < 500; ++i) EXPECT_EQ(Admission(Head("CreateBook", kReader)), "PERMISSION_MISSING");
  const auto audit = Audit();
  ASSERT_EQ(audit.size(), 4u);
  EXPECT_EQ(audit.back().count, 497);
}

}  // namespace
}  // namespace partnerskap
