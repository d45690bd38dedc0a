// Processes that are killed at random instants under load: what was acknowledged is there, once.
//
// Two services over mTLS, one of which follows the other's feed. Clients write without pause; each repeats what it got
// no clear answer to, with the same request id, until it has one. The killer sends SIGKILL to either service or both. A
// watcher resumes with its token over all kills. $PARTNERSKAP_SEED repeats a run's choices, $PARTNERSKAP_CRASH_CYCLES
// makes it longer.
#include <signal.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "common/rpc/grpc_peer.h"
#include "common/rpc/serve_test_process.h"
#include "common/status/refusal.h"
#include "common/testing/certs.h"
#include "common/testing/notes/notes.pb.h"
#include "common/testing/sim.h"
#include "common/testing/temp_dir.h"
#include "common/testing/test_caller.h"
#include "common/testing/test_watcher.h"
#include "tests/crash/crash_checks.h"

namespace partnerskap {
namespace {

using ::testing::IsEmpty;
using testing::notes::v1::CreateNoteRequest;
using testing::notes::v1::GetNoteRequest;
using testing::notes::v1::Note;
using testing::notes::v1::UpdateNoteRequest;

constexpr char kServer[] = PARTNERSKAP_BINARY_DIR "/bin/partnerskap-test-server";
constexpr char kNotes[] = "/partnerskap.testing.notes.v1.NoteService/";
constexpr char kWatch[] = "/partnerskap.testing.notes.v1.NoteFeedService/WatchChanges";
constexpr char kGetCopy[] = "/partnerskap.testing.notes.v1.CopyService/GetCopy";
constexpr char kRoles[] = R"(
roles {
  name: "admin" permissions: "*" all_organizations: true
  limits { calls_per_second: 1e9 burst: 1e9 mutations_per_second: 1e9 mutation_burst: 1e9 concurrent_calls: 1000 streams: 100 }
}
bindings { principal: "spiffe://{any}/org/{any}/sys/admin" roles: "admin" }
bindings { principal: "spiffe://{any}/svc/{any}" roles: "admin" }
)";

constexpr int kCycles = 50;
constexpr int kClients = 4;
// Notes that all clients update, so that a repeat that is applied twice is seen among others' updates.
constexpr int kSharedNotes = 3;
// How long a life lasts under load at most: kills fall into starts, first writes, checkpoints and catching up.
constexpr uint64_t kLongestLifeMs = 120;
constexpr absl::Duration kClientDeadline = absl::Seconds(5);
constexpr absl::Duration kRetryPause = absl::Milliseconds(5);
constexpr absl::Duration kCatchUp = absl::Seconds(20);

uint64_t FromEnvironment(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  uint64_t value = 0;
  return text != nullptr && absl::SimpleAtoi(text, &value) ? value : otherwise;
}

// A service that is killed and started again, at one address.
class Server {
 public:
  Server(std::string name, std::string state, std::vector<std::string> flags)
      : name_(std::move(name)), state_(std::move(state)), flags_(std::move(flags)) {}

  void Start() {
    std::vector<std::string> arguments = {kServer,   name_, "--state",  state_,
                                          "--admin", "off", "--listen", absl::StrCat("127.0.0.1:", port_)};
    arguments.insert(arguments.end(), flags_.begin(), flags_.end());
    process_ = std::make_unique<TestProcess>(arguments, absl::StrCat(state_, "/", name_, ".log"));
    // ready notes 127.0.0.1:40123 admin off
    const std::string line = process_->ReadLine();
    const std::vector<std::string> words = absl::StrSplit(line, ' ');
    ASSERT_GE(words.size(), 3u) << name_ << " said \"" << line << "\"; see " << state_;
    port_ = words[2].substr(words[2].rfind(':') + 1);
  }
  void Kill() {
    process_->Signal(SIGKILL);
    EXPECT_EQ(process_->Wait(), 128 + SIGKILL) << name_ << " ended by itself; see its log";
  }
  void Stop() {
    process_->Signal(SIGTERM);
    EXPECT_EQ(process_->Wait(), 0);
  }
  std::string address() const { return absl::StrCat("127.0.0.1:", port_); }
  std::string store() const { return absl::StrCat(state_, "/", name_, "/store.db"); }

