// A production binary cannot be told to fail: docs/adr/0020-failpoints.md.
#include <signal.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/testing/temp_dir.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/processes/service_processes.h"

namespace partnerskap {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string BinaryOf(const std::string& name) {
  std::ifstream file(absl::StrCat(PARTNERSKAP_BINARY_DIR "/bin/partnerskap-", name), std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

TEST(FailingService, IsTheOnlyOneThatCanBeTold) {
  const std::string flag = "--failpoint=";
  EXPECT_THAT(BinaryOf("failing-service"), HasSubstr(flag));
  for (const std::string service : kServices) {
    const std::string binary = BinaryOf(absl::StrReplaceAll(service, {{"_", "-"}}));
    ASSERT_GT(binary.size(), 1'000'000u) << service;
    EXPECT_EQ(binary.find(flag), std::string::npos) << service;
  }
}

TEST(FailingService, DiesAtThePlaceAndStartsAgain) {
  const TempDir files(TempDir::Place::kDisk);
  ServiceProcesses services(files.path());
  services.Spawn("membership", "mid_migration,1,kill,0");
  EXPECT_TRUE(services.AwaitDeath("membership", absl::Seconds(20)));
  services.Spawn("membership");
  EXPECT_TRUE(services.AwaitReady("membership").ok());
  EXPECT_TRUE(services.Kill("membership").ok());
}

}  // namespace
}  // namespace partnerskap
