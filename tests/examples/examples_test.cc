#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "cli/apply.h"
#include "cli/report.h"
#include "cli/test_client.h"
#include "common/rpc/field_rules.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "partnerskap/common/v1/source.pb.h"

namespace partnerskap {
namespace {

using common::v1::Source;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

namespace fs = std::filesystem;

std::vector<std::string> ExampleFiles() {
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(PARTNERSKAP_SOURCE_DIR "/examples")) {
    if (entry.path().extension() == ".textproto") files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

cli::v1::NetworkFile Read(const std::string& path) {
  auto file = cli::ReadNetworkFile(path);
  EXPECT_TRUE(file.ok()) << file.status();
  return file.ok() ? *std::move(file) : cli::v1::NetworkFile();
}

// Visits a message and everything in it, with the way to it: `seats[3].aliases[0]`.
template <typename Visit>
void Walk(const Message& message, const std::string& way, const Visit& visit) {
  visit(message, way);
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    const std::string next = absl::StrCat(way, way.empty() ? "" : ".", field->name());
    if (!field->is_repeated()) Walk(message.GetReflection()->GetMessage(message, field), next, visit);
    for (int i = 0; field->is_repeated() && i < message.GetReflection()->FieldSize(message, field); ++i) {
      Walk(message.GetReflection()->GetRepeatedMessage(message, field, i), absl::StrCat(next, "[", i, "]"), visit);
    }
  }
}

// Where a message can name its sources and names none.
std::vector<std::string> WithoutSources(const cli::v1::NetworkFile& file) {
  std::vector<std::string> found;
  Walk(file, "", [&](const Message& message, const std::string& way) {
    const FieldDescriptor* sources = message.GetDescriptor()->FindFieldByName("sources");
    if (sources == nullptr || sources->message_type() != Source::descriptor()) return;
    if (message.GetReflection()->FieldSize(message, sources) == 0) found.push_back(way);
  });
  return found;
}

// Documents that are sources and stand not in docs/sources.md.
std::set<std::string> UnknownDocuments(const cli::v1::NetworkFile& file) {
  std::ifstream stream(PARTNERSKAP_SOURCE_DIR "/docs/sources.md");
  const std::string page((std::istreambuf_iterator<char>(stream)), {});
  std::set<std::string> unknown;
  Walk(file, "", [&](const Message& message, const std::string&) {
    const auto* source = dynamic_cast<const Source*>(&message);
    if (source != nullptr && !absl::StrContains(page, source->document())) unknown.insert(source->document());
  });
  return unknown;
}

// What breaks the contract's field rules in the requests that would load the file, by element.
std::vector<std::string> BrokenRules(const cli::v1::NetworkFile& file) {
  std::vector<std::string> broken;
  cli::TestClient empty;
  const auto steps = cli::Plan(empty, file, [](size_t, size_t) {});
  EXPECT_TRUE(steps.ok()) << steps.status();
  if (!steps.ok()) return broken;
  for (const cli::Step& step : *steps) {
    EXPECT_EQ(step.action, cli::Step::Action::kCreate) << step.name;
    for (const Violation& violation : CheckFieldRules(*step.request)) {
      broken.push_back(absl::StrCat(step.name, ": ", violation.field, ": ", violation.description));
    }
  }
  return broken;
}

TEST(Examples, ThereAreTwoNetworks) { EXPECT_EQ(ExampleFiles().size(), 2U); }

TEST(Examples, EveryElementHasANameOfItsOwn) {
  std::set<std::string> names;
  for (const std::string& path : ExampleFiles()) {
    const cli::v1::NetworkFile file = Read(path);
    EXPECT_GT(cli::ElementsOf(file).size(), 20U) << path;
    for (const cli::Element& element : cli::ElementsOf(file)) {
      EXPECT_FALSE(element.name.empty()) << path << ": " << element.message->ShortDebugString();
      // A statement has no name but its decision's.
      if (dynamic_cast<const cli::v1::PermittedStatement*>(element.message) != nullptr) continue;
      EXPECT_TRUE(names.insert(element.name).second) << path << ": " << element.name << " stands twice";
    }
  }
}

TEST(Examples, EveryFactHasItsSource) {
  for (const std::string& path : ExampleFiles()) EXPECT_THAT(WithoutSources(Read(path)), IsEmpty()) << path;
}

TEST(Examples, EverySourceStandsOnThePageOfSources) {
  for (const std::string& path : ExampleFiles()) EXPECT_THAT(UnknownDocuments(Read(path)), IsEmpty()) << path;
}

TEST(Examples, KeepTheRulesOfEveryField) {
  for (const std::string& path : ExampleFiles()) EXPECT_THAT(BrokenRules(Read(path)), IsEmpty()) << path;
}

TEST(Examples, WhatIsWrongIsFound) {
  cli::v1::NetworkFile file;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(
      "networks { name: 'networks/n' kind: PARTNERSHIP display_name: 'N' aliases { text: 'M' } "
      "sources { document: 'Hörsägen' } } "
      "seats { name: 'networks/n/seats/Å' kind: MEMBER display_name: 'Å' }",
      &file));
  EXPECT_THAT(WithoutSources(file), ElementsAre("networks[0].aliases[0]", "seats[0]"));
  EXPECT_THAT(UnknownDocuments(file), ElementsAre("Hörsägen"));
  EXPECT_THAT(BrokenRules(file), Contains(::testing::HasSubstr("networks/n/seats/Å: seat.parties")));
  EXPECT_THAT(BrokenRules(file), Contains(::testing::HasSubstr("networks/n/seats/Å: seat_id")));
  EXPECT_THAT(BrokenRules(file), Not(Contains(::testing::HasSubstr("seat.display_name"))));
}

TEST(Examples, NoSeatSpeaksOfAnotherNetwork) {
  for (const std::string& path : ExampleFiles()) {
    const cli::v1::NetworkFile file = Read(path);
    ASSERT_EQ(file.networks_size(), 1) << path;
    for (const membership::v1::Seat& seat : file.seats()) {
      EXPECT_TRUE(absl::StartsWith(seat.name(), file.networks(0).name() + "/")) << seat.name();
    }
  }
}

TEST(Examples, QuestionsOfTheReportAreAboutThem) {
  const auto questions = cli::ReadQuestions(PARTNERSKAP_SOURCE_DIR "/examples/questions/report.textproto");
  ASSERT_TRUE(questions.ok()) << questions.status();
  std::set<std::string> names;
  for (const std::string& path : ExampleFiles()) {
    const cli::v1::NetworkFile file = Read(path);
    for (const cli::Element& element : cli::ElementsOf(file)) names.insert(element.name);
  }
  EXPECT_THAT(names, Contains(questions->network()));
  for (const std::string& agreement : questions->agreements()) EXPECT_THAT(names, Contains(agreement));
  for (const std::string& decision : questions->decisions()) EXPECT_THAT(names, Contains(decision));
}

}  // namespace
}  // namespace partnerskap
