#include "tests/stories/world.h"

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "common/status/refusal.h"
#include "services/agreements/service.h"
#include "services/membership/service.h"
#include "services/peer_review/service.h"
#include "services/scheduling/service.h"

namespace partnerskap::stories {
namespace {

// Stockholm is one or two hours ahead: a morning there in winter and summer, never another day.
constexpr int kMorningUtc = 7;
// Simulated worlds draw everything from it; one that finds an error is worth a test of its own with its number.
constexpr uint64_t kSeed = 20120125;

}  // namespace

std::vector<ServiceDefinition> AllServices() {
  return {membership::Definition(), agreements::Definition(), scheduling::Definition(), peer_review::Definition()};
}

void World::SetToday(int year, int month, int day) {
  SetNow(absl::FromCivil(absl::CivilHour(year, month, day, kMorningUtc), absl::UTCTimeZone()));
}

bool World::IsSettled() {
  for (const ServiceDefinition& definition : AllServices()) {
    TestService* const consumer = service(definition.name);
    if (consumer == nullptr) continue;
    for (const ProjectionState& edge : consumer->projections().All()) {
      TestService* const producer = service(edge.producer);
      if (producer == nullptr) continue;
      Database& database = producer->database();
      if (!edge.status.ok() || edge.epoch != database.epoch() || edge.sequence < database.committed_sequence()) {
        return false;
      }
    }
  }
  return true;
}

std::string World::Edges() {
  std::string lines;
  for (const ServiceDefinition& definition : AllServices()) {
    TestService* const consumer = service(definition.name);
    if (consumer == nullptr) continue;
    for (const ProjectionState& edge : consumer->projections().All()) {
      TestService* const producer = service(edge.producer);
      absl::StrAppend(&lines, definition.name, " <- ", edge.producer, ": ", edge.sequence, " of ",
                      producer == nullptr ? -1 : producer->database().committed_sequence(), " ", edge.status.ToString(),
                      "\n");
    }
  }
  return lines;
}

Story::Story() : world_(GetParam() == Kind::kSimulated ? NewSimWorld(kSeed) : NewGrpcWorld()) {}

void Story::ExpectRefused(TestCaller caller, absl::string_view method, const google::protobuf::Message& request,
                          absl::string_view reason) {
  const absl::StatusOr<std::string> answer = caller.CallBytes(method, request.SerializeAsString());
  EXPECT_EQ(ReasonOf(answer.status()), reason) << method << " answered " << answer.status();
}

std::string NameOf(const ::testing::TestParamInfo<Kind>& kind) {
  return kind.param == Kind::kSimulated ? "Simulated" : "Real";
}

}  // namespace partnerskap::stories
