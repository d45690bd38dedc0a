// The rounds: which windows there are, in which order, against which server.
#include <signal.h>

#include <algorithm>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "bench/rows.h"
#include "bench/run.h"
#include "bench/watchers.h"
#include "common/status/macros.h"

namespace partnerskap::bench {
namespace {

constexpr int kLevel = 64;  // in flight, where nothing else is said
constexpr int kMixedGets = 8, kMixedCreates = 32;
constexpr int kWatchCreates = 16;
constexpr std::chrono::seconds kCatchUp{20};
constexpr int kStarts = 7;
constexpr absl::Duration kStartLimit = absl::Seconds(30);
// Creations before a kill, so that the write-ahead log holds what the start must replay.
constexpr std::chrono::milliseconds kBeforeKill{500};

constexpr char kEtcdPut[] = "/etcdserverpb.KV/Put";

// etcdserverpb.PutRequest: bytes key = 1, bytes value = 2.
std::string PutRequest(uint64_t number) {
  const auto field = [](char tag, const std::string& bytes) {
    std::string text(1, tag);
    // Lengths under 2^14 as a varint of two bytes.
    text.push_back(static_cast<char>((bytes.size() & 0x7f) | 0x80));
    text.push_back(static_cast<char>(bytes.size() >> 7));
    return text + bytes;
  };
  static const std::string& value = *new std::string(OrganizationOf(0).SerializeAsString());
  return field('\x0a', NameOf(number)) + field('\x12', value);
}

}  // namespace

Stream Run::Gets(const Target& target, int in_flight) const {
  Stream stream;
  stream.channels = &target.ChannelsFor(in_flight);
  stream.method = kGetMethod;
  stream.in_flight = in_flight;
  stream.number = [random = std::mt19937_64(7), rows = static_cast<uint64_t>(target.rows)]() mutable {
    return random() % rows;
  };
  stream.request = &GetRequest;
  stream.check = &IsOrganization;
  return stream;
}

Stream Run::Lists(const Target& target, int in_flight) const {
  Stream stream;
  stream.channels = &target.ChannelsFor(in_flight);
  stream.method = kListMethod;
  stream.in_flight = in_flight;
  stream.number = [] { return uint64_t{0}; };
  stream.request = [bytes = ListRequest()](uint64_t) { return bytes; };
  stream.check = [](uint64_t, const std::string& bytes) { return IsPage(bytes); };
  return stream;
}

Stream Run::Creates(const Target& target, int in_flight) const {
  Stream stream;
  stream.channels = &target.ChannelsFor(in_flight);
  stream.method = kCreateMethod;
  stream.in_flight = in_flight;
  stream.number = &NextFreshNumber;
  stream.request = &CreateRequest;
  stream.check = &IsOrganization;
  return stream;
}

Stream Run::Echoes(int in_flight) const {
  Stream stream = Gets(*idle_, in_flight);
  stream.channels = &echo_->ChannelsFor(in_flight);
  stream.check = nullptr;
  return stream;
}

bool Run::Wanted(const std::string& id) const { return RE2::PartialMatch(id, only_); }

void Run::Take(const std::string& id, Target& target, const Stream& stream) {
  if (!Wanted(id)) return;
  probe_->Poll();
  const bool creates = stream.method == kCreateMethod;
  const auto windows = windows_.Take(target.process->pid(), {stream}, [&](const std::vector<StreamResult>& results) {
    if (creates) target.created += static_cast<int64_t>(results[0].ok);
  });
  if (windows.has_value()) (*round_)[id] = windows->front();
}

absl::Status Run::OneRound() {
  ASSIGN_OR_RETURN(std::unique_ptr<Target> small, StartService("small", kSmallRows, Build::kReal));
  RETURN_IF_ERROR(ReadPhase(*small));
  RETURN_IF_ERROR(WritePhase(*small));
  RETURN_IF_ERROR(MixedPhase(*small));
  if (!options_.quick) RETURN_IF_ERROR(WatchPhase(*small));
  RETURN_IF_ERROR(EndService(std::move(small)));
  if (!options_.other.empty()) RETURN_IF_ERROR(OtherPhase());
  if (Wanted("raw")) RETURN_IF_ERROR(RawPhase());
  return large_ != nullptr ? LargePhase() : absl::OkStatus();
}

absl::Status Run::ReadPhase(Target& small) {
  Take("echo/64", *echo_, Echoes(kLevel));
  Take("get/64", small, Gets(small, kLevel));
  Take("list/64", small, Lists(small, kLevel));
  if (options_.quick) return absl::OkStatus();
  Take("echo/1", *echo_, Echoes(1));
  Take("get/1", small, Gets(small, 1));
  return absl::OkStatus();
}

absl::Status Run::WritePhase(Target& small) {
  Take("create/64", small, Creates(small, kLevel));
  if (Wanted("one-by-one/64")) {
    ASSIGN_OR_RETURN(std::unique_ptr<Target> single, StartService("single", kSmallRows, Build::kOneByOne));
    Take("one-by-one/64", *single, Creates(*single, kLevel));
    RETURN_IF_ERROR(EndService(std::move(single)));
  }
  if (etcd_ != nullptr) {
    Stream puts = Creates(*etcd_, kLevel);
    puts.method = kEtcdPut;
    puts.request = &PutRequest;
    puts.check = nullptr;
    Take("etcd/64", *etcd_, puts);
  }
  if (options_.quick) return absl::OkStatus();
  for (const int in_flight : {1, 16, 256}) Take(absl::StrCat("create/", in_flight), small, Creates(small, in_flight));
  results_.loaded = MemoryOf(small.process->pid());
  return absl::OkStatus();
}

absl::Status Run::OtherPhase() {
  ASSIGN_OR_RETURN(std::unique_ptr<Target> other, StartService("other", kSmallRows, Build::kOther));
  Take("get/64 of the other", *other, Gets(*other, kLevel));
  Take("list/64 of the other", *other, Lists(*other, kLevel));
  Take("create/64 of the other", *other, Creates(*other, kLevel));
  return EndService(std::move(other));
}

absl::Status Run::MixedPhase(Target& small) {
  Take("get/8", small, Gets(small, kMixedGets));
  if (!Wanted("get/8 under create/32")) return absl::OkStatus();
  probe_->Poll();
  const auto windows = windows_.Take(
      small.process->pid(), {Gets(small, kMixedGets), Creates(small, kMixedCreates)},
      [&](const std::vector<StreamResult>& results) { small.created += static_cast<int64_t>(results[1].ok); });
  if (!windows.has_value()) return absl::OkStatus();
  (*round_)["get/8 under create/32"] = (*windows)[0];
  (*round_)["create/32 under get/8"] = (*windows)[1];
  return absl::OkStatus();
}

absl::Status Run::WatchPhase(Target& small) {
  if (!Wanted("watchers")) return absl::OkStatus();
  Take(absl::StrCat("create/", kWatchCreates, ", 0 watchers"), small, Creates(small, kWatchCreates));
  for (const int count : {1, 16, 64}) {
    const auto watchers = Watchers::Start(small.four, count);
    if (!watchers->CatchUp(kCatchUp)) return absl::DeadlineExceededError("watchers do not catch up");
    const int64_t delivered = watchers->delivered(), created = small.created;
    Take(absl::StrCat("create/", kWatchCreates, ", ", count, " watchers"), small, Creates(small, kWatchCreates));
    const int64_t expected = delivered + count * (small.created - created);
    if (!watchers->AwaitDelivered(expected, kCatchUp) || watchers->delivered() != expected || !watchers->sound()) {
      return absl::DataLossError(absl::StrCat(count, " watchers of ", small.created - created, " creations were sent ",
                                              watchers->delivered() - delivered, " changes"));
    }
  }
  return absl::OkStatus();
}

absl::Status Run::LargePhase() {
  Take("get/64 of 10^6", *large_, Gets(*large_, kLevel));
  Take("list/64 of 10^6", *large_, Lists(*large_, kLevel));
  Take("create/64 of 10^6", *large_, Creates(*large_, kLevel));
  return absl::OkStatus();
}

absl::Status Run::RawPhase() {
  const std::string directory = Folder("raw");
  RETURN_IF_ERROR(CopyStore(small_template_, directory));
  ASSIGN_OR_RETURN(const std::unique_ptr<RawStore> raw, RawStore::Open(directory));
  const auto take = [&](const std::string& id, auto run) {
    probe_->Poll();
    if (const auto window = windows_.TakeRaw(run); window.has_value()) (*round_)[id] = *window;
  };
  take("raw get", [&](std::chrono::milliseconds length) { return raw->Get(kSmallRows, length); });
  take("raw list", [&](std::chrono::milliseconds length) { return raw->List(length); });
  take("raw create, 64 a commit", [&](std::chrono::milliseconds length) { return raw->Create(kLevel, length); });
  take("raw create, 1 a commit", [&](std::chrono::milliseconds length) { return raw->Create(1, length); });
  return absl::OkStatus();
}

absl::Status Run::StartPhase() {
  RETURN_IF_ERROR(CopyStore(large_template_, absl::StrCat(Folder("start"), "/membership")));
  // The first start makes the ballast file, which no other has to.
  RETURN_IF_ERROR(StartOnce(false));
  results_.start_ms.clear();
  results_.killed_ms.clear();
  for (int i = 0; i < kStarts; ++i) {
    RETURN_IF_ERROR(StartOnce(false));
    RETURN_IF_ERROR(StartOnce(true));
  }
  return absl::OkStatus();
}

// From exec to the first OK answer, on a new connection; `killed`: after creations that a SIGKILL ended.
absl::Status Run::StartOnce(bool killed) {
  probe_->Poll();
  ASSIGN_OR_RETURN(const int port, FreePort());
  const std::vector<std::string> command = ServiceCommand("start", Build::kReal, port);
  if (killed) {
    Target target;
    ASSIGN_OR_RETURN(target.process, ServerProcess::Start(command, Folder("log")));
    RETURN_IF_ERROR(target.process->WaitReady(kStartLimit));
    ConnectAll(target, true);
    LoadTimes times;
    times.window = kBeforeKill;
    const std::vector<StreamResult> results = RunLoad({Creates(target, kLevel)}, times);
    if (results[0].ok == 0)
      return absl::InternalError(absl::StrCat("no creation before the kill: ", results[0].first_error));
    target.process->Signal(SIGKILL);
    target.process->Wait();
  }
  const auto begin = std::chrono::steady_clock::now();
  ASSIGN_OR_RETURN(const std::unique_ptr<ServerProcess> process, ServerProcess::Start(command, Folder("log")));
  RETURN_IF_ERROR(process->WaitListening(port, kStartLimit));
  const Channels channels = Connect(port, ClientTls(), 1);
  const double micros = TimeOneCall(channels[0], kGetMethod, GetRequest(0),
                                    [](const std::string& bytes) { return IsOrganization(0, bytes); });
  const double all = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
  if (micros < 0) return absl::InternalError("the first call after a start was not answered as it should");
  (killed ? results_.killed_ms : results_.start_ms).push_back(all);
  process->Signal(killed ? SIGTERM : SIGKILL);
  process->Wait();
  return absl::OkStatus();
}

}  // namespace partnerskap::bench
