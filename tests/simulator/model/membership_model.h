// What the files of *membership*'s rules share.
#ifndef PARTNERSKAP_TESTS_SIMULATOR_MODEL_MEMBERSHIP_MODEL_H_
#define PARTNERSKAP_TESTS_SIMULATOR_MODEL_MEMBERSHIP_MODEL_H_

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "common/text/collation.h"
#include "partnerskap/membership/v1/posts.pb.h"
#include "partnerskap/membership/v1/resources.pb.h"
#include "partnerskap/membership/v1/standing.pb.h"
#include "tests/simulator/model/facts.h"

namespace partnerskap::simulator::model {

std::vector<std::string> OrganizationsOf(const membership::v1::Seat& seat);

// The seat of `name`, which may be anything below it, with the caller's right to it; null if there is none.
const membership::v1::Seat* SeatWithRight(Case& judged, const std::string& name);

// Who serves in a post on a day, from its appointments. False where the documents leave it open.
bool StandingOf(const membership::v1::Post& post, const std::vector<const membership::v1::Appointment*>& appointments,
                absl::CivilDay day, membership::v1::PostStanding& standing);

// By what people call them, in Swedish order, then by name.
template <typename M>
void SortByDisplayName(std::vector<const M*>& items) {
  std::sort(items.begin(), items.end(), [](const M* a, const M* b) {
    return std::pair(SwedishSortKey(a->display_name()), a->name()) <
           std::pair(SwedishSortKey(b->display_name()), b->name());
  });
}

void AddMembershipPosts(Rules& rules);
void AddMembershipReads(Rules& rules);
void AddMembershipStandings(Rules& rules);

}  // namespace partnerskap::simulator::model

#endif  // PARTNERSKAP_TESTS_SIMULATOR_MODEL_MEMBERSHIP_MODEL_H_
