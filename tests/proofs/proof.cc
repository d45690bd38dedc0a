#include "tests/proofs/proof.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "nlohmann/json.hpp"

namespace partnerskap {
namespace {

// Often enough that nobody takes the program for hung.
constexpr absl::Duration kProgressEvery = absl::Seconds(5);

struct Flags {
  uint64_t seed = 0;
  uint64_t rounds = 0;
  double minutes = 0;
  std::string record;
};

struct Run {
  Tally tally;
  uint64_t rounds = 0;
  uint64_t first_seed = 0;
  uint64_t last_seed = 0;
  absl::Duration took;
  absl::Status outcome;
};

void SayProgress(const Proof& proof, const Run& run, absl::Duration so_far) {
  std::fprintf(stderr, "%s: %s, round %llu (seed %llu), %llu %s\n", proof.name.c_str(),
               absl::FormatDuration(absl::Trunc(so_far, absl::Seconds(1))).c_str(),
               static_cast<unsigned long long>(run.rounds), static_cast<unsigned long long>(run.last_seed),
               static_cast<unsigned long long>(run.tally.units()), proof.unit.c_str());
}

Run RunRounds(const Proof& proof, const Flags& flags) {
  Run run;
  const absl::Time start = absl::Now();
  const absl::Time end = flags.minutes > 0 ? start + absl::Minutes(flags.minutes) : absl::InfiniteFuture();
  absl::Time next_progress = start + kProgressEvery;
  run.first_seed = flags.seed;
  for (uint64_t i = 0; i < flags.rounds && run.outcome.ok() && absl::Now() < end; ++i) {
    run.last_seed = flags.seed + i;
    ++run.rounds;
    run.outcome = proof.round(run.last_seed, run.tally);
    if (absl::Now() < next_progress) continue;
    SayProgress(proof, run, absl::Now() - start);
    next_progress = absl::Now() + kProgressEvery;
  }
  run.took = absl::Now() - start;
  if (run.outcome.ok() && run.tally.units() == 0) {
    run.outcome = absl::InternalError(absl::StrCat("nothing was tested: no ", proof.unit));
  }
  return run;
}

nlohmann::ordered_json Summary(const Proof& proof, const Run& run) {
  return {{"proof", proof.name},
          {"unit", proof.unit},
          {"count", run.tally.units()},
          {"counts", run.tally.counts()},
          {"rounds", run.rounds},
          {"first_seed", run.first_seed},
          {"last_seed", run.last_seed},
          {"seconds", absl::ToInt64Seconds(run.took)},
          {"failures", run.outcome.ok() ? 0 : 1}};
}

// What the flags leave open: a seed alone means that one round; a time means as many as fit, of seeds nobody has tried.
void Complete(const CLI::App& app, const Proof& proof, Flags& flags) {
  const bool seeded = app.count("--seed") > 0;
  const bool timed = app.count("--minutes") > 0;
  if (app.count("--rounds") == 0) flags.rounds = timed ? UINT64_MAX : seeded ? 1 : proof.rounds;
  // 32 bits are short enough to be typed, and enough that two nights do not try the same.
  if (!seeded) flags.seed = timed ? std::random_device()() : 1;
}

}  // namespace

int RunProof(int argc, char** argv, const Proof& proof) {
  CLI::App app(absl::StrCat(proof.about, "\nPromises: ", proof.promises, "."), proof.name);
  Flags flags;
  app.add_option("--seed", flags.seed, "Seed of the first round; alone, that one round")->check(CLI::NonNegativeNumber);
  app.add_option("--rounds", flags.rounds, absl::StrCat("Rounds; ", proof.rounds, " unless told otherwise"))
      ->check(CLI::PositiveNumber);
  app.add_option("--minutes", flags.minutes, "Begin no round after this time; from a new seed unless told otherwise")
      ->check(CLI::PositiveNumber);
  app.add_option("--record", flags.record, "Append the summary to this file, a JSON object a line");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  Complete(app, proof, flags);
  const Run run = RunRounds(proof, flags);
  const std::string summary = Summary(proof, run).dump();
  if (!flags.record.empty()) std::ofstream(flags.record, std::ios::app) << summary << "\n";
  if (!run.outcome.ok()) {
    std::cout << proof.name << " broke a promise (" << proof.promises << ") in the round of seed " << run.last_seed
              << ":\n"
              << run.outcome.message() << "\nIt is repeated by: " << argv[0] << " --seed " << run.last_seed << "\n";
  }
  std::cout << summary << std::endl;
  return run.outcome.ok() ? 0 : 1;
}

}  // namespace partnerskap
