// Who takes part in challenges and rounds: rules over what membership's feed has told. Pure.
#ifndef PARTNERSKAP_SERVICES_PEER_REVIEW_DOMAIN_TAKING_PART_H_
#define PARTNERSKAP_SERVICES_PEER_REVIEW_DOMAIN_TAKING_PART_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/type/date.pb.h"
#include "partnerskap/peerreview/v1/resources.pb.h"

namespace partnerskap::peer_review {

namespace v1 = peerreview::v1;

// A seat as *membership* tells it; absent dates are unknown.
struct KnownSeat {
  std::string name;
  std::string network;
  std::string display_name;
  google::type::Date join_date;
  google::type::Date exit_date;
};

// A post as *membership* tells it.
struct KnownPost {
  std::string name;
  std::string seat;
  // `ELECTED`, `OFFICIAL` …; of a deputy, the kind of the post that it stands in for.
  std::string kind;
};

// `seat` is what is known of `name`. It takes part in `network` on `day` unless it is unknown, of another network, has
// certainly not joined yet, or has certainly left before. Errors: SEAT_NOT_TAKING_PART.
absl::Status MustTakePart(const std::optional<KnownSeat>& seat, absl::string_view name, absl::string_view network,
                          const google::type::Date& day);

// The last day of something is not certainly before the first. `field` names the last. Errors: PERIOD_REVERSED.
absl::Status MustNotBeReversed(const google::type::Date& start, const google::type::Date& end, absl::string_view field);

// What stands under another network than it speaks of. Errors: FIELD_VIOLATIONS.
absl::Status MustBeOfNetwork(absl::string_view network, absl::string_view name, absl::string_view field);

// A round for its agreement; `open` is the name of another of the agreement that is not closed, or empty.
// Errors: ROUND_OVERLAPS.
absl::Status MayOpenRound(absl::string_view open);

// The challenges of a review's scope, in the order of the request. Errors: SCOPE_CHALLENGE_WRONG.
absl::Status MayScope(const v1::Review& review, const std::vector<v1::Challenge>& challenges);

// The posts of a review's team. Errors: TEAM_MEMBER_OF_OTHER_SEAT, TEAM_NOT_MIXED.
absl::Status MayStaff(const v1::Review& review, const std::vector<KnownPost>& posts);

}  // namespace partnerskap::peer_review

#endif  // PARTNERSKAP_SERVICES_PEER_REVIEW_DOMAIN_TAKING_PART_H_