 private:
  const std::string name_, state_;
  const std::vector<std::string> flags_;
  std::string port_ = "0";
  std::unique_ptr<TestProcess> process_;
};

class CrashTest : public ::testing::Test {
 protected:
  CrashTest()
      : seed_(FromEnvironment("PARTNERSKAP_SEED", static_cast<uint64_t>(absl::GetCurrentTimeNanos()))),
        random_(seed_),
        files_(TempDir::Place::kDisk),
        certificates_(files_ / "certs"),
        clock_(NewSystemClock()) {
    RecordProperty("seed", absl::StrCat(seed_));
    std::printf("seed %llu\n", static_cast<unsigned long long>(seed_));
    std::ofstream(files_ / "roles.textproto") << kRoles;
    notes_ = std::make_unique<Server>("notes", files_.path(), Flags("notes"));
    notes_->Start();
    std::vector<std::string> flags = Flags("copies");
    flags.insert(flags.end(), {"--peer", absl::StrCat("notes=", notes_->address())});
    copies_ = std::make_unique<Server>("copies", files_.path(), flags);
    copies_->Start();
    auto channels = ClientChannels::Open(certificates_.Client("partnerskapet", "admin"));
    EXPECT_TRUE(channels.ok()) << channels.status();
    channels_ = *std::move(channels);
  }

  std::vector<std::string> Flags(absl::string_view name) const {
    const TlsFiles tls = certificates_.Service(name);
    return {"--ca", tls.ca, "--cert", tls.certificate, "--key", tls.key, "--log-level", "error"};
  }
  TestCaller Caller(const Server& server) {
    TestCaller caller(channels_->NewPeer(server.address(), {}), *clock_, nullptr, nullptr);
    caller.set_timeout(kClientDeadline);
    return caller;
  }

