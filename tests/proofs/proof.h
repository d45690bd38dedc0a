// A proof is a program that tries to break a promise, round after round, each from a seed of its own. It runs short in
// `./suite test` and long in `./suite prove`; docs/proofs.md says which promise each is after, and what it has found.
//
//   int main(int argc, char** argv) {
//     return RunProof(argc, argv, {.name = "power-cuts", .promises = "P2 P4 P22", .unit = "power cuts",
//                                  .about = "Cuts the power after every I/O of real requests, and opens what is left.",
//                                  .rounds = 3, .round = CutEverywhere});
//   }
//
//   power-cuts                     the short form: 3 rounds from seed 1
//   power-cuts --seed 17           one round, that one: how a failure is repeated
//   power-cuts --minutes 10        as many rounds as begin within that time, from a seed that is new each time
//   power-cuts --rounds 50 --record FILE
#ifndef PARTNERSKAP_TESTS_PROOFS_PROOF_H_
#define PARTNERSKAP_TESTS_PROOFS_PROOF_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace partnerskap {

// What the rounds have done so far. Used by the thread that runs the rounds.
class Tally {
 public:
  // Of the proof's unit.
  void Add(uint64_t units) { units_ += units; }
  // Of anything else worth knowing: `Count("crashes", 1)`. Names are short and in the plural.
  void Count(absl::string_view name, uint64_t by) { counts_[std::string(name)] += by; }

  uint64_t units() const { return units_; }
  const std::map<std::string, uint64_t>& counts() const { return counts_; }

 private:
  uint64_t units_ = 0;
  std::map<std::string, uint64_t> counts_;
};

struct Proof {
  std::string name;      // lower case and dashes, as the program is called
  std::string promises;  // `P1 P4 P5`, numbers of docs/proofs.md
  std::string unit;      // what is counted, in the plural: `power cuts`
  std::string about;     // one line for --help
  uint64_t rounds = 1;   // of the short form
  // One round. Everything that is drawn is drawn from `seed`. Not OK: a promise is broken, and the message says which
  // and how it was seen; the files of the round are kept where the message says. A round that only found nothing to do
  // is an error too: a proof that tests nothing must not pass.
  std::function<absl::Status(uint64_t seed, Tally& tally)> round;
};

// Runs rounds until told otherwise, or until the first that fails. Says every few seconds on standard error how far it
// is. The last line on standard output is a JSON object: proof, unit, count, counts, rounds, first_seed, last_seed,
// seconds, failures. Exit code 0: nothing broke; 1: something did, and the command that repeats it was printed; 2:
// misused.
int RunProof(int argc, char** argv, const Proof& proof);

}  // namespace partnerskap

#endif  // PARTNERSKAP_TESTS_PROOFS_PROOF_H_
