// Serve in whole processes, over mTLS on loopback.
#include "common/rpc/serve.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <fstream>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "common/rpc/door_test_client.h"
#include "common/rpc/grpc_peer.h"
#include "common/rpc/serve_test_process.h"
#include "common/rpc/test_http.h"
#include "common/status/refusal.h"
#include "common/testing/certs.h"
#include "common/testing/notes/notes.pb.h"
#include "common/testing/temp_dir.h"
#include "grpc/health/v1/health.pb.h"
#include "grpc/reflection/v1/reflection.pb.h"
#include "nlohmann/json.hpp"

namespace partnerskap {
namespace {

namespace notes = ::partnerskap::testing::notes::v1;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr char kCreateNote[] = "/partnerskap.testing.notes.v1.NoteService/CreateNote";
constexpr char kGetNote[] = "/partnerskap.testing.notes.v1.NoteService/GetNote";
constexpr char kGetCopy[] = "/partnerskap.testing.notes.v1.CopyService/GetCopy";
constexpr char kWatch[] = "/partnerskap.testing.notes.v1.NoteFeedService/WatchChanges";
constexpr char kCheckHealth[] = "/grpc.health.v1.Health/Check";
constexpr char kWatchHealth[] = "/grpc.health.v1.Health/Watch";
constexpr char kReflection[] = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";

constexpr char kRoles[] = R"(
roles {
  name: "admin" permissions: "*" all_organizations: true
  limits { calls_per_second: 1e9 burst: 1e9 mutations_per_second: 1e9 mutation_burst: 1e9 concurrent_calls: 1000 streams: 1000 }
}
bindings { principal: "spiffe://{any}/org/{any}/sys/admin" roles: "admin" }
bindings { principal: "spiffe://{any}/svc/{any}" roles: "admin" }
)";

class ServeTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::ofstream(directory_ / "roles.textproto") << kRoles;
    auto channels = ClientChannels::Open(client_);
    ASSERT_TRUE(channels.ok()) << channels.status();
    channels_ = *std::move(channels);
  }

  // The flags of a service of this test; what comes later on the line is `more`.
  std::vector<std::string> Flags(const std::string& name, std::vector<std::string> more = {}) {
    const TlsFiles tls = certificates_.Service(name);
    std::vector<std::string> flags = {PARTNERSKAP_BINARY_DIR "/bin/partnerskap-test-server",
                                      name,
                                      "--state=" + directory_.path(),
                                      "--ca=" + tls.ca,
                                      "--cert=" + tls.certificate,
                                      "--key=" + tls.key};
    flags.insert(flags.end(), more.begin(), more.end());
    return flags;
  }

  struct Service {
    std::unique_ptr<TestProcess> process;
    std::string address;
    int port = 0, admin_port = 0;
  };
  Service Start(const std::string& name, std::vector<std::string> more = {}) {
    if (more.empty()) more = {"--listen=127.0.0.1:0", "--admin=127.0.0.1:0"};
    Service service;
    service.process = std::make_unique<TestProcess>(Flags(name, std::move(more)), log_);
    const std::string line = service.process->ReadLine();
    const std::vector<std::string> words = absl::StrSplit(line, ' ');
    if (words.size() != 5 || words[0] != "ready" || words[1] != name || words[3] != "admin") {
      ADD_FAILURE() << "\"" << line << "\"\n" << Log();
      return service;
    }
    service.address = words[2];
    service.port = std::stoi(words[2].substr(words[2].rfind(':') + 1));
    service.admin_port = std::stoi(words[4].substr(words[4].rfind(':') + 1));
    return service;
  }
  // The exit code of a process that cannot start; what it says is in Log().
  int CannotStart(std::vector<std::string> flags) {
    TestProcess process(std::move(flags), log_);
    EXPECT_EQ(process.ReadLine(), "");
    return process.Wait();
  }
  std::string Log() {
    std::ifstream file(log_);
    return std::string(std::istreambuf_iterator<char>(file), {});
  }

  PeerResult Ask(Peer& peer, const std::string& method, const google::protobuf::Message& request) {
    std::promise<PeerResult> answer;
    peer.Call(method, request.SerializeAsString(), {}, absl::Now() + absl::Seconds(20),
              [&answer](PeerResult result) { answer.set_value(std::move(result)); });
    return answer.get_future().get();
  }
  PeerResult CreateNote(Peer& peer, const std::string& id) {
    notes::CreateNoteRequest request;
    request.set_parent("networks/p");
    request.set_note_id(id);
    request.mutable_note()->set_text("text of " + id);
    return Ask(peer, kCreateNote, request);
  }
  PeerResult GetNote(Peer& peer, const std::string& id, const char* method = kGetNote) {
    notes::GetNoteRequest request;
    request.set_name("networks/p/notes/" + id);
    return Ask(peer, method, request);
  }
  nlohmann::json Readyz(const Service& service) {
    const std::string answer = HttpGet(service.admin_port, "/readyz");
    const size_t body = answer.find("\r\n\r\n");
    return body == std::string::npos ? nlohmann::json() : nlohmann::json::parse(answer.substr(body + 4));
  }

  TempDir directory_;
  const std::string log_ = directory_ / "log";
  TestCertificates certificates_{directory_ / "certs"};
  const TlsFiles client_ = certificates_.Client("operator", "admin");
  std::unique_ptr<ClientChannels> channels_;
};

