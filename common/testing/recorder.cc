#include "common/testing/recorder.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/testing/recording.pb.h"

namespace partnerskap {
namespace {

struct Current {
  std::string directory;
  std::string test;
  record::Recording recording;
};

std::optional<Current>& Now() {
  static auto& current = *new std::optional<Current>;
  return current;
}

record::RecordedStep* NextStep(absl::Time now) {
  if (!Now().has_value()) return nullptr;
  record::RecordedStep* step = Now()->recording.add_steps();
  step->set_unix_seconds(absl::ToUnixSeconds(now));
  return step;
}

}  // namespace

void BeginRecording(absl::string_view service, absl::string_view test) {
  const char* directory = std::getenv("PARTNERSKAP_RECORD_REQUESTS");
  if (directory == nullptr) return;
  // Names of parameterized tests have slashes.
  Now() = Current{directory, absl::StrReplaceAll(test, {{"/", "-"}}), {}};
  Now()->recording.set_service(std::string(service));
}

void RecordCall(absl::Time now, absl::string_view uri, absl::string_view method, absl::string_view request) {
  record::RecordedStep* step = NextStep(now);
  if (step == nullptr) return;
  step->mutable_call()->set_uri(std::string(uri));
  step->mutable_call()->set_method(std::string(method));
  step->mutable_call()->set_request(std::string(request));
}

void RecordChange(absl::Time now, absl::string_view producer, const common::v1::Change& change) {
  record::RecordedStep* step = NextStep(now);
  if (step == nullptr) return;
  step->mutable_change()->set_producer(std::string(producer));
  *step->mutable_change()->mutable_change() = change;
}

void EndRecording() {
  if (!Now().has_value()) return;
  const std::filesystem::path folder = std::filesystem::path(Now()->directory) / Now()->recording.service();
  std::filesystem::create_directories(folder);
  std::ofstream file(folder / Now()->test, std::ios::binary);
  if (!Now()->recording.SerializeToOstream(&file) || !file.flush()) {
    std::fprintf(stderr, "cannot write the requests of %s\n", Now()->test.c_str());
    std::abort();
  }
  Now().reset();
}

}  // namespace partnerskap
