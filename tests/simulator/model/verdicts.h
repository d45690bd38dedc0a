// From what was found to a verdict, and from a verdict and an answer to what is wrong.
#ifndef PARTNERSKAP_TESTS_SIMULATOR_MODEL_VERDICTS_H_
#define PARTNERSKAP_TESTS_SIMULATOR_MODEL_VERDICTS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "google/protobuf/descriptor.h"
#include "tests/simulator/model/reference_model.h"

namespace partnerskap::simulator::model {

// A refusal for any of these reasons; `package` is `membership.v1`.
Verdict Refused(const std::string& package, const std::vector<std::string>& reasons);
// Refused, and the documents do not say why.
Verdict RefusedSomehow();
Verdict NotJudged();

// Chooses among refusals that all apply: each reasons.proto stands in order of precedence. Between the common one and
// the package's own nothing is said, but that what lacks its object, or was read too long ago, is not judged further.
Verdict FirstOf(const std::string& package, const std::vector<std::vector<std::string>>& found);

absl::StatusCode CodeOf(const std::string& reason);
// The list's items, or null if the message is no list.
const google::protobuf::FieldDescriptor* ItemsOf(const google::protobuf::Message& answer);
// The resource that an item of a list speaks of: `name`, `seat`, `post`, `adoption`, `clause`.
std::string KeyOf(const google::protobuf::Message& item);

}  // namespace partnerskap::simulator::model

#endif  // PARTNERSKAP_TESTS_SIMULATOR_MODEL_VERDICTS_H_
