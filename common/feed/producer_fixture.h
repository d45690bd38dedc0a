// A service of notes and somebody who watches its feed.
#ifndef PARTNERSKAP_COMMON_FEED_PRODUCER_FIXTURE_H_
#define PARTNERSKAP_COMMON_FEED_PRODUCER_FIXTURE_H_

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "common/feed/change_reader.h"
#include "common/sql/store_file.h"
#include "common/status/refusal.h"
#include "common/testing/notes/notes_service.h"
#include "common/testing/service_fixture.h"
#include "common/testing/test_watcher.h"
#include "partnerskap/common/v1/feed.pb.h"

namespace partnerskap {

class FeedTest : public ServiceFixture {
 protected:
  FeedTest() : ServiceFixture(notes::NotesDefinition()) {}

  notes::v1::Note Create(const std::string& id, const std::string& text = "text",
                         const std::string& parent = "networks/one") {
    notes::v1::CreateNoteRequest request;
    request.set_parent(parent);
    request.set_note_id(id);
    request.mutable_note()->set_text(text);
    request.mutable_note()->set_author("Somebody");
    return Ok<notes::v1::Note>(admin(), "CreateNote", request);
  }
  // In one transaction.
  void CreateMany(const std::string& prefix, int count, const std::string& text = "text") {
    notes::v1::CreateNotesRequest request;
    request.set_parent("networks/one");
    request.set_text(text);
    for (int i = 0; i < count; ++i) request.add_note_ids(absl::StrCat(prefix, i));
    Ok<notes::v1::Note>(admin(), "CreateNotes", request);
  }
  void CreateSecret(const std::string& id) {
    notes::v1::CreateSecretRequest request;
    request.set_parent("networks/one");
    request.set_secret_id(id);
    request.mutable_secret()->set_text("hidden");
    Ok<notes::v1::Secret>(admin(), "CreateSecret", request);
  }
  TestWatcher Watch(TestCaller caller, common::v1::WatchChangesRequest request = {}) {
    // The watcher keeps a reference to the peer.
    callers_.push_back(std::make_unique<TestCaller>(std::move(caller)));
    return TestWatcher(callers_.back()->peer(), callers_.back()->Path("WatchChanges"), std::move(request));
  }
  TestWatcher Watch(common::v1::WatchChangesRequest request = {}) { return Watch(admin(), std::move(request)); }
  void Until(const std::function<bool()>& done) { ASSERT_TRUE(loop().RunUntil(done)); }
  // Runs until the stream ends and returns the reason.
  std::string EndOf(TestWatcher& watcher) {
    EXPECT_TRUE(loop().RunUntil([&] { return watcher.end().has_value(); }));
    return watcher.end().has_value() ? ReasonOf(*watcher.end()) : "";
  }
  common::v1::ListChangesResponse List(const common::v1::ListChangesRequest& request) {
    return Ok<common::v1::ListChangesResponse>(admin(), "ListChanges", request);
  }
  void SetFloor(int64_t floor) {
    server().Stop();
    {
      auto connection =
          Connection::Open(absl::StrCat(server().directory(), "/store.db"), Connection::Mode::kWriter, "");
      ASSERT_TRUE(connection.ok());
      ASSERT_TRUE(SetStoreInt(**connection, kFeedFloorKey, floor).ok());
    }
    server().Start();
  }

  std::vector<std::unique_ptr<TestCaller>> callers_;
};

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_FEED_PRODUCER_FIXTURE_H_
