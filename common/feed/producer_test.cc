// The feed as a watcher sees it, through the gate of a whole service in a simulation.
#include "common/feed/producer.h"

#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "common/feed/change_reader.h"
#include "common/feed/producer_fixture.h"
#include "common/feed/watch_session.h"
#include "common/sql/store_file.h"
#include "common/status/refusal.h"
#include "common/testing/notes/notes_service.h"
#include "common/testing/service_fixture.h"
#include "common/testing/test_watcher.h"

namespace partnerskap {
namespace {

using common::v1::Change;
using common::v1::ListChangesRequest;
using common::v1::ListChangesResponse;
using common::v1::WatchChangesRequest;
using common::v1::WatchChangesResponse;
using notes::v1::Note;
using notes::v1::Secret;
using notes::v1::UpdateNoteRequest;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

TEST_F(FeedTest, SaysWhatHappenedToWhatByWhom) {
  const Note note = Create("a");
  TestWatcher watcher = Watch();
  Until([&] { return watcher.count() > 0; });
  const Change change = watcher.changes()[0];
  EXPECT_EQ(change.epoch(), database().epoch());
  EXPECT_EQ(change.sequence(), 1);
  EXPECT_EQ(change.transaction(), 1);
  EXPECT_EQ(change.name(), "networks/one/notes/a");
  EXPECT_EQ(change.message_type(), "partnerskap.testing.notes.v1.Note");
  EXPECT_THAT(change.type(), ::testing::EndsWith("note.created.v1"));
  EXPECT_EQ(change.revision(), 1);
  EXPECT_EQ(change.actor(), TestAdminUri());
  EXPECT_EQ(change.commit_time().seconds(), absl::ToUnixSeconds(SimLoop::DefaultStart()));
  Note seen;
  ASSERT_TRUE(seen.ParseFromString(change.message()));
  EXPECT_EQ(seen.text(), note.text());
  EXPECT_EQ(seen.uid(), note.uid());
}

TEST_F(FeedTest, ClearsPersonalFields) {
  ASSERT_EQ(Create("a").author(), "Somebody");
  TestWatcher watcher = Watch();
  Until([&] { return watcher.count() > 0; });
  Note seen;
  ASSERT_TRUE(seen.ParseFromString(watcher.changes()[0].message()));
  EXPECT_EQ(seen.author(), "");
  for (const WatchChangesResponse& response : watcher.responses()) {
    EXPECT_EQ(response.SerializeAsString().find("Somebody"), std::string::npos);
  }
}

TEST_F(FeedTest, FollowsInOrderWithoutAGap) {
  TestWatcher watcher = Watch();
  for (int i = 0; i < 20; ++i) Create(absl::StrCat("n", i));
  Until([&] { return watcher.sequence() == 20; });
  std::vector<int64_t> all(20);
  for (int i = 0; i < 20; ++i) all[i] = i + 1;
  EXPECT_THAT(watcher.sequences(), ElementsAreArray(all));
  EXPECT_EQ(watcher.broken_rule(), "");
}

TEST_F(FeedTest, NamesTheChangedPaths) {
  Note note = Create("a");
  note.set_text("other");
  UpdateNoteRequest request;
  *request.mutable_note() = note;
  Ok<Note>(admin(), "UpdateNote", request);
  TestWatcher watcher = Watch();
  Until([&] { return watcher.count() == 2; });
  EXPECT_THAT(watcher.changes()[0].changed_paths(), IsEmpty());
  EXPECT_THAT(watcher.changes()[1].changed_paths(), ::testing::Contains("text"));
  EXPECT_EQ(watcher.changes()[1].revision(), 2);
}

TEST_F(FeedTest, SaysAtOnceWhereItStands) {
  Create("a");
  const absl::Time before = loop().clock().Now();
  WatchChangesRequest later;
  later.set_resume_token(List({}).next_page_token());
  TestWatcher watcher = Watch(later);
  Until([&] { return watcher.heard() > 0; });
  EXPECT_EQ(loop().clock().Now(), before);
  EXPECT_THAT(watcher.changes(), IsEmpty());
  EXPECT_EQ(watcher.sequence(), 1);
  EXPECT_FALSE(watcher.responses()[0].resume_token().empty());
}

TEST_F(FeedTest, AQuietStreamCarriesBookmarks) {
  Create("a");
  TestWatcher watcher = Watch();
  Until([&] { return watcher.sequence() == 1; });
  const size_t heard = watcher.responses().size();
  ASSERT_TRUE(loop().RunFor(absl::Seconds(kBookmarkSeconds - 1)));
  EXPECT_EQ(watcher.responses().size(), heard);
  ASSERT_TRUE(loop().RunFor(absl::Seconds(1)));
  ASSERT_EQ(watcher.responses().size(), heard + 1);
  const WatchChangesResponse bookmark = watcher.responses().back();
  EXPECT_THAT(bookmark.changes(), IsEmpty());
  EXPECT_EQ(bookmark.sequence(), 1);
  EXPECT_FALSE(bookmark.resume_token().empty());
  ASSERT_TRUE(loop().RunFor(absl::Seconds(10 * kBookmarkSeconds)));
  EXPECT_EQ(watcher.responses().size(), heard + 11);
}

TEST_F(FeedTest, NeverSplitsATransactionAcrossResponses) {
  // Larger than a page by far, smaller than what is split.
  CreateMany("many", 300, std::string(100, 'x'));
  Create("after");
  TestWatcher watcher = Watch();
  Until([&] { return watcher.sequence() == 301; });
  EXPECT_EQ(watcher.broken_rule(), "");
  const std::vector<WatchChangesResponse> responses = watcher.responses();
  ASSERT_FALSE(responses.empty());
  EXPECT_EQ(responses[0].changes_size(), 300);
  for (const Change& change : responses[0].changes()) EXPECT_EQ(change.transaction(), 1);
}

TEST_F(FeedTest, ATransactionTooLargeForOneMessageIsAnnouncedWhenItIsWhole) {
  CreateMany("large", 60, std::string(90'000, 'x'));
  TestWatcher watcher = Watch();
  Until([&] { return watcher.sequence() == 60; });
  EXPECT_EQ(watcher.broken_rule(), "");
  EXPECT_EQ(watcher.changes().size(), 60u);
  EXPECT_GT(watcher.responses().size(), 1u);
  for (const WatchChangesResponse& response : watcher.responses()) {
    EXPECT_LT(response.ByteSizeLong(), 4u << 20);
    EXPECT_TRUE(response.sequence() == 0 || response.sequence() == 60) << response.sequence();
  }
  // Who lost the stream in the middle of it hears all of it again.
  WatchChangesRequest again;
  again.set_resume_token(watcher.responses()[0].resume_token());
  ASSERT_EQ(watcher.responses()[0].sequence(), 0);
  TestWatcher second = Watch(again);
  Until([&] { return second.sequence() == 60; });
  EXPECT_EQ(second.changes().size(), 60u);
}

TEST_F(FeedTest, ResumesAfterTheTokenOverARestart) {
  for (int i = 0; i < 5; ++i) Create(absl::StrCat("n", i));
  TestWatcher watcher = Watch();
  Until([&] { return watcher.sequence() == 5; });
  server().Kill();
  Until([&] { return watcher.end().has_value(); });
  server().Start();
  Create("later");
  watcher.Resume();
  Until([&] { return watcher.sequence() == 6; });
  EXPECT_THAT(watcher.sequences(), ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_EQ(watcher.broken_rule(), "");
}

TEST_F(FeedTest, AStoppingServiceEndsTheStreamWithAReason) {
  TestWatcher watcher = Watch();
  Until([&] { return watcher.heard() > 0; });
  server().Stop();
  EXPECT_EQ(EndOf(watcher), "SHUTTING_DOWN");
}

TEST_F(FeedTest, SendsTheInitialStateThenWhatFollows) {
  Note note = Create("a");
  Create("b");
  note.set_text("newer");
  UpdateNoteRequest update;
  *update.mutable_note() = note;
  Ok<Note>(admin(), "UpdateNote", update);
  WatchChangesRequest request;
  request.set_send_initial_state(true);
  TestWatcher watcher = Watch(request);
  Until([&] { return watcher.initial_state_complete(); });
  ASSERT_EQ(watcher.initial_state().size(), 2u);
  EXPECT_EQ(watcher.initial_state()[0].name(), "networks/one/notes/b");
  EXPECT_EQ(watcher.initial_state()[1].name(), "networks/one/notes/a");
  EXPECT_EQ(watcher.initial_state()[1].sequence(), 3);
  EXPECT_EQ(watcher.sequence(), 3);
  Create("c");
  Until([&] { return watcher.sequence() == 4; });
  EXPECT_THAT(watcher.sequences(), ElementsAre(4));
  EXPECT_EQ(watcher.broken_rule(), "");
}

TEST_F(FeedTest, TheInitialStateIsOneSnapshotWhileOthersWrite) {
  for (int i = 0; i < 8; ++i) CreateMany(absl::StrCat("batch", i, "-"), 100);
  WatchChangesRequest request;
  request.set_send_initial_state(true);
  TestWatcher watcher = Watch(request);
  Until([&] { return watcher.heard() > 0; });
  ASSERT_FALSE(watcher.initial_state_complete());
  Create("while-it-is-sent");
  Until([&] { return watcher.sequence() == 801; });
  EXPECT_EQ(watcher.initial_state().size(), 800u);
  EXPECT_THAT(watcher.sequences(), ElementsAre(801));
  EXPECT_EQ(watcher.broken_rule(), "");
}

TEST_F(FeedTest, AnEmptyStoreHasACompleteInitialState) {
  WatchChangesRequest request;
  request.set_send_initial_state(true);
  TestWatcher watcher = Watch(request);
  Until([&] { return watcher.initial_state_complete(); });
  EXPECT_THAT(watcher.initial_state(), IsEmpty());
  Create("a");
  Until([&] { return watcher.sequence() == 1; });
  EXPECT_THAT(watcher.sequences(), ElementsAre(1));
}

TEST_F(FeedTest, WhatWasErasedIsNotInTheInitialState) {
  Create("a", "gone");
  Create("b");
  server().Stop();
  {
    // As an erasure leaves it: a newest revision without bytes.
    auto connection = Connection::Open(absl::StrCat(server().directory(), "/store.db"), Connection::Mode::kWriter, "");
    ASSERT_TRUE(connection.ok());
    ASSERT_TRUE((*connection)
                    ->ExecuteScript("INSERT INTO revisions SELECT 3, 3, name, 2, commit_time, 'note.erased.v1', "
                                    "message_type, x'', '', '', '', principal, method FROM revisions WHERE seq = 1")
                    .ok());
  }
  server().Start();
  WatchChangesRequest request;
  request.set_send_initial_state(true);
  TestWatcher watcher = Watch(request);
  Until([&] { return watcher.initial_state_complete(); });
  ASSERT_EQ(watcher.initial_state().size(), 1u);
  EXPECT_EQ(watcher.initial_state()[0].name(), "networks/one/notes/b");
  EXPECT_EQ(watcher.sequence(), 3);
}

TEST_F(FeedTest, HiddenTypesNeverAppearButThePositionPassesThem) {
  Create("a");
  TestWatcher watcher = Watch();
  Until([&] { return watcher.sequence() == 1; });
  const absl::Time before = loop().clock().Now();
  CreateSecret("s");
  Until([&] { return watcher.sequence() == 2; });
  // Who waits for that position does not wait for a bookmark.
  EXPECT_LE(loop().clock().Now() - before, kProgressSpacing);
  EXPECT_THAT(watcher.sequences(), ElementsAre(1));
  WatchChangesRequest state;
  state.set_send_initial_state(true);
  TestWatcher second = Watch(state);
  Until([&] { return second.initial_state_complete(); });
  EXPECT_EQ(second.initial_state().size(), 1u);
  EXPECT_EQ(List({}).changes_size(), 1);
  WatchChangesRequest asked;
  asked.add_message_types("partnerskap.testing.notes.v1.Secret");
  TestWatcher third = Watch(asked);
  Until([&] { return third.sequence() == 2; });
  EXPECT_THAT(third.changes(), IsEmpty());
}

TEST_F(FeedTest, ANetworkSeesItselfAndOrganizations) {
  Create("a", "text", "networks/one");
  Create("b", "text", "networks/oneandmore");
  Create("c", "text", "organizations/kommun-0380");
  Create("d", "text", "networks/two");
  WatchChangesRequest request;
  request.set_network("networks/one");
  TestWatcher watcher = Watch(request);
  Until([&] { return watcher.sequence() == 4; });
  EXPECT_THAT(watcher.sequences(), ElementsAre(1, 3));
}

TEST_F(FeedTest, AMemberFollowsItsOwnNetworkOnly) {
  Create("a", "text", "networks/kommun-0380");
  WatchChangesRequest own;
  own.set_network("networks/kommun-0380");
  TestWatcher allowed = Watch(Member("organizations/kommun-0380"), own);
  Until([&] { return allowed.sequence() == 1; });
  EXPECT_THAT(allowed.sequences(), ElementsAre(1));
  TestWatcher other = Watch(Member("organizations/kommun-0136"), own);
  EXPECT_EQ(EndOf(other), "OBJECT_NOT_YOURS");
  TestWatcher everything = Watch(Member("organizations/kommun-0380"));
  EXPECT_EQ(EndOf(everything), "OBJECT_NOT_YOURS");
  TestWatcher service = Watch(Service("scheduling"));
  Until([&] { return service.sequence() == 1; });
  TestWatcher reader = Watch(Reader(), own);
  EXPECT_EQ(EndOf(reader), "PERMISSION_MISSING");
}

TEST_F(FeedTest, TokensOfAnotherFilterOrFeedOrHandAreRefused) {
  Create("a");
  const std::string good = List({}).next_page_token();
  std::vector<std::string> hostile = {"x", std::string(1'000, 'A'), good + "A", good.substr(1)};
  for (size_t i = 0; i < good.size(); ++i) {
    std::string flipped = good;
    flipped[i] = flipped[i] == 'A' ? 'B' : 'A';
    hostile.push_back(flipped);
  }
  for (const std::string& token : hostile) {
    WatchChangesRequest request;
    request.set_resume_token(token);
    TestWatcher watcher = Watch(request);
    EXPECT_EQ(EndOf(watcher), "RESUME_TOKEN_INVALID") << token;
    ListChangesRequest list;
    list.set_page_token(token);
    EXPECT_EQ(ReasonOf(admin().Call<ListChangesResponse>("ListChanges", list).status()), "RESUME_TOKEN_INVALID");
  }
  WatchChangesRequest other;
  other.set_resume_token(good);
  other.set_network("networks/one");
  TestWatcher watcher = Watch(other);
  EXPECT_EQ(EndOf(watcher), "RESUME_TOKEN_INVALID");
}

TEST_F(FeedTest, RequestsThatMakeNoSenseAreRefused) {
  WatchChangesRequest both;
  both.set_send_initial_state(true);
  both.set_resume_token(List({}).next_page_token());
  TestWatcher watcher = Watch(both);
  EXPECT_EQ(EndOf(watcher), "FIELD_VIOLATIONS");
  WatchChangesRequest network;
  network.set_network("no network");
  TestWatcher second = Watch(network);
  EXPECT_EQ(EndOf(second), "FIELD_VIOLATIONS");
}

TEST_F(FeedTest, BelowTheFloorAPositionHasExpired) {
  for (int i = 0; i < 5; ++i) Create(absl::StrCat("n", i));
  ListChangesRequest page;
  page.set_page_size(2);
  const std::string at_two = List(page).next_page_token();
  page.set_page_size(3);
  const std::string at_three = List(page).next_page_token();
  SetFloor(4);
  WatchChangesRequest request;
  request.set_resume_token(at_two);
  TestWatcher expired = Watch(request);
  EXPECT_EQ(EndOf(expired), "FEED_POSITION_EXPIRED");
  ASSERT_TRUE(expired.end().has_value());
  EXPECT_EQ(ReasonMetadataOf(*expired.end(), "floor"), "4");
  request.set_resume_token(at_three);
  TestWatcher kept = Watch(request);
  Until([&] { return kept.sequence() == 5; });
  EXPECT_THAT(kept.sequences(), ElementsAre(4, 5));
  TestWatcher beginning = Watch();
  Until([&] { return beginning.sequence() == 5; });
  EXPECT_THAT(beginning.sequences(), ElementsAre(4, 5));
  WatchChangesRequest state;
  state.set_send_initial_state(true);
  TestWatcher resynchronised = Watch(state);
  Until([&] { return resynchronised.initial_state_complete(); });
  EXPECT_EQ(resynchronised.initial_state().size(), 5u);
}

TEST_F(FeedTest, AfterARestoreOldPositionsAreOfAnotherEpoch) {
  Create("a");
  const std::string backup = server().Backup();
  Create("b");
  const std::string token = List({}).next_page_token();
  server().Stop();
  server().RestoreFrom(backup);
  server().Start();
  WatchChangesRequest request;
  request.set_resume_token(token);
  TestWatcher watcher = Watch(request);
  EXPECT_EQ(EndOf(watcher), "FEED_EPOCH_CHANGED");
}

TEST_F(FeedTest, AStoreThatWentBackUnderItsOwnEpochIsNoticed) {
  Create("a");
  const std::string backup = server().Backup();
  Create("b");
  const std::string token = List({}).next_page_token();
  server().Stop();
  std::filesystem::remove_all(server().directory());
  CopyStateDirectory(backup, server().directory());
  server().Start();
  WatchChangesRequest request;
  request.set_resume_token(token);
  TestWatcher watcher = Watch(request);
  EXPECT_EQ(EndOf(watcher), "FEED_EPOCH_CHANGED");
}

TEST_F(FeedTest, AWatcherThatStopsReadingIsBoundedAndEnded) {
  TestWatcher slow = Watch();
  TestWatcher quick = Watch();
  Until([&] { return slow.heard() > 0 && quick.heard() > 0; });
  slow.StopReading();
  const std::string text(5'000, 'x');
  for (int i = 0; i < 200; ++i) Create(absl::StrCat("n", i), text);
  Until([&] { return quick.sequence() == 200; });
  // What waits for the slow one is a stream's buffer, not the feed.
  const size_t heard = slow.responses().size();
  EXPECT_LT(heard, 3 + kLocalStreamBuffer);
  ASSERT_TRUE(loop().RunFor(kWatcherPatience - absl::Seconds(1)));
  EXPECT_FALSE(slow.end().has_value());
  EXPECT_EQ(EndOf(slow), "WATCHER_TOO_SLOW");
  slow.Resume();
  Until([&] { return slow.sequence() == 200; });
  EXPECT_EQ(slow.changes().size(), 200u);
  EXPECT_EQ(slow.broken_rule(), "");
}

TEST_F(FeedTest, AWatcherThatReadsAgainInTimeGoesOn) {
  TestWatcher watcher = Watch();
  Until([&] { return watcher.heard() > 0; });
  watcher.StopReading();
  for (int i = 0; i < 100; ++i) Create(absl::StrCat("n", i), std::string(20'000, 'x'));
  ASSERT_TRUE(loop().RunFor(kWatcherPatience / 2));
  watcher.Read();
  Until([&] { return watcher.sequence() == 100; });
  ASSERT_TRUE(loop().RunFor(2 * kWatcherPatience));
  EXPECT_FALSE(watcher.end().has_value());
  EXPECT_EQ(watcher.broken_rule(), "");
}

TEST_F(FeedTest, AFullPoolDelaysButLosesNothing) {
  TestWatcher watcher = Watch();
  Until([&] { return watcher.heard() > 0; });
  loop().set_pool_limit(0);
  Create("a");
  ASSERT_TRUE(loop().RunFor(absl::Seconds(1)));
  EXPECT_EQ(watcher.sequence(), 0);
  loop().set_pool_limit(1);
  Until([&] { return watcher.sequence() == 1; });
}

}  // namespace
}  // namespace partnerskap
