// Two services in a simulation, one of which follows the other: each change has its effect once, whatever happens.
#include "common/feed/subscriber.h"

#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "common/feed/producer.h"
#include "common/feed/projections.h"
#include "common/sql/store_file.h"
#include "common/status/refusal.h"
#include "common/testing/notes/notes_service.h"
#include "common/testing/service_fixture.h"
#include "common/testing/sim_service.h"

namespace partnerskap {
namespace {

using notes::v1::CreateNoteRequest;
using notes::v1::CreateNotesRequest;
using notes::v1::CreateSecretRequest;
using notes::v1::GetNoteRequest;
using notes::v1::Note;
using notes::v1::Secret;
using notes::v1::UpdateNoteRequest;

// name -> message without what the feed clears
using State = std::map<std::string, std::string>;

State Fold(Database& producer) {
  State state;
  const absl::Status status = producer.Read([&state](ReadTx& tx) -> absl::Status {
    Rows rows = tx.Query("SELECT name, message\n  FROM notes\n ORDER BY name");
    while (rows.Next()) {
      Note note;
      note.ParseFromString(std::string(rows.Bytes(1)));
      note.clear_author();
      state[std::string(rows.Text(0))] = note.SerializeAsString();
    }
    return rows.status();
  });
  EXPECT_TRUE(status.ok()) << status;
  return state;
}

State Copies(Database& consumer) {
  State state;
  const absl::Status status = consumer.Read([&state](ReadTx& tx) -> absl::Status {
    Rows rows = tx.Query("SELECT name, message\n  FROM copies\n ORDER BY name");
    while (rows.Next()) state[std::string(rows.Text(0))] = std::string(rows.Bytes(1));
    return rows.status();
  });
  EXPECT_TRUE(status.ok()) << status;
  return state;
}

int64_t Number(Database& database, absl::string_view sql) {
  int64_t number = -1;
  const absl::Status status = database.Read([&](ReadTx& tx) -> absl::Status {
    Rows rows = tx.Query(sql);
    if (rows.Next()) number = rows.Int(0);
    return rows.status();
  });
  EXPECT_TRUE(status.ok()) << status;
  return number;
}

class SubscriberTest : public ::testing::Test {
 protected:
  explicit SubscriberTest(uint64_t seed = 1)
      : loop_(seed), notes_(loop_, notes::NotesDefinition()), copies_(loop_, notes::CopiesDefinition()) {
    copies_.Connect(notes_, &faults_);
    notes::RefusePoison(false);
  }
  ~SubscriberTest() override { notes::RefusePoison(false); }

  absl::StatusOr<Note> Create(TestCaller& caller, const std::string& id, const std::string& text = "text") {
    CreateNoteRequest request;
    request.set_parent("networks/one");
    request.set_note_id(id);
    request.mutable_note()->set_text(text);
    return caller.Call<Note>("CreateNote", request);
  }
  ProjectionState Edge() { return copies_.service().projections().All().at(0); }
  // Both run, and everything that was written is applied.
  bool Converge() {
    return loop_.RunUntil([this] {
      return notes_.running() && copies_.running() && Edge().status.ok() && Edge().epoch == notes_.database().epoch() &&
             Edge().sequence == notes_.database().committed_sequence();
    });
  }
  void ExpectExactlyOnce() {
    EXPECT_EQ(Copies(copies_.database()), Fold(notes_.database()));
    EXPECT_EQ(Number(copies_.database(), "SELECT COUNT(*)\n  FROM effects\n WHERE times <> 1"), 0);
  }

