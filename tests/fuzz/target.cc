#include "tests/fuzz/target.h"

#include <utility>

namespace partnerskap::fuzz {

const std::vector<Target>& Targets() {
  static const auto& targets = *new std::vector<Target>([] {
    std::vector<Target> all;
    for (std::vector<Target> (*list)() :
         {&RequestTargets, &GateTargets, &TokenTargets, &FeedTargets, &StoreTargets, &CallerTargets}) {
      for (Target& target : list()) all.push_back(std::move(target));
    }
    return all;
  }());
  return targets;
}

const Target* FindTarget(absl::string_view name) {
  for (const Target& target : Targets()) {
    if (target.name == name) return &target;
  }
  return nullptr;
}

}  // namespace partnerskap::fuzz
