// The n-th allocation of a sequence of requests fails: in C++ (operator new) or in SQLite (its malloc). What was asked
// is then refused with RESOURCE_EXHAUSTED, or the process ends; whoever asks again is served, and in the end the store
// is the same as if there had always been memory (P19).
#include <sqlite3.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <new>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/sql/resource_table.h"
#include "common/status/macros.h"
#include "common/status/refusal.h"
#include "google/protobuf/stubs/logging.h"
#include "tests/fuzz/requests.h"
#include "tests/fuzz/subject.h"
#include "tests/proofs/proof.h"

namespace {

enum class Where { kNowhere, kNew, kSqlite };

// Counts allocations of one kind, and fails one of them. Atomic, for the run-time library may have threads of its own.
struct Counter {
  std::atomic<Where> where{Where::kNowhere};
  std::atomic<int64_t> count{0};
  std::atomic<int64_t> fails_at{0};

  bool Fails(Where here) { return where == here && ++count == fails_at; }
};
Counter counter;

sqlite3_mem_methods real_methods;

void* FailingMalloc(int size) { return counter.Fails(Where::kSqlite) ? nullptr : real_methods.xMalloc(size); }
void* FailingRealloc(void* old, int size) {
  return counter.Fails(Where::kSqlite) ? nullptr : real_methods.xRealloc(old, size);
}

void* Allocate(size_t size) {
  if (counter.Fails(Where::kNew)) return nullptr;
  return std::malloc(size == 0 ? 1 : size);
}

void* AllocateAligned(size_t size, std::align_val_t align) {
  if (counter.Fails(Where::kNew)) return nullptr;
  const auto alignment = static_cast<size_t>(align);
  return std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
}

void* OrThrow(void* memory) {
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

void* operator new(size_t size) { return OrThrow(Allocate(size)); }
void* operator new[](size_t size) { return OrThrow(Allocate(size)); }
void* operator new(size_t size, const std::nothrow_t&) noexcept { return Allocate(size); }
void* operator new[](size_t size, const std::nothrow_t&) noexcept { return Allocate(size); }
void* operator new(size_t size, std::align_val_t align) { return OrThrow(AllocateAligned(size, align)); }
void* operator new[](size_t size, std::align_val_t align) { return OrThrow(AllocateAligned(size, align)); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, size_t, std::align_val_t) noexcept { std::free(memory); }

namespace partnerskap {
namespace {

using fuzz::Subject;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using record::RecordedStep;
using record::Recording;

constexpr char kCorpus[] = PARTNERSKAP_SOURCE_DIR "/tests/fuzz/corpus";
// Of one round: different allocations each time, because the first is drawn from the seed.
constexpr int64_t kRunsPerRound = 60;
// What a child exits with.
constexpr int kRight = 0, kBroken = 3;

// What parent and children share.
struct Shared {
  std::atomic<int> next;  // step that is under way, or that comes next
  std::atomic<int64_t> allocations;
  std::atomic<bool> refused;
  std::array<char, 2'000> broken;
};

// By name: type and revision of what is stored.
using State = std::map<std::string, std::string>;

// What each step is answered when there is memory, and what is there in the end.
struct Golden {
  std::vector<std::string> answers;  // `OK`, or the reason
  State state;
};

std::string OutcomeOf(const absl::Status& status) {
  if (status.ok()) return "OK";
  const std::string reason = ReasonOf(status);
  return reason.empty() ? absl::StatusCodeToString(status.code()) : reason;
}

// An id for each mutation, so that it can be asked again.
void GiveRequestIds(Subject& subject, Recording& recording) {
  int number = 0;
  for (RecordedStep& step : *recording.mutable_steps()) {
    const Method* method = step.has_call() ? subject.Find(step.call().method()) : nullptr;
    if (method == nullptr || !method->auth->mutating()) continue;
    const std::unique_ptr<Message> request(method->request_prototype->New());
    const FieldDescriptor* field = request->GetDescriptor()->FindFieldByName("request_id");
    if (field == nullptr || !request->ParseFromString(step.call().request())) continue;
    if (!request->GetReflection()->GetString(*request, field).empty()) continue;
    request->GetReflection()->SetString(request.get(), field,
                                        absl::StrFormat("00000000-0000-4000-8000-%012d", ++number));
    step.mutable_call()->set_request(request->SerializeAsString());
  }
}

absl::StatusOr<State> StateOf(Subject& subject) {
  return subject.database().Read([&](ReadTx& tx) -> absl::StatusOr<State> {
    State state;
    for (const ResourceTableBase* table : subject.definition().tables) {
      RETURN_IF_ERROR(table->VerifyDerivation(tx));
    }
    Rows rows = tx.Query("SELECT name, message_type, max(revision), count(*)\n  FROM revisions\n GROUP BY name");
    while (rows.Next()) {
      state[std::string(rows.Text(0))] = absl::StrCat(rows.Text(1), " ", rows.Int(2), " ", rows.Int(3));
    }
    RETURN_IF_ERROR(rows.status());
    return state;
  });
}

std::string RunStep(Subject& subject, const RecordedStep& step) {
  subject.SetTime(step.unix_seconds());
  if (step.has_change()) return OutcomeOf(subject.Learn(step.change().producer(), step.change().change()));
  const CallResult result = subject.Call(step.call().uri(), step.call().method(), step.call().request());
  if (result.status.code() == absl::StatusCode::kResourceExhausted) return "no memory";
  return OutcomeOf(result.status);
}

[[noreturn]] void Broken(Shared& shared, absl::string_view what) {
  const size_t size = std::min(what.size(), shared.broken.size() - 1);
  std::memcpy(shared.broken.data(), what.data(), size);
  shared.broken[size] = '\0';
  _exit(kBroken);
}

// In a child: runs the steps from `shared.next` on, each until it is answered as in the golden run.
[[noreturn]] void RunRest(Subject& subject, const Recording& recording, const Golden& golden, Shared& shared) {
  for (int i = shared.next; i < recording.steps_size(); shared.next = ++i) {
    std::string outcome = RunStep(subject, recording.steps(i));
    const std::string& right = golden.answers[static_cast<size_t>(i)];
    // A feed's change is tried again by the subscriber, whatever it failed with.
    if (outcome == "no memory" || (outcome != right && recording.steps(i).has_change())) {
      shared.refused = true;
      outcome = RunStep(subject, recording.steps(i));
    }
    if (outcome != right) {
      Broken(shared, absl::StrCat("P19: step ", i, " (", recording.steps(i).call().method(), ") was answered ", outcome,
                                  ", not ", right));
    }
  }
  counter.where = Where::kNowhere;
  const absl::StatusOr<State> state = StateOf(subject);
  if (!state.ok()) Broken(shared, absl::StrCat("P19: the store is damaged: ", state.status().ToString()));
  if (*state != golden.state) Broken(shared, "P19: the store is another than with memory enough");
  shared.allocations = counter.count.load();
  _exit(kRight);
}

// Runs `recording` with the `nth` allocation of `where` failing (0: none fails, they are counted).
class Trial {
 public:
  Trial(Subject& subject, const Recording& recording, const Golden& golden, Shared& shared)
      : subject_(subject), recording_(recording), golden_(golden), shared_(shared) {}

  absl::Status Run(Where where, int64_t nth, Tally& tally) {
    subject_.Reset();
    // A connection does not go over a fork: only children have the store open.
    subject_.Stop();
    shared_.next = 0;
    shared_.refused = false;
    const int ended = InChild([&] {
      subject_.Restart();
      counter.count = 0;
      counter.fails_at = nth;
      counter.where = where;
      RunRest(subject_, recording_, golden_, shared_);
    });
    if (WIFEXITED(ended)) {
      if (shared_.refused) tally.Count("refusals", 1);
      return Judge(ended, where, nth);
    }
    tally.Count("ends of the process", 1);
    // Another life than the child's.
    subject_.Stop();
    // What the ended process left is in the directory; the next one goes on with what was under way.
    return Judge(InChild([&] {
                   subject_.Restart();
                   RunRest(subject_, recording_, golden_, shared_);
                 }),
                 where, nth);
  }

 private:
  template <typename F>
  static int InChild(F&& run) {
    std::fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
      // The words of std::terminate, thousands of times.
      if (std::getenv("PARTNERSKAP_TEST_LOG") == nullptr && std::freopen("/dev/null", "w", stderr) == nullptr) _exit(1);
      run();
    }
    int ended = 0;
    waitpid(child, &ended, 0);
    return ended;
  }

  absl::Status Judge(int ended, Where where, int64_t nth) const {
    const std::string place =
        absl::StrCat("allocation ", nth, where == Where::kNew ? " of operator new" : " of SQLite");
    if (WIFEXITED(ended) && WEXITSTATUS(ended) == kRight) return absl::OkStatus();
    if (WIFEXITED(ended) && WEXITSTATUS(ended) == kBroken) {
      return absl::InternalError(absl::StrCat(shared_.broken.data(), " (", place, ")"));
    }
    return absl::InternalError(absl::StrCat("P19: the store does not open, or not go on, after ", place));
  }

  Subject& subject_;
  const Recording& recording_;
  const Golden& golden_;
  Shared& shared_;
};

std::vector<std::filesystem::path> Inputs() {
  std::vector<std::filesystem::path> inputs;
  for (const char* service : {"membership", "agreements", "scheduling", "peer_review"}) {
    for (const auto& file : std::filesystem::directory_iterator(absl::StrCat(kCorpus, "/requests-", service))) {
      inputs.push_back(file.path());
    }
  }
  std::sort(inputs.begin(), inputs.end());
  return inputs;
}

// The first, from the place that the seed gives, in which requests write something.
absl::StatusOr<Recording> Choose(uint64_t seed, Golden& golden) {
  const std::vector<std::filesystem::path> inputs = Inputs();
  for (size_t i = 0; i < inputs.size(); ++i) {
    // Neighbours are of one service; a step that has no divisor in common with most numbers visits them all.
    const std::filesystem::path& path = inputs[(seed * 37 + i) % inputs.size()];
    std::ifstream file(path, std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    const std::string service = path.parent_path().filename().string().substr(sizeof("requests-") - 1);
    Recording recording = fuzz::ReadRecording(bytes, service);
    Subject& subject = fuzz::SubjectOf(service);
    GiveRequestIds(subject, recording);
    subject.Reset();
    golden = {};
    int answered = 0;
    for (const RecordedStep& step : recording.steps()) {
      golden.answers.push_back(RunStep(subject, step));
      answered += step.has_call() && golden.answers.back() == "OK" ? 1 : 0;
    }
    ASSIGN_OR_RETURN(golden.state, StateOf(subject));
    if (answered > 0 && !golden.state.empty()) return recording;
  }
  return absl::NotFoundError(absl::StrCat(kCorpus, " has no requests that write something"));
}

absl::Status Round(uint64_t seed, Tally& tally) {
  static auto& shared =
      *new (mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) Shared();
  Golden golden;
  ASSIGN_OR_RETURN(const Recording recording, Choose(seed, golden));
  Trial trial(fuzz::SubjectOf(recording.service()), recording, golden, shared);
  for (const Where where : {Where::kNew, Where::kSqlite}) {
    Tally ignored;
    RETURN_IF_ERROR(trial.Run(where, 0, ignored));
    const int64_t all = shared.allocations;
    const int64_t step = std::max<int64_t>(1, all / kRunsPerRound);
    for (int64_t nth = 1 + static_cast<int64_t>(seed) % step; nth <= all; nth += step) {
      RETURN_IF_ERROR(trial.Run(where, nth, tally));
      tally.Add(1);
    }
  }
  return absl::OkStatus();
}

}  // namespace
}  // namespace partnerskap

int main(int argc, char** argv) {
  google::protobuf::SetLogHandler(nullptr);
  sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real_methods);
  sqlite3_mem_methods failing = real_methods;
  failing.xMalloc = &FailingMalloc;
  failing.xRealloc = &FailingRealloc;
  sqlite3_config(SQLITE_CONFIG_MALLOC, &failing);
  return partnerskap::RunProof(argc, argv,
                               {.name = "allocations",
                                .promises = "P19",
                                .unit = "failed allocations",
                                .about = "Fails the n-th allocation of requests, and asks again.",
                                .rounds = 4,
                                .round = &partnerskap::Round});
}
