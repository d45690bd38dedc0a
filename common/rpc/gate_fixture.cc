#include "common/rpc/gate_fixture.h"

#include <stdexcept>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/auth/permit.h"
#include "common/status/macros.h"
#include "common/status/refusal.h"
#include "partnerskap/common/v1/reasons.pb.h"

namespace partnerskap {
namespace {

using library::v1::Book;
using library::v1::CountBooksRequest;
using library::v1::CountBooksResponse;
using library::v1::CreateBookRequest;
using library::v1::GetBookRequest;
using library::v1::ListBooksRequest;
using library::v1::ListBooksResponse;
using library::v1::UpdateBookRequest;

constexpr uint32_t kApplicationId = 0x6c696272;

constexpr char kRoles[] = R"(
  roles { name: "member" permissions: "library.books.*" limits { mutations_per_second: 1000 mutation_burst: 1000 } }
  roles { name: "reader" permissions: ["library.books.get", "library.books.list"] }
  roles { name: "admin" permissions: "*" all_organizations: true }
  roles { name: "service" permissions: ["library.books.get", "library.books.watch"] }
  bindings { principal: "spiffe://d/org/kommun-0136/sys/one" roles: "member" }
  bindings { principal: "spiffe://d/org/kommun-0380/sys/two" roles: "member" }
  bindings { principal: "spiffe://d/org/kommun-0136/sys/reader" roles: "reader" }
  bindings { principal: "spiffe://d/org/kommun-0136/sys/admin" roles: "admin" }
  bindings { principal: "spiffe://d/svc/scheduling" roles: "service" }
)";

absl::Status DoAsSaid(absl::string_view what) {
  if (what == "throws") throw std::length_error("a hostile length");
  if (what == "internal") return absl::InternalError("secret: SELECT");
  if (what == "corrupt") return absl::DataLossError("secret: page 7");
  if (what == "full") return absl::ResourceExhaustedError("secret: database or disk is full");
  return absl::OkStatus();
}

absl::StatusOr<Answer<Book>> GetBook(const Env&, const Call& call, const GetBookRequest& request, ReadTx& tx) {
  const std::string id = request.name().substr(request.name().rfind('/') + 1);
  RETURN_IF_ERROR(DoAsSaid(id));
  if (id == "stranger") return Refuse(common::v1::OBJECT_NOT_YOURS, {{"object", request.name()}});
  if (id == "late") return absl::DeadlineExceededError("the caller's");
  (void)call;
  Rows rows = tx.Query("SELECT message\n  FROM books\n WHERE name = ?", request.name());
  if (rows.Next()) return Answer<Book>::OfBytes(std::string(rows.Bytes(0)));
  RETURN_IF_ERROR(rows.status());
  return Refuse(common::v1::RESOURCE_NOT_FOUND, {{"name", request.name()}});
}

absl::StatusOr<Answer<ListBooksResponse>> ListBooks(const Env&, const Call&, const ListBooksRequest&, ReadTx&) {
  return ListBooksResponse();
}

absl::StatusOr<Answer<CountBooksResponse>> CountAll(const Env&, const Call&, const CountBooksRequest&, ReadTx& tx) {
  Rows rows = tx.Query("SELECT count(*)\n  FROM books");
  CountBooksResponse response;
  if (rows.Next()) response.set_books(rows.Int(0));
  RETURN_IF_ERROR(rows.status());
  return response;
}

absl::StatusOr<Book> CreateBook(const Env&, const Call& call, const CreateBookRequest& request, WriteTx& tx) {
  const std::vector<std::string> owners = {"organizations/kommun-0136"};
  ASSIGN_OR_RETURN(const Permit permit, Authorize(call, {request.parent(), owners}));
  Book book = request.book();
  book.set_name(absl::StrCat(request.parent(), "/books/", request.book_id()));
  book.set_uid(call.request_id);
  RETURN_IF_ERROR(
      tx.Execute("INSERT INTO books (name, message)\nVALUES (?, ?)", book.name(), Blob{book.SerializeAsString()}));
  const std::string bytes = book.SerializeAsString();
  RETURN_IF_ERROR(tx.AppendRevision(permit, {book.name(), 1, "library.book.created.v1", "library.Book", bytes, ""}));
  // After the effect, so that a refusal has something to undo.
  RETURN_IF_ERROR(DoAsSaid(book.title()));
  return book;
}

absl::StatusOr<Book> UpdateBook(const Env&, const Call&, const UpdateBookRequest& request, WriteTx&) {
  return request.book();
}

// Says each parent back; `throws`, and `closes` with a status of ours.
class EchoSession final : public Session {
 public:
  explicit EchoSession(std::shared_ptr<StreamSink> sink) : sink_(std::move(sink)) {}
  void OnMessage(std::string message) override {
    ListBooksRequest request;
    request.ParseFromString(message);
    if (request.filter() == "throws") throw std::length_error("a hostile length");
    if (request.filter() == "internal") return sink_->Close(absl::InternalError("secret"));
    ListBooksResponse response;
    response.set_next_page_token(request.parent());
    sink_->Send(response.SerializeAsString());
  }
  void OnWritable() override { throw std::runtime_error("on writable"); }
  void OnHalfClose() override { sink_->Close(absl::OkStatus()); }

