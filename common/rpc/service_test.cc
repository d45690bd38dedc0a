#include "common/rpc/service.h"

#include <string>
#include <vector>

#include "common/rpc/testdata/broken.pb.h"
#include "common/rpc/testdata/library.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace partnerskap {
namespace {

using broken::v1::BrokenRules;
using broken::v1::Plain;
using broken::v1::Secret;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using namespace library::v1;  // NOLINT(google-build-using-namespace)

constexpr char kLibrary[] = "partnerskap.library.v1.LibraryService";
constexpr char kBroken[] = "partnerskap.broken.v1.BrokenService";

template <typename M, typename Req>
absl::StatusOr<Answer<M>> ReadAny(const Env&, const Call&, const Req&, ReadTx&) {
  return M();
}
template <typename M, typename Req>
absl::StatusOr<M> WriteAny(const Env&, const Call&, const Req&, WriteTx&) {
  return M();
}

std::shared_ptr<Session> OpenNothing(const Env&, const Call&, const std::shared_ptr<StreamSink>&) { return nullptr; }

void RegisterAllButGet(ServiceMethods& service) {
  service.Read("ListBooks", &ReadAny<ListBooksResponse, ListBooksRequest>);
  service.Write("CreateBook", &WriteAny<Book, CreateBookRequest>);
  service.Write("UpdateBook", &WriteAny<Book, UpdateBookRequest>);
  service.Read("CountBooks", &ReadAny<CountBooksResponse, CountBooksRequest>);
  service.Stream("WatchBooks", ListBooksRequest::default_instance(), *ListBooksResponse::descriptor(), &OpenNothing);
}

TEST(MethodsTest, AWholeServiceHasNoProblem) {
  Methods methods;
  ServiceMethods service(methods, kLibrary);
  RegisterAllButGet(service);
  service.Read("GetBook", &ReadAny<Book, GetBookRequest>);
  // Every answer of the library holds authors' addresses, so none has a permission without them beside it.
  EXPECT_THAT(methods.Check(), IsEmpty());
  const Method* get = methods.Find("/partnerskap.library.v1.LibraryService/GetBook");
  ASSERT_NE(get, nullptr);
  EXPECT_EQ(get->auth->permission(), "library.books.get");
  EXPECT_FALSE(get->is_stream());
  EXPECT_TRUE(methods.Find("/partnerskap.library.v1.LibraryService/WatchBooks")->is_stream());
  EXPECT_EQ(methods.Find("/partnerskap.library.v1.LibraryService/Nothing"), nullptr);
  EXPECT_EQ(methods.Find(""), nullptr);
  EXPECT_THAT(methods.Permissions(), ElementsAre("library.books.count", "library.books.create", "library.books.get",
                                                 "library.books.list", "library.books.update", "library.books.watch"));
}

TEST(MethodsTest, AMethodWithoutAHandlerIsAProblem) {
  Methods methods;
  ServiceMethods service(methods, kLibrary);
  RegisterAllButGet(service);
  EXPECT_THAT(methods.Check(), ElementsAre("/partnerskap.library.v1.LibraryService/GetBook has no handler"));
}

TEST(MethodsTest, AHandlerOfOtherTypesIsAProblemWithBothNames) {
  Methods methods;
  ServiceMethods service(methods, kLibrary);
  RegisterAllButGet(service);
  service.Read("GetBook", &ReadAny<ListBooksResponse, GetBookRequest>);
  EXPECT_THAT(
      methods.Check(),
      Contains("/partnerskap.library.v1.LibraryService/GetBook answers partnerskap.library.v1.Book, its handler "
               "partnerskap.library.v1.ListBooksResponse"));
  Methods other;
  ServiceMethods(other, kLibrary).Read("GetBook", &ReadAny<Book, ListBooksRequest>);
  EXPECT_THAT(other.Check(), Contains(HasSubstr("takes partnerskap.library.v1.GetBookRequest")));
}

TEST(MethodsTest, UnknownServiceUnknownMethodAndTwoHandlersAreProblems) {
  Methods methods;
  ServiceMethods nowhere(methods, "partnerskap.library.v1.NoService");
  nowhere.Read("GetBook", &ReadAny<Book, GetBookRequest>);
  ServiceMethods service(methods, kLibrary);
  RegisterAllButGet(service);
  service.Read("GetBook", &ReadAny<Book, GetBookRequest>);
  service.Read("GetBook", &ReadAny<Book, GetBookRequest>);
  service.Read("BurnBook", &ReadAny<Book, GetBookRequest>);
  EXPECT_THAT(methods.Check(),
              ElementsAre("/partnerskap.library.v1.LibraryService/BurnBook has a handler and is not declared",
                          "/partnerskap.library.v1.LibraryService/GetBook has two handlers",
                          "the service partnerskap.library.v1.NoService is not linked, or is misspelt"));
}

TEST(MethodsTest, EachMistakeOfTheContractIsNamed) {
  Methods methods;
  ServiceMethods service(methods, kBroken);
  for (const char* name : {"NoPolicy", "NoPermission", "NoScope", "WrongObject", "NumberObject", "WritesButReads",
                           "StreamAsRead", "OtherTypes"}) {
    service.Read(name, &ReadAny<Plain, Plain>);
  }
  service.Write("NoRequestId", &WriteAny<Plain, Plain>);
  service.Write("ReadsButWrites", &WriteAny<Plain, Plain>);
  service.Read("BrokenFields", &ReadAny<Plain, BrokenRules>);
  service.Read("OpenSecret", &ReadAny<Secret, Plain>);
  const std::vector<std::string> problems = methods.Check();
  for (const char* problem :
       {"NoPolicy declares no (partnerskap.common.v1.auth)", "NoPermission declares \"\"", "NoScope declares no scope",
        "WrongObject names object \"nothing.name\"",
        "NumberObject names org_field \"number\", which is no single string",
        "NoRequestId is mutating and partnerskap.broken.v1.Plain has no string request_id",
        "NoRequestId is mutating and partnerskap.broken.v1.Plain has no bool validate_only",
        "ReadsButWrites has a write handler", "WritesButReads is declared mutating and has no write handler",
        "BrokenFields partnerskap.broken.v1.BrokenRules.bad_pattern",
        "OpenSecret answers restricted fields under broken.a.get", "NotHandled has no handler",
        "StreamAsRead is a stream and its handler is not"}) {
    EXPECT_THAT(problems, Contains(HasSubstr(problem))) << problem;
  }
}

TEST(AnswerTest, HoldsAMessageOrItsBytes) {
  Book book;
  book.set_title("Emil");
  EXPECT_EQ(Answer<Book>(book).bytes(), book.SerializeAsString());
  EXPECT_EQ(Answer<Book>::OfBytes(book.SerializeAsString()).message().title(), "Emil");
}

TEST(FindTest, GivesTheFirstValueOfAKey) {
  const CallMetadata metadata = {{"a", "1"}, {"b", "2"}, {"a", "3"}};
  EXPECT_EQ(Find(metadata, "a"), "1");
  EXPECT_EQ(Find(metadata, "b"), "2");
  EXPECT_EQ(Find(metadata, "c"), "");
}

}  // namespace
}  // namespace partnerskap
