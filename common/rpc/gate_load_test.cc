// The gate on real threads, with a store on a real disk: every call is answered once, and every place comes back.
#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/blocking_counter.h"
#include "common/auth/permit.h"
#include "common/rpc/gate_fixture.h"
#include "common/status/macros.h"
#include "common/status/refusal.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "partnerskap/common/v1/reasons.pb.h"

namespace partnerskap {
namespace {

using library::v1::Book;
using library::v1::CountBooksRequest;
using library::v1::CountBooksResponse;
using library::v1::CreateBookRequest;
using library::v1::GetBookRequest;
using ::testing::HasSubstr;

constexpr char kRoles[] = R"(
  roles { name: "all" permissions: "*" all_organizations: true
          limits { calls_per_second: 1e6 burst: 1e6 mutations_per_second: 1e6 mutation_burst: 1e6 concurrent_calls: 100000 } }
  bindings { principal: "spiffe://d/svc/{any}" roles: "all" }
)";

absl::StatusOr<Answer<Book>> GetBook(const Env&, const Call&, const GetBookRequest& request, ReadTx& tx) {
  Rows rows = tx.Query("SELECT message\n  FROM books\n WHERE name = ?", request.name());
  if (rows.Next()) return Answer<Book>::OfBytes(std::string(rows.Bytes(0)));
  return Refuse(common::v1::RESOURCE_NOT_FOUND, {{"name", request.name()}});
}

absl::StatusOr<Answer<CountBooksResponse>> CountBooks(const Env&, const Call&, const CountBooksRequest&, ReadTx&) {
  return CountBooksResponse();
}

absl::StatusOr<Book> CreateBook(const Env&, const Call& call, const CreateBookRequest& request, WriteTx& tx) {
  ASSIGN_OR_RETURN(const Permit permit, Authorize(call, {request.parent(), {}}));
  Book book = request.book();
  book.set_name(absl::StrCat(request.parent(), "/books/", request.book_id()));
  const std::string bytes = book.SerializeAsString();
  RETURN_IF_ERROR(tx.Execute("INSERT INTO books (name, message)\nVALUES (?, ?)", book.name(), Blob{bytes}));
  RETURN_IF_ERROR(tx.AppendRevision(permit, {book.name(), 1, "library.book.created.v1", "library.Book", bytes, ""}));
  return book;
}

TEST(GateLoadTest, EveryCallIsAnsweredOnce) {
  TempDir dir;
  const auto clock = NewSystemClock();
  const auto random = NewSystemRandom();
  const auto executor = NewThreadExecutor(2, 100'000);
  Env env;
  env.clock = clock.get();
  env.random = random.get();
  env.executor = executor.get();
  Methods methods;
  ServiceMethods service(methods, "partnerskap.library.v1.LibraryService");
  service.Read("GetBook", &GetBook);
  service.Read("CountBooks", &CountBooks);
  service.Write("CreateBook", &CreateBook);
  DatabaseOptions store;
  store.directory = dir / "store";
  store.application_id = 0x6c696272;
  store.migrations = {{1, "create_books", "CREATE TABLE books (name TEXT PRIMARY KEY, message BLOB NOT NULL) STRICT;"}};
  store.clock = clock.get();
  store.random = random.get();
  store.executor = executor.get();
  auto database = Database::Open(std::move(store));
  ASSERT_TRUE(database.ok()) << database.status();
  env.database = database->get();
  std::atomic<int> lines{0};
  auto logger = Logger::Create({.service = "library", .max_queue = 1'000'000}, env, [&](absl::string_view text) {
    lines += static_cast<int>(std::count(text.begin(), text.end(), '\n'));
  });
  Metrics metrics("library", "test", clock->Now());
  auto authenticator = Authenticator::FromText({.permissions = methods.Permissions()}, kRoles);
  ASSERT_TRUE(authenticator.ok()) << authenticator.status();
  auto gate = Gate::Create({.service = "library", .max_calls = 100'000}, {.env = &env,
                                                                          .methods = &methods,
                                                                          .authenticator = authenticator->get(),
                                                                          .logger = logger.get(),
                                                                          .metrics = &metrics});

  constexpr int kThreads = 4, kRounds = 200;
  absl::BlockingCounter answers(kThreads * kRounds * 3);
  std::atomic<int> ok{0}, missing{0}, other{0};
  const auto send = [&](const char* method, int thread, const google::protobuf::Message& request) {
    CallHead head;
    head.method = absl::StrCat(kLibraryPath, method);
    head.peer_uris = {absl::StrCat("spiffe://d/svc/t", thread)};
    auto admitted = gate->Admit(std::move(head));
    ASSERT_TRUE(admitted.ok()) << admitted.status();
    gate->Handle(*std::move(admitted), request.SerializeAsString(), [&](CallResult result) {
      const std::string reason = ReasonOf(result.status);
      ++(result.status.ok() ? ok : reason == "RESOURCE_NOT_FOUND" ? missing : other);
      answers.DecrementCount();
    });
  };
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kRounds; ++i) {
        CreateBookRequest create;
        create.set_parent("shelves/a");
        create.set_book_id(absl::StrCat("b-", t, "-", i));
        create.mutable_book()->set_title("Emil");
        create.mutable_book()->set_genre(Book::NOVEL);
        send("CreateBook", t, create);
        GetBookRequest get;
        get.set_name(absl::StrCat("shelves/a/books/none-", i));
        send("GetBook", t, get);
        CountBooksRequest count;
        count.set_shelf("shelves/a");
        send("CountBooks", t, count);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  answers.Wait();
  EXPECT_EQ(ok, 2 * kThreads * kRounds);
  EXPECT_EQ(missing, kThreads * kRounds);
  EXPECT_EQ(other, 0);
  (*database)->writer().Close();
  EXPECT_EQ((*database)->committed_sequence(), kThreads * kRounds);
  EXPECT_THAT(metrics.Text(), HasSubstr("partnerskap_rpc_in_flight{kind=\"unary\",service=\"library\"} 0"));
  EXPECT_THAT(metrics.Text(), HasSubstr("partnerskap_writer_queue{service=\"library\"} 0"));
  gate.reset();
  logger.reset();
  EXPECT_EQ(lines, 3 * kThreads * kRounds);
}

}  // namespace
}  // namespace partnerskap
