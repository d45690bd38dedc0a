// A gate before a library of books (testdata/library.proto), on a real store, in a simulation: what the gate's tests
// share.
#ifndef PARTNERSKAP_COMMON_RPC_GATE_FIXTURE_H_
#define PARTNERSKAP_COMMON_RPC_GATE_FIXTURE_H_

#include <memory>
#include <string>
#include <vector>

#include "common/auth/authenticator.h"
#include "common/feed/projections.h"
#include "common/log/log.h"
#include "common/metrics/metrics.h"
#include "common/rpc/gate.h"
#include "common/rpc/testdata/library.pb.h"
#include "common/sql/database.h"
#include "common/testing/sim.h"
#include "common/testing/temp_dir.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace partnerskap {

inline constexpr char kMember[] = "spiffe://d/org/kommun-0136/sys/one";     // owns every shelf
inline constexpr char kStranger[] = "spiffe://d/org/kommun-0380/sys/two";   // another organization
inline constexpr char kReader[] = "spiffe://d/org/kommun-0136/sys/reader";  // reads only
inline constexpr char kAdmin[] = "spiffe://d/org/kommun-0136/sys/admin";
inline constexpr char kService[] = "spiffe://d/svc/scheduling";
inline constexpr char kLibraryPath[] = "/partnerskap.library.v1.LibraryService/";

// A stream as the caller sees it.
struct StreamLog : StreamSink {
  std::vector<std::string> messages;
  std::vector<absl::Status> ends;
  size_t room = 1'000;  // messages until Send says kFull
  Sent Send(std::string message) override;
  void Close(const absl::Status& status) override { ends.push_back(status); }
};

// What an audit row says.
struct AuditRow {
  std::string principal, method, object, reason, request_id;
  int code = 0, count = 0;
};

// The handlers know these titles and ids, and do what they say: `throws`, `internal`, `corrupt`, `full`, `stranger`.
class GateTest : public ::testing::Test {
 protected:
  GateTest();
  ~GateTest() override;

  // Opens a gate with other options, before the first call.
  void MakeGate(GateOptions options, std::vector<LimitOverride> limits = {});

  CallHead Head(absl::string_view method, const std::string& uri = kMember) const;
  // The reason of Admit's refusal, or "".
  std::string Admission(CallHead head);
  CallResult Send(CallHead head, std::string body);
  CallResult Do(absl::string_view method, const google::protobuf::Message& request, const std::string& uri = kMember);
  // The reason, or "".
  std::string ReasonFor(absl::string_view method, const google::protobuf::Message& request,
                        const std::string& uri = kMember);

  library::v1::CreateBookRequest CreateRequest(const std::string& id, const std::string& title = "Emil") const;
  library::v1::GetBookRequest GetRequest(const std::string& id) const;

  // Everything that was logged so far.
  std::vector<nlohmann::json> Log();
  std::vector<nlohmann::json> CallLines();
  // All rows; waits for refusals to be written.
  std::vector<AuditRow> Audit();
  int64_t CountBooks();

  SimLoop loop_{1};
  TempDir dir_;
  Env env_;
  Methods methods_;
  std::string log_text_;
  std::unique_ptr<Logger> logger_;
  std::unique_ptr<Metrics> metrics_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<Authenticator> authenticator_;
  std::unique_ptr<Projections> projections_;
  std::unique_ptr<Gate> gate_;
};

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_RPC_GATE_FIXTURE_H_