TEST_F(ServeTest, ServesStopsAndRemembers) {
  Service service = Start("notes");
  const auto peer = channels_->NewPeer(service.address, {});
  const PeerResult created = CreateNote(*peer, "n1");
  ASSERT_TRUE(created.status.ok()) << created.status << Log();
  const nlohmann::json readyz = Readyz(service);
  EXPECT_EQ(readyz["ready"], true) << readyz;
  EXPECT_EQ(readyz["store"]["sequence"], 1);
  EXPECT_EQ(readyz["certificate"]["status"], "OK");
  const std::string metrics = HttpGet(service.admin_port, "/metrics");
  EXPECT_THAT(metrics,
              AllOf(HasSubstr("partnerskap_ready"), HasSubstr("partnerskap_rpc_calls_total"), HasSubstr("CreateNote")));
  EXPECT_THAT(HttpGet(service.admin_port, "/healthz"), StartsWith("HTTP/1.1 200"));

  service.process->Signal(SIGTERM);
  EXPECT_EQ(service.process->Wait(absl::Seconds(10)), 0) << Log();
  EXPECT_THAT(Log(), AllOf(HasSubstr("\"stopped\""), HasSubstr("CreateNote")));

  const Service again = Start("notes", {"--listen=" + service.address, "--admin=127.0.0.1:0"});
  const PeerResult got = GetNote(*channels_->NewPeer(again.address, {}), "n1");
  EXPECT_TRUE(got.status.ok()) << got.status;
  EXPECT_EQ(got.bytes, created.bytes);
}

TEST_F(ServeTest, InterruptStopsToo) {
  Service service = Start("notes");
  service.process->Signal(SIGINT);
  EXPECT_EQ(service.process->Wait(absl::Seconds(10)), 0);
}

TEST_F(ServeTest, HealthAndReflectionAnswerBehindTheSameDoor) {
  Service service = Start("notes");
  const auto channel = TestChannel(service.port, client_);
  grpc::health::v1::HealthCheckResponse health;
  std::string bytes;
  EXPECT_TRUE(TestCall(channel, kCheckHealth).Ask("", &bytes).ok());
  EXPECT_TRUE(health.ParseFromString(bytes));
  EXPECT_EQ(health.status(), grpc::health::v1::HealthCheckResponse::SERVING);

  TestCall call(channel, kReflection);
  grpc::reflection::v1::ServerReflectionRequest request;
  request.set_list_services("*");
  ASSERT_TRUE(call.Write(request.SerializeAsString()));
  const auto answer = call.Read();
  ASSERT_TRUE(answer.has_value());
  EXPECT_THAT(*answer,
              AllOf(HasSubstr("partnerskap.testing.notes.v1.NoteService"), HasSubstr("grpc.health.v1.Health")));
  request.set_file_containing_symbol("partnerskap.testing.notes.v1.Note");
  ASSERT_TRUE(call.Write(request.SerializeAsString()));
  EXPECT_THAT(call.Read().value_or(""), HasSubstr("notes.proto"));
  call.WritesDone();
  EXPECT_FALSE(call.Read().has_value());
  EXPECT_TRUE(call.Finish().ok());

  TestCall watch(channel, kWatchHealth);
  watch.Write("");
  watch.WritesDone();
  EXPECT_TRUE(health.ParseFromString(watch.Read().value_or("")));
  EXPECT_EQ(health.status(), grpc::health::v1::HealthCheckResponse::SERVING);
  service.process->Signal(SIGTERM);
  while (const auto message = watch.Read()) EXPECT_TRUE(health.ParseFromString(*message));
  EXPECT_EQ(ReasonOf(watch.Finish()), "SHUTTING_DOWN");
}

