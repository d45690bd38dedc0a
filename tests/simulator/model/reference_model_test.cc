#include "tests/simulator/model/reference_model.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/time/civil_time.h"
#include "common/status/refusal.h"
#include "google/protobuf/text_format.h"
#include "partnerskap/common/v1/reasons.pb.h"
#include "partnerskap/membership/v1/reasons.pb.h"
#include "partnerskap/membership/v1/service.pb.h"
#include "tests/simulator/model/dates.h"

namespace partnerskap::simulator {
namespace {

namespace v1 = membership::v1;
using model::CertainlyBefore;
using model::CertainlyOverlap;
using model::IsBankDay;
using model::LastElectionDay;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

template <typename M>
M Text(const std::string& text) {
  M message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

class ReferenceModelTest : public ::testing::Test {
 protected:
  ReferenceModelTest() { admin_.admin = true; }

  template <typename Request>
  Verdict Ask(const std::string& method, const std::string& text, const Caller& caller) {
    return model_.Apply("membership", method, Text<Request>(text), caller, now_);
  }
  template <typename Request>
  Verdict Ask(const std::string& method, const std::string& text) {
    return Ask<Request>(method, text, admin_);
  }
  void EnterSeat() {
    Ask<v1::CreateOrganizationRequest>(
        "CreateOrganization",
        "organization_id: 'kommun-0380' organization { kind: MUNICIPALITY code: '0380' display_name: 'Uppsala' }");
    Ask<v1::CreateNetworkRequest>("CreateNetwork", "network_id: 'p' network { kind: NETWORK display_name: 'P' }");
    const Verdict seat = Ask<v1::CreateSeatRequest>(
        "CreateSeat",
        "parent: 'networks/p' seat_id: 'uppsala' seat { kind: MEMBER display_name: 'Uppsala' join_date { year: 2005 } "
        "parties { organization: 'organizations/kommun-0380' } }");
    ASSERT_EQ(seat.code, absl::StatusCode::kOk) << seat.reason;
    ASSERT_NE(seat.resource, nullptr);
  }

  ReferenceModel model_;
  Caller admin_;
  absl::Time now_ = absl::FromCivil(absl::CivilHour(2026, 3, 2, 8), absl::UTCTimeZone());
};

TEST_F(ReferenceModelTest, TakesWhatTheRulesAllow) {
  EnterSeat();
  const Verdict held = Ask<v1::HoldSeatRequest>(
      "HoldSeat", "name: 'networks/p/seats/uppsala' etag: '1' reason: 'r' start_date { year: 2020 month: 1 day: 1 }");
  ASSERT_EQ(held.code, absl::StatusCode::kOk) << held.reason;
  const auto& seat = static_cast<const v1::Seat&>(*held.resource);
  EXPECT_EQ(seat.holds_size(), 1);
  EXPECT_EQ(seat.etag(), "2");
  EXPECT_THAT(model_.BrokenInvariants(), IsEmpty());
}

TEST_F(ReferenceModelTest, RefusesWithTheReason) {
  EnterSeat();
  EXPECT_EQ(Ask<v1::HoldSeatRequest>("HoldSeat",
                                     "name: 'networks/p/seats/uppsala' etag: '*' reason: 'r' "
                                     "start_date { year: 2004 month: 12 day: 31 }")
                .reason,
            "SEAT_DATE_IMPOSSIBLE");
  EXPECT_EQ(Ask<v1::HoldSeatRequest>("HoldSeat",
                                     "name: 'networks/p/seats/uppsala' etag: '7' reason: 'r' "
                                     "start_date { year: 2020 month: 1 day: 1 }")
                .reason,
            "ETAG_STALE");
  EXPECT_EQ(Ask<v1::HoldSeatRequest>("HoldSeat", "name: 'networks/p/seats/uppsala' etag: '*' reason: 'r'").reason,
            "FIELD_VIOLATIONS");
  Caller reader;
  reader.reader = true;
  EXPECT_EQ(Ask<v1::CreateNetworkRequest>("CreateNetwork", "", reader).reason, "PERMISSION_MISSING");
  EXPECT_EQ(Ask<v1::CreateNetworkRequest>("CreateNetwork", "", Caller()).reason, "UNKNOWN_PRINCIPAL");
}

TEST_F(ReferenceModelTest, ARepeatAnswersAsTheFirstDid) {
  const std::string text =
      "network_id: 'p' network { kind: NETWORK display_name: 'P' } request_id: '6f1c2a4e-0d1b-4c3a-9e2f-0a1b2c3d4e5f'";
  EXPECT_EQ(Ask<v1::CreateNetworkRequest>("CreateNetwork", text).code, absl::StatusCode::kOk);
  EXPECT_EQ(Ask<v1::CreateNetworkRequest>("CreateNetwork", text).code, absl::StatusCode::kOk);
  EXPECT_EQ(Ask<v1::CreateNetworkRequest>("CreateNetwork",
                                          "network_id: 'q' network { kind: NETWORK display_name: 'P' } "
                                          "request_id: '6f1c2a4e-0d1b-4c3a-9e2f-0a1b2c3d4e5f'")
                .reason,
            "REQUEST_ID_REUSED");
}

TEST_F(ReferenceModelTest, ValidationChangesNothing) {
  const std::string text = "network_id: 'p' network { kind: NETWORK display_name: 'P' } validate_only: true";
  EXPECT_EQ(Ask<v1::CreateNetworkRequest>("CreateNetwork", text).code, absl::StatusCode::kOk);
  EXPECT_EQ(Ask<v1::GetNetworkRequest>("GetNetwork", "name: 'networks/p'").reason, "RESOURCE_NOT_FOUND");
}

TEST(Disagreement, IsFoundInCodeReasonAndAnswer) {
  Verdict verdict;
  auto expected = std::make_unique<v1::Network>();
  expected->set_name("networks/p");
  expected->set_display_name("P");
  v1::Network answer = *expected;
  answer.set_uid("given by the server");
  verdict.resource = std::move(expected);
  EXPECT_EQ(Disagreement(verdict, absl::OkStatus(), &answer), "");
  answer.set_display_name("Q");
  EXPECT_THAT(Disagreement(verdict, absl::OkStatus(), &answer), HasSubstr("display_name"));
  EXPECT_NE(Disagreement(verdict, Refuse(v1::SEAT_LEFT), nullptr), "");

  Verdict refused;
  refused.code = absl::StatusCode::kFailedPrecondition;
  refused.reason = "SEAT_LEFT";
  refused.also = {"ETAG_STALE"};
  EXPECT_EQ(Disagreement(refused, Refuse(v1::SEAT_LEFT), nullptr), "");
  EXPECT_EQ(Disagreement(refused, Refuse(common::v1::ETAG_STALE), nullptr), "");
  EXPECT_NE(Disagreement(refused, Refuse(v1::SEAT_ON_HOLD), nullptr), "");
  EXPECT_NE(Disagreement(refused, absl::OkStatus(), &answer), "");
}

TEST(Dates, CertaintyOfWhatIsKnownVaguely) {
  const auto date = [](const std::string& text) { return Text<google::type::Date>(text); };
  EXPECT_TRUE(CertainlyBefore(date("year: 2014"), date("year: 2015 month: 1 day: 1")));
  EXPECT_FALSE(CertainlyBefore(date("year: 2015"), date("year: 2015 month: 12 day: 31")));
  EXPECT_FALSE(CertainlyBefore(date(""), date("year: 2015")));
  // An open term gives way to whoever comes after it.
  EXPECT_FALSE(CertainlyOverlap(date("year: 2010 month: 1 day: 1"), date(""), date("year: 2012 month: 1 day: 1"),
                                date("year: 2014 month: 1 day: 1")));
  EXPECT_TRUE(CertainlyOverlap(date("year: 2010 month: 1 day: 1"), date("year: 2012 month: 1 day: 1"),
                               date("year: 2012 month: 1 day: 1"), date("year: 2014 month: 1 day: 1")));
}

TEST(Dates, DaysOfLaw) {
  EXPECT_EQ(LastElectionDay(absl::CivilDay(2020, 1, 1)), absl::CivilDay(2018, 9, 9));
  EXPECT_EQ(LastElectionDay(absl::CivilDay(2011, 1, 1)), absl::CivilDay(2010, 9, 19));
  EXPECT_EQ(LastElectionDay(absl::CivilDay(2014, 9, 13)), absl::CivilDay(2010, 9, 19));
  EXPECT_FALSE(IsBankDay(absl::CivilDay(2012, 12, 24)));
  EXPECT_FALSE(IsBankDay(absl::CivilDay(2026, 4, 3)));   // Good Friday
  EXPECT_FALSE(IsBankDay(absl::CivilDay(2026, 6, 19)));  // Midsummer Eve
  EXPECT_TRUE(IsBankDay(absl::CivilDay(2012, 12, 27)));
}

}  // namespace
}  // namespace partnerskap::simulator
