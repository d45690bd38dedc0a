// The suite's rules a second time, in plain maps and ifs, written from the contract and the rule tables alone: an
// oracle to hold the services against. Where the two disagree, one of them is wrong.
//
//   const Verdict verdict = model.Apply("membership", "CreateSeat", request, caller, now);
//   auto answer = membership.Call<v1::Seat>("CreateSeat", request);
//   EXPECT_EQ(Disagreement(verdict, answer.status(), answer.ok() ? &*answer : nullptr), "");
//   if (answer.ok()) model.Observe("membership", *answer);
#ifndef PARTNERSKAP_TESTS_SIMULATOR_MODEL_REFERENCE_MODEL_H_
#define PARTNERSKAP_TESTS_SIMULATOR_MODEL_REFERENCE_MODEL_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "partnerskap/common/v1/feed.pb.h"

namespace partnerskap::simulator {

// Who asks, with the roles of common/testing/test_service.h. At most one of `admin`, `reader`, `organization` (a member
// system) and `service` is set; none of them: a caller without a role.
struct Caller {
  std::string uri;
  bool admin = false;
  std::string organization;  // `organizations/kommun-0380`
  bool reader = false;
  std::string service;  // `membership`
};

// What a request must be answered.
struct Verdict {
  // False: the documents do not say, and every answer is as good. Observe tells the model what it was.
  bool judged = true;
  absl::StatusCode code = absl::StatusCode::kOk;
  std::string reason;             // "" when code is kOk; "*": any
  std::vector<std::string> also;  // other reasons that hold as well, of whatever code: which comes first is not said
  // The answer, for the fields that the model knows; null: not judged.
  std::unique_ptr<google::protobuf::Message> resource;
  // Fields of `resource` that are judged, by name (those of the items, where it is a list); empty: all.
  std::vector<std::string> fields;
};

// What is wrong with an answer; empty if nothing. `answer` is null where there was none. Not compared: `uid`,
// `create_time`, `update_time`, tokens and positions; `etag` is, where the model foretells it.
std::string Disagreement(const Verdict& verdict, const absl::Status& status, const google::protobuf::Message* answer);

class ReferenceModel {
 public:
  using Caller = simulator::Caller;
  using Verdict = simulator::Verdict;

  ReferenceModel();
  ~ReferenceModel();
  ReferenceModel(const ReferenceModel&) = delete;
  ReferenceModel& operator=(const ReferenceModel&) = delete;

  // What `service` (`membership`, `agreements`, `scheduling`, `peer_review`) must answer to `method` (`CreateSeat`),
  // asked by this caller at this wall time. The model changes when that is kOk and the method is a mutation. A
  // `request_id` that was applied before answers as it did then.
  Verdict Apply(const std::string& service, const std::string& method, const google::protobuf::Message& request,
                const Caller& caller, absl::Time now);

  // `service` answered this resource, or this message with resources in it: takes over what no document can foretell
  // (etags, uids, names made by the server), and the whole of it where Apply did not judge.
  void Observe(const std::string& service, const google::protobuf::Message& answer);

  // `service` has applied a change of `producer`'s feed.
  void Learn(const std::string& service, const std::string& producer, const common::v1::Change& change);

  // What must hold between the facts of one service, after every request; one line for each that does not.
  std::vector<std::string> BrokenInvariants() const;

 private:
  struct State;
  const std::unique_ptr<State> state_;
};

}  // namespace partnerskap::simulator

#endif  // PARTNERSKAP_TESTS_SIMULATOR_MODEL_REFERENCE_MODEL_H_
