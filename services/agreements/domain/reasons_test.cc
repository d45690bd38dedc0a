// Each reason of the contract is raised in one place, and the README says where.
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "partnerskap/agreements/v1/reasons.pb.h"

namespace partnerskap::agreements {
namespace {

const std::filesystem::path kService = std::filesystem::path(PARTNERSKAP_SOURCE_DIR) / "services/agreements";

std::string Read(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

int Occurrences(const std::string& text, const std::string& part) {
  int count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST(Reasons, EachIsRaisedInOnePlaceThatTheReadmeNames) {
  const std::string readme = Read(kService / "README.md");
  for (int i = 0; i < v1::Reason_descriptor()->value_count(); ++i) {
    const std::string& reason = v1::Reason_descriptor()->value(i)->name();
    if (v1::Reason_descriptor()->value(i)->number() == 0) continue;
    int raised = 0;
    for (const auto& entry : std::filesystem::directory_iterator(kService / "domain")) {
      const std::string name = entry.path().filename().string();
      if (entry.path().extension() != ".cc" || name.find("_test.cc") != std::string::npos) continue;
      const int here = Occurrences(Read(entry.path()), absl::StrCat("v1::", reason, ",")) +
                       Occurrences(Read(entry.path()), absl::StrCat("v1::", reason, ")"));
      raised += here;
      if (here > 0) {
        EXPECT_TRUE(readme.find(absl::StrCat("| ", reason, " | `")) != std::string::npos &&
                    readme.find(absl::StrCat("` in `domain/", name, "` |"),
                                readme.find(absl::StrCat("| ", reason, " |"))) != std::string::npos)
            << reason << " in " << name;
      }
    }
    EXPECT_EQ(raised, 1) << reason;
  }
}

}  // namespace
}  // namespace partnerskap::agreements
