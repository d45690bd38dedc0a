#include "common/sql/resource_table.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/sql/resource_fields.h"
#include "common/sql/store_fixture.h"
#include "common/status/refusal.h"
#include "common/testing/query_plan.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/message_differencer.h"
#include "google/protobuf/util/time_util.h"

namespace partnerskap {
namespace {

using google::protobuf::util::MessageDifferencer;
using testing::ElementsAre;
using testing::Pair;

TestBook FullBook() {
  TestBook book = BookNamed("full", "Nils Holgersson");
  book.set_genre(TestBook::NOVEL);
  book.mutable_published_date()->set_year(1906);
  book.mutable_published_date()->set_month(11);
  book.mutable_price()->set_currency_code("SEK");
  book.mutable_price()->set_units(129);
  book.mutable_price()->set_nanos(500'000'000);
  book.set_lent(true);
  book.set_pages(237);
  book.set_volume(0);
  book.add_tags("gås");
  (*book.mutable_notes())["b"] = "2";
  (*book.mutable_notes())["a"] = "1";
  book.mutable_binding()->set_cover("klot");
  book.set_scan("bytes");
  book.set_weight(0.5);
  *book.mutable_bought_time() = google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(1'700'000'000'123'456);
  book.set_motto("");
  return book;
}

std::string ShowValue(const OwnedSqlValue& value) {
  if (const auto* number = std::get_if<int64_t>(&value)) return absl::StrCat(*number);
  if (const auto* text = std::get_if<std::string>(&value)) return absl::StrCat("'", *text, "'");
  return std::holds_alternative<std::nullptr_t>(value) ? "NULL" : "blob";
}

std::vector<std::pair<std::string, std::string>> Show(const TestBook& book) {
  std::vector<std::pair<std::string, std::string>> shown;
  for (const DerivedColumn& column : DeriveColumns(book)) shown.emplace_back(column.name, ShowValue(column.value));
  return shown;
}

TEST(DeriveColumnsTest, DerivesEachKindOfField) {
  EXPECT_THAT(
      Show(FullBook()),
      ElementsAre(Pair("name", "'shelves/a/books/full'"), Pair("uid", "NULL"), Pair("title", "'Nils Holgersson'"),
                  Pair("genre", "'NOVEL'"), Pair("isbn", "'isbn-full'"), Pair("published_date", "'1906-11'"),
                  Pair("price_minor", "12950"), Pair("lent", "1"), Pair("pages", "237"), Pair("volume", "0"),
                  Pair("bought_time", "1700000000123456"), Pair("create_time", "NULL"), Pair("update_time", "NULL"),
                  Pair("etag", "NULL"), Pair("motto", "''"), Pair("start_date", "NULL"), Pair("end_date", "NULL")));
}

TEST(DeriveColumnsTest, AbsentIsNullAndPlainNumbersAreZero) {
  EXPECT_THAT(Show(TestBook()),
              ElementsAre(Pair("name", "NULL"), Pair("uid", "NULL"), Pair("title", "NULL"), Pair("genre", "NULL"),
                          Pair("isbn", "NULL"), Pair("published_date", "NULL"), Pair("price_minor", "NULL"),
                          Pair("lent", "0"), Pair("pages", "0"), Pair("volume", "NULL"), Pair("bought_time", "NULL"),
                          Pair("create_time", "NULL"), Pair("update_time", "NULL"), Pair("etag", "NULL"),
                          Pair("motto", "NULL"), Pair("start_date", "NULL"), Pair("end_date", "NULL")));
}

TEST(DeriveColumnsTest, WritesDatesAsPreciselyAsTheyAreKnown) {
  TestBook book;
  auto date = [&](int year, int month, int day) {
    book.mutable_published_date()->set_year(year);
    book.mutable_published_date()->set_month(month);
    book.mutable_published_date()->set_day(day);
    return ShowValue(DeriveColumns(book)[5].value);
  };
  EXPECT_EQ(date(2017, 0, 0), "'2017'");
  EXPECT_EQ(date(2017, 5, 0), "'2017-05'");
  EXPECT_EQ(date(2017, 5, 3), "'2017-05-03'");
  EXPECT_EQ(date(0, 5, 3), "NULL");
}

TEST(DeriveColumnsTest, KeepsNegativeMoneyAndUnknownEnums) {
  TestBook book;
  book.mutable_price()->set_units(-1);
  book.mutable_price()->set_nanos(-500'000'000);
  book.set_genre(static_cast<TestBook::Genre>(77));
  EXPECT_EQ(ShowValue(DeriveColumns(book)[6].value), "-150");
  EXPECT_EQ(ShowValue(DeriveColumns(book)[3].value), "'77'");
}

TEST(ResourceFieldsTest, NamesChangedPathsSortedWithoutTheOnesThatAlwaysChange) {
  TestBook before = FullBook(), after = FullBook();
  EXPECT_EQ(ChangedPaths(before, after), "");
  after.set_title("other");
  after.add_tags("resa");
  after.clear_motto();
  after.mutable_binding()->set_cover("halvfranskt");
  (*after.mutable_notes())["a"] = "3";
  after.set_etag("2");
  *after.mutable_update_time() = after.bought_time();
  EXPECT_EQ(ChangedPaths(before, after), "binding,motto,notes,tags,title");
}

TEST(ResourceFieldsTest, NamesTheEventAfterPackageAndMessage) {
  EXPECT_EQ(EventType(*TestBook::descriptor(), "lent"), "partnerskap.teststore.test_book.lent.v1");
}

ResourceTableBase::ListQuery Query(std::string parent, std::vector<std::pair<std::string, std::string>> equals) {
  ResourceTableBase::ListQuery query;
  query.parent = std::move(parent);
  query.equals = std::move(equals);
  return query;
}

class ResourceTableTest : public StoreTest {
 protected:
  void SetUp() override { Open(); }

  WriteResult Update(const TestBook& book, const std::string& etag, const std::string& event = "updated") {
    return Write([=](WriteTx& tx) -> absl::StatusOr<std::string> {
      ASSIGN_OR_RETURN(TestBook updated, Books().Update(tx, TestPermit(), book, etag, event));
      return updated.SerializeAsString();
    });
  }

  TestBook Get(const std::string& name) {
    auto book = database_->Read([&](ReadTx& tx) { return Books().Get(tx, name); });
    EXPECT_TRUE(book.ok()) << book.status();
    return book.value_or(TestBook());
  }

  absl::Status Verify() {
    return database_->Read([](ReadTx& tx) { return Books().VerifyDerivation(tx); });
  }

  ResourceTableBase::Page List(ResourceTableBase::ListQuery query) {
    auto page = database_->Read([&](ReadTx& tx) { return Books().List(tx, query); });
    EXPECT_TRUE(page.ok()) << page.status();
    return page.value_or(ResourceTableBase::Page());
  }

  static std::vector<std::string> Titles(const ResourceTableBase::Page& page) {
    std::vector<std::string> titles;
    for (const std::string& bytes : page.messages) {
      TestBook book;
      EXPECT_TRUE(book.ParseFromString(bytes));
      titles.push_back(book.title());
    }
    return titles;
  }
};

TEST_F(ResourceTableTest, CreateFillsWhatTheStoreOwns) {
  TestBook given = FullBook();
  given.set_uid("mine");
  given.set_etag("9");
  ASSERT_TRUE(Create(given).answer.ok());
  TestBook book = Get(given.name());
  EXPECT_EQ(book.uid().size(), 36u);
  EXPECT_EQ(book.etag(), "1");
  EXPECT_EQ(google::protobuf::util::TimeUtil::TimestampToMicroseconds(book.create_time()),
            absl::ToUnixMicros(loop_.clock().Now()));
  EXPECT_TRUE(MessageDifferencer::Equals(book.update_time(), book.create_time()));
  EXPECT_EQ(book.notes().size(), 2u);
  EXPECT_TRUE(Verify().ok()) << Verify();
}

TEST_F(ResourceTableTest, RefusesASecondOfOneName) {
  ASSERT_TRUE(Create(BookNamed("x")).answer.ok());
  TestBook second = BookNamed("x");
  second.set_isbn("another");
  absl::Status status = Create(second).answer.status();
  EXPECT_EQ(ReasonOf(status), "RESOURCE_ALREADY_EXISTS");
  EXPECT_EQ(ReasonMetadataOf(status, "name"), "shelves/a/books/x");
}

TEST_F(ResourceTableTest, LeavesOtherUniqueConstraintsToTheStore) {
  ASSERT_TRUE(Create(BookNamed("x")).answer.ok());
  TestBook second = BookNamed("y");
  second.set_isbn("isbn-x");
  absl::Status status = Create(second).answer.status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_EQ(ReasonOf(status), "");
  EXPECT_TRUE(absl::StrContains(status.message(), "books.isbn"));
}

TEST_F(ResourceTableTest, GetAndFindSayWhatIsNotThere) {
  ASSERT_TRUE(Create(BookNamed("x")).answer.ok());
  auto missing = database_->Read([](ReadTx& tx) { return Books().Get(tx, "shelves/a/books/y"); });
  EXPECT_EQ(ReasonOf(missing.status()), "RESOURCE_NOT_FOUND");
  auto found = database_->Read([](ReadTx& tx) { return Books().Find(tx, "shelves/a/books/x"); });
  EXPECT_TRUE(found->has_value());
  found = database_->Read([](ReadTx& tx) { return Books().Find(tx, "shelves/a/books/y"); });
  ASSERT_TRUE(found.ok());
  EXPECT_FALSE(found->has_value());
}

TEST_F(ResourceTableTest, UpdateCountsRevisionsAndKeepsWhatTheStoreOwns) {
  ASSERT_TRUE(Create(BookNamed("x")).answer.ok());
  TestBook first = Get("shelves/a/books/x");
  loop_.clock().Advance(absl::Seconds(1));
  TestBook change = BookNamed("x", "Jerusalem");
  WriteResult result = Update(change, "1", "renamed");
  ASSERT_TRUE(result.answer.ok()) << result.answer.status();
  TestBook second = Get("shelves/a/books/x");
  EXPECT_EQ(second.SerializeAsString(), *result.answer);
  EXPECT_EQ(second.etag(), "2");
  EXPECT_EQ(second.uid(), first.uid());
  EXPECT_TRUE(MessageDifferencer::Equals(second.create_time(), first.create_time()));
  EXPECT_EQ(second.update_time().seconds(), first.update_time().seconds() + 1);
  EXPECT_EQ(Text("SELECT type || ' ' || revision || ' ' || changed_paths FROM revisions WHERE seq = 2"),
            "partnerskap.teststore.test_book.renamed.v1 2 title");
  EXPECT_TRUE(Verify().ok()) << Verify();
}

TEST_F(ResourceTableTest, UpdateNeedsTheNewestEtagOrAny) {
  ASSERT_TRUE(Create(BookNamed("x")).answer.ok());
  ASSERT_TRUE(Update(BookNamed("x", "B"), "1").answer.ok());
  absl::Status stale = Update(BookNamed("x", "C"), "1").answer.status();
  EXPECT_EQ(ReasonOf(stale), "ETAG_STALE");
  EXPECT_EQ(ReasonMetadataOf(stale, "etag"), "2");
  EXPECT_EQ(ReasonOf(Update(BookNamed("x", "C"), "").answer.status()), "ETAG_STALE");
  EXPECT_TRUE(Update(BookNamed("x", "C"), "*").answer.ok());
  EXPECT_EQ(ReasonOf(Update(BookNamed("y"), "*").answer.status()), "RESOURCE_NOT_FOUND");
}

TEST_F(ResourceTableTest, UpdateRefusesAnotherValueOfAnImmutableField) {
  ASSERT_TRUE(Create(BookNamed("x")).answer.ok());
  TestBook other = BookNamed("x", "B");
  other.set_isbn("other");
  absl::Status status = Update(other, "1").answer.status();
  EXPECT_EQ(ReasonOf(status), "FIELD_IMMUTABLE");
  EXPECT_EQ(ReasonMetadataOf(status, "field"), "isbn");
  EXPECT_EQ(Get("shelves/a/books/x").title(), "Gösta Berlings saga");
}

TEST_F(ResourceTableTest, UpdateWithoutAChangeWritesNothing) {
  ASSERT_TRUE(Create(BookNamed("x")).answer.ok());
  loop_.clock().Advance(absl::Seconds(1));
  WriteResult result = Update(BookNamed("x"), "1");
  ASSERT_TRUE(result.answer.ok());
  EXPECT_EQ(*result.answer, Get("shelves/a/books/x").SerializeAsString());
  EXPECT_EQ(Int("SELECT COUNT(*) FROM revisions"), 1);
}

TEST_F(ResourceTableTest, AnswersWhatWasKnownAtATime) {
  absl::Time before = loop_.clock().Now() - absl::Seconds(1);
  ASSERT_TRUE(Create(BookNamed("x", "A")).answer.ok());
  absl::Time first = loop_.clock().Now();
  loop_.clock().Advance(absl::Seconds(10));
  ASSERT_TRUE(Update(BookNamed("x", "B"), "*").answer.ok());
  auto at = [&](absl::Time time) -> std::string {
    auto bytes = database_->Read([&](ReadTx& tx) { return Books().GetBytesAt(tx, "shelves/a/books/x", time); });
    if (!bytes.ok()) return ReasonOf(bytes.status());
    TestBook book;
    EXPECT_TRUE(book.ParseFromString(*bytes));
    return book.title();
  };
  EXPECT_EQ(at(before), "RESOURCE_NOT_FOUND");
  EXPECT_EQ(at(first), "A");
  EXPECT_EQ(at(first + absl::Seconds(9)), "A");
  EXPECT_EQ(at(first + absl::Seconds(10)), "B");
}

TEST_F(ResourceTableTest, VerifyFindsAColumnThatWasWrittenAlone) {
  ASSERT_TRUE(Create(FullBook()).answer.ok());
  ASSERT_TRUE(Verify().ok()) << Verify();
  for (const char* change : {"title = 'x'", "pages = 1", "volume = NULL", "motto = NULL", "sort_key = x'00'"}) {
    ASSERT_TRUE(Write([&](WriteTx& tx) -> absl::StatusOr<std::string> {
                  RETURN_IF_ERROR(tx.Execute(absl::StrCat("UPDATE books SET ", change)));
                  return std::string();
                }).answer.ok());
    EXPECT_EQ(ReasonOf(Verify()), "STORE_CORRUPT") << change;
    ASSERT_TRUE(Write([](WriteTx& tx) -> absl::StatusOr<std::string> {
                  RETURN_IF_ERROR(Books().Rederive(tx));
                  return std::string();
                }).answer.ok());
    EXPECT_TRUE(Verify().ok()) << change;
  }
}

TEST_F(ResourceTableTest, VerifyFindsBytesThatAreNotTheNewestRevision) {
  ASSERT_TRUE(Create(FullBook()).answer.ok());
  ASSERT_TRUE(Write([](WriteTx& tx) -> absl::StatusOr<std::string> {
                RETURN_IF_ERROR(tx.Execute("UPDATE revisions SET message = x'00' WHERE seq = 1"));
                return std::string();
              }).answer.ok());
  EXPECT_EQ(ReasonOf(Verify()), "STORE_CORRUPT");
}

TEST_F(ResourceTableTest, DamagedBytesAreRefusedNotAnswered) {
  ASSERT_TRUE(Create(BookNamed("x")).answer.ok());
  ASSERT_TRUE(Write([](WriteTx& tx) -> absl::StatusOr<std::string> {
                RETURN_IF_ERROR(tx.Execute("UPDATE books SET message = x'0aff'"));
                return std::string();
              }).answer.ok());
  auto book = database_->Read([](ReadTx& tx) { return Books().Get(tx, "shelves/a/books/x"); });
  EXPECT_EQ(ReasonOf(book.status()), "STORE_CORRUPT");
}

TEST_F(ResourceTableTest, ListsInSwedishOrderPageByPage) {
  for (absl::string_view title : {"Ö", "A", "Ä", "Z", "Å"}) {
    ASSERT_TRUE(Create(BookNamed(absl::StrCat("id", Int("SELECT COUNT(*) FROM books")), title)).answer.ok());
  }
  EXPECT_THAT(Titles(List({})), ElementsAre("A", "Z", "Å", "Ä", "Ö"));
  ResourceTableBase::ListQuery query;
  query.parent = "shelves/a";
  query.page_size = 2;
  ResourceTableBase::Page page = List(query);
  EXPECT_THAT(Titles(page), ElementsAre("A", "Z"));
  EXPECT_TRUE(page.more);
  query.after_key = page.last_key;
  query.after_name = page.last_name;
  page = List(query);
  EXPECT_THAT(Titles(page), ElementsAre("Å", "Ä"));
  query.after_key = page.last_key;
  query.after_name = page.last_name;
  page = List(query);
  EXPECT_THAT(Titles(page), ElementsAre("Ö"));
  EXPECT_FALSE(page.more);
}

TEST_F(ResourceTableTest, ListsEqualTitlesByName) {
  for (const char* id : {"c", "a", "b"}) ASSERT_TRUE(Create(BookNamed(id, "Samma")).answer.ok());
  ResourceTableBase::ListQuery query;
  query.page_size = 1;
  std::vector<std::string> names;
  for (bool more = true; more;) {
    ResourceTableBase::Page page = List(query);
    names.push_back(page.last_name);
    query.after_key = page.last_key;
    query.after_name = page.last_name;
    more = page.more;
  }
  EXPECT_THAT(names, ElementsAre("shelves/a/books/a", "shelves/a/books/b", "shelves/a/books/c"));
}

TEST_F(ResourceTableTest, ListFiltersByParentAndColumns) {
  TestBook poems = BookNamed("p", "Dikter");
  poems.set_genre(TestBook::POEMS);
  ASSERT_TRUE(Create(poems).answer.ok());
  ASSERT_TRUE(Create(BookNamed("x")).answer.ok());
  EXPECT_THAT(Titles(List(Query("shelves/a", {{"genre", "POEMS"}}))), ElementsAre("Dikter"));
  EXPECT_THAT(Titles(List(Query("shelves/a", {{"title", "Dikter"}, {"genre", "NOVEL"}}))), ElementsAre());
  EXPECT_THAT(Titles(List(Query("shelves/b", {}))), ElementsAre());
  auto unknown = database_->Read([](ReadTx& tx) { return Books().List(tx, Query("", {{"1 = 1 OR title", "x"}})); });
  EXPECT_TRUE(absl::IsInternal(unknown.status()));
}

void SetDate(google::type::Date& date, int year, int month = 0, int day = 0) {
  date.set_year(year);
  date.set_month(month);
  date.set_day(day);
}

TEST_F(ResourceTableTest, ListsWhatMayHoldADay) {
  TestBook open = BookNamed("1open", "open"), month = BookNamed("2month", "month"),
           exact = BookNamed("3exact", "exact");
  SetDate(*month.mutable_start_date(), 2017, 5);
  SetDate(*month.mutable_end_date(), 2018);
  SetDate(*exact.mutable_start_date(), 2017, 5, 3);
  SetDate(*exact.mutable_end_date(), 2017, 5, 4);
  for (const TestBook& book : {open, month, exact}) ASSERT_TRUE(Create(book).answer.ok());
  auto on = [&](const std::string& day, bool then) {
    ResourceTableBase::ListQuery query;
    query.effective_date = day;
    if (then) query.read_time = loop_.clock().Now();
    std::vector<std::string> titles = Titles(List(query));
    std::sort(titles.begin(), titles.end());
    return absl::StrJoin(titles, " ");
  };
  for (bool then : {false, true}) {
    EXPECT_EQ(on("", then), "exact month open");
    EXPECT_EQ(on("2017-04-30", then), "open");
    EXPECT_EQ(on("2017-05-01", then), "month open");
    EXPECT_EQ(on("2017-05-03", then), "exact month open");
    EXPECT_EQ(on("2017-05-04", then), "exact month open");
    EXPECT_EQ(on("2017-05-05", then), "month open");
    EXPECT_EQ(on("2018-12-31", then), "month open");
    EXPECT_EQ(on("2019-01-01", then), "open");
  }
}

TEST_F(ResourceTableTest, ADashStandsForAnyParent) {
  for (const char* name : {"shelves/a/books/x", "shelves/b/books/x", "shelves/ab/books/x"}) {
    TestBook book = BookNamed("x", name);
    book.set_name(name);
    ASSERT_TRUE(Create(book).answer.ok());
  }
  EXPECT_THAT(Titles(List(Query("shelves/-", {}))),
              ElementsAre("shelves/a/books/x", "shelves/ab/books/x", "shelves/b/books/x"));
  EXPECT_THAT(Titles(List(Query("shelves/a", {}))), ElementsAre("shelves/a/books/x"));
  EXPECT_THAT(Titles(List(Query("shelves/-/rows/-", {}))), ElementsAre());
  ResourceTableBase::ListQuery query = Query("shelves/-", {{"title", "shelves/b/books/x"}});
  EXPECT_THAT(Titles(List(query)), ElementsAre("shelves/b/books/x"));
  query = Query("shelves/-", {});
  query.page_size = 2;
  ResourceTableBase::Page page = List(query);
  EXPECT_TRUE(page.more);
  query.after_name = page.last_name;
  EXPECT_THAT(Titles(List(query)), ElementsAre("shelves/b/books/x"));
}

TEST_F(ResourceTableTest, ListsWhatWasKnownAtATime) {
  ASSERT_TRUE(Create(BookNamed("a", "A")).answer.ok());
  ASSERT_TRUE(Create(BookNamed("b", "B")).answer.ok());
  absl::Time then = loop_.clock().Now();
  loop_.clock().Advance(absl::Seconds(1));
  ASSERT_TRUE(Update(BookNamed("a", "A2"), "*").answer.ok());
  ASSERT_TRUE(Create(BookNamed("c", "C")).answer.ok());
  auto at = [&](absl::Time time, ResourceTableBase::ListQuery query) {
    query.read_time = time;
    return Titles(List(query));
  };
  EXPECT_THAT(at(then - absl::Seconds(1), {}), ElementsAre());
  EXPECT_THAT(at(then, {}), ElementsAre("A", "B"));
  EXPECT_THAT(at(loop_.clock().Now(), {}), ElementsAre("A2", "B", "C"));
  EXPECT_THAT(at(then, Query("shelves/a", {{"title", "A"}})), ElementsAre("A"));
  EXPECT_THAT(at(then, Query("shelves/a", {{"title", "A2"}})), ElementsAre());
  EXPECT_THAT(at(then, Query("shelves/b", {})), ElementsAre());
  ResourceTableBase::ListQuery query;
  query.page_size = 1;
  query.after_name = "shelves/a/books/a";
  EXPECT_THAT(at(loop_.clock().Now(), query), ElementsAre("B"));
}

TEST_F(ResourceTableTest, PagesEndByCountAndByBytes) {
  std::vector<WriteRequest> requests;
  for (int i = 0; i < 60; ++i) {
    requests.push_back(Request([i](WriteTx& tx) -> absl::StatusOr<std::string> {
      TestBook book = BookNamed(absl::StrCat("b", i));
      book.set_scan(std::string(i < 50 ? 10 : 300'000, 'x'));
      RETURN_IF_ERROR(Books().Create(tx, TestPermit(), book).status());
      return std::string();
    }));
  }
  for (const WriteResult& result : WriteTogether(std::move(requests))) ASSERT_TRUE(result.answer.ok());
  EXPECT_EQ(List({}).messages.size(), 50u);
  EXPECT_TRUE(List({}).more);
  ResourceTableBase::ListQuery query;
  query.page_size = 60;
  ResourceTableBase::Page page = List(query);
  EXPECT_TRUE(page.more);
  EXPECT_LT(page.messages.size(), 60u);
}

TEST_F(ResourceTableTest, EachStatementHasItsIndex) {
  auto plan = [&](absl::string_view sql) { return *PlanOf(*database_, sql); };
  EXPECT_THAT(plan("SELECT message FROM books WHERE name = ?"), UsesIndex("sqlite_autoindex_books_1"));
  QueryPlan list = plan(
      "SELECT name, message, sort_key FROM books WHERE parent = ? AND (sort_key, name) > (?, ?)"
      " ORDER BY sort_key, name LIMIT ?");
  EXPECT_THAT(list, UsesIndex("books_by_parent"));
  EXPECT_FALSE(list.sorts);
  EXPECT_THAT(plan("SELECT message FROM revisions WHERE name = ? AND commit_time <= ? ORDER BY seq DESC LIMIT 1"),
              UsesIndex("revisions_by_name"));
  EXPECT_FALSE(plan("SELECT message FROM revisions WHERE name = ? ORDER BY seq DESC LIMIT 1").sorts);
  EXPECT_TRUE(plan("SELECT name FROM books WHERE title = ?").full_scan);
}

}  // namespace
}  // namespace partnerskap
