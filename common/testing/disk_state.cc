#include "common/testing/disk_state.h"

#include <algorithm>
#include <utility>

namespace partnerskap {
namespace {

constexpr size_t kSectorBytes = 512;

// Bytes `from` to `to` of the write, counted in the file.
void Apply(const DiskWrite& write, size_t from, size_t to, std::string& bytes) {
  from = std::max(from, write.offset);
  to = std::min(to, write.offset + write.bytes.size());
  if (from >= to) return;
  if (bytes.size() < to) bytes.resize(to);
  bytes.replace(from, to - from, write.bytes, from - write.offset, to - from);
}

void Apply(const DiskWrite& write, std::string& bytes) {
  if (write.truncates) {
    bytes.resize(write.offset);
  } else {
    Apply(write, 0, std::string::npos, bytes);
  }
}

void ApplyTorn(const DiskWrite& write, SeededRandom& draw, std::string& bytes) {
  const size_t first = write.offset / kSectorBytes, end = (write.offset + write.bytes.size() - 1) / kSectorBytes + 1;
  const size_t at = (first + draw.Below(end - first + 1)) * kSectorBytes;
  switch (draw.Below(3)) {
    case 0:
      return Apply(write, 0, at, bytes);
    case 1:
      return Apply(write, at, std::string::npos, bytes);
    default:
      for (size_t sector = first; sector < end; ++sector) {
        if (draw.Below(2) == 0) Apply(write, sector * kSectorBytes, (sector + 1) * kSectorBytes, bytes);
      }
  }
}

void ApplyGarbage(const DiskWrite& write, SeededRandom& draw, std::string& bytes) {
  DiskWrite garbage = write;
  draw.Fill(garbage.bytes.data(), garbage.bytes.size());
  ApplyTorn(garbage, draw, bytes);
}

// What a cut leaves of an unsynced write.
void ApplyDrawn(const DiskWrite& write, SeededRandom& draw, std::string& bytes) {
  const uint64_t fate = draw.Below(5);
  if (fate <= 1) return Apply(write, bytes);
  if (write.truncates || write.bytes.empty() || fate == 2) return;
  if (fate == 3) return ApplyTorn(write, draw, bytes);
  ApplyGarbage(write, draw, bytes);
}

void Apply(const NameChange& change, std::map<std::string, std::shared_ptr<DiskFile>>& names) {
  if (change.file == nullptr) {
    names.erase(change.name);
  } else {
    names[change.name] = change.file;
  }
}

bool Concerns(const DiskFault& fault, DiskOperation operation) {
  if (fault.operations.empty()) return operation != DiskOperation::kRead && operation != DiskOperation::kOpen;
  return std::find(fault.operations.begin(), fault.operations.end(), operation) != fault.operations.end();
}

}  // namespace

std::shared_ptr<DiskState> DiskState::AfterKill() {
  auto after = std::make_shared<DiskState>(random_.Below(~uint64_t{0}));
  std::map<DiskFile*, std::shared_ptr<DiskFile>> copies;
  auto copy = [&copies](const std::shared_ptr<DiskFile>& file) {
    if (file == nullptr) return file;
    std::shared_ptr<DiskFile>& copied = copies[file.get()];
    if (copied == nullptr) {
      copied = std::make_shared<DiskFile>();
      copied->live = file->live;
      copied->durable = file->durable;
      copied->unsynced = file->unsynced;
    }
    return copied;
  };
  for (const auto& [name, file] : names) after->names[name] = copy(file);
  for (const auto& [name, file] : durable_names_) after->durable_names_[name] = copy(file);
  for (const NameChange& change : unsynced_names_) after->unsynced_names_.push_back({change.name, copy(change.file)});
  return after;
}

std::shared_ptr<DiskState> DiskState::AfterCut(SeededRandom& draw, Unsynced unsynced) {
  auto left = durable_names_;
  const uint64_t until = draw.Below(unsynced_names_.size() + 1);
  for (size_t i = 0; i < unsynced_names_.size(); ++i) {
    bool kept = unsynced == Unsynced::kKept;
    if (unsynced == Unsynced::kDrawn) kept = settings.strict_directory ? draw.Below(2) == 0 : i < until;
    if (kept) Apply(unsynced_names_[i], left);
  }
  auto after = std::make_shared<DiskState>(draw.Below(~uint64_t{0}));
  for (const auto& [name, file] : left) {
    auto found = std::make_shared<DiskFile>();
    found->live = file->durable;
    for (const DiskWrite& write : file->unsynced) {
      if (unsynced == Unsynced::kKept) Apply(write, found->live);
      if (unsynced == Unsynced::kDrawn) ApplyDrawn(write, draw, found->live);
    }
    found->durable = found->live;
    after->names[name] = after->durable_names_[name] = std::move(found);
  }
  return after;
}

DiskSettings DiskState::TakeSettings() { return std::exchange(settings, DiskSettings()); }

bool DiskState::Fails(DiskOperation operation) {
  ++counts[static_cast<size_t>(operation)];
  const DiskFault& fault = settings.fault;
  if (fault.nth == 0 || !Concerns(fault, operation)) return false;
  const uint64_t count = ++settings.fault_count;
  const bool fails = count == fault.nth || (fault.sticky && count > fault.nth);
  struck = struck || fails;
  return fails;
}

void DiskState::After(DiskOperation operation, absl::string_view file) {
  std::shared_ptr<const std::function<void(const DiskIo&)>> after_io;
  {
    std::lock_guard<std::mutex> lock(mutex);
    after_io = settings.after_io;
  }
  if (after_io != nullptr) (*after_io)({operation, file});
}

void DiskState::BeforeSync() {
  std::shared_ptr<const std::function<void()>> before_sync;
  {
    std::lock_guard<std::mutex> lock(mutex);
    before_sync = settings.before_sync;
  }
  if (before_sync != nullptr) (*before_sync)();
}

std::shared_ptr<DiskFile> DiskState::Find(const std::string& name) {
  auto found = names.find(name);
  return found == names.end() ? nullptr : found->second;
}

std::shared_ptr<DiskFile> DiskState::Make(const std::string& name) {
  auto file = std::make_shared<DiskFile>();
  names[name] = file;
  unsynced_names_.push_back({name, file});
  return file;
}

bool DiskState::Remove(const std::string& name) {
  if (names.erase(name) == 0) return false;
  unsynced_names_.push_back({name, nullptr});
  return true;
}

void DiskState::Place(const std::string& name, std::optional<std::string> bytes) {
  names.erase(name);
  durable_names_.erase(name);
  if (!bytes.has_value()) return;
  auto file = std::make_shared<DiskFile>();
  file->live = file->durable = *std::move(bytes);
  names[name] = durable_names_[name] = std::move(file);
}

DiskResult DiskState::Write(DiskFile& file, size_t offset, absl::string_view bytes) {
  DiskResult result = DiskResult::kOk;
  if (settings.quota >= 0 && offset + bytes.size() > file.live.size()) {
    // What is there may be written over; beyond it there is as much room as the disk has left.
    const int64_t room = std::max<int64_t>(settings.quota - Used(), 0);
    const size_t end = file.live.size() + static_cast<size_t>(room);
    if (offset + bytes.size() > end) {
      bytes = bytes.substr(0, end > offset ? end - offset : 0);
      result = DiskResult::kFull;
    }
  }
  if (bytes.empty()) return result;
  file.unsynced.push_back({offset, std::string(bytes), false});
  Apply(file.unsynced.back(), file.live);
  return result;
}

DiskResult DiskState::Truncate(DiskFile& file, size_t size) {
  file.unsynced.push_back({size, "", true});
  Apply(file.unsynced.back(), file.live);
  return DiskResult::kOk;
}

DiskResult DiskState::Sync(DiskFile& file) {
  const bool fails = Fails(DiskOperation::kSync);
  if (settings.lies && !fails) return DiskResult::kOk;
  // Of a failed sync, nothing or any part may have reached the disk; what has not never will.
  const bool some = fails && random_.Below(2) == 0;
  for (const DiskWrite& write : file.unsynced) {
    if (!fails || (some && random_.Below(2) == 0)) Apply(write, file.durable);
  }
  file.unsynced.clear();
  if (fails) return DiskResult::kFailed;
  if (settings.strict_directory) return DiskResult::kOk;
  for (const NameChange& change : unsynced_names_) Apply(change, durable_names_);
  unsynced_names_.clear();
  return DiskResult::kOk;
}

DiskResult DiskState::SyncDirectory() {
  if (Fails(DiskOperation::kSyncDirectory)) return DiskResult::kFailed;
  if (settings.lies) return DiskResult::kOk;
  for (const NameChange& change : unsynced_names_) Apply(change, durable_names_);
  unsynced_names_.clear();
  return DiskResult::kOk;
}

int64_t DiskState::Used() const {
  size_t bytes = 0;
  constexpr size_t kRegionBytes = size_t{32} << 10;
  for (const auto& [name, file] : names) bytes += file->live.size() + file->regions.size() * kRegionBytes;
  return static_cast<int64_t>(bytes);
}

}  // namespace partnerskap
