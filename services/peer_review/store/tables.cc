#include "services/peer_review/store/tables.h"

namespace partnerskap::peer_review {

const ResourceTable<v1::Challenge>& Challenges() {
  static const auto& table = *new ResourceTable<v1::Challenge>({"challenges", nullptr});
  return table;
}

const ResourceTable<v1::ReviewRound>& ReviewRounds() {
  static const auto& table = *new ResourceTable<v1::ReviewRound>({"review_rounds", nullptr});
  return table;
}

const ResourceTable<v1::Review>& Reviews() {
  static const auto& table = *new ResourceTable<v1::Review>({"reviews", nullptr});
  return table;
}

std::vector<const ResourceTableBase*> Tables() { return {&Challenges(), &ReviewRounds(), &Reviews()}; }

}  // namespace partnerskap::peer_review
