// The start of every handler test: one service on a real store in a temporary directory, with a fake clock.
//
//   #include "common/testing/service_fixture.h"
//
//   class SeatTest : public ServiceFixture {
//    protected:
//     SeatTest() : ServiceFixture(Definition()) {}
//   };
//
//   TEST_F(SeatTest, NobodyLeavesTwice) {
//     SetToday(2020, 10, 19);
//     auto seat = admin().Call<v1::Seat>("CreateSeat", request);
//     ExpectRefused(Member("organizations/kommun-0380"), "LeaveSeat", leave, "SEAT_ALREADY_LEFT");
//   }
#ifndef PARTNERSKAP_COMMON_TESTING_SERVICE_FIXTURE_H_
#define PARTNERSKAP_COMMON_TESTING_SERVICE_FIXTURE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/testing/sim_service.h"
#include "google/protobuf/message.h"
#include "google/protobuf/text_format.h"

namespace partnerskap {

// A request as text: Request<v1::GetSeatRequest>("name: 'networks/p/seats/s'"). Fails the test if it is wrong.
template <typename M>
M Request(const std::string& text) {
  M message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

class ServiceFixture : public ::testing::Test {
 protected:
  // Its feeds are what the test tells it (Learn). The clock begins at SimLoop::DefaultStart.
  explicit ServiceFixture(const ServiceDefinition& definition, uint64_t seed = 1);
  ~ServiceFixture() override;

  SimLoop& loop() { return loop_; }
  SimService& server() { return *service_; }
  Database& database() { return service_->database(); }
  // The same store, after the process was killed and started again.
  void Restart();

  // The call's "now" becomes 09:00 in Stockholm on that day.
  void SetToday(int year, int month, int day);
  void SetNow(absl::Time now) { loop_.clock().SetNow(now); }

  TestCaller& admin() { return admin_; }
  TestCaller Member(absl::string_view organization) { return service_->Member(organization); }
  TestCaller Reader() { return service_->Reader(); }
  // Another service of the suite.
  TestCaller Service(absl::string_view name) { return service_->Caller(TestServiceUri(name)); }

  // Calls and expects this refusal, and that nothing but the audit chain has changed.
  void ExpectRefused(TestCaller caller, absl::string_view method, const google::protobuf::Message& request,
                     absl::string_view reason);
  // Calls and expects an answer; an empty message if there is none, and the test has failed.
  template <typename Response>
  Response Ok(TestCaller caller, absl::string_view method, const google::protobuf::Message& request) {
    auto response = caller.Call<Response>(method, request);
    EXPECT_TRUE(response.ok()) << method << ": " << response.status();
    return response.ok() ? *std::move(response) : Response();
  }

  // What the service does when `producer`'s feed says that `resource` is so now; `resource` has a field `name`.
  absl::Status Learn(absl::string_view producer, const google::protobuf::Message& resource,
                     absl::string_view type = "");
  // The same of a change as it is.
  absl::Status Learn(absl::string_view producer, common::v1::Change change);

 private:
  SimLoop loop_;
  std::unique_ptr<SimService> service_;
  TestCaller admin_;
  std::map<std::string, int64_t> learned_;  // by producer: changes so far
};

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_TESTING_SERVICE_FIXTURE_H_
