// The numbers by which the wire and other people's tools know the annotations. A client with Google's own files must
// see no difference.
#include "google/api/annotations.pb.h"
#include "google/api/client.pb.h"
#include "google/api/field_info.pb.h"
#include "google/rpc/code.pb.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "google/type/date.pb.h"
#include "google/type/interval.pb.h"
#include "google/type/money.pb.h"
#include "gtest/gtest.h"
#include "tests/contract/contract.h"

namespace partnerskap {
namespace {

int NumberOf(const std::string& extension) {
  const FieldDescriptor* field = google::protobuf::DescriptorPool::generated_pool()->FindExtensionByName(extension);
  return field == nullptr ? 0 : field->number();
}
int NumberOf(const Descriptor& message, const std::string& name) {
  const FieldDescriptor* field = message.FindFieldByName(name);
  return field == nullptr ? 0 : field->number();
}

TEST(PublishedNumbers, AnnotationsAreGoogles) {
  EXPECT_EQ(NumberOf("google.api.http"), 72295728);
  EXPECT_EQ(NumberOf("google.api.default_host"), 1049);
  EXPECT_EQ(NumberOf("google.api.oauth_scopes"), 1050);
  EXPECT_EQ(NumberOf("google.api.method_signature"), 1051);
  EXPECT_EQ(NumberOf("google.api.field_behavior"), 1052);
  EXPECT_EQ(NumberOf("google.api.resource"), 1053);
  EXPECT_EQ(NumberOf("google.api.resource_definition"), 1053);
  EXPECT_EQ(NumberOf("google.api.resource_reference"), 1055);
  EXPECT_EQ(NumberOf("google.api.field_info"), 291403980);
}

TEST(PublishedNumbers, OptionsAreOurs) {
  EXPECT_EQ(NumberOf("partnerskap.common.v1.auth"), 50111);
  EXPECT_EQ(NumberOf("partnerskap.common.v1.rules"), 50112);
  EXPECT_EQ(NumberOf("partnerskap.common.v1.reason"), 50113);
}

TEST(PublishedNumbers, FieldBehaviorIsNotPacked) {
  const FieldDescriptor* field =
      google::protobuf::DescriptorPool::generated_pool()->FindExtensionByName("google.api.field_behavior");
  ASSERT_NE(field, nullptr);
  EXPECT_TRUE(field->is_repeated());
  EXPECT_FALSE(field->is_packed());
}

TEST(PublishedNumbers, MessagesAreGoogles) {
  const Descriptor& rule = *google::api::HttpRule::descriptor();
  EXPECT_EQ(NumberOf(rule, "get"), 2);
  EXPECT_EQ(NumberOf(rule, "post"), 4);
  EXPECT_EQ(NumberOf(rule, "patch"), 6);
  EXPECT_EQ(NumberOf(rule, "body"), 7);
  EXPECT_EQ(NumberOf(rule, "additional_bindings"), 11);
  EXPECT_EQ(NumberOf(rule, "response_body"), 12);
  const Descriptor& resource = *google::api::ResourceDescriptor::descriptor();
  EXPECT_EQ(NumberOf(resource, "type"), 1);
  EXPECT_EQ(NumberOf(resource, "pattern"), 2);
  EXPECT_EQ(NumberOf(resource, "plural"), 5);
  EXPECT_EQ(NumberOf(resource, "singular"), 6);
  EXPECT_EQ(NumberOf(*google::api::ResourceReference::descriptor(), "child_type"), 2);
  EXPECT_EQ(NumberOf(*google::type::Date::descriptor(), "day"), 3);
  EXPECT_EQ(NumberOf(*google::type::Money::descriptor(), "units"), 2);
  EXPECT_EQ(NumberOf(*google::type::Money::descriptor(), "nanos"), 3);
  EXPECT_EQ(NumberOf(*google::type::Interval::descriptor(), "end_time"), 2);
  EXPECT_EQ(NumberOf(*google::rpc::Status::descriptor(), "details"), 3);
  EXPECT_EQ(NumberOf(*google::rpc::ErrorInfo::descriptor(), "metadata"), 3);
  EXPECT_EQ(NumberOf(*google::rpc::BadRequest::descriptor(), "field_violations"), 1);
  EXPECT_EQ(google::api::FieldInfo::UUID4, 1);
  EXPECT_EQ(google::api::IDENTIFIER, 8);
  EXPECT_EQ(google::rpc::UNAUTHENTICATED, 16);
}

}  // namespace
}  // namespace partnerskap
