// Strict serializability: the services' requests, one by one in the order in which they were committed, put to the
// reference model, which must give the same answers.
#ifndef PARTNERSKAP_TESTS_SIMULATOR_ORACLE_H_
#define PARTNERSKAP_TESTS_SIMULATOR_ORACLE_H_

#include <cstdint>
#include <string>

#include "tests/simulator/world.h"

namespace partnerskap::simulator {

struct OracleCounts {
  uint64_t judged = 0;         // requests with a verdict
  uint64_t disagreements = 0;  // answered otherwise than by the model; each is traced
  uint64_t other_reason = 0;   // refused by both, for different reasons: which comes first is not always said
  uint64_t unjudged = 0;       // those of which the model, or this file, says nothing
};

// After the world has come to rest. `true_clocks`: no wall clock has jumped, so that the time of a refusal is known.
OracleCounts JudgeByModel(const World& world, bool true_clocks);

}  // namespace partnerskap::simulator

#endif  // PARTNERSKAP_TESTS_SIMULATOR_ORACLE_H_
