// What one write of a feed does to the store, and what it refuses to do.
#include "common/feed/applier.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "common/testing/notes/notes_service.h"
#include "common/testing/service_fixture.h"

namespace partnerskap {
namespace {

class ApplierTest : public ServiceFixture {
 protected:
  ApplierTest() : ServiceFixture(notes::CopiesDefinition()) {}

  // Transactions `after` + 1 and following of one change each, as one effect.
  static Effect EffectOf(const std::string& epoch, int64_t after, int64_t through) {
    Effect effect;
    for (int64_t sequence = after + 1; sequence <= through; ++sequence) {
      common::v1::Change change;
      change.set_epoch(epoch);
      change.set_sequence(sequence);
      change.set_name(absl::StrCat("networks/one/notes/n", sequence));
      effect.changes.push_back(std::move(change));
    }
    effect.after = after;
    effect.cursor = {epoch, through, absl::StrCat("token ", through)};
    return effect;
  }
  absl::Status Apply(Effect effect) {
    WriteRequest write = WriteOf(notes::CopiesDefinition().subscriptions[0],
                                 std::make_shared<const Effect>(std::move(effect)), loop().clock().Now());
    absl::Status status = absl::UnknownError("not answered");
    write.done = [&status](const WriteResult& result) { status = result.answer.status(); };
    database().writer().Submit(std::move(write));
    EXPECT_TRUE(loop().RunUntil([&] { return !absl::IsUnknown(status); }));
    return status;
  }
  // Begins to follow: an empty initial state.
  void Begin(const std::string& epoch) {
    Effect state = EffectOf(epoch, 0, 0);
    state.replaces_all = true;
    ASSERT_TRUE(Apply(state).ok());
  }
  FeedCursor Cursor() {
    auto cursor = database().Read([](ReadTx& tx) { return ReadCursor(tx, "notes"); });
    EXPECT_TRUE(cursor.ok()) << cursor.status();
    return cursor.ok() ? *cursor : FeedCursor();
  }
  // How often each change was applied, in the order of their sequences.
  std::vector<int64_t> Times() {
    std::vector<int64_t> times;
    const absl::Status status = database().Read([&times](ReadTx& tx) -> absl::Status {
      Rows rows = tx.Query("SELECT times\n  FROM effects\n ORDER BY sequence");
      while (rows.Next()) times.push_back(rows.Int(0));
      return rows.status();
    });
    EXPECT_TRUE(status.ok()) << status;
    return times;
  }
};

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_F(ApplierTest, TheCursorGoesWithTheEffect) {
  Begin("aa");
  ASSERT_TRUE(Apply(EffectOf("aa", 0, 1)).ok());
  EXPECT_EQ(Cursor().epoch, "aa");
  EXPECT_EQ(Cursor().sequence, 1);
  EXPECT_EQ(Cursor().resume_token, "token 1");
  ASSERT_TRUE(Apply(EffectOf("aa", 1, 3)).ok());
  EXPECT_EQ(Cursor().sequence, 3);
  EXPECT_THAT(Times(), ElementsAre(1, 1, 1));
}

TEST_F(ApplierTest, WhatIsThereIsTakenAsDoneAndNotDoneAgain) {
  Begin("aa");
  ASSERT_TRUE(Apply(EffectOf("aa", 0, 1)).ok());
  ASSERT_TRUE(Apply(EffectOf("aa", 1, 2)).ok());
  EXPECT_TRUE(Apply(EffectOf("aa", 0, 1)).ok());
  EXPECT_TRUE(Apply(EffectOf("aa", 1, 2)).ok());
  EXPECT_EQ(Cursor().sequence, 2);
  EXPECT_THAT(Times(), ElementsAre(1, 1));
}

TEST_F(ApplierTest, NothingIsAppliedAfterAGap) {
  Begin("aa");
  ASSERT_TRUE(Apply(EffectOf("aa", 0, 1)).ok());
  EXPECT_TRUE(absl::IsAborted(Apply(EffectOf("aa", 2, 3))));
  // Half of it is there: applying the rest alone is not for this place to decide.
  EXPECT_TRUE(absl::IsAborted(Apply(EffectOf("aa", 0, 2))));
  EXPECT_EQ(Cursor().sequence, 1);
  EXPECT_THAT(Times(), ElementsAre(1));
}

TEST_F(ApplierTest, NothingOfAnotherEpochIsApplied) {
  Begin("aa");
  ASSERT_TRUE(Apply(EffectOf("aa", 0, 1)).ok());
  EXPECT_TRUE(absl::IsAborted(Apply(EffectOf("bb", 1, 2))));
  EXPECT_TRUE(absl::IsAborted(Apply(EffectOf("bb", 0, 1))));
  EXPECT_EQ(Cursor().epoch, "aa");
  EXPECT_THAT(Times(), ElementsAre(1));
}

TEST_F(ApplierTest, AnInitialStateReplacesWhatWasThere) {
  Begin("aa");
  ASSERT_TRUE(Apply(EffectOf("aa", 0, 2)).ok());
  Begin("bb");
  EXPECT_THAT(Times(), IsEmpty());
  EXPECT_EQ(Cursor().epoch, "bb");
  EXPECT_EQ(Cursor().sequence, 0);
  EXPECT_TRUE(Apply(EffectOf("bb", 0, 1)).ok());
  EXPECT_THAT(Times(), ElementsAre(1));
}

}  // namespace
}  // namespace partnerskap
