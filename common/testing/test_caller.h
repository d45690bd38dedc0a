// A caller in a test: one identity, one service, answers as values. The same on both transports.
//
//   auto seat = admin.Call<v1::Seat>("CreateSeat", request);
//   ASSERT_TRUE(seat.ok()) << seat.status();
#ifndef PARTNERSKAP_COMMON_TESTING_TEST_CALLER_H_
#define PARTNERSKAP_COMMON_TESTING_TEST_CALLER_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/env/env.h"
#include "common/rpc/call.h"
#include "common/rpc/peer.h"
#include "common/rpc/service.h"
#include "google/protobuf/message.h"

namespace partnerskap {

// The trust domain of tests, and who calls.
std::string TestServiceUri(absl::string_view service);      // spiffe://test.partnerskap/svc/membership
std::string TestMemberUri(absl::string_view organization);  // `organizations/kommun-0380` -> …/org/kommun-0380/sys/test
std::string TestAdminUri();
std::string TestReaderUri();

// Runs a simulation until the predicate is true; false when that took too long. Null: the caller's thread blocks.
using WaitUntil = std::function<bool(const std::function<bool()>&)>;

// `GetSeat` -> `/partnerskap.membership.v1.MembershipService/GetSeat`.
using MethodPaths = std::map<std::string, std::string>;
MethodPaths PathsOf(const Methods& methods);

// Copied freely; the copies share the peer, and each keeps a position of its own.
class TestCaller {
 public:
  TestCaller(std::shared_ptr<Peer> peer, Clock& clock, WaitUntil wait, std::shared_ptr<const MethodPaths> paths)
      : peer_(std::move(peer)), clock_(&clock), wait_(std::move(wait)), paths_(std::move(paths)) {}

  // `method` is its name in the service, or a path that begins with a slash. Waits for the answer, at most 10 s of the
  // service's clock.
  template <typename Response>
  absl::StatusOr<Response> Call(absl::string_view method, const google::protobuf::Message& request) {
    absl::StatusOr<std::string> bytes = CallBytes(method, request.SerializeAsString());
    if (!bytes.ok()) return bytes.status();
    Response response;
    if (!response.ParseFromString(*bytes)) return absl::DataLossError("the answer is of another type");
    return response;
  }
  // Any bytes: for what no message could say.
  absl::StatusOr<std::string> CallBytes(absl::string_view method, std::string request);

  // Sent with every call from now on.
  TestCaller& With(absl::string_view key, absl::string_view value);
  // The newest position that an answer carried (`membership/<epoch>/<sequence>`), or empty. Send it to another service
  // to read there what was written here: scheduling.With(kPositionKey, membership.position()).
  const std::string& position() const { return position_; }
  void set_timeout(absl::Duration timeout) { timeout_ = timeout; }
  Peer& peer() { return *peer_; }
  std::string Path(absl::string_view method) const;

 private:
  std::shared_ptr<Peer> peer_;
  Clock* clock_;
  WaitUntil wait_;
  std::shared_ptr<const MethodPaths> paths_;
  CallMetadata metadata_;
  std::string position_;
  absl::Duration timeout_ = absl::Seconds(10);
};

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_TESTING_TEST_CALLER_H_