TEST_F(ServeTest, SaysWhatIsWrongWithItsConfiguration) {
  const Service service = Start("notes");
  const std::string free = "--listen=127.0.0.1:0", off = "--admin=off";
  EXPECT_EQ(CannotStart(Flags("notes", {"--no-such-flag"})), 2);
  EXPECT_EQ(CannotStart(Flags("notes", {free, off, "--cert=/none.pem"})), 1);
  EXPECT_THAT(
      Log(), AllOf(HasSubstr("partnerskap-notes: --cert: cannot read /none.pem"), HasSubstr("partnerskap-certs init")));
  EXPECT_EQ(CannotStart(Flags("notes", {free, off, "--roles=/none.textproto"})), 1);
  EXPECT_THAT(Log(), HasSubstr("partnerskap-notes: --roles: "));
  // Another process holds the store.
  EXPECT_EQ(CannotStart(Flags("notes", {free, off})), 1);
  EXPECT_THAT(Log(), HasSubstr("partnerskap-notes: " + directory_.path()));
  EXPECT_EQ(CannotStart(Flags("copies", {free, off})), 1);
  EXPECT_THAT(Log(), HasSubstr("add --peer notes=HOST:PORT"));
  const std::string peer = "--peer=notes=" + service.address;
  EXPECT_EQ(CannotStart(Flags("copies", {"--listen=" + service.address, off, peer})), 1);
  EXPECT_THAT(Log(), HasSubstr("--listen: cannot listen on \"" + service.address));
  EXPECT_EQ(CannotStart(Flags("copies", {free, "--admin=" + service.address, peer})), 1);
  EXPECT_THAT(Log(), HasSubstr("--admin: cannot listen on \"" + service.address));
}

TEST_F(ServeTest, FollowsAnotherServiceOverItsRestart) {
  Service source = Start("notes");
  const Service copies =
      Start("copies", {"--listen=127.0.0.1:0", "--admin=127.0.0.1:0", "--peer=notes=" + source.address});
  const auto notes_peer = channels_->NewPeer(source.address, {});
  const auto copies_peer = channels_->NewPeer(copies.address, {});
  const auto arrives = [&](const std::string& id) {
    const absl::Time end = absl::Now() + absl::Seconds(20);
    while (absl::Now() < end) {
      if (GetNote(*copies_peer, id, kGetCopy).status.ok()) return true;
    }
    return false;
  };
  ASSERT_TRUE(CreateNote(*notes_peer, "before").status.ok());
  EXPECT_TRUE(arrives("before")) << Readyz(copies) << Log();
  source.process->Signal(SIGTERM);
  ASSERT_EQ(source.process->Wait(absl::Seconds(10)), 0);
  // Its own reads go on.
  EXPECT_TRUE(GetNote(*copies_peer, "before", kGetCopy).status.ok());
  source = Start("notes", {"--listen=" + source.address, "--admin=127.0.0.1:0"});
  const auto anew = channels_->NewPeer(source.address, {});
  ASSERT_TRUE(CreateNote(*anew, "after").status.ok());
  EXPECT_TRUE(arrives("after")) << Readyz(copies) << Log();
  EXPECT_EQ(Readyz(copies)["projections"][0]["lag"], 0);
}

// Callers and watchers while the process is told to stop: all hear OK or UNAVAILABLE, and what was acknowledged is
// there afterwards.
TEST_F(ServeTest, StopsUnderLoadTwentyTimesAndLosesNothing) {
  constexpr int kTimes = 20, kWriters = 8, kWatchers = 5;
  std::vector<std::string> acknowledged;
  std::string address = "127.0.0.1:0";
  for (int time = 0; time < kTimes; ++time) {
    Service service = Start("notes", {"--listen=" + address, "--admin=127.0.0.1:0"});
    address = service.address;
    std::mutex mutex;
    std::map<std::string, int> others, watchers;
    std::atomic<int> written{0}, watching{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < kWriters; ++i) {
      threads.emplace_back([&, i] {
        const auto peer = channels_->NewPeer(service.address, {});
        for (int n = 0;; ++n) {
          const std::string id = absl::StrCat("n", time, "-", i, "-", n);
          const absl::Status status = CreateNote(*peer, id).status;
          std::lock_guard<std::mutex> lock(mutex);
          if (!status.ok()) return void(++others[absl::StatusCodeToString(status.code())]);
          acknowledged.push_back(id);
          ++written;
        }
      });
    }
    for (int i = 0; i < kWatchers; ++i) {
      threads.emplace_back([&] {
        TestCall call(TestChannel(service.port, client_), kWatch);
        call.Write("");
        call.WritesDone();
        bool first = true;
        while (call.Read().has_value()) watching += std::exchange(first, false);
        const absl::Status status = call.Finish();
        std::lock_guard<std::mutex> lock(mutex);
        ++watchers[absl::StrCat(absl::StatusCodeToString(status.code()), " ", ReasonOf(status))];
      });
    }
    const absl::Time end = absl::Now() + absl::Seconds(20);
    while ((written < 50 || watching < kWatchers) && absl::Now() < end) std::this_thread::yield();
    service.process->Signal(SIGTERM);
    EXPECT_EQ(service.process->Wait(absl::Seconds(10)), 0) << Log();
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(others.size(), 1u) << others.begin()->first;
    EXPECT_EQ(others["UNAVAILABLE"], kWriters);
    EXPECT_EQ(watchers["UNAVAILABLE SHUTTING_DOWN"], kWatchers) << watchers.begin()->first;
  }
  const Service service = Start("notes");
  const auto peer = channels_->NewPeer(service.address, {});
  for (const std::string& id : acknowledged) ASSERT_TRUE(GetNote(*peer, id).status.ok()) << id;
}

}  // namespace
}  // namespace partnerskap
