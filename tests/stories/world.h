// All four services at once, for stories that cross them. A story is written once and runs in two worlds:
//
//   simulated: one thread, fake clock, no socket, everything drawn from one seed;
//   real:      four gRPC doors over mTLS on loopback, threads, the real disk (its clock can be set, too).
//
//   class Joining : public Story {};
//   TEST_P(Joining, ASeatIsKnownWhereItsAdoptionIs) {
//     world().SetToday(2020, 10, 19);
//     auto seat = world().Admin("membership").Call<v1::Seat>("CreateSeat", request);
//     ASSERT_TRUE(world().Settle());
//   }
//   IN_BOTH_WORLDS(Joining);
#ifndef PARTNERSKAP_TESTS_STORIES_WORLD_H_
#define PARTNERSKAP_TESTS_STORIES_WORLD_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/rpc/serve.h"
#include "common/testing/test_caller.h"
#include "common/testing/test_service.h"

namespace partnerskap::stories {

class World {
 public:
  virtual ~World() = default;

  // Callers of `service` (`membership`, `agreements`, `scheduling`, `peer_review`). They stay over restarts.
  virtual TestCaller Caller(absl::string_view service, absl::string_view uri) = 0;
  TestCaller Admin(absl::string_view service) { return Caller(service, TestAdminUri()); }
  TestCaller Member(absl::string_view service, absl::string_view organization) {
    return Caller(service, TestMemberUri(organization));
  }
  TestCaller Reader(absl::string_view service) { return Caller(service, TestReaderUri()); }

  // Wall time of all services, for what is recorded from now on. SetToday: 08:00 or 09:00 in Stockholm.
  virtual void SetNow(absl::Time now) = 0;
  void SetToday(int year, int month, int day);

  // One service stops and starts, with the others running. Kill: without an orderly end, where the world can do that.
  virtual void Stop(absl::string_view service) = 0;
  virtual void Kill(absl::string_view service) = 0;
  virtual void Start(absl::string_view service) = 0;

  // Waits until the predicate is true, which may look at anything. False after a minute.
  virtual bool WaitUntil(const std::function<bool()>& done) = 0;
  // Waits until every running service has applied what the services that it follows have committed. False after a
  // minute, or when a reaction failed: Edges() then says where.
  virtual bool Settle() = 0;
  // Where each service stands with those it follows, a line each.
  std::string Edges();

  // The parts of a running service; null if it does not run.
  virtual TestService* service(absl::string_view name) = 0;

 protected:
  // Whether what Settle waits for is so now.
  bool IsSettled();
};

// The four services' definitions, in the order in which they are started.
std::vector<ServiceDefinition> AllServices();

std::unique_ptr<World> NewSimWorld(uint64_t seed);
std::unique_ptr<World> NewGrpcWorld();

enum class Kind { kSimulated, kReal };

// The base of a story's tests.
class Story : public ::testing::TestWithParam<Kind> {
 protected:
  Story();
  World& world() { return *world_; }

  // Calls and expects an answer; an empty message if there is none, and the test has failed.
  template <typename Response>
  Response Ok(TestCaller caller, absl::string_view method, const google::protobuf::Message& request) {
    auto response = caller.Call<Response>(method, request);
    EXPECT_TRUE(response.ok()) << method << ": " << response.status() << "\n" << request.ShortDebugString();
    return response.ok() ? *std::move(response) : Response();
  }
  // Calls and expects this refusal.
  void ExpectRefused(TestCaller caller, absl::string_view method, const google::protobuf::Message& request,
                     absl::string_view reason);

 private:
  std::unique_ptr<World> world_;
};

std::string NameOf(const ::testing::TestParamInfo<Kind>& kind);

#define IN_BOTH_WORLDS(Suite)                                                                                          \
  INSTANTIATE_TEST_SUITE_P(                                                                                            \
      Worlds, Suite, ::testing::Values(::partnerskap::stories::Kind::kSimulated, ::partnerskap::stories::Kind::kReal), \
      ::partnerskap::stories::NameOf)

}  // namespace partnerskap::stories

#endif  // PARTNERSKAP_TESTS_STORIES_WORLD_H_