  SimLoop loop_;
  LinkFaults faults_;
  SimService notes_, copies_;
};

TEST_F(SubscriberTest, AppliesWhatHappensAndWhatHadHappened) {
  notes_.Start();
  TestCaller admin = notes_.Admin();
  ASSERT_TRUE(Create(admin, "before").ok());
  copies_.Start();
  ASSERT_TRUE(Converge());
  ASSERT_TRUE(Create(admin, "after").ok());
  ASSERT_TRUE(Converge());
  ExpectExactlyOnce();
  EXPECT_EQ(Copies(copies_.database()).size(), 2u);
}

TEST_F(SubscriberTest, WaitsForAProducerThatIsNotThereYet) {
  copies_.Start();
  ASSERT_TRUE(loop_.RunFor(absl::Minutes(5)));
  EXPECT_FALSE(Edge().status.ok());
  notes_.Start();
  TestCaller admin = notes_.Admin();
  ASSERT_TRUE(Create(admin, "a").ok());
  const absl::Time before = loop_.clock().Now();
  ASSERT_TRUE(Converge());
  // Pauses grow, but not for ever.
  EXPECT_LE(loop_.clock().Now() - before, absl::Seconds(20));
}

TEST_F(SubscriberTest, GoesOnAfterItsCursorWhenItWasKilled) {
  notes_.Start();
  copies_.Start();
  TestCaller admin = notes_.Admin();
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(Create(admin, absl::StrCat("n", i)).ok());
    if (i % 3 == 0) {
      copies_.Kill();
      copies_.Start();
    }
    if (i % 4 == 0) {
      notes_.Kill();
      notes_.Start();
    }
  }
  ASSERT_TRUE(Converge());
  ExpectExactlyOnce();
  // Each was applied as news: nothing was read anew.
  EXPECT_EQ(Number(copies_.database(), "SELECT COUNT(*)\n  FROM effects"), 10);
}

TEST_F(SubscriberTest, ATransactionOfTheProducerIsOneHere) {
  notes_.Start();
  copies_.Start();
  ASSERT_TRUE(Converge());
  CreateNotesRequest request;
  request.set_parent("networks/one");
  for (int i = 0; i < 60; ++i) request.add_note_ids(absl::StrCat("n", i));
  // Several responses make one transaction.
  request.set_text(std::string(90'000, 'x'));
  TestCaller admin = notes_.Admin();
  ASSERT_TRUE(admin.Call<Note>("CreateNotes", request).ok());
  ASSERT_TRUE(loop_.RunUntil([this] {
    const int64_t applied = Number(copies_.database(), "SELECT COUNT(*)\n  FROM copies");
    EXPECT_TRUE(applied == 0 || applied == 60) << applied;
    return applied == 60;
  }));
  ExpectExactlyOnce();
}

TEST_F(SubscriberTest, ReadsWhatWasWrittenElsewhereWhenTheCallerSaysSo) {
  notes_.Start();
  copies_.Start();
  TestCaller writer = notes_.Admin();
  TestCaller reader = copies_.Admin();
  GetNoteRequest get;
  get.set_name("networks/one/notes/a");
  ASSERT_TRUE(Create(writer, "a").ok());
  ASSERT_FALSE(writer.position().empty());
  reader.With(kPositionKey, writer.position());
  EXPECT_TRUE(reader.Call<Note>("GetCopy", get).ok());
}

TEST_F(SubscriberTest, SaysInTimeThatItIsBehind) {
  notes_.Start();
  copies_.Start();
  ASSERT_TRUE(Converge());
  faults_.cut = true;
  TestCaller writer = notes_.Admin();
  ASSERT_TRUE(Create(writer, "a").ok());
  TestCaller reader = copies_.Admin();
  reader.With(kPositionKey, writer.position());
  reader.set_timeout(absl::Seconds(2));
  GetNoteRequest get;
  get.set_name("networks/one/notes/a");
  const absl::Time before = loop_.clock().Now();
  const absl::Status refused = reader.Call<Note>("GetCopy", get).status();
  EXPECT_EQ(ReasonOf(refused), "PROJECTION_BEHIND") << refused;
  EXPECT_EQ(refused.code(), absl::StatusCode::kUnavailable);
  EXPECT_LT(loop_.clock().Now() - before, absl::Seconds(2));
  // And does not wait for what needs no waiting.
  TestCaller other = copies_.Admin();
  EXPECT_EQ(ReasonOf(other.Call<Note>("GetCopy", get).status()), "RESOURCE_NOT_FOUND");
  faults_.cut = false;
  reader.set_timeout(absl::Seconds(60));
  EXPECT_TRUE(reader.Call<Note>("GetCopy", get).ok());
}

TEST_F(SubscriberTest, APositionThatOnlyHiddenChangesMadeIsReachedToo) {
  notes_.Start();
  copies_.Start();
  TestCaller writer = notes_.Admin();
  CreateSecretRequest request;
  request.set_parent("networks/one");
  request.set_secret_id("s");
  request.mutable_secret()->set_text("hidden");
  ASSERT_TRUE(writer.Call<Secret>("CreateSecret", request).ok());
  TestCaller reader = copies_.Admin();
  reader.With(kPositionKey, writer.position());
  GetNoteRequest get;
  get.set_name("networks/one/notes/a");
  EXPECT_EQ(ReasonOf(reader.Call<Note>("GetCopy", get).status()), "RESOURCE_NOT_FOUND");
  EXPECT_TRUE(Copies(copies_.database()).empty());
}

TEST_F(SubscriberTest, AnErrorOfAReactionStopsTheEdgeAndIsTriedAgain) {
  notes::RefusePoison(true);
  notes_.Start();
  copies_.Start();
  TestCaller admin = notes_.Admin();
  ASSERT_TRUE(Create(admin, "good").ok());
  ASSERT_TRUE(Converge());
  ASSERT_TRUE(Create(admin, "bad", "poison").ok());
  ASSERT_TRUE(Create(admin, "after").ok());
  ASSERT_TRUE(loop_.RunFor(absl::Minutes(10)));
  EXPECT_EQ(Edge().status.message(), "poison");
  EXPECT_EQ(Edge().sequence, 1);
  // What comes after it is not applied before it.
  EXPECT_EQ(Copies(copies_.database()).size(), 1u);
  notes::RefusePoison(false);
  ASSERT_TRUE(Converge());
  ExpectExactlyOnce();
}

TEST_F(SubscriberTest, AnErrorInTheInitialStateChangesNothing) {
  notes::RefusePoison(true);
  notes_.Start();
  TestCaller admin = notes_.Admin();
  ASSERT_TRUE(Create(admin, "good").ok());
  ASSERT_TRUE(Create(admin, "bad", "poison").ok());
  copies_.Start();
  ASSERT_TRUE(loop_.RunFor(absl::Minutes(1)));
  EXPECT_EQ(Edge().status.message(), "poison");
  EXPECT_TRUE(Copies(copies_.database()).empty());
  notes::RefusePoison(false);
  ASSERT_TRUE(Converge());
  ExpectExactlyOnce();
}

TEST_F(SubscriberTest, AProducerThatWentBackIsReadAnewAndNothingIsMixed) {
  notes_.Start();
  copies_.Start();
  TestCaller admin = notes_.Admin();
  ASSERT_TRUE(Create(admin, "kept").ok());
  const std::string backup = notes_.Backup();
  ASSERT_TRUE(Create(admin, "lost").ok());
  ASSERT_TRUE(Converge());
  EXPECT_EQ(Copies(copies_.database()).size(), 2u);
  const std::string former = notes_.database().epoch();
  notes_.Stop();
  notes_.RestoreFrom(backup);
  notes_.Start();
  ASSERT_NE(notes_.database().epoch(), former);
  ASSERT_TRUE(Create(admin, "new").ok());
  ASSERT_TRUE(Converge());
  ExpectExactlyOnce();
  EXPECT_EQ(Copies(copies_.database()).count("networks/one/notes/lost"), 0u);
  EXPECT_EQ(Number(copies_.database(), absl::StrCat("SELECT COUNT(*)\n  FROM effects\n WHERE epoch = '", former, "'")),
            0);
}

TEST_F(SubscriberTest, APositionThatHasExpiredIsReadAnew) {
  notes_.Start();
  copies_.Start();
  TestCaller admin = notes_.Admin();
  ASSERT_TRUE(Create(admin, "a").ok());
  ASSERT_TRUE(Converge());
  copies_.Stop();
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(Create(admin, absl::StrCat("n", i)).ok());
  notes_.Stop();
  {
    auto connection = Connection::Open(absl::StrCat(notes_.directory(), "/store.db"), Connection::Mode::kWriter, "");
    ASSERT_TRUE(connection.ok());
    ASSERT_TRUE(SetStoreInt(**connection, "feed_floor", 5).ok());
  }
  notes_.Start();
  copies_.Start();
  ASSERT_TRUE(Converge());
  ExpectExactlyOnce();
}

TEST_F(SubscriberTest, AProducerThatFallsSilentIsLeft) {
  notes_.Start();
  copies_.Start();
  TestCaller admin = notes_.Admin();
  ASSERT_TRUE(Create(admin, "a").ok());
  ASSERT_TRUE(Converge());
  // Nothing of the feed is sent any more, and no connection breaks.
  loop_.set_pool_limit(0);
  ASSERT_TRUE(loop_.RunFor(absl::Seconds(3 * kBookmarkSeconds + 1)));
  EXPECT_EQ(Edge().status.message(), "nothing heard for too long");
  loop_.set_pool_limit(1'000);
  ASSERT_TRUE(Create(admin, "b").ok());
  ASSERT_TRUE(Converge());
  ExpectExactlyOnce();
}

TEST_F(SubscriberTest, CatchesUpWithMoreThanIsEverInFlight) {
  notes_.Start();
  copies_.Start();
  ASSERT_TRUE(Converge());
  faults_.cut = true;
  TestCaller admin = notes_.Admin();
  for (int i = 0; i < 1'500; ++i) ASSERT_TRUE(Create(admin, absl::StrCat("n", i)).ok());
  faults_.cut = false;
  ASSERT_TRUE(Converge());
  ExpectExactlyOnce();
}

// Everything that can go wrong, at random times; after it, everything is as if nothing had.
class FaultTest : public SubscriberTest, public ::testing::WithParamInterface<int> {
 protected:
  FaultTest() : SubscriberTest(static_cast<uint64_t>(GetParam())) {}

  void Disturb() {
    SeededRandom& random = loop_.random();
    switch (random.Below(12)) {
      case 0:
        if (notes_.running()) notes_.Kill();
        break;
      case 1:
        if (copies_.running()) copies_.Kill();
        break;
      case 2:
        if (notes_.running()) notes_.Stop();
        break;
      case 3:
        if (copies_.running()) copies_.Stop();
        break;
      case 4:
        faults_.cut = !faults_.cut;
        break;
      case 5:
        faults_.break_stream = random.Chance(0.5) ? 0.1 : 0;
        break;
      case 6:
        if (notes_.running() && random.Chance(0.2)) {
          const std::string backup = notes_.Backup();
          notes_.Kill();
          notes_.RestoreFrom(backup);
        }
        break;
      default:
        if (!notes_.running() && random.Chance(0.7)) notes_.Start();
        if (!copies_.running() && random.Chance(0.7)) copies_.Start();
        ASSERT_TRUE(loop_.RunFor(absl::Milliseconds(random.Below(3'000))));
    }
  }
  void Write(int i) {
    TestCaller admin = notes_.Admin();
    admin.set_timeout(absl::Seconds(1));
    if (i % 5 == 0) {
      CreateNotesRequest request;
      request.set_parent("networks/one");
      for (int note = 0; note < 7; ++note) request.add_note_ids(absl::StrCat("many", i, "-", note));
      request.set_text("several");
      (void)admin.Call<Note>("CreateNotes", request);
    } else if (i % 3 == 0) {
      UpdateNoteRequest request;
      request.mutable_note()->set_name(absl::StrCat("networks/one/notes/n", i - 1));
      request.mutable_note()->set_text(absl::StrCat("again", i));
      request.mutable_note()->set_etag("*");
      (void)admin.Call<Note>("UpdateNote", request);
    } else {
      (void)Create(admin, absl::StrCat("n", i));
    }
  }
};

TEST_P(FaultTest, ConvergesWithEachEffectOnce) {
  notes_.Start();
  copies_.Start();
  for (int i = 0; i < 60; ++i) {
    Write(i);
    Disturb();
    if (copies_.running()) {
      EXPECT_EQ(Number(copies_.database(), "SELECT COUNT(*)\n  FROM effects\n WHERE times <> 1"), 0) << "at " << i;
    }
  }
  faults_ = LinkFaults();
  if (!notes_.running()) notes_.Start();
  if (!copies_.running()) copies_.Start();
  ASSERT_TRUE(Converge()) << "seed " << GetParam() << ": " << Edge().status;
  ExpectExactlyOnce();
}

INSTANTIATE_TEST_SUITE_P(Seeds, FaultTest, ::testing::Range(1, 41));

}  // namespace
}  // namespace partnerskap
