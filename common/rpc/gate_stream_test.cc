// Streams: each message is checked, each end said once.
#include <string>

#include "common/rpc/gate_fixture.h"
#include "common/status/refusal.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "partnerskap/common/v1/reasons.pb.h"

namespace partnerskap {
namespace {

using library::v1::ListBooksRequest;
using library::v1::ListBooksResponse;
using ::testing::HasSubstr;
using ::testing::Not;

class GateStreamTest : public GateTest {
 protected:
  void Open(const std::string& uri = kService) {
    auto admitted = gate_->Admit(Head("WatchBooks", uri));
    ASSERT_TRUE(admitted.ok()) << admitted.status();
    admitted_ = *std::move(admitted);
    sink_ = std::make_shared<StreamLog>();
    session_ = gate_->Open(admitted_, sink_);
    ASSERT_NE(session_, nullptr);
  }
  static std::string Message(const std::string& parent, const std::string& filter = "") {
    ListBooksRequest request;
    request.set_parent(parent);
    request.set_filter(filter);
    return request.SerializeAsString();
  }
  std::string EndReason() const { return sink_->ends.empty() ? "none" : ReasonOf(sink_->ends[0]); }
  void End(const absl::Status& status) {
    gate_->Ended(*admitted_, status);
    session_.reset();
    admitted_.reset();
  }

  std::shared_ptr<Admitted> admitted_;
  std::shared_ptr<StreamLog> sink_;
  std::shared_ptr<Session> session_;
};

TEST_F(GateStreamTest, MessagesReachTheSessionAndTheEndIsOneLine) {
  Open();
  session_->OnMessage(Message("shelves/a"));
  session_->OnMessage(Message("shelves/b"));
  ASSERT_EQ(sink_->messages.size(), 2u);
  ListBooksResponse response;
  ASSERT_TRUE(response.ParseFromString(sink_->messages[1]));
  EXPECT_EQ(response.next_page_token(), "shelves/b");
  EXPECT_THAT(metrics_->Text(), HasSubstr("partnerskap_rpc_in_flight{kind=\"stream\",service=\"library\"} 1"));
  session_->OnHalfClose();
  ASSERT_EQ(sink_->ends.size(), 1u);
  End(absl::OkStatus());
  ASSERT_EQ(CallLines().size(), 1u);
  const auto line = CallLines()[0];
  EXPECT_EQ(line["event"], "stream");
  EXPECT_EQ(line["code"], "OK");
  EXPECT_EQ(line["object"], "shelves/b");
  EXPECT_EQ(line["response_bytes"], sink_->messages[0].size() + sink_->messages[1].size());
  EXPECT_THAT(metrics_->Text(), HasSubstr("partnerskap_rpc_in_flight{kind=\"stream\",service=\"library\"} 0"));
}

TEST_F(GateStreamTest, ABrokenMessageEndsTheStreamAndNeverReachesTheSession) {
  Open();
  session_->OnMessage(Message("Shelves"));
  EXPECT_EQ(EndReason(), "FIELD_VIOLATIONS");
  EXPECT_TRUE(sink_->messages.empty());
  Open();
  session_->OnMessage("\xff\xff");
  EXPECT_EQ(EndReason(), "MALFORMED_REQUEST");
  Open();
  session_->OnMessage(std::string((1 << 20) + 1, 'x'));
  EXPECT_EQ(EndReason(), "REQUEST_TOO_LARGE");
}

TEST_F(GateStreamTest, ExceptionsAndInnerErrorsBecomeAnId) {
  Open();
  session_->OnMessage(Message("shelves/a", "throws"));
  EXPECT_EQ(EndReason(), "INTERNAL_ERROR");
  Open();
  session_->OnWritable();
  EXPECT_EQ(EndReason(), "INTERNAL_ERROR");
  Open();
  session_->OnMessage(Message("shelves/a", "internal"));
  EXPECT_EQ(EndReason(), "INTERNAL_ERROR");
  EXPECT_THAT(sink_->ends[0].ToString(), Not(HasSubstr("secret")));
  EXPECT_THAT(metrics_->Text(), HasSubstr("partnerskap_exceptions_total{service=\"library\"} 2"));
}

TEST_F(GateStreamTest, ASessionOutlivesNothingOfItsCall) {
  Open();
  // The transport lets its place go first; the session still answers.
  admitted_.reset();
  session_->OnMessage(Message("shelves/a"));
  EXPECT_EQ(sink_->messages.size(), 1u);
  session_.reset();
  EXPECT_EQ(CallLines().back()["code"], "CANCELLED");
}

TEST_F(GateStreamTest, TalkativeCallersAreLimitedByMessages) {
  MakeGate({.service = "library"}, {{"service", "calls_per_second", 1}, {"service", "burst", 3}});
  Open();
  for (int i = 0; i < 3; ++i) session_->OnMessage(Message("shelves/a"));
  EXPECT_EQ(EndReason(), "none");
  session_->OnMessage(Message("shelves/a"));
  EXPECT_EQ(EndReason(), "RATE_EXCEEDED");
}

TEST_F(GateStreamTest, StreamsHaveALimitOfTheirOwn) {
  MakeGate({.service = "library"}, {{"service", "streams", 2}});
  auto first = gate_->Admit(Head("WatchBooks", kService));
  auto second = gate_->Admit(Head("WatchBooks", kService));
  EXPECT_EQ(Admission(Head("WatchBooks", kService)), "TOO_MANY_CALLS");
  EXPECT_EQ(Admission(Head("GetBook", kService)), "");
  first->reset();
  EXPECT_EQ(Admission(Head("WatchBooks", kService)), "");
}

TEST_F(GateStreamTest, ARefusalOfPermissionInTheStreamIsInTheAuditChain) {
  Open();
  End(Refuse(common::v1::OBJECT_NOT_YOURS, {{"object", "shelves/a"}}));
  const auto audit = Audit();
  ASSERT_EQ(audit.size(), 1u);
  EXPECT_EQ(audit[0].reason, "OBJECT_NOT_YOURS");
}

}  // namespace
}  // namespace partnerskap