  // Sends one mutation until it is answered. A refusal is a broken promise: every request is one that must be granted.
  std::string Insist(TestCaller& caller, absl::string_view method, const google::protobuf::Message& request) {
    for (int attempt = 0;; ++attempt) {
      const auto answer = caller.CallBytes(absl::StrCat(kNotes, method), request.SerializeAsString());
      if (answer.ok()) return *answer;
      if (answer.status().code() != absl::StatusCode::kUnavailable &&
          answer.status().code() != absl::StatusCode::kDeadlineExceeded) {
        ADD_FAILURE() << method << " was refused: " << answer.status() << "\n" << request.ShortDebugString();
        return "";
      }
      if (attempt == 0) ++unknown_;
      absl::SleepFor(kRetryPause);
      // A new connection: the old one's growing pauses would leave short lives without load.
      caller = Caller(*notes_);
    }
  }
  void Create(TestCaller& caller, Random& random, const std::string& id) {
    CreateNoteRequest request;
    request.set_parent("networks/one");
    request.set_note_id(id);
    request.set_request_id(NewUuid(random));
    request.mutable_note()->set_text(absl::StrCat("text of ", id));
    request.mutable_note()->set_author("Somebody");
    const std::string answer = Insist(caller, "CreateNote", request);
    std::lock_guard<std::mutex> lock(mutex_);
    promised_.created[absl::StrCat("networks/one/notes/", id)] = answer;
    promised_.request_ids.insert(request.request_id());
  }
  void Update(TestCaller& caller, Random& random, const std::string& name) {
    UpdateNoteRequest request;
    request.set_request_id(NewUuid(random));
    request.mutable_note()->set_name(name);
    request.mutable_note()->set_text(request.request_id());
    request.mutable_note()->set_etag("*");
    Insist(caller, "UpdateNote", request);
    std::lock_guard<std::mutex> lock(mutex_);
    promised_.updated[name].insert(request.request_id());
    promised_.request_ids.insert(request.request_id());
  }
  void RunClient(int number) {
    SeededRandom random(seed_ + 1 + static_cast<uint64_t>(number));
    TestCaller caller = Caller(*notes_);
    for (int i = 0; !stop_; ++i) {
      if (random.Chance(0.3)) {
        Update(caller, random, absl::StrCat("networks/one/notes/shared-", random.Below(kSharedNotes)));
      } else {
        Create(caller, random, absl::StrCat("client-", number, "-", i));
      }
    }
  }
  // Follows over all kills until it has read through `until_`.
  void RunWatcher(TestWatcher& watcher) {
    absl::Time quiet_since = absl::Now();
    int64_t seen = 0;
    while (watcher.sequence() < until_ && absl::Now() - quiet_since < kCatchUp) {
      if (watcher.end().has_value()) watcher.Resume();
      if (watcher.sequence() != seen) {
        seen = watcher.sequence();
        quiet_since = absl::Now();
      }
      absl::SleepFor(absl::Milliseconds(2));  // between looks; nothing depends on how long it is
    }
  }
  void KillSomething() {
    // Not a wait for anything: the instant of the kill is what is drawn.
    absl::SleepFor(absl::Microseconds(random_.Below(kLongestLifeMs * 1'000)));
    const uint64_t choice = random_.Below(5);
    if (choice <= 3) notes_->Kill();
    if (choice >= 3) copies_->Kill();
    if (choice <= 3) notes_->Start();
    if (choice >= 3) copies_->Start();
  }

  const uint64_t seed_;
  SeededRandom random_;
  TempDir files_;
  const TestCertificates certificates_;
  const std::unique_ptr<Clock> clock_;
  std::unique_ptr<Server> notes_, copies_;
  std::unique_ptr<ClientChannels> channels_;
  std::atomic<bool> stop_ = false;
  std::atomic<int64_t> until_ = INT64_MAX;
  std::atomic<int> unknown_ = 0;
  std::mutex mutex_;
  Promised promised_;
};

TEST_F(CrashTest, NothingIsLostAndNothingIsDoneTwice) {
  TestCaller first = Caller(*notes_);
  for (int i = 0; i < kSharedNotes; ++i) Create(first, random_, absl::StrCat("shared-", i));
  const std::unique_ptr<Peer> watched = channels_->NewPeer(notes_->address(), {});
  TestWatcher watcher(*watched, kWatch);
  std::thread following([&] { RunWatcher(watcher); });
  std::vector<std::thread> clients;
  for (int i = 0; i < kClients; ++i) clients.emplace_back([this, i] { RunClient(i); });

  const int cycles = static_cast<int>(FromEnvironment("PARTNERSKAP_CRASH_CYCLES", kCycles));
  for (int cycle = 0; cycle < cycles && !HasFatalFailure(); ++cycle) KillSomething();
  stop_ = true;
  for (std::thread& client : clients) client.join();

  // One more write tells where the end is, and a read of its copy that the follower has come there.
  TestCaller last = Caller(*notes_);
  Create(last, random_, "last");
  TestCaller reader = Caller(*copies_);
  reader.set_timeout(kCatchUp);
  reader.With(kPositionKey, last.position());
  GetNoteRequest get;
  get.set_name("networks/one/notes/last");
  EXPECT_TRUE(reader.Call<Note>(kGetCopy, get).ok()) << "the follower did not come to " << last.position();
  int64_t end = 0;
  ASSERT_TRUE(absl::SimpleAtoi(last.position().substr(last.position().rfind('/') + 1), &end));
  until_ = end;
  following.join();
  watcher.Stop();
  copies_->Stop();
  notes_->Stop();

  EXPECT_EQ(NewestSequence(notes_->store()), end);
  EXPECT_THAT(CheckWritten(notes_->store(), promised_), IsEmpty());
  EXPECT_THAT(CheckFollowed(notes_->store(), copies_->store()), IsEmpty());
  EXPECT_EQ(watcher.broken_rule(), "");
  const std::vector<int64_t> seen = watcher.sequences();
  ASSERT_EQ(seen.size(), static_cast<size_t>(end)) << "the watcher missed changes, or saw some twice";
  for (size_t i = 0; i < seen.size(); ++i) ASSERT_EQ(seen[i], static_cast<int64_t>(i) + 1);
  std::printf("%d kills, %zu mutations acknowledged, %d answers unknown at first, %lld changes followed\n", cycles,
              promised_.request_ids.size(), unknown_.load(), static_cast<long long>(end));
  // Kills that meet no load prove nothing.
  EXPECT_GT(unknown_.load(), cycles / 10);
  EXPECT_GT(promised_.request_ids.size(), static_cast<size_t>(cycles));
}

}  // namespace
}  // namespace partnerskap
