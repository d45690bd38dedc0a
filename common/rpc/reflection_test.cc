#include "common/rpc/reflection.h"

#include <set>
#include <string>
#include <vector>

#include "common/rpc/call.h"
#include "common/rpc/testdata/library.pb.h"
#include "common/status/refusal.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.pb.h"
#include "grpc/reflection/v1/reflection.pb.h"
#include "grpc/reflection/v1alpha/reflection.pb.h"
#include "gtest/gtest.h"

namespace partnerskap {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;

constexpr char kLibraryFile[] = "common/rpc/testdata/library.proto";

struct Sink : StreamSink {
  std::vector<std::string> messages;
  std::vector<absl::Status> ends;
  size_t room = 1'000;
  Sent Send(std::string message) override {
    if (messages.size() >= room) return Sent::kFull;
    messages.push_back(std::move(message));
    return Sent::kOk;
  }
  void Close(const absl::Status& status) override { ends.push_back(status); }
};

template <typename M, typename Req>
absl::StatusOr<Answer<M>> ReadAny(const Env&, const Call&, const Req&, ReadTx&) {
  return M();
}

template <typename Protocol>
class ReflectionTest : public ::testing::Test {
 protected:
  using Request = typename Protocol::Request;
  using Response = typename Protocol::Response;

  ReflectionTest() {
    ServiceMethods service(methods_, "partnerskap.library.v1.LibraryService");
    service.Read("GetBook", &ReadAny<library::v1::Book, library::v1::GetBookRequest>);
    RegisterReflection(methods_);
    Open();
  }

  void Open() {
    sink_ = std::make_shared<Sink>();
    session_ = std::get<StreamHandler>(methods_.Find(Protocol::kPath)->handler)(Env(), Call(), sink_);
  }

  Response Ask(const Request& request) {
    session_->OnMessage(request.SerializeAsString());
    Response response;
    EXPECT_TRUE(response.ParseFromString(sink_->messages.back()));
    EXPECT_EQ(response.original_request().SerializeAsString(), request.SerializeAsString());
    return response;
  }

  static std::vector<std::string> FilesOf(const Response& response) {
    std::vector<std::string> names;
    for (const std::string& bytes : response.file_descriptor_response().file_descriptor_proto()) {
      google::protobuf::FileDescriptorProto file;
      EXPECT_TRUE(file.ParseFromString(bytes));
      names.push_back(file.name());
    }
    return names;
  }

