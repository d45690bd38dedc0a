// The feed and the audit chain page by page, through the gate of a whole service in a simulation.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "common/audit/audit.h"
#include "common/feed/producer_fixture.h"
#include "partnerskap/common/v1/audit.pb.h"

namespace partnerskap {
namespace {

using common::v1::Change;
using common::v1::ListAuditEntriesRequest;
using common::v1::ListAuditEntriesResponse;
using common::v1::ListChangesRequest;
using common::v1::ListChangesResponse;
using common::v1::WatchChangesRequest;
using notes::v1::CreateNoteRequest;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_F(FeedTest, PollersPageThroughWholeTransactions) {
  Create("a");
  CreateMany("many", 5);
  Create("b");
  ListChangesRequest page;
  page.set_page_size(2);
  std::vector<std::vector<int64_t>> pages;
  for (int i = 0; i < 4; ++i) {
    const ListChangesResponse response = List(page);
    pages.emplace_back();
    for (const Change& change : response.changes()) pages.back().push_back(change.sequence());
    page.set_page_token(response.next_page_token());
    EXPECT_EQ(response.high_sequence(), 7);
    EXPECT_EQ(response.epoch(), database().epoch());
  }
  EXPECT_THAT(pages, ElementsAre(ElementsAre(1, 2, 3, 4, 5, 6), ElementsAre(7), IsEmpty(), IsEmpty()));
  Create("c");
  EXPECT_EQ(List(page).changes_size(), 1);
  // The token is good for a stream too.
  WatchChangesRequest watch;
  watch.set_resume_token(page.page_token());
  TestWatcher watcher = Watch(watch);
  Until([&] { return watcher.sequence() == 8; });
  EXPECT_THAT(watcher.sequences(), ElementsAre(8));
}

TEST_F(FeedTest, APageEndsWhereItsSnapshotEnds) {
  Create("a");
  auto lease = database().LeaseReader();
  ASSERT_TRUE(lease.ok());
  ReadTx tx(lease->connection());
  // As a member's right to follow does, which is looked up in the same snapshot.
  EXPECT_TRUE(tx.Query("SELECT name\n  FROM notes").Next());
  Create("b");
  const TestService& service = server().service();
  const Method& method = service.methods().all().at("/partnerskap.testing.notes.v1.NoteFeedService/ListChanges");
  Call call;
  call.auth = method.auth;
  call.principal.all_organizations = true;
  const auto bytes = std::get<ReadHandler>(method.handler)(service.env(), call, ListChangesRequest(), tx);
  ASSERT_TRUE(bytes.ok()) << bytes.status();
  ListChangesResponse page;
  ASSERT_TRUE(page.ParseFromString(*bytes));
  EXPECT_EQ(page.changes_size(), 1);
  EXPECT_EQ(page.high_sequence(), 1);
  ListChangesRequest next;
  next.set_page_token(page.next_page_token());
  const ListChangesResponse rest = List(next);
  ASSERT_EQ(rest.changes_size(), 1) << "what was committed between is never told";
  EXPECT_EQ(rest.changes(0).name(), "networks/one/notes/b");
}

TEST_F(FeedTest, TheAuditChainIsListedAndVerifies) {
  for (int i = 0; i < 4; ++i) Create(absl::StrCat("n", i));
  server().Kill();
  server().Start();
  for (int i = 4; i < 7; ++i) Create(absl::StrCat("n", i));
  CreateNoteRequest again;
  again.set_parent("networks/one");
  again.set_note_id("n1");
  again.mutable_note()->set_text("text");
  ExpectRefused(admin(), "CreateNote", again, "RESOURCE_ALREADY_EXISTS");
  ListAuditEntriesRequest request;
  request.set_page_size(3);
  ChainVerifier chain;
  int rows = 0;
  do {
    const auto page = Ok<ListAuditEntriesResponse>(admin(), "ListAuditEntries", request);
    for (const auto& entry : page.audit_entries()) {
      EXPECT_TRUE(chain.Add(entry).ok());
      ++rows;
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(rows, 8);
  request.set_filter("reason = \"RESOURCE_ALREADY_EXISTS\"");
  const auto refused = Ok<ListAuditEntriesResponse>(admin(), "ListAuditEntries", request);
  ASSERT_EQ(refused.audit_entries_size(), 1);
  EXPECT_EQ(refused.audit_entries(0).sequence(), 8);
  request.set_filter("principal = \"nobody\" AND method = \"x\"");
  EXPECT_EQ(Ok<ListAuditEntriesResponse>(admin(), "ListAuditEntries", request).audit_entries_size(), 0);
  ExpectRefused(admin(), "ListAuditEntries", Request<ListAuditEntriesRequest>("filter: 'colour = \"red\"'"),
                "FIELD_VIOLATIONS");
  ExpectRefused(admin(), "ListAuditEntries", Request<ListAuditEntriesRequest>("page_token: 'x'"), "PAGE_TOKEN_INVALID");
}

}  // namespace
}  // namespace partnerskap
