// That the pages of a list are of one snapshot. Order, filters and sizes of pages: resource_table_test.cc.
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/sql/store_file.h"
#include "common/sql/store_fixture.h"
#include "common/status/macros.h"
#include "common/status/refusal.h"
#include "gmock/gmock.h"

namespace partnerskap {
namespace {

using testing::ElementsAre;
using ListQuery = ResourceTableBase::ListQuery;
using Page = ResourceTableBase::Page;

TestBook Book(absl::string_view id, absl::string_view title, TestBook::Genre genre = TestBook::NOVEL) {
  TestBook book = BookNamed(id, title);
  book.set_genre(genre);
  return book;
}

class ResourceListTest : public StoreTest {
 protected:
  void SetUp() override {
    Open();
    for (const char* title : {"B", "D", "F", "H"}) ASSERT_TRUE(Create(Book(title, title)).answer.ok());
  }

  void Update(const TestBook& book) {
    const WriteResult result = Write([&](WriteTx& tx) -> absl::StatusOr<std::string> {
      RETURN_IF_ERROR(Books().Update(tx, TestPermit(), book, "*", "updated").status());
      return std::string();
    });
    EXPECT_TRUE(result.answer.ok()) << result.answer.status();
  }

  // One comes into the middle, one that a first page shows moves to the end, one that it does not to the front, and one
  // leaves what the list is of.
  void Change() {
    ASSERT_TRUE(Create(Book("E", "E")).answer.ok());
    Update(Book("B", "Z"));
    Update(Book("F", "A"));
    Update(Book("H", "H", TestBook::POEMS));
  }

  // The titles of all novels, one a page; Change happens after the first page.
  std::vector<std::string> TitlesByPages(const std::string& parent, std::optional<absl::Time> read_time) {
    ListQuery query;
    query.parent = parent;
    query.read_time = read_time;
    query.equals = {{"genre", "NOVEL"}};
    query.page_size = 1;
    std::vector<std::string> titles;
    for (bool more = true; more;) {
      const auto page = database_->Read([&](ReadTx& tx) { return Books().List(tx, query); });
      EXPECT_TRUE(page.ok()) << page.status();
      if (!page.ok()) break;
      for (const std::string& bytes : page->messages) {
        TestBook book;
        EXPECT_TRUE(book.ParseFromString(bytes));
        titles.push_back(book.title());
      }
      if (!query.at_sequence.has_value()) Change();
      query.after_key = page->last_key;
      query.after_name = page->last_name;
      query.at_sequence = page->sequence;
      more = page->more;
    }
    return titles;
  }

  std::string Refusal(int64_t at_sequence) {
    ListQuery query;
    query.at_sequence = at_sequence;
    return ReasonOf(database_->Read([&](ReadTx& tx) { return Books().List(tx, query); }).status());
  }
};

TEST_F(ResourceListTest, AllPagesAreOneSnapshot) {
  EXPECT_THAT(TitlesByPages("shelves/a", std::nullopt), ElementsAre("B", "D", "F", "H"));
}

TEST_F(ResourceListTest, AllPagesOfAnyParentAreOneSnapshot) {
  EXPECT_THAT(TitlesByPages("shelves/-", std::nullopt), ElementsAre("B", "D", "F", "H"));
}

TEST_F(ResourceListTest, AllPagesOfATimeThatIsNotOverAreOneSnapshot) {
  const absl::Time soon = loop_.clock().Now() + absl::Seconds(1);
  EXPECT_THAT(TitlesByPages("shelves/a", soon), ElementsAre("B", "D", "F", "H"));
}

TEST_F(ResourceListTest, ALaterPageTakesSeveralFormerRows) {
  Change();
  ListQuery query;
  query.parent = "shelves/a";
  query.at_sequence = 4;
  query.page_size = 3;
  const auto page = database_->Read([&](ReadTx& tx) { return Books().List(tx, query); });
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_EQ(page->messages.size(), 3U);
  EXPECT_EQ(page->last_name, "shelves/a/books/F");
  EXPECT_TRUE(page->more);
  EXPECT_EQ(page->sequence, 4);
}

TEST_F(ResourceListTest, ASnapshotThatIsNotKeptIsRefused) {
  EXPECT_EQ(Refusal(1), "");
  EXPECT_EQ(Refusal(4), "");
  EXPECT_EQ(Refusal(5), "PAGE_TOKEN_INVALID");
  ASSERT_TRUE(Write([](WriteTx& tx) -> absl::StatusOr<std::string> {
                RETURN_IF_ERROR(SetStoreInt(tx.connection(), kFeedFloorKey, 3));
                return std::string();
              }).answer.ok());
  EXPECT_EQ(Refusal(1), "FEED_POSITION_EXPIRED");
  EXPECT_EQ(Refusal(2), "");
}

}  // namespace
}  // namespace partnerskap