 private:
  const std::shared_ptr<StreamSink> sink_;
};

}  // namespace

StreamSink::Sent StreamLog::Send(std::string message) {
  if (!ends.empty()) return Sent::kClosed;
  if (messages.size() >= room) return Sent::kFull;
  messages.push_back(std::move(message));
  return Sent::kOk;
}

GateTest::GateTest() {
  ServiceMethods service(methods_, "partnerskap.library.v1.LibraryService");
  service.Read("GetBook", &GetBook);
  service.Read("ListBooks", &ListBooks);
  service.Read("CountBooks", &CountAll);
  service.Write("CreateBook", &CreateBook);
  service.Write("UpdateBook", &UpdateBook);
  service.Stream("WatchBooks", ListBooksRequest::default_instance(), *ListBooksResponse::descriptor(),
                 [](const Env&, const Call&, std::shared_ptr<StreamSink> sink) {
                   return std::make_shared<EchoSession>(std::move(sink));
                 });
  EXPECT_TRUE(methods_.Check().empty());
  env_.clock = &loop_.clock();
  env_.random = &loop_.random();
  env_.executor = &loop_;
  DatabaseOptions store;
  store.directory = dir_ / "store";
  store.application_id = kApplicationId;
  store.migrations = {{1, "create_books", "CREATE TABLE books (name TEXT PRIMARY KEY, message BLOB NOT NULL) STRICT;"}};
  store.clock = env_.clock;
  store.random = env_.random;
  store.executor = env_.executor;
  auto database = Database::Open(std::move(store));
  EXPECT_TRUE(database.ok()) << database.status();
  database_ = *std::move(database);
  env_.database = database_.get();
  MakeGate({.service = "library"});
}

GateTest::~GateTest() {
  database_->writer().Close();
  gate_.reset();
}

void GateTest::MakeGate(GateOptions options, std::vector<LimitOverride> limits) {
  gate_.reset();
  log_text_.clear();
  logger_ = Logger::Create({.service = options.service}, env_,
                           [this](absl::string_view lines) { absl::StrAppend(&log_text_, lines); });
  metrics_ = std::make_unique<Metrics>(options.service, "test", env_.clock->Now());
  auto authenticator =
      Authenticator::FromText({.permissions = methods_.Permissions(), .limits = std::move(limits)}, kRoles);
  EXPECT_TRUE(authenticator.ok()) << authenticator.status();
  authenticator_ = *std::move(authenticator);
  projections_ = Projections::Create(env_, {"agreements"});
  gate_ = Gate::Create(std::move(options), {.env = &env_,
                                            .methods = &methods_,
                                            .authenticator = authenticator_.get(),
                                            .logger = logger_.get(),
                                            .metrics = metrics_.get(),
                                            .projections = projections_.get()});
}

