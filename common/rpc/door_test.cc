#include "common/rpc/door.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "common/env/steady_time.h"
#include "common/rpc/door_test_client.h"
#include "common/rpc/door_test_gate.h"
#include "common/status/refusal.h"
#include "common/testing/temp_dir.h"
#include "google/rpc/status.pb.h"

namespace partnerskap {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

class DoorTest : public ::testing::Test {
 protected:
  void SetUp() override {
    DoorOptions options;
    options.tls = certificates_.Service("membership");
    options.peer_limit = absl::Milliseconds(300);
    auto door = Door::Open(options, gate_);
    ASSERT_TRUE(door.ok()) << door.status();
    door_ = *std::move(door);
    channel_ = TestChannel(door_->port(), client_);
  }

  absl::Status Ask(const std::string& method, const std::string& request, std::string* answer = nullptr) {
    return TestCall(channel_, method).Ask(request, answer);
  }

  TempDir directory_;
  TestCertificates certificates_{directory_ / "certs"};
  const TlsFiles client_ = certificates_.Client("kommun-0136", "diarium");
  TestGate gate_{certificates_.ClientUri("kommun-0136", "diarium")};
  std::unique_ptr<Door> door_;
  std::shared_ptr<grpc::Channel> channel_;
};

TEST_F(DoorTest, AnswersSmallAndLargeBytesUnchanged) {
  // Both sides of the size from which a slice owns its string, and several frames.
  for (const size_t size : {size_t{0}, size_t{1}, kOwnedSliceBytes - 1, kOwnedSliceBytes, size_t{300'000}}) {
    std::string request(size, '\0');
    for (size_t i = 0; i < size; ++i) request[i] = static_cast<char>(i * 31);
    std::string answer = "none";
    EXPECT_TRUE(Ask("/test/Echo", request, &answer).ok());
    EXPECT_EQ(answer, request) << size;
  }
}

TEST_F(DoorTest, AnswersFromAnotherThread) {
  std::string answer;
  EXPECT_TRUE(Ask("/test/Put", "later", &answer).ok());
  EXPECT_EQ(answer, "later");
}

TEST_F(DoorTest, TellsTheGateWhatIsKnownBeforeTheBody) {
  TestCall call(channel_, "/test/Echo", std::chrono::seconds(5));
  ASSERT_TRUE(call.Ask("x").ok());
  ASSERT_TRUE(gate_.Await([](const TestGateFacts& gate) { return gate.admitted == 0; }));
  EXPECT_EQ(gate_.Facts().last_head.method, "/test/Echo");
  EXPECT_THAT(gate_.Facts().last_head.peer_uris, ElementsAre("spiffe://test.partnerskap/org/kommun-0136/sys/diarium"));
  EXPECT_LT(gate_.Facts().last_head.deadline, SteadyTime(*NewSystemClock()) + absl::Seconds(6));
  EXPECT_GT(gate_.Facts().last_head.deadline, SteadyTime(*NewSystemClock()));
}

TEST_F(DoorTest, ACallWithoutADeadlineHasNone) {
  grpc::GenericStub stub(channel_);
  grpc::CompletionQueue queue;
  grpc::ClientContext context;
  context.AddMetadata("x-request-id", "7");
  grpc::ByteBuffer answer;
  grpc::Status status;
  auto reader = stub.PrepareUnaryCall(&context, "/test/Echo", ToByteBuffer("x"), &queue);
  reader->StartCall();
  reader->Finish(&answer, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  ASSERT_TRUE(queue.Next(&tag, &ok));
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(gate_.Facts().last_head.deadline, absl::InfiniteFuture());
  EXPECT_THAT(gate_.Facts().last_head.metadata, Contains(Pair("x-request-id", "7")));
}

TEST_F(DoorTest, UnknownMethodIsRefusedInWords) {
  const absl::Status status = Ask("/test/None", "x");
  EXPECT_EQ(status.code(), absl::StatusCode::kUnimplemented);
  EXPECT_EQ(ReasonOf(status), "UNKNOWN_METHOD");
}

TEST_F(DoorTest, RefusesBeforeTheBodyIsRead) {
  const auto stranger = TestChannel(door_->port(), certificates_.Client("kommun-0136", "mallory"));
  // The body is never sent: only a refusal that does not wait for it can arrive.
  TestCall call(stranger, "/test/Echo");
  EXPECT_FALSE(call.Read().has_value());
  const absl::Status status = call.Finish();
  EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(ReasonOf(status), "PERMISSION_MISSING");
  EXPECT_EQ(gate_.Facts().handled, 0);
}

TEST_F(DoorTest, DetailsRepeatCodeAndMessage) {
  TestCall call(channel_, "/test/Refuse");
  const absl::Status status = call.Ask("organizations/kommun-0380");
  EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(ReasonMetadataOf(status, "object"), "organizations/kommun-0380");
  google::rpc::Status inner;
  ASSERT_TRUE(inner.ParseFromString(call.status.error_details()));
  EXPECT_EQ(inner.code(), static_cast<int>(call.status.error_code()));
  EXPECT_EQ(inner.message(), call.status.error_message());
  EXPECT_THAT(FromGrpcMetadata(call.context.GetServerTrailingMetadata()), Contains(Pair("x-seen", "yes")));
}

TEST_F(DoorTest, SendsLegalTrailersAndDropsOthers) {
  TestCall call(channel_, "/test/Trailers");
  ASSERT_TRUE(call.Ask("").ok());
  EXPECT_THAT(FromGrpcMetadata(call.context.GetServerTrailingMetadata()),
              ElementsAre(Pair(kPositionKey, "membership/00ff/7")));
}

TEST_F(DoorTest, AHandlerWithoutAnAnswerIsInternal) {
  const absl::Status status = Ask("/test/Drop", "x");
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
  EXPECT_EQ(ReasonOf(status), "INTERNAL_ERROR");
}

TEST_F(DoorTest, NoMessageIsRefused) {
  TestCall call(channel_, "/test/Echo");
  call.WritesDone();
  EXPECT_FALSE(call.Read().has_value());
  EXPECT_EQ(ReasonOf(call.Finish()), "WRONG_MESSAGE_COUNT");
  EXPECT_TRUE(gate_.Await([](const TestGateFacts& gate) { return gate.ends.size() == 1 && gate.admitted == 0; }));
  EXPECT_THAT(gate_.Facts().ends, ElementsAre("/test/Echo UNIMPLEMENTED"));
}

TEST_F(DoorTest, AMessageAboveTheCoresLimitIsRefused) {
  EXPECT_EQ(Ask("/test/Echo", std::string((4 << 20) + 1, 'x')).code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(gate_.Facts().handled, 0);
  EXPECT_TRUE(gate_.Await([](const TestGateFacts& gate) { return gate.admitted == 0; }));
  // The connection goes on.
  EXPECT_TRUE(Ask("/test/Echo", "x").ok());
}

TEST_F(DoorTest, ACompressedMessageIsNotInflated) {
  grpc::GenericStub stub(channel_);
  grpc::CompletionQueue queue;
  grpc::ClientContext context;
  context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
  grpc::ByteBuffer answer;
  grpc::Status status;
  auto reader = stub.PrepareUnaryCall(&context, "/test/Echo", ToByteBuffer(std::string(100'000, 'x')), &queue);
  reader->StartCall();
  reader->Finish(&answer, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  ASSERT_TRUE(queue.Next(&tag, &ok));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNIMPLEMENTED) << status.error_message();
  EXPECT_EQ(gate_.Facts().handled, 0);
}

// gRPC 1.51 gives up the connection of a client that sends too many headers; the others do not notice.
TEST_F(DoorTest, HeadersHaveALimit) {
  const auto ask = [](const std::shared_ptr<grpc::Channel>& channel, size_t size) {
    grpc::GenericStub stub(channel);
    grpc::CompletionQueue queue;
    grpc::ClientContext context;
    context.AddMetadata("x-large", std::string(size, 'x'));
    grpc::ByteBuffer answer;
    grpc::Status status;
    auto reader = stub.PrepareUnaryCall(&context, "/test/Echo", ToByteBuffer("x"), &queue);
    reader->StartCall();
    reader->Finish(&answer, &status, nullptr);
    void* tag = nullptr;
    bool ok = false;
    queue.Next(&tag, &ok);
    return status.error_code();
  };
  const auto other = TestChannel(door_->port(), client_);
  EXPECT_EQ(ask(other, 15'000), grpc::StatusCode::OK);
  EXPECT_EQ(ask(channel_, 17'000), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(ask(other, 15'000), grpc::StatusCode::OK);
}

TEST_F(DoorTest, DeadlineEndsACallWhoseAnswerComesLate) {
  TestCall call(channel_, "/test/Hold", std::chrono::milliseconds(100));
  EXPECT_EQ(call.Ask("x").code(), absl::StatusCode::kDeadlineExceeded);
  // The answer finds nobody, and nothing breaks.
  ASSERT_TRUE(gate_.Await([](const TestGateFacts& gate) { return gate.held == 1; }));
  gate_.Release();
  EXPECT_TRUE(Ask("/test/Echo", "x").ok());
}

TEST_F(DoorTest, CancelWhileTheHandlerWorks) {
  TestCall call(channel_, "/test/Hold");
  call.Write("x");
  call.WritesDone();
  ASSERT_TRUE(gate_.Await([](const TestGateFacts& gate) { return gate.held == 1; }));
  call.context.TryCancel();
  EXPECT_EQ(call.Finish().code(), absl::StatusCode::kCancelled);
  gate_.Release();
  EXPECT_TRUE(Ask("/test/Echo", "x").ok());
}

TEST_F(DoorTest, CancelBeforeTheBodyGivesThePlaceBack) {
  TestCall call(channel_, "/test/Echo");
  ASSERT_TRUE(gate_.Await([](const TestGateFacts& gate) { return gate.admitted == 1; }));
  call.context.TryCancel();
  EXPECT_EQ(call.Finish().code(), absl::StatusCode::kCancelled);
  EXPECT_TRUE(gate_.Await([](const TestGateFacts& gate) { return gate.admitted == 0; }));
  EXPECT_THAT(gate_.Facts().ends, ElementsAre("/test/Echo CANCELLED"));
}

TEST_F(DoorTest, ABodyThatDoesNotComeIsNotWaitedForLong) {
  TestCall call(channel_, "/test/Echo");
  EXPECT_FALSE(call.Read().has_value());
  EXPECT_EQ(ReasonOf(call.Finish()), "PEER_TOO_SLOW");
  EXPECT_TRUE(gate_.Await([](const TestGateFacts& gate) { return gate.admitted == 0; }));
}

TEST_F(DoorTest, AWorkingHandlerIsNotTakenForASlowPeer) {
  TestCall call(channel_, "/test/Hold");
  call.Write("x");
  call.WritesDone();
  ASSERT_TRUE(gate_.Await([](const TestGateFacts& gate) { return gate.held == 1; }));
  // Another call outlives the limit meanwhile.
  TestCall other(channel_, "/test/Echo");
  EXPECT_EQ(ReasonOf((other.Read(), other.Finish())), "PEER_TOO_SLOW");
  gate_.Release();
  EXPECT_EQ(call.Read(), "released");
}

TEST_F(DoorTest, TwoUrisAreNoIdentity) {
  const auto tls =
      certificates_.TwoUris(certificates_.ClientUri("kommun-0136", "diarium"), certificates_.ServiceUri("membership"));
  const absl::Status status = TestCall(TestChannel(door_->port(), tls), "/test/Echo").Ask("x");
  EXPECT_EQ(status.code(), absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(ReasonOf(status), "NO_IDENTITY");
  EXPECT_THAT(gate_.Facts().last_head.peer_uris, IsEmpty());
}

TEST_F(DoorTest, ExpiredAndForeignCertificatesDoNotConnect) {
  for (const TlsFiles& tls : {certificates_.ExpiredClient(), certificates_.Foreign()}) {
    const absl::Status status = TestCall(TestChannel(door_->port(), tls), "/test/Echo").Ask("x");
    EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << tls.certificate << status;
  }
  EXPECT_THAT(gate_.Facts().last_head.method, IsEmpty());
}

TEST_F(DoorTest, PlaintextAndCertificatelessClientsDoNotConnect) {
  const std::string target = absl::StrCat("127.0.0.1:", door_->port());
  const auto plain = grpc::CreateChannel(target, grpc::InsecureChannelCredentials());
  EXPECT_EQ(TestCall(plain, "/test/Echo").Ask("x").code(), absl::StatusCode::kUnavailable);
  const auto nameless = grpc::CreateChannel(target, grpc::SslCredentials({ReadFileOrDie(client_.ca), "", ""}));
  EXPECT_EQ(TestCall(nameless, "/test/Echo").Ask("x").code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(gate_.Facts().last_head.method, IsEmpty());
}

TEST_F(DoorTest, RenewedFilesHoldForNewConnections) {
  const auto put = [this](const TlsFiles& from) {
    const TlsFiles to = {directory_ / "ca.pem", directory_ / "cert.pem", directory_ / "key.pem"};
    for (const auto member : {&TlsFiles::key, &TlsFiles::certificate, &TlsFiles::ca}) {
      std::filesystem::copy_file(from.*member, to.*member, std::filesystem::copy_options::overwrite_existing);
    }
    return to;
  };
  DoorOptions options;
  options.tls = put(certificates_.Service("membership"));
  options.tls_refresh = absl::Seconds(1);
  auto door = Door::Open(options, gate_);
  ASSERT_TRUE(door.ok()) << door.status();
  const auto open_before = TestChannel((*door)->port(), client_);
  EXPECT_TRUE(TestCall(open_before, "/test/Echo").Ask("x").ok());

  const TestCertificates renewed(directory_ / "renewed");
  const TlsFiles renewed_client = renewed.Client("kommun-0136", "diarium");
  EXPECT_FALSE(TestCall(TestChannel((*door)->port(), renewed_client), "/test/Echo").Ask("x").ok());
  put(renewed.Service("membership"));
  const absl::Time end = absl::Now() + absl::Seconds(20);
  absl::Status status = absl::UnknownError("not tried");
  while (!status.ok() && absl::Now() < end) {
    status = TestCall(TestChannel((*door)->port(), renewed_client), "/test/Echo").Ask("x");
  }
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_FALSE(TestCall(TestChannel((*door)->port(), client_), "/test/Echo").Ask("x").ok());
  EXPECT_TRUE(TestCall(open_before, "/test/Echo").Ask("x").ok());
}

TEST_F(DoorTest, TwoDoorsDoNotShareAPort) {
  DoorOptions options;
  options.listen = absl::StrCat("127.0.0.1:", door_->port());
  options.tls = certificates_.Service("membership");
  const auto second = Door::Open(options, gate_);
  ASSERT_FALSE(second.ok());
  EXPECT_THAT(std::string(second.status().message()), HasSubstr(options.listen));
  EXPECT_THAT(std::string(second.status().message()), HasSubstr("choose another port"));
}

TEST_F(DoorTest, RefusesToListenOnNonsense) {
  DoorOptions options;
  options.tls = certificates_.Service("membership");
  for (const char* address :
       {"", "localhost", "localhost:", "127.0.0.1:99999999", "127.0.0.1:https", "no.such.host.invalid:7401"}) {
    options.listen = address;
    const auto door = Door::Open(options, gate_);
    ASSERT_FALSE(door.ok()) << address;
    EXPECT_THAT(std::string(door.status().message()), HasSubstr("--listen")) << address;
  }
}

TEST_F(DoorTest, ManyCallsAtOnceAllGetTheirOwnAnswer) {
  constexpr int kThreads = 8, kCalls = 200;
  std::vector<std::future<int>> wrong;
  for (int thread = 0; thread < kThreads; ++thread) {
    wrong.push_back(std::async(std::launch::async, [&, thread] {
      int bad = 0;
      for (int i = 0; i < kCalls; ++i) {
        const std::string request = absl::StrCat(thread, "-", i);
        std::string answer;
        const absl::Status status = Ask(i % 2 == 0 ? "/test/Echo" : "/test/Put", request, &answer);
        bad += !status.ok() || answer != request;
      }
      return bad;
    }));
  }
  for (auto& future : wrong) EXPECT_EQ(future.get(), 0);
  EXPECT_TRUE(gate_.Await([](const TestGateFacts& gate) { return gate.admitted == 0; }));
}

}  // namespace
}  // namespace partnerskap