  Methods methods_;
  std::shared_ptr<Sink> sink_;
  std::shared_ptr<Session> session_;
};

struct V1 {
  using Request = grpc::reflection::v1::ServerReflectionRequest;
  using Response = grpc::reflection::v1::ServerReflectionResponse;
  static constexpr char kPath[] = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
};
struct V1Alpha {
  using Request = grpc::reflection::v1alpha::ServerReflectionRequest;
  using Response = grpc::reflection::v1alpha::ServerReflectionResponse;
  static constexpr char kPath[] = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";
};
using Protocols = ::testing::Types<V1, V1Alpha>;
TYPED_TEST_SUITE(ReflectionTest, Protocols);

TYPED_TEST(ReflectionTest, ListsTheServicesOfTheProcess) {
  typename TypeParam::Request request;
  request.set_list_services("");
  std::vector<std::string> names;
  const auto answer = this->Ask(request);
  for (const auto& service : answer.list_services_response().service()) names.push_back(service.name());
  EXPECT_THAT(names, ElementsAre("grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection",
                                 "partnerskap.library.v1.LibraryService"));
}

TYPED_TEST(ReflectionTest, TellsAFileWithWhatItImportsOncePerStream) {
  typename TypeParam::Request request;
  request.set_file_containing_symbol("partnerskap.library.v1.LibraryService");
  const auto files = this->FilesOf(this->Ask(request));
  EXPECT_THAT(files, Contains(kLibraryFile));
  EXPECT_THAT(files, Contains("google/type/date.proto"));
  EXPECT_EQ(std::set<std::string>(files.begin(), files.end()).size(), files.size());
  EXPECT_THAT(this->FilesOf(this->Ask(request)), ElementsAre(kLibraryFile));
  this->Open();
  EXPECT_EQ(this->FilesOf(this->Ask(request)).size(), files.size());
}

TYPED_TEST(ReflectionTest, FindsBySymbolByNameAndByExtension) {
  typename TypeParam::Request request;
  for (const char* symbol : {"partnerskap.library.v1.Book", "partnerskap.library.v1.Book.title",
                             "partnerskap.library.v1.Book.Genre", "partnerskap.library.v1.LibraryService.GetBook"}) {
    request.set_file_containing_symbol(symbol);
    EXPECT_THAT(this->FilesOf(this->Ask(request)), Contains(kLibraryFile)) << symbol;
  }
  request.set_file_by_filename("google/type/date.proto");
  EXPECT_THAT(this->FilesOf(this->Ask(request)), Contains("google/type/date.proto"));
  request.mutable_file_containing_extension()->set_containing_type("google.protobuf.MethodOptions");
  request.mutable_file_containing_extension()->set_extension_number(50111);
  EXPECT_THAT(this->FilesOf(this->Ask(request)), Contains("partnerskap/common/v1/options.proto"));
  request.set_all_extension_numbers_of_type("google.protobuf.MethodOptions");
  EXPECT_THAT(this->Ask(request).all_extension_numbers_response().extension_number(), Contains(50111));
}

TYPED_TEST(ReflectionTest, TellsWhatARefusalIsMadeOf) {
  typename TypeParam::Request request;
  for (const char* type : {"google.rpc.ErrorInfo", "google.rpc.BadRequest", "google.rpc.LocalizedMessage"}) {
    request.set_file_containing_symbol(type);
    EXPECT_THAT(this->FilesOf(this->Ask(request)), Contains("google/rpc/error_details.proto")) << type;
  }
  request.set_file_containing_symbol("partnerskap.common.v1.Reason");
  EXPECT_THAT(this->FilesOf(this->Ask(request)), Contains("partnerskap/common/v1/reasons.proto"));
}

// Only the folder of a service that is there is looked into.
TEST(ReflectionContractTest, TellsTheReasonsOfAPackageWithItsService) {
  using Request = V1::Request;
  const auto code = [](const Methods& methods, const char* file) {
    const auto sink = std::make_shared<Sink>();
    const auto session = std::get<StreamHandler>(methods.Find(V1::kPath)->handler)(Env(), Call(), sink);
    Request request;
    request.set_file_by_filename(file);
    session->OnMessage(request.SerializeAsString());
    V1::Response response;
    EXPECT_TRUE(response.ParseFromString(sink->messages.at(0)));
    return response.error_response().error_code();
  };
  constexpr char kReasons[] = "common/rpc/testdata/reasons.proto";
  Methods with, without;
  ServiceMethods service(with, "partnerskap.library.v1.LibraryService");
  service.Read("GetBook", &ReadAny<library::v1::Book, library::v1::GetBookRequest>);
  RegisterReflection(with);
  RegisterReflection(without);
  EXPECT_EQ(code(with, kReasons), 0);
  EXPECT_EQ(code(without, kReasons), 5);
}

TYPED_TEST(ReflectionTest, WhatIsNotOfTheContractIsNotFound) {
  typename TypeParam::Request request;
  request.set_file_containing_symbol("no.Such");
  EXPECT_EQ(this->Ask(request).error_response().error_code(), 5);
  // Linked, but of no registered service.
  request.set_file_containing_symbol("partnerskap.broken.v1.Plain");
  EXPECT_EQ(this->Ask(request).error_response().error_code(), 5);
  request.set_file_by_filename("../../etc/passwd");
  EXPECT_EQ(this->Ask(request).error_response().error_code(), 5);
  request.mutable_file_containing_extension()->set_containing_type("no.Such");
  EXPECT_EQ(this->Ask(request).error_response().error_code(), 5);
  request.set_all_extension_numbers_of_type("no.Such");
  EXPECT_EQ(this->Ask(request).error_response().error_code(), 5);
  request.clear_message_request();
  EXPECT_EQ(this->Ask(request).error_response().error_code(), 3);
  EXPECT_TRUE(this->sink_->ends.empty());
}

TYPED_TEST(ReflectionTest, ACallerThatDoesNotReadIsCutOff) {
  this->sink_->room = 1;
  typename TypeParam::Request request;
  request.set_list_services("");
  for (int i = 0; i < 17; ++i) this->session_->OnMessage(request.SerializeAsString());
  EXPECT_TRUE(this->sink_->ends.empty());
  this->session_->OnMessage(request.SerializeAsString());
  EXPECT_EQ(ReasonOf(this->sink_->ends.at(0)), "WATCHER_TOO_SLOW");
}

TYPED_TEST(ReflectionTest, TheEndComesAfterTheLastAnswer) {
  this->sink_->room = 1;
  typename TypeParam::Request request;
  request.set_list_services("");
  for (int i = 0; i < 3; ++i) this->session_->OnMessage(request.SerializeAsString());
  this->session_->OnHalfClose();
  EXPECT_TRUE(this->sink_->ends.empty());
  this->sink_->room = 3;
  this->session_->OnWritable();
  ASSERT_EQ(this->sink_->ends.size(), 1u);
  EXPECT_TRUE(this->sink_->ends[0].ok());
  EXPECT_EQ(this->sink_->messages.size(), 3u);
}

TYPED_TEST(ReflectionTest, GarbageEndsTheStream) {
  this->session_->OnMessage("\xff\xff");
  EXPECT_EQ(ReasonOf(this->sink_->ends.at(0)), "MALFORMED_REQUEST");
}

TEST(ReflectionPolicyTest, HasItsOwnPermission) {
  Methods methods;
  RegisterReflection(methods);
  EXPECT_THAT(methods.Check(), testing::IsEmpty());
  EXPECT_THAT(methods.Permissions(), ElementsAre("system.reflection"));
}

}  // namespace
}  // namespace partnerskap
