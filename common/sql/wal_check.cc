#include "common/sql/wal_check.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/status/macros.h"

namespace partnerskap {
namespace {

// SQLite's file format, section 4: all numbers big endian; the magic number's lowest bit says how the words that are
// summed are to be read.
constexpr size_t kLogHeader = 32;
constexpr size_t kFrameHeader = 24;
constexpr uint32_t kMagic = 0x377f0682;
constexpr size_t kPageSizeAt = 8;
constexpr size_t kLogSaltsAt = 16;
constexpr size_t kLogSumAt = 24;  // of the bytes before it
constexpr size_t kPagesAt = 4;    // of the store after the commit; 0 in a frame that ends none
constexpr size_t kSaltsAt = 8;
constexpr size_t kSumAt = 16;  // of all frames before, of the bytes before kSaltsAt, and of the page
constexpr uint32_t kSmallestPage = 512;
constexpr uint32_t kLargestPage = 65'536;
// What a disk writes whole.
constexpr int64_t kSector = 512;

uint32_t NumberAt(absl::string_view bytes, size_t at, bool big_endian = true) {
  uint32_t number = 0;
  for (size_t i = 0; i < 4; ++i) {
    const auto byte = static_cast<unsigned char>(bytes[big_endian ? at + i : at + 3 - i]);
    number = (number << 8U) | byte;
  }
  return number;
}

struct Sum {
  uint32_t first = 0, second = 0;
  bool operator==(const Sum& other) const { return first == other.first && second == other.second; }
};

Sum SumAt(absl::string_view bytes, size_t at) { return {NumberAt(bytes, at), NumberAt(bytes, at + 4)}; }

Sum Add(Sum sum, absl::string_view words, bool big_endian) {
  for (size_t at = 0; at < words.size(); at += 8) {
    sum.first += NumberAt(words, at, big_endian) + sum.second;
    sum.second += NumberAt(words, at + 4, big_endian) + sum.first;
  }
  return sum;
}

// The frames one after another: first those that SQLite would take, then those behind the first wrong one.
class Scan {
 public:
  Scan(absl::string_view salts, Sum header, bool big_endian)
      : salts_(salts), big_endian_(big_endian), stored_(header), computed_(header) {}

  // True when the log is damaged: this frame begins a transaction behind a wrong frame and a whole commit.
  bool Damaged(absl::string_view frame, int64_t offset) {
    const bool salted = frame.substr(kSaltsAt, salts_.size()) == salts_;
    const Sum sum = SumAt(frame, kSumAt);
    const bool by_stored = salted && Follows(stored_, frame, sum);
    // Behind the first wrong frame also what its sum should have been: that proves its page and its mark.
    const bool by_computed = computed_ == stored_ ? by_stored : salted && Follows(computed_, frame, sum);
    // The last frame of a commit may be written twice, to fill a sector.
    const bool again = NumberAt(frame, 0) == page_;
    const bool begins = !again && ((by_stored && ends_by_stored_) || (by_computed && ends_by_computed_));
    if (begins && wrong_at_ >= 0) return true;
    const bool commit = NumberAt(frame, kPagesAt) != 0;
    const bool whole = by_stored || by_computed;
    const bool first_wrong = !whole && wrong_at_ < 0;
    computed_ = first_wrong ? SumOf(computed_, frame) : sum;
    ends_by_computed_ = commit && (whole || first_wrong);
    // Of a frame that is wrong only its mark is there to tell. It is of one time with the salts when they share a
    // sector.
    const bool one_sector = offset / kSector == (offset + static_cast<int64_t>(kSumAt) - 1) / kSector;
    ends_by_stored_ = commit && (whole || (salted && one_sector));
    stored_ = sum;
    page_ = NumberAt(frame, 0);
    if (first_wrong) wrong_at_ = offset;
    return false;
  }
  int64_t wrong_at() const { return wrong_at_; }

 private:
  Sum SumOf(Sum before, absl::string_view frame) const {
    return Add(Add(before, frame.substr(0, kSaltsAt), big_endian_), frame.substr(kFrameHeader), big_endian_);
  }
  bool Follows(Sum before, absl::string_view frame, Sum sum) const { return SumOf(before, frame) == sum; }

  const absl::string_view salts_;
  const bool big_endian_;
  // Of the frame before: its sum as it stands there and as it should be, whether it ends a transaction, and its page.
  Sum stored_, computed_;
  bool ends_by_stored_ = false, ends_by_computed_ = false;
  uint32_t page_ = 0;
  int64_t wrong_at_ = -1;
};

}  // namespace

absl::Status CheckWal(int64_t size, ReadWalAt read) {
  if (size < static_cast<int64_t>(kLogHeader)) return absl::OkStatus();
  std::string header(kLogHeader, '\0');
  RETURN_IF_ERROR(read(0, header.data(), header.size()));
  const bool big_endian = (NumberAt(header, 0) & 1U) != 0;
  const uint32_t page = NumberAt(header, kPageSizeAt);
  const Sum sum = Add({}, absl::string_view(header).substr(0, kLogSumAt), big_endian);
  const bool known = (NumberAt(header, 0) & ~1U) == kMagic && sum == SumAt(header, kLogSumAt);
  if (!known || page < kSmallestPage || page > kLargestPage || (page & (page - 1)) != 0) return absl::OkStatus();
  Scan scan(absl::string_view(header).substr(kLogSaltsAt, kLogSumAt - kLogSaltsAt), sum, big_endian);
  std::string frame(kFrameHeader + page, '\0');
  const auto frame_size = static_cast<int64_t>(frame.size());
  for (int64_t at = kLogHeader; at + frame_size <= size; at += frame_size) {
    RETURN_IF_ERROR(read(at, frame.data(), frame.size()));
    if (!scan.Damaged(frame, at)) continue;
    return absl::DataLossError(absl::StrCat("the frame at byte ", scan.wrong_at(),
                                            " is damaged, and commits that were acknowledged stand behind it"));
  }
  return absl::OkStatus();
}

}  // namespace partnerskap
