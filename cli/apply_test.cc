#include "cli/apply.h"

#include <fstream>
#include <string>
#include <vector>

#include "cli/test_client.h"
#include "common/testing/temp_dir.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "partnerskap/scheduling/v1/resources.pb.h"

namespace partnerskap::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// A network with one of what the tests are about. Sections stand in another order than they are loaded.
constexpr char kFile[] = R"(
  adoptions {
    name: "networks/n/agreements/a/adoptions/uppsala"
    history { seat: "networks/n/seats/uppsala" attested_state: DECIDED outcome: ADOPTED body: "KS" decision_date { year: 2012 month: 1 day: 25 } }
  }
  host_rotations { name: "networks/n/hostRotation" seats: "networks/n/seats/uppsala" excluded_months: 6 }
  separate_statements { decision: "organizations/kommun-0380/decisions/d" party: "Partiet" document: "Protokoll" }
  decisions { name: "organizations/kommun-0380/decisions/d" display_name: "§ 18" body: "KS" }
  seats { name: "networks/n/seats/uppsala" kind: MEMBER display_name: "Uppsala" parties { organization: "organizations/kommun-0380" } }
  networks { name: "networks/n" kind: PARTNERSHIP display_name: "Nätverket" founding_date { year: 2004 } }
  organizations { name: "organizations/kommun-0380" kind: MUNICIPALITY code: "0380" display_name: "Uppsala" }
)";

v1::NetworkFile File(const std::string& text = kFile) {
  v1::NetworkFile file;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &file)) << text;
  return file;
}

class ApplyTest : public ::testing::Test {
 protected:
  std::vector<Step> PlanOf(const v1::NetworkFile& file) {
    auto steps = Plan(client_, file, [](size_t, size_t) {});
    EXPECT_TRUE(steps.ok()) << steps.status();
    return steps.ok() ? *std::move(steps) : std::vector<Step>();
  }
  void Apply(const v1::NetworkFile& file) {
    for (const Step& step : PlanOf(file)) {
      if (step.method.empty()) continue;
      EXPECT_TRUE(CarryOut(client_, step).ok()) << step.name;
    }
  }
  // The one step of the plan that is not kUnchanged.
  Step Only(const v1::NetworkFile& file) {
    std::vector<Step> changes;
    for (Step& step : PlanOf(file)) {
      if (step.action != Step::Action::kUnchanged) changes.push_back(std::move(step));
    }
    EXPECT_EQ(changes.size(), 1U);
    return changes.size() == 1 ? changes[0] : Step();
  }

  TestClient client_;
};

TEST_F(ApplyTest, CreatesInTheOrderOfTheSections) {
  std::vector<std::string> names, methods;
  for (const Step& step : PlanOf(File())) {
    EXPECT_EQ(step.action, Step::Action::kCreate) << step.name;
    names.push_back(step.name);
    methods.push_back(step.method.substr(step.method.rfind('/') + 1));
  }
  EXPECT_THAT(names, ElementsAre("organizations/kommun-0380", "networks/n", "networks/n/seats/uppsala",
                                 "organizations/kommun-0380/decisions/d",
                                 "organizations/kommun-0380/decisions/d separate_statement",
                                 "networks/n/agreements/a/adoptions/uppsala", "networks/n/hostRotation"));
  EXPECT_THAT(methods, ElementsAre("CreateOrganization", "CreateNetwork", "CreateSeat", "CreateDecision",
                                   "RecordSeparateStatement", "ImportAdoption", "UpdateHostRotation"));
}

TEST_F(ApplyTest, PlanningOnlyReads) {
  PlanOf(File());
  for (const std::string& call : client_.calls) EXPECT_THAT(call, ::testing::StartsWith("Get"));
  EXPECT_THAT(client_.resources, IsEmpty());
}

TEST_F(ApplyTest, ASecondRunChangesNothing) {
  Apply(File());
  EXPECT_EQ(client_.Stored<membership::v1::Seat>("networks/n/seats/uppsala").display_name(), "Uppsala");
  for (const Step& step : PlanOf(File())) {
    EXPECT_EQ(step.action, Step::Action::kUnchanged) << step.name;
    EXPECT_EQ(step.method, "") << step.name;
  }
}

TEST_F(ApplyTest, WhatTheFileLeavesOutIsNoDifference) {
  Apply(File());
  client_.Stored<membership::v1::Network>("networks/n").set_uid("6fb9f1a4-3c1e-4d6e-9d43-0a2f6d2c1b77");
  client_.Stored<membership::v1::Seat>("networks/n/seats/uppsala").mutable_join_date()->set_year(2005);
  for (const Step& step : PlanOf(File())) EXPECT_EQ(step.action, Step::Action::kUnchanged) << step.name;
}

TEST_F(ApplyTest, WhatCannotBeUpdatedIsNotOverwritten) {
  Apply(File());
  v1::NetworkFile file = File();
  file.mutable_organizations(0)->set_display_name("Upsala");
  const Step step = Only(file);
  EXPECT_EQ(step.action, Step::Action::kDiffers);
  EXPECT_EQ(step.name, "organizations/kommun-0380");
  EXPECT_THAT(step.fields, ElementsAre("display_name"));
  EXPECT_EQ(step.method, "");
}

TEST_F(ApplyTest, HistoryIsNotOverwritten) {
  Apply(File());
  v1::NetworkFile file = File();
  file.mutable_adoptions(0)->mutable_history()->set_attested_state(agreements::v1::Adoption::ANNOUNCED);
  const Step step = Only(file);
  EXPECT_EQ(step.action, Step::Action::kDiffers);
  EXPECT_THAT(step.fields, ElementsAre("attested_state"));
}

