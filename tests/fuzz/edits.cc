#include "tests/fuzz/edits.h"

#include <algorithm>

namespace partnerskap::fuzz {
namespace {

// SQLite's page, as the stores have it.
constexpr size_t kPageBytes = 4096;
constexpr int kMaxEdits = 16;

void ApplyOne(const Edit& edit, std::string& bytes) {
  if (bytes.empty()) return;
  const size_t at = edit.at() % bytes.size();
  const size_t page = at / kPageBytes * kPageBytes;
  switch (edit.kind()) {
    case Edit::SET:
      for (size_t i = 0; i < edit.bytes().size() && at + i < bytes.size(); ++i) bytes[at + i] = edit.bytes()[i];
      return;
    case Edit::FLIP:
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << (edit.length() % 8)));
      return;
    case Edit::CUT:
      bytes.resize(at);
      return;
    case Edit::INSERT:
      bytes.insert(at, edit.bytes());
      return;
    case Edit::ZERO_PAGE:
      std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(page), std::min(kPageBytes, bytes.size() - page), '\0');
      return;
    case Edit::SWAP_PAGES: {
      const size_t other = edit.length() % (bytes.size() / kPageBytes + 1) * kPageBytes;
      if (std::max(page, other) + kPageBytes > bytes.size() || page == other) return;
      const auto begin = bytes.begin();
      std::swap_ranges(begin + static_cast<std::ptrdiff_t>(page),
                       begin + static_cast<std::ptrdiff_t>(page + kPageBytes),
                       begin + static_cast<std::ptrdiff_t>(other));
      return;
    }
    default:
      return;
  }
}

}  // namespace

void Apply(const google::protobuf::RepeatedPtrField<Edit>& edits, std::string& bytes) {
  for (int i = 0; i < std::min(edits.size(), kMaxEdits); ++i) ApplyOne(edits.Get(i), bytes);
}

}  // namespace partnerskap::fuzz
