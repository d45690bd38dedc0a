#include "common/status/refusal.h"

#include <string>
#include <vector>

#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/status/macros.h"
#include "common/text/utf8.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "partnerskap/common/v1/reasons.pb.h"

namespace partnerskap {
namespace {

using ::testing::HasSubstr;

size_t DetailsBytes(const google::rpc::Status& wire) {
  google::rpc::Status only_details = wire;
  only_details.clear_code();
  only_details.clear_message();
  return only_details.ByteSizeLong();
}

template <typename Detail>
Detail DetailOf(const google::rpc::Status& wire) {
  Detail detail;
  for (const auto& any : wire.details()) {
    if (any.UnpackTo(&detail)) return detail;
  }
  ADD_FAILURE() << "no " << detail.GetDescriptor()->full_name() << " in " << wire.ShortDebugString();
  return detail;
}

TEST(RefuseTest, CarriesCodeReasonDomainMetadataAndBothTexts) {
  const absl::Status status = Refuse(common::v1::RESOURCE_NOT_FOUND, {{"name", "networks/x"}});
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(status.message(), "networks/x does not exist.");
  EXPECT_EQ(ReasonOf(status), "RESOURCE_NOT_FOUND");
  EXPECT_EQ(ReasonMetadataOf(status, "name"), "networks/x");
  EXPECT_EQ(ReasonMetadataOf(status, "other"), "");
  const google::rpc::Status wire = ToRpcStatus(status);
  EXPECT_EQ(wire.code(), 5);
  EXPECT_EQ(wire.message(), "networks/x does not exist.");
  ASSERT_GE(wire.details_size(), 2);
  EXPECT_EQ(wire.details(0).type_url(), "type.googleapis.com/google.rpc.ErrorInfo");
  EXPECT_EQ(DetailOf<google::rpc::ErrorInfo>(wire).domain(), "common.partnerskap");
  const auto localized = DetailOf<google::rpc::LocalizedMessage>(wire);
  EXPECT_EQ(localized.locale(), "sv-SE");
  EXPECT_EQ(localized.message(), "networks/x finns inte.");
}

TEST(RefuseTest, EveryReasonOfTheContractIsARefusalWithTexts) {
  const auto* reasons = google::protobuf::GetEnumDescriptor<common::v1::Reason>();
  for (int i = 0; i < reasons->value_count(); ++i) {
    if (reasons->value(i)->number() == 0) continue;
    const absl::Status status = RefuseWith(*reasons->value(i), {});
    EXPECT_FALSE(status.ok()) << reasons->value(i)->name();
    EXPECT_EQ(ReasonOf(status), reasons->value(i)->name());
    EXPECT_THAT(DetailOf<google::rpc::LocalizedMessage>(ToRpcStatus(status)).message(),
                testing::Not(testing::IsEmpty()));
  }
}

TEST(RefuseTest, TheUnspecifiedReasonIsNotOk) {
  EXPECT_EQ(Refuse(common::v1::REASON_UNSPECIFIED).code(), absl::StatusCode::kInternal);
}

TEST(RefuseTest, MissingMetadataIsShownAsADash) {
  EXPECT_EQ(Refuse(common::v1::RESOURCE_NOT_FOUND).message(), "- does not exist.");
}

TEST(RefuseTest, MetadataIsCutAtACharacter) {
  const std::string name = absl::StrCat(std::string(63, 'a'), "å");
  const absl::Status status = Refuse(common::v1::RESOURCE_NOT_FOUND, {{"name", name}});
  EXPECT_EQ(ReasonMetadataOf(status, "name"), std::string(63, 'a'));
}

TEST(RefuseTest, MetadataThatIsNotUtf8BecomesAscii) {
  const absl::Status status = Refuse(common::v1::RESOURCE_NOT_FOUND, {{"name",
                                                                       "a\xff\xfe"
                                                                       "b"}});
  EXPECT_EQ(ReasonMetadataOf(status, "name"), "a??b");
  EXPECT_TRUE(IsValidUtf8(ToRpcStatus(status).message()));
}

TEST(RefuseTest, AValueThatLooksLikeAKeyIsNotFilledInAgain) {
  EXPECT_EQ(Refuse(common::v1::RESOURCE_NOT_FOUND, {{"name", "{name}{"}}).message(), "{name}{ does not exist.");
}

TEST(RefuseFieldsTest, NamesAllViolationsInOrder) {
  const absl::Status status = RefuseFields({{"seat.display_name", "is required"}, {"seat_id", "is no id"}});
  EXPECT_EQ(ReasonOf(status), "FIELD_VIOLATIONS");
  EXPECT_EQ(ReasonMetadataOf(status, "count"), "2");
  const std::vector<Violation> violations = ViolationsOf(status);
  ASSERT_EQ(violations.size(), 2u);
  EXPECT_EQ(violations[0].field, "seat.display_name");
  EXPECT_EQ(violations[1].description, "is no id");
}

TEST(RefuseFieldsTest, TwentyViolationsAreAllNamed) {
  const std::vector<Violation> violations(20, {"field", "is wrong"});
  EXPECT_EQ(ViolationsOf(RefuseFields(violations)).size(), 20u);
  EXPECT_EQ(ViolationsOf(RefuseFields(violations)).back().field, "field");
}

TEST(RefuseFieldsTest, MoreAreCounted) {
  const std::vector<Violation> named = ViolationsOf(RefuseFields(std::vector<Violation>(25, {"field", "is wrong"})));
  ASSERT_EQ(named.size(), 21u);
  EXPECT_EQ(named.back().field, "");
  EXPECT_EQ(named.back().description, "and 5 more");
}

TEST(WithTest, DetailsAreAddedToARefusalAndNotToOk) {
  absl::Status status = Refuse(common::v1::WRITER_OVERLOADED, {{"limit", "10"}});
  status = WithRetry(status, absl::Milliseconds(2500));
  status = WithResource(status, "membership.partnerskap/Seat", "networks/x/seats/y");
  status = WithPrecondition(status, "STATE", "networks/x", "is closed");
  status = WithPrecondition(status, "STATE", "networks/y", "is closed too");
  const google::rpc::Status wire = ToRpcStatus(status);
  EXPECT_EQ(DetailOf<google::rpc::RetryInfo>(wire).retry_delay().seconds(), 2);
  EXPECT_EQ(DetailOf<google::rpc::RetryInfo>(wire).retry_delay().nanos(), 500'000'000);
  EXPECT_EQ(DetailOf<google::rpc::ResourceInfo>(wire).resource_name(), "networks/x/seats/y");
  EXPECT_EQ(DetailOf<google::rpc::PreconditionFailure>(wire).violations_size(), 2);
  EXPECT_TRUE(WithRetry(absl::OkStatus(), absl::Seconds(1)).ok());
  EXPECT_TRUE(WithResource(absl::OkStatus(), "a", "b").ok());
  EXPECT_TRUE(WithPrecondition(absl::OkStatus(), "a", "b", "c").ok());
}

TEST(WithTest, ANegativeRetryIsNow) {
  const auto wire = ToRpcStatus(WithRetry(Refuse(common::v1::STARTING), -absl::Seconds(3)));
  EXPECT_EQ(DetailOf<google::rpc::RetryInfo>(wire).retry_delay().seconds(), 0);
}

TEST(ToRpcStatusTest, DetailsStayBelowTheLimitAndErrorInfoStays) {
  std::vector<Violation> violations;
  for (int i = 0; i < 20; ++i) violations.push_back({std::string(200, 'f'), std::string(300, 'd')});
  absl::Status status = RefuseFields(violations);
  status = WithResource(status, std::string(9000, 't'), std::string(9000, 'n'));
  for (int i = 0; i < 100; ++i) status = WithPrecondition(status, "T", std::string(300, 's'), std::string(300, 'd'));
  const google::rpc::Status wire = ToRpcStatus(status);
  EXPECT_LE(DetailsBytes(wire), kMaxDetailsBytes);
  EXPECT_EQ(wire.details(0).type_url(), "type.googleapis.com/google.rpc.ErrorInfo");
  const auto bad_request = DetailOf<google::rpc::BadRequest>(wire);
  ASSERT_GT(bad_request.field_violations_size(), 1);
  EXPECT_THAT(bad_request.field_violations(bad_request.field_violations_size() - 1).description(), HasSubstr("more"));
}

TEST(ToRpcStatusTest, AShrunkListCountsWhatItLeftOut) {
  std::vector<Violation> violations;
  for (int i = 0; i < 20; ++i) violations.push_back({absl::StrCat("f", i), std::string(200, 'd')});
  const google::rpc::Status wire = ToRpcStatus(RefuseFields(violations));
  const auto bad_request = DetailOf<google::rpc::BadRequest>(wire);
  const int named = bad_request.field_violations_size() - 1;
  EXPECT_EQ(bad_request.field_violations(named).description(), absl::StrCat("and ", 20 - named, " more"));
  EXPECT_EQ(bad_request.field_violations(named - 1).field(), absl::StrCat("f", named - 1));
}

TEST(ToRpcStatusTest, AStatusWithoutAReasonIsOursAndItsTextStaysInside) {
  const google::rpc::Status wire = ToRpcStatus(absl::InvalidArgumentError("SELECT secret"));
  EXPECT_EQ(wire.code(), 13);
  EXPECT_EQ(wire.message().find("secret"), std::string::npos);
  EXPECT_EQ(DetailOf<google::rpc::ErrorInfo>(wire).reason(), "INTERNAL_ERROR");
}

TEST(ToRpcStatusTest, CodesOfTheTransportNeedNoReason) {
  for (const absl::Status& status :
       {absl::CancelledError("c"), absl::DeadlineExceededError("d"), absl::UnavailableError("u")}) {
    const google::rpc::Status wire = ToRpcStatus(status);
    EXPECT_EQ(wire.code(), static_cast<int>(status.code()));
    EXPECT_EQ(wire.message(), std::string(status.message()));
    EXPECT_EQ(wire.details_size(), 0);
  }
}

TEST(ToRpcStatusTest, OkIsEmpty) { EXPECT_EQ(ToRpcStatus(absl::OkStatus()).ByteSizeLong(), 0u); }

TEST(ToRpcStatusTest, TheTextIsCutAtACharacter) {
  const google::rpc::Status wire = ToRpcStatus(absl::UnavailableError(absl::StrCat(std::string(1023, 'a'), "ö")));
  EXPECT_EQ(wire.message(), std::string(1023, 'a'));
}

TEST(FromRpcStatusTest, BringsReasonFieldsAndTextBack) {
  const absl::Status sent = RefuseFields({{"name", "is required"}});
  const absl::Status back = FromRpcStatus(ToRpcStatus(sent));
  EXPECT_EQ(back.code(), sent.code());
  EXPECT_EQ(back.message(), sent.message());
  EXPECT_EQ(ReasonOf(back), "FIELD_VIOLATIONS");
  ASSERT_EQ(ViolationsOf(back).size(), 1u);
  EXPECT_EQ(ViolationsOf(back)[0].field, "name");
  EXPECT_TRUE(FromRpcStatus(google::rpc::Status()).ok());
}

TEST(FromRpcStatusTest, GarbageDetailsAreNoReason) {
  google::rpc::Status wire;
  wire.set_code(3);
  auto* any = wire.add_details();
  any->set_type_url("type.googleapis.com/google.rpc.ErrorInfo");
  any->set_value("\xff\xff\xff");
  EXPECT_EQ(ReasonOf(FromRpcStatus(wire)), "");
  EXPECT_TRUE(ViolationsOf(FromRpcStatus(wire)).empty());
}

absl::StatusOr<int> Half(int number) {
  if (number % 2 != 0) return absl::InvalidArgumentError("odd");
  return number / 2;
}

absl::StatusOr<int> Quarter(int number) {
  RETURN_IF_ERROR(number < 0 ? absl::OutOfRangeError("negative") : absl::OkStatus());
  ASSIGN_OR_RETURN(const int half, Half(number));
  ASSIGN_OR_RETURN(const int quarter, Half(half));
  return quarter;
}

TEST(MacrosTest, AssignOrReturnTheStatus) {
  EXPECT_EQ(*Quarter(8), 2);
  EXPECT_EQ(Quarter(6).status().message(), "odd");
  EXPECT_EQ(Quarter(-4).status().code(), absl::StatusCode::kOutOfRange);
}

}  // namespace
}  // namespace partnerskap
