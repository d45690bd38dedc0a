// What must hold between the stored facts, whatever was asked: read from the newest revision of everything.
#ifndef PARTNERSKAP_TESTS_SIMULATOR_INVARIANTS_H_
#define PARTNERSKAP_TESTS_SIMULATOR_INVARIANTS_H_

#include <map>
#include <memory>
#include <string>

#include "tests/simulator/mirror.h"

namespace partnerskap::simulator {

// By service. Empty, or the first that is broken.
std::string BrokenInvariants(const std::map<std::string, std::unique_ptr<Mirror>>& mirrors);

}  // namespace partnerskap::simulator

#endif  // PARTNERSKAP_TESTS_SIMULATOR_INVARIANTS_H_
