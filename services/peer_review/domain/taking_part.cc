#include "services/peer_review/domain/taking_part.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/status/refusal.h"
#include "common/time/partial_date.h"
#include "partnerskap/peerreview/v1/reasons.pb.h"

namespace partnerskap::peer_review {

absl::Status MustTakePart(const std::optional<KnownSeat>& seat, absl::string_view name, absl::string_view network,
                          const google::type::Date& day) {
  if (seat.has_value() && seat->network == network && Compare(day, seat->join_date) != DateOrder::kBefore &&
      Compare(day, seat->exit_date) != DateOrder::kAfter) {
    return absl::OkStatus();
  }
  return Refuse(v1::SEAT_NOT_TAKING_PART, {{"seat", std::string(name)}});
}

absl::Status MustNotBeReversed(const google::type::Date& start, const google::type::Date& end,
                               absl::string_view field) {
  if (Compare(end, start) != DateOrder::kBefore) return absl::OkStatus();
  return Refuse(v1::PERIOD_REVERSED,
                {{"field", std::string(field)}, {"start", DateToText(start)}, {"end", DateToText(end)}});
}

absl::Status MustBeOfNetwork(absl::string_view network, absl::string_view name, absl::string_view field) {
  if (name.empty() || absl::StartsWith(name, absl::StrCat(network, "/"))) return absl::OkStatus();
  return RefuseFields({{std::string(field), absl::StrCat("must be of ", network)}});
}

absl::Status MayOpenRound(absl::string_view open) {
  if (open.empty()) return absl::OkStatus();
  return Refuse(v1::ROUND_OVERLAPS, {{"review_round", std::string(open)}});
}

absl::Status MayScope(const v1::Review& review, const std::vector<v1::Challenge>& challenges) {
  for (const v1::Challenge& challenge : challenges) {
    if (challenge.seat() != review.seat() || challenge.state() != v1::Challenge::ACCEPTED) {
      return Refuse(v1::SCOPE_CHALLENGE_WRONG, {{"challenge", challenge.name()}});
    }
  }
  return absl::OkStatus();
}

absl::Status MayStaff(const v1::Review& review, const std::vector<KnownPost>& posts) {
  for (const KnownPost& post : posts) {
    if (std::find(review.reviewers().begin(), review.reviewers().end(), post.seat) == review.reviewers().end()) {
      return Refuse(v1::TEAM_MEMBER_OF_OTHER_SEAT, {{"post", post.name}});
    }
  }
  for (const char* kind : {"ELECTED", "OFFICIAL"}) {
    if (std::none_of(posts.begin(), posts.end(), [kind](const KnownPost& post) { return post.kind == kind; })) {
      return Refuse(v1::TEAM_NOT_MIXED, {{"missing", kind}});
    }
  }
  return absl::OkStatus();
}

}  // namespace partnerskap::peer_review
