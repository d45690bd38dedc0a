#include "common/testing/temp_dir.h"

#include <sys/statvfs.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace partnerskap {
namespace {

constexpr char kMemory[] = "/dev/shm";
// Several times what the tests that run at once leave in it.
constexpr uint64_t kRoomBytes = uint64_t{2} << 30;

std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string Parent(TempDir::Place place) {
  if (std::string chosen = Variable("TEST_TMPDIR"); !chosen.empty()) return chosen;
  struct statvfs memory = {};
  if (place == TempDir::Place::kMemory && statvfs(kMemory, &memory) == 0 && access(kMemory, W_OK) == 0 &&
      static_cast<uint64_t>(memory.f_bavail) * memory.f_frsize >= kRoomBytes) {
    return kMemory;
  }
  const std::string usual = Variable("TMPDIR");
  return usual.empty() ? "/tmp" : usual;
}

}  // namespace

TempDir::TempDir(Place place) : path_(absl::StrCat(Parent(place), "/partnerskap_test_XXXXXX")) {
  if (mkdtemp(path_.data()) == nullptr) {
    std::perror(path_.c_str());
    std::abort();
  }
}

TempDir::~TempDir() {
  if (std::getenv("PARTNERSKAP_KEEP_TEMP") != nullptr) {
    std::fprintf(stderr, "kept %s\n", path_.c_str());
    return;
  }
  std::error_code ignored;  // a test that has passed does not fail because of what it leaves
  std::filesystem::remove_all(path_, ignored);
}

std::string TempDir::operator/(absl::string_view name) const { return absl::StrCat(path_, "/", name); }

void CopyStateDirectory(const std::string& from, const std::string& to) {
  std::filesystem::create_directories(to);
  std::filesystem::permissions(to, std::filesystem::perms::owner_all);
  for (const auto& entry : std::filesystem::directory_iterator(from)) {
    const std::string name = entry.path().filename().string();
    if (!entry.is_regular_file() || absl::EndsWith(name, "-shm")) continue;
    std::filesystem::copy_file(entry.path(), std::filesystem::path(to) / name,
                               std::filesystem::copy_options::overwrite_existing);
  }
}

}  // namespace partnerskap
