// partnerskap-bench: measures the suite beside what it stands on. docs/performance.md says how to read it.
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/string_view.h"
#include "bench/echo.h"
#include "bench/goals.h"
#include "bench/picture.h"
#include "bench/report.h"
#include "bench/run.h"
#include "common/rpc/serve.h"
#include "re2/re2.h"
#include "services/membership/service.h"

namespace {

using partnerskap::bench::GoalRow;
using partnerskap::bench::Results;

constexpr int kFailed = 1;
constexpr int kUsage = 2;

// The service itself, but for one thing: each mutation is committed alone.
int ServeOneByOne(int argc, char** argv) {
  partnerskap::ServiceDefinition service = partnerskap::membership::Definition();
  service.writer.max_batch = 1;
  return partnerskap::Serve(service, argc, argv);
}

int Fail(const absl::Status& status) {
  std::cerr << "partnerskap-bench: " << status.message() << "\n";
  return kFailed;
}

// An empty path asks for nothing. False, and said, when the file cannot be written.
bool Write(const std::string& path, const std::function<std::string()>& text) {
  if (path.empty()) return true;
  std::ofstream file(path);
  file << text();
  if (file.flush()) return true;
  std::cerr << "partnerskap-bench: cannot write " << path << "\n";
  return false;
}

int Measure(const partnerskap::bench::RunOptions& options, bool prepare_only, const std::string& json,
            const std::string& svg) {
  partnerskap::bench::Run run(options);
  if (const absl::Status status = run.Prepare(); !status.ok()) return Fail(status);
  if (prepare_only) return 0;
  const absl::StatusOr<Results> results = run.Measure();
  if (!results.ok()) return Fail(results.status());
  const std::vector<GoalRow> goals = JudgeGoals(*results);
  std::cout << ReportText(*results, goals);
  bool written = Write(json, [&] { return ReportJson(*results, goals); });
  written = Write(svg, [&] { return GoalsPicture(goals, results->machine); }) && written;
  return written && results->log.failed == 0 ? 0 : kFailed;
}

// What --only takes.
std::string WhyNoRegex(const std::string& text) {
  const RE2 regex(text, RE2::Quiet);
  return regex.ok() ? "" : "no regular expression: " + regex.error();
}

}  // namespace

int main(int argc, char** argv) {
  const absl::string_view role = argc > 1 ? argv[1] : "";
  if (role == "one-by-one") return ServeOneByOne(argc - 1, argv + 1);
  if (role == "echo" && argc == 5) return partnerskap::bench::ServeEcho({argv[2], argv[3], argv[4]});

  CLI::App app("Measures membership beside an echo, SQLite alone, itself without group commit, and etcd, in one run.");
  partnerskap::bench::RunOptions options;
  std::string json, svg;
  bool prepare = false;
  app.add_flag("--quick", options.quick, "Fewer and shorter windows, and no store of a million rows");
  app.add_option("--rounds", options.rounds, "How many")->check(CLI::Range(1, 1000));
  app.add_option("--only", options.only, "Only windows whose names this finds")->type_name("REGEX")->check(WhyNoRegex);
  app.add_option("--other", options.other, "Another build of partnerskap-membership, measured beside this one")
      ->type_name("FILE");
  app.add_flag("--prepare", prepare, "Make what runs share (a store of a million rows), and measure nothing");
  app.add_option("--json", json, "Every window of every round")->type_name("FILE");
  app.add_option("--svg", svg, "The goals as a picture")->type_name("FILE");
  app.add_option("--work", options.work, "Folder for stores, certificates and logs")->required()->type_name("DIR");
  app.add_option("--roles", options.roles, "The role file")->required()->type_name("FILE");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsage;
  }
  options.program = std::filesystem::read_symlink("/proc/self/exe");
  return Measure(options, prepare, json, svg);
}
