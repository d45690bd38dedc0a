// The fuzz targets without a fuzzer: every input of tests/fuzz/corpus (seed 1), and then inputs made from those, as
// many as there are, by each further seed.
//
//   fuzz-corpus --input requests-membership FILE    runs one file: a finding of libFuzzer or of this program
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/stubs/logging.h"
#include "tests/fuzz/target.h"
#include "tests/proofs/proof.h"

namespace partnerskap::fuzz {
namespace {

constexpr char kCorpus[] = PARTNERSKAP_SOURCE_DIR "/tests/fuzz/corpus";
constexpr uint64_t kCorpusSeed = 1;
// What libFuzzer is told too: longer inputs find nothing that short ones do not.
constexpr size_t kMaxInputBytes = 1 << 16;

struct Input {
  const Target* target;
  std::string name;
  std::string bytes;
};

// What runs, for the handler below.
std::string& Running() {
  static auto& running = *new std::string;
  return running;
}
std::string& RunningName() {
  static auto& name = *new std::string;
  return name;
}
constexpr char kKept[] = "/tmp/partnerskap_fuzz_finding";

// Only calls that a signal handler may make.
void Keep(int signal) {
  const auto say = [](const char* text, size_t size) {
    // Nothing is left to do where standard error is gone.
    if (write(STDERR_FILENO, text, size) < 0) _exit(1);
  };
  const int file = open(kKept, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file >= 0 && write(file, Running().data(), Running().size()) >= 0) {
    say("the input is kept in ", 21);
    say(kKept, sizeof(kKept) - 1);
    say(", which came from ", 18);
  }
  say(RunningName().data(), RunningName().size());
  say("\n", 1);
  // Found aborts: that is a proof which found something. Anything else ends as it would have.
  if (signal == SIGABRT) _exit(1);
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

// By target and name.
const std::vector<Input>& Corpus() {
  static const auto& corpus = *new std::vector<Input>([] {
    std::vector<Input> inputs;
    for (const Target& target : Targets()) {
      const std::filesystem::path folder = std::filesystem::path(kCorpus) / target.name;
      std::vector<std::filesystem::path> files;
      if (std::filesystem::is_directory(folder)) {
        for (const auto& file : std::filesystem::directory_iterator(folder)) files.push_back(file.path());
      }
      std::sort(files.begin(), files.end());
      // Every target at least has the empty input.
      inputs.push_back({&target, absl::StrCat(target.name, ", empty"), ""});
      for (const auto& file : files) inputs.push_back({&target, file.string(), ReadFile(file)});
    }
    return inputs;
  }());
  return corpus;
}

void RunOne(const Target& target, const std::string& name, std::string bytes) {
  RunningName() = name;
  Running() = std::move(bytes);
  target.run(Running());
}

absl::Status Round(uint64_t seed, Tally& tally) {
  Words::Known().Forget();
  if (Corpus().size() == Targets().size()) return absl::NotFoundError(absl::StrCat(kCorpus, " has no inputs"));
  for (size_t i = 0; i < Corpus().size(); ++i) {
    const Input& input = Corpus()[i];
    std::string bytes = input.bytes;
    if (seed != kCorpusSeed) {
      Mutator mutator(static_cast<unsigned>(seed * Corpus().size() + i));
      bytes = input.target->mutate(bytes, mutator);
      bytes.resize(std::min(bytes.size(), kMaxInputBytes));
    }
    RunOne(*input.target, absl::StrCat(input.name, " (seed ", seed, ")"), std::move(bytes));
    tally.Add(1);
  }
  return absl::OkStatus();
}

int RunFile(const char* target_name, const char* path) {
  const Target* target = FindTarget(target_name);
  if (target == nullptr) {
    std::fprintf(stderr, "there is no target %s\n", target_name);
    return 2;
  }
  RunOne(*target, path, ReadFile(path));
  std::printf("%s: nothing found\n", path);
  return 0;
}

}  // namespace
}  // namespace partnerskap::fuzz

int main(int argc, char** argv) {
  // A service counts these complaints and writes one line a second (common/log); here they would be all there is.
  google::protobuf::SetLogHandler(nullptr);
  for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE}) std::signal(signal, &partnerskap::fuzz::Keep);
  if (argc == 4 && std::strcmp(argv[1], "--input") == 0) return partnerskap::fuzz::RunFile(argv[2], argv[3]);
  return partnerskap::RunProof(argc, argv,
                               {.name = "fuzz-corpus",
                                .promises = "P27 P28 P34 P35",
                                .unit = "executions",
                                .about = "Runs the fuzz targets' corpus, and inputs made from it.",
                                .rounds = 1,
                                .round = &partnerskap::fuzz::Round});
}
