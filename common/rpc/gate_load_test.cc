// The gate on real threads, with a store on a real disk: every call is answered once, and every place comes back.
#include <algorithm>
#include <atomic>
#include <functional>
#include <latch>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
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
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

constexpr char kRoles[] = R"(
  roles {
    name: "all" permissions: "*" all_organizations: true
    limits { calls_per_second: 1e6 burst: 1e6 mutations_per_second: 1e6 mutation_burst: 1e6 concurrent_calls: 100000 }
  }
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

class GateLoadTest : public ::testing::Test {
 protected:
  static constexpr int kThreads = 4;

  GateLoadTest()
      : clock_(NewSystemClock()),
        random_(NewSystemRandom()),
        executor_(NewThreadExecutor(2, 100'000)),
        metrics_("library", "test", clock_->Now()) {
    env_.clock = clock_.get();
    env_.random = random_.get();
    env_.executor = executor_.get();
    ServiceMethods service(methods_, "partnerskap.library.v1.LibraryService");
    service.Read("GetBook", &GetBook);
    service.Read("CountBooks", &CountBooks);
    service.Write("CreateBook", &CreateBook);
    DatabaseOptions store;
    store.directory = dir_ / "store";
    store.application_id = 0x6c696272;
    store.migrations = {
        {1, "create_books", "CREATE TABLE books (name TEXT PRIMARY KEY, message BLOB NOT NULL) STRICT;"}};
    store.clock = clock_.get();
    store.random = random_.get();
    store.executor = executor_.get();
    database_ = *Database::Open(std::move(store));
    env_.database = database_.get();
    logger_ = Logger::Create({.service = "library", .max_queue = 1'000'000}, env_, [this](absl::string_view text) {
      lines_ += static_cast<int>(std::count(text.begin(), text.end(), '\n'));
    });
    authenticator_ = *Authenticator::FromText({.permissions = methods_.Permissions()}, kRoles);
    gate_ = Gate::Create({.service = "library", .max_calls = 100'000}, {.env = &env_,
                                                                        .methods = &methods_,
                                                                        .authenticator = authenticator_.get(),
                                                                        .logger = logger_.get(),
                                                                        .metrics = &metrics_});
  }

  // Sends, and counts by outcome; `done` after the answer or refusal.
  void Send(const char* method, int thread, const google::protobuf::Message& request,
            const std::function<void()>& done) {
    CallHead head;
    head.method = absl::StrCat(kLibraryPath, method);
    head.peer_uris = {absl::StrCat("spiffe://d/svc/t", thread)};
    auto admitted = gate_->Admit(std::move(head));
    if (!admitted.ok()) {
      Count(admitted.status());
      return done();
    }
    gate_->Handle(*std::move(admitted), request.SerializeAsString(), [this, done](const CallResult& result) {
      Count(result.status);
      done();
    });
  }

  void Count(const absl::Status& status) {
    std::lock_guard<std::mutex> lock(mutex_);
    ++outcomes_[status.ok() ? "OK" : ReasonOf(status)];
  }

  static CreateBookRequest NewBook(int thread, int number) {
    CreateBookRequest create;
    create.set_parent("shelves/a");
    create.set_book_id(absl::StrCat("b-", thread, "-", number));
    create.mutable_book()->set_title("Emil");
    create.mutable_book()->set_genre(Book::NOVEL);
    return create;
  }

  static void OnThreads(const std::function<void(int)>& run) {
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) threads.emplace_back(run, t);
    for (auto& thread : threads) thread.join();
  }

  // Every place has come back, and every call has left its line.
  void ExpectNothingLeft(int calls) {
    database_->writer().Close();
    EXPECT_THAT(metrics_.Text(), HasSubstr("partnerskap_rpc_in_flight{kind=\"unary\",service=\"library\"} 0"));
    EXPECT_THAT(metrics_.Text(), HasSubstr("partnerskap_writer_queue{service=\"library\"} 0"));
    gate_.reset();
    logger_.reset();
    EXPECT_EQ(lines_, calls);
  }

  TempDir dir_;
  const std::unique_ptr<Clock> clock_;
  const std::unique_ptr<Random> random_;
  const std::unique_ptr<Executor> executor_;
  Env env_;
  Methods methods_;
  Metrics metrics_;
  std::atomic<int> lines_{0};
  std::unique_ptr<Logger> logger_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<Authenticator> authenticator_;
  std::unique_ptr<Gate> gate_;
  std::mutex mutex_;
  std::map<std::string, int> outcomes_;
};

TEST_F(GateLoadTest, EveryCallIsAnsweredOnce) {
  constexpr int kRounds = 200, kEach = kThreads * kRounds;
  std::latch answers(3 * kEach);
  const auto done = [&] { answers.count_down(); };
  OnThreads([&](int t) {
    for (int i = 0; i < kRounds; ++i) {
      Send("CreateBook", t, NewBook(t, i), done);
      GetBookRequest get;
      get.set_name(absl::StrCat("shelves/a/books/none-", i));
      Send("GetBook", t, get, done);
      CountBooksRequest count;
      count.set_shelf("shelves/a");
      Send("CountBooks", t, count, done);
    }
  });
  answers.wait();
  EXPECT_THAT(outcomes_, ElementsAre(Pair("OK", 2 * kEach), Pair("RESOURCE_NOT_FOUND", kEach)));
  EXPECT_EQ(database_->committed_sequence(), kEach);
  ExpectNothingLeft(3 * kEach);
}

TEST_F(GateLoadTest, AStopInTheMiddleAnswersWhatWasAdmittedAndRefusesTheRest) {
  constexpr int kRounds = 300, kAll = kThreads * kRounds;
  std::latch answers(kAll);
  OnThreads([&](int t) {
    for (int i = 0; i < kRounds; ++i) {
      if (t == 0 && i == kRounds / 2) gate_->Drain();
      Send("CreateBook", t, NewBook(t, i), [&] { answers.count_down(); });
    }
  });
  answers.wait();
  EXPECT_GT(outcomes_["OK"], 0);
  EXPECT_GT(outcomes_["SHUTTING_DOWN"], 0);
  EXPECT_EQ(outcomes_["OK"] + outcomes_["SHUTTING_DOWN"], kAll);
  EXPECT_EQ(database_->committed_sequence(), outcomes_["OK"]);
  ExpectNothingLeft(kAll);
}

}  // namespace
}  // namespace partnerskap
