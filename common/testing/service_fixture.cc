#include "common/testing/service_fixture.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "common/feed/applier.h"
#include "common/status/refusal.h"
#include "common/testing/recorder.h"

namespace partnerskap {
namespace {

// Stockholm is one or two hours ahead of UTC: this is 08:00 or 09:00 in winter and summer, never another day.
constexpr int kMorningUtc = 7;

}  // namespace

ServiceFixture::ServiceFixture(const ServiceDefinition& definition, uint64_t seed)
    : loop_(seed), service_(std::make_unique<SimService>(loop_, definition)), admin_(service_->Admin()) {
  service_->Start();
  const ::testing::TestInfo& test = *::testing::UnitTest::GetInstance()->current_test_info();
  BeginRecording(service_->name(), absl::StrCat(test.test_suite_name(), ".", test.name()));
}

ServiceFixture::~ServiceFixture() { EndRecording(); }

void ServiceFixture::Restart() {
  service_->Kill();
  service_->Start();
}

void ServiceFixture::SetToday(int year, int month, int day) {
  SetNow(absl::FromCivil(absl::CivilHour(year, month, day, kMorningUtc), absl::UTCTimeZone()));
}

void ServiceFixture::ExpectRefused(TestCaller caller, absl::string_view method,
                                   const google::protobuf::Message& request, absl::string_view reason) {
  const auto before = TableDigests(database());
  const absl::StatusOr<std::string> answer = caller.CallBytes(method, request.SerializeAsString());
  EXPECT_EQ(ReasonOf(answer.status()), reason) << method << " answered " << answer.status();
  for (const auto& [table, digest] : TableDigests(database())) {
    EXPECT_EQ(digest, before.at(table)) << "a refused " << method << " changed the table " << table;
  }
}

absl::Status ServiceFixture::Learn(absl::string_view producer, const google::protobuf::Message& resource,
                                   absl::string_view type) {
  const google::protobuf::FieldDescriptor* name = resource.GetDescriptor()->FindFieldByName("name");
  if (name == nullptr) return absl::InvalidArgumentError("not a resource: it has no name");
  common::v1::Change change;
  change.set_name(resource.GetReflection()->GetString(resource, name));
  change.set_type(std::string(type));
  change.set_message_type(resource.GetDescriptor()->full_name());
  change.set_message(resource.SerializeAsString());
  change.set_revision(1);
  return Learn(producer, std::move(change));
}

absl::Status ServiceFixture::Learn(absl::string_view producer, common::v1::Change change) {
  for (const Subscription& subscription : service_->service().definition().subscriptions) {
    if (subscription.producer != producer) continue;
    Effect effect;
    int64_t& learned = learned_[subscription.producer];
    effect.after = learned;
    change.set_epoch("0123456789abcdef");
    change.set_sequence(++learned);
    change.set_transaction(learned);
    change.mutable_commit_time()->set_seconds(absl::ToUnixSeconds(loop_.clock().Now()));
    effect.cursor = {change.epoch(), learned, "token"};
    RecordChange(loop_.clock().Now(), producer, change);
    // The first one begins a cursor, as an initial state does.
    effect.replaces_all = learned == 1;
    effect.changes.push_back(std::move(change));
    std::optional<absl::Status> done;
    WriteRequest write = WriteOf(subscription, std::make_shared<Effect>(std::move(effect)), loop_.clock().Now());
    write.done = [&done](const WriteResult& result) { done = result.answer.status(); };
    database().writer().Submit(std::move(write));
    if (!loop_.RunUntil([&done] { return done.has_value(); })) return absl::InternalError("the writer did not answer");
    if (!done->ok()) --learned;
    return *done;
  }
  return absl::NotFoundError(absl::StrCat("the service does not follow ", producer));
}

}  // namespace partnerskap