CallHead GateTest::Head(absl::string_view method, const std::string& uri) const {
  CallHead head;
  head.method = absl::StartsWith(method, "/") ? std::string(method) : absl::StrCat(kLibraryPath, method);
  head.peer_uris = {uri};
  return head;
}

std::string GateTest::Admission(CallHead head) {
  const auto admitted = gate_->Admit(std::move(head));
  return admitted.ok() ? "" : ReasonOf(admitted.status());
}

CallResult GateTest::Send(CallHead head, std::string body) {
  auto admitted = gate_->Admit(std::move(head));
  if (!admitted.ok()) return {admitted.status(), "", {}};
  CallResult result;
  bool answered = false;
  gate_->Handle(*std::move(admitted), std::move(body), [&](CallResult given) {
    EXPECT_FALSE(answered);
    answered = true;
    result = std::move(given);
  });
  EXPECT_TRUE(loop_.RunUntil([&] { return answered; }));
  return result;
}

CallResult GateTest::Do(absl::string_view method, const google::protobuf::Message& request, const std::string& uri) {
  return Send(Head(method, uri), request.SerializePartialAsString());
}

std::string GateTest::ReasonFor(absl::string_view method, const google::protobuf::Message& request,
                                const std::string& uri) {
  const CallResult result = Do(method, request, uri);
  return result.status.ok() ? "" : ReasonOf(result.status);
}

CreateBookRequest GateTest::CreateRequest(const std::string& id, const std::string& title) const {
  CreateBookRequest request;
  request.set_parent("shelves/a");
  request.set_book_id(id);
  request.mutable_book()->set_title(title);
  request.mutable_book()->set_genre(Book::NOVEL);
  return request;
}

GetBookRequest GateTest::GetRequest(const std::string& id) const {
  GetBookRequest request;
  request.set_name(absl::StrCat("shelves/a/books/", id));
  return request;
}

std::vector<nlohmann::json> GateTest::Log() {
  loop_.RunReady();
  std::vector<nlohmann::json> lines;
  for (const absl::string_view line : absl::StrSplit(log_text_, '\n', absl::SkipEmpty())) {
    lines.push_back(nlohmann::json::parse(line.begin(), line.end()));
  }
  return lines;
}

std::vector<nlohmann::json> GateTest::CallLines() {
  // Lines of calls wait for each other.
  loop_.RunFor(absl::Milliseconds(20));
  std::vector<nlohmann::json> calls;
  for (const auto& line : Log()) {
    if (line["event"] == "call" || line["event"] == "stream") calls.push_back(line);
  }
  return calls;
}

std::vector<AuditRow> GateTest::Audit() {
  loop_.RunFor(absl::Seconds(2));
  std::vector<AuditRow> all;
  const absl::Status status = database_->Read([&](ReadTx& tx) -> absl::Status {
    Rows rows =
        tx.Query("SELECT principal, method, object, reason, request_id, code, count\n  FROM audit\n ORDER BY sequence");
    while (rows.Next()) {
      all.push_back({std::string(rows.Text(0)), std::string(rows.Text(1)), std::string(rows.Text(2)),
                     std::string(rows.Text(3)), std::string(rows.Text(4)), static_cast<int>(rows.Int(5)),
                     static_cast<int>(rows.Int(6))});
    }
    return rows.status();
  });
  EXPECT_TRUE(status.ok()) << status;
  return all;
}

int64_t GateTest::CountBooks() {
  int64_t count = -1;
  const absl::Status status = database_->Read([&](ReadTx& tx) -> absl::Status {
    Rows rows = tx.Query("SELECT count(*)\n  FROM books");
    if (rows.Next()) count = rows.Int(0);
    return rows.status();
  });
  EXPECT_TRUE(status.ok()) << status;
  return count;
}

}  // namespace partnerskap
