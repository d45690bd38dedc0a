#include "common/testing/power_disk.h"

#include <cstdio>
#include <cstdlib>
#include <limits>
#include <utility>

#include "absl/hash/hash.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/testing/disk_state.h"

namespace partnerskap {
namespace {

struct Registry {
  std::mutex mutex;
  std::map<std::string, std::shared_ptr<DiskState>> disks;  // by directory, which ends with a slash
};

Registry& Disks() {
  static auto& registry = *new Registry();
  return registry;
}

}  // namespace

std::shared_ptr<DiskState> DiskOf(const std::string& path, std::string* name) {
  const size_t slash = path.rfind('/') + 1;
  Registry& registry = Disks();
  std::lock_guard<std::mutex> lock(registry.mutex);
  auto found = registry.disks.find(path.substr(0, slash));
  if (found == registry.disks.end()) return nullptr;
  *name = path.substr(slash);
  return found->second;
}

PowerDisk::PowerDisk(std::string directory, uint64_t seed)
    : PowerDisk(std::move(directory), std::make_shared<DiskState>(seed)) {}

PowerDisk::PowerDisk(std::string directory, std::shared_ptr<DiskState> state)
    : directory_(std::move(directory)), state_(std::move(state)) {
  RegisterPowerVfs();
  state_->directory = directory_;
  Registry& registry = Disks();
  std::lock_guard<std::mutex> lock(registry.mutex);
  if (registry.disks.try_emplace(absl::StrCat(directory_, "/"), state_).second) return;
  std::fprintf(stderr, "two disks in %s\n", directory_.c_str());
  std::abort();
}

PowerDisk::~PowerDisk() {
  Registry& registry = Disks();
  std::lock_guard<std::mutex> lock(registry.mutex);
  registry.disks.erase(absl::StrCat(directory_, "/"));
}

void PowerDisk::Replace(std::shared_ptr<DiskState> state) {
  Registry& registry = Disks();
  std::lock_guard<std::mutex> lock(registry.mutex);
  state->directory = directory_;
  state_ = std::move(state);
  registry.disks[absl::StrCat(directory_, "/")] = state_;
}

void PowerDisk::Hold(DatabaseOptions& options) {
  options.vfs = kPowerVfs;
  // By directory and not by `this`, so that a store that outlives the disk asks the disk that is there then.
  options.sync_directory = [](const std::string& directory) -> absl::Status {
    std::string name;
    std::shared_ptr<DiskState> state = DiskOf(absl::StrCat(directory, "/"), &name);
    if (state == nullptr) return absl::NotFoundError(absl::StrCat("no disk in ", directory));
    DiskResult result;
    {
      std::lock_guard<std::mutex> lock(state->mutex);
      result = state->SyncDirectory();
    }
    state->After(DiskOperation::kSyncDirectory, "");
    return result == DiskResult::kOk ? absl::OkStatus() : absl::InternalError(absl::StrCat("cannot sync ", directory));
  };
  options.free_bytes = [](const std::string& directory) -> absl::StatusOr<int64_t> {
    std::string name;
    std::shared_ptr<DiskState> state = DiskOf(absl::StrCat(directory, "/"), &name);
    if (state == nullptr) return absl::NotFoundError(absl::StrCat("no disk in ", directory));
    std::lock_guard<std::mutex> lock(state->mutex);
    if (state->settings.quota < 0) return std::numeric_limits<int64_t>::max();
    return state->settings.quota - state->Used();
  };
}

void PowerDisk::Kill() {
  std::shared_ptr<DiskState> after;
  {
    std::lock_guard<std::mutex> lock(state_->mutex);
    after = state_->AfterKill();
    after->settings = state_->TakeSettings();
  }
  Replace(std::move(after));
}

void PowerDisk::CutPower(SeededRandom& draw, Unsynced unsynced) {
  std::shared_ptr<DiskState> after;
  {
    std::lock_guard<std::mutex> lock(state_->mutex);
    after = state_->AfterCut(draw, unsynced);
    after->settings = state_->TakeSettings();
  }
  Replace(std::move(after));
}

std::unique_ptr<PowerDisk> PowerDisk::AfterCut(std::string directory, SeededRandom& draw, Unsynced unsynced) const {
  std::lock_guard<std::mutex> lock(state_->mutex);
  return std::unique_ptr<PowerDisk>(new PowerDisk(std::move(directory), state_->AfterCut(draw, unsynced)));
}

std::unique_ptr<PowerDisk> PowerDisk::AfterKill(std::string directory) const {
  std::lock_guard<std::mutex> lock(state_->mutex);
  return std::unique_ptr<PowerDisk>(new PowerDisk(std::move(directory), state_->AfterKill()));
}

void PowerDisk::set_after_io(std::function<void(const DiskIo&)> after_io) {
  std::lock_guard<std::mutex> lock(state_->mutex);
  state_->settings.after_io =
      after_io ? std::make_shared<const std::function<void(const DiskIo&)>>(std::move(after_io)) : nullptr;
}

void PowerDisk::set_before_sync(std::function<void()> before_sync) {
  std::lock_guard<std::mutex> lock(state_->mutex);
  state_->settings.before_sync =
      before_sync ? std::make_shared<const std::function<void()>>(std::move(before_sync)) : nullptr;
}

void PowerDisk::set_fault(DiskFault fault) {
  std::lock_guard<std::mutex> lock(state_->mutex);
  state_->settings.fault = std::move(fault);
  state_->settings.fault_count = 0;
  state_->struck = false;
}

bool PowerDisk::fault_struck() const {
  std::lock_guard<std::mutex> lock(state_->mutex);
  return state_->struck;
}

void PowerDisk::set_quota(int64_t bytes) {
  std::lock_guard<std::mutex> lock(state_->mutex);
  state_->settings.quota = bytes;
}

int64_t PowerDisk::used() const {
  std::lock_guard<std::mutex> lock(state_->mutex);
  return state_->Used();
}

void PowerDisk::set_lies(bool lies) {
  std::lock_guard<std::mutex> lock(state_->mutex);
  state_->settings.lies = lies;
}

void PowerDisk::set_strict_directory(bool strict) {
  std::lock_guard<std::mutex> lock(state_->mutex);
  state_->settings.strict_directory = strict;
}

uint64_t PowerDisk::count(DiskOperation operation) const {
  std::lock_guard<std::mutex> lock(state_->mutex);
  return state_->counts[static_cast<size_t>(operation)];
}

bool PowerDisk::two_writers() const {
  std::lock_guard<std::mutex> lock(state_->mutex);
  return state_->two_writers;
}

std::vector<std::string> PowerDisk::Files() const {
  std::lock_guard<std::mutex> lock(state_->mutex);
  std::vector<std::string> files;
  for (const auto& [name, file] : state_->names) files.push_back(name);
  return files;
}

std::string PowerDisk::Contents(absl::string_view file) const {
  std::lock_guard<std::mutex> lock(state_->mutex);
  std::shared_ptr<DiskFile> found = state_->Find(std::string(file));
  return found == nullptr ? "" : found->live;
}

void PowerDisk::SetContents(absl::string_view file, std::string bytes) {
  std::lock_guard<std::mutex> lock(state_->mutex);
  state_->Place(std::string(file), std::move(bytes));
}

void PowerDisk::Remove(absl::string_view file) {
  std::lock_guard<std::mutex> lock(state_->mutex);
  state_->Place(std::string(file), std::nullopt);
}

uint64_t PowerDisk::Digest() const {
  std::lock_guard<std::mutex> lock(state_->mutex);
  uint64_t digest = 0;
  for (const auto& [name, file] : state_->names) {
    digest = absl::HashOf(digest, name, absl::string_view(file->live));
  }
  return digest;
}

}  // namespace partnerskap
