#include "common/feed/resume_token.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/status/refusal.h"
#include "partnerskap/common/v1/reasons.pb.h"

namespace partnerskap {

ResumeTokens::ResumeTokens(Sealer& sealer, absl::string_view feed_service, const FeedFilter& filter) : sealer_(sealer) {
  // Escaped, so that no name can contain what separates names.
  std::vector<std::string> types;
  for (const std::string& type : filter.message_types) types.push_back(absl::CHexEscape(type));
  std::sort(types.begin(), types.end());
  // Each ends its line, so that one empty type is not none.
  purpose_ = absl::StrCat("feed\n", feed_service, "\n", absl::CHexEscape(filter.network), "\n");
  for (const std::string& type : types) absl::StrAppend(&purpose_, type, "\n");
}

std::string ResumeTokens::Make(absl::string_view epoch, int64_t sequence) const {
  return sealer_.Seal(purpose_, absl::StrCat(epoch, "/", sequence));
}

absl::StatusOr<int64_t> ResumeTokens::Open(absl::string_view token, absl::string_view epoch, int64_t floor,
                                           int64_t committed) const {
  const absl::StatusOr<std::string> opened = sealer_.Open(purpose_, token);
  if (!opened.ok()) return Refuse(common::v1::RESUME_TOKEN_INVALID);
  const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(*opened, absl::MaxSplits('/', 1));
  int64_t sequence = 0;
  if (!absl::SimpleAtoi(parts.second, &sequence)) return Refuse(common::v1::RESUME_TOKEN_INVALID);
  if (parts.first != epoch || sequence > committed) return Refuse(common::v1::FEED_EPOCH_CHANGED);
  if (sequence + 1 < floor) return Refuse(common::v1::FEED_POSITION_EXPIRED, {{"floor", absl::StrCat(floor)}});
  return sequence;
}

}  // namespace partnerskap