TEST_F(ApplyTest, ASeatIsUpdatedInTheFieldsThatDiffer) {
  Apply(File());
  v1::NetworkFile file = File();
  file.mutable_seats(0)->set_display_name("Uppsala kommun");
  const Step step = Only(file);
  EXPECT_EQ(step.action, Step::Action::kUpdate);
  EXPECT_THAT(step.fields, ElementsAre("display_name"));
  ASSERT_TRUE(CarryOut(client_, step).ok());
  EXPECT_EQ(client_.Stored<membership::v1::Seat>("networks/n/seats/uppsala").display_name(), "Uppsala kommun");
  EXPECT_EQ(client_.Stored<membership::v1::Seat>("networks/n/seats/uppsala").parties_size(), 1);
  for (const Step& again : PlanOf(file)) EXPECT_EQ(again.action, Step::Action::kUnchanged) << again.name;
}

TEST_F(ApplyTest, WhatNeverChangesIsNotAskedToChange) {
  Apply(File());
  v1::NetworkFile file = File();
  file.mutable_seats(0)->set_display_name("Uppsala kommun");
  file.mutable_seats(0)->mutable_parties(0)->set_organization("organizations/kommun-0136");
  const Step step = Only(file);
  EXPECT_EQ(step.action, Step::Action::kDiffers);
  EXPECT_THAT(step.fields, ElementsAre("display_name", "parties"));
  EXPECT_EQ(step.method, "");
}

TEST_F(ApplyTest, ASingletonIsUpdated) {
  Apply(File());
  v1::NetworkFile file = File();
  file.mutable_host_rotations(0)->add_excluded_months(7);
  const Step step = Only(file);
  EXPECT_EQ(step.action, Step::Action::kUpdate);
  EXPECT_THAT(step.fields, ElementsAre("excluded_months"));
  ASSERT_TRUE(CarryOut(client_, step).ok());
  EXPECT_EQ(client_.Stored<scheduling::v1::HostRotation>("networks/n/hostRotation").excluded_months_size(), 2);
}

TEST_F(ApplyTest, SomebodyElsesChangeIsNotLost) {
  Apply(File());
  v1::NetworkFile file = File();
  file.mutable_seats(0)->set_display_name("Uppsala kommun");
  const Step step = Only(file);
  client_.Stored<membership::v1::Seat>("networks/n/seats/uppsala").set_etag("9");
  EXPECT_TRUE(absl::IsAborted(CarryOut(client_, step)));
}

TEST_F(ApplyTest, AStatementIsRecordedOnceForEachParty) {
  Apply(File());
  v1::NetworkFile file = File();
  *file.add_separate_statements() = file.separate_statements(0);
  file.mutable_separate_statements(1)->set_party("Ett annat parti");
  const Step step = Only(file);
  EXPECT_EQ(step.action, Step::Action::kCreate);
  EXPECT_THAT(step.method, HasSubstr("RecordSeparateStatement"));
}

TEST_F(ApplyTest, EndsAtTheFirstErrorThatIsNoAbsence) {
  client_.refusals["GetNetwork"] = absl::UnavailableError("nobody is there");
  const auto steps = Plan(client_, File(), [](size_t, size_t) {});
  EXPECT_TRUE(absl::IsUnavailable(steps.status())) << steps.status();
  client_.refusals.clear();
  client_.refusals["CreateNetwork"] = absl::PermissionDeniedError("no");
  for (const Step& step : PlanOf(File())) {
    EXPECT_EQ(CarryOut(client_, step).ok() || step.name != "networks/n", step.name != "networks/n") << step.name;
    if (step.name == "networks/n") break;
  }
}

TEST_F(ApplyTest, AnElementWithoutANameIsRefusedBeforeAnythingIsWritten) {
  const auto steps = Plan(client_, File("networks { display_name: 'N' }"), [](size_t, size_t) {});
  EXPECT_TRUE(absl::IsInvalidArgument(steps.status()));
  EXPECT_THAT(std::string(steps.status().message()), HasSubstr("partnerskap.membership.v1.Network"));
}

TEST_F(ApplyTest, TellsHowFarItIs) {
  std::vector<size_t> done;
  ASSERT_TRUE(Plan(client_, File(), [&](size_t i, size_t all) {
                done.push_back(i);
                EXPECT_EQ(all, 7U);
              }).ok());
  EXPECT_THAT(done, ElementsAre(1, 2, 3, 4, 5, 6, 7));
}

class ReadNetworkFileTest : public ::testing::Test {
 protected:
  std::string Write(const std::string& text) {
    std::ofstream(directory_ / "file.textproto") << text;
    return directory_ / "file.textproto";
  }
  const TempDir directory_;
};

TEST_F(ReadNetworkFileTest, ReadsTextFormat) {
  const auto file = ReadNetworkFile(Write(kFile));
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->networks(0).display_name(), "Nätverket");
}

TEST_F(ReadNetworkFileTest, SaysWhereAnErrorIs) {
  const auto file = ReadNetworkFile(Write("networks {\n  colour: 'red'\n}\n"));
  EXPECT_TRUE(absl::IsInvalidArgument(file.status()));
  EXPECT_THAT(std::string(file.status().message()), HasSubstr("file.textproto:2:"));
  EXPECT_THAT(std::string(file.status().message()), HasSubstr("colour"));
}

TEST_F(ReadNetworkFileTest, AMissingFileIsNamed) {
  const auto file = ReadNetworkFile(directory_ / "none.textproto");
  EXPECT_TRUE(absl::IsNotFound(file.status()));
  EXPECT_THAT(std::string(file.status().message()), HasSubstr("none.textproto"));
}

}  // namespace
}  // namespace partnerskap::cli
