// Loads a network file through the API: reads what is there, says what would change, and then changes it. A second run
// changes nothing and says so.
#ifndef PARTNERSKAP_CLI_APPLY_H_
#define PARTNERSKAP_CLI_APPLY_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/client.h"
#include "cli/network_file.pb.h"
#include "google/protobuf/message.h"

namespace partnerskap::cli {

// Reads a file of protobuf text format. Errors name file, line and column.
absl::StatusOr<v1::NetworkFile> ReadNetworkFile(const std::string& path);

// One element of the file against what is stored.
struct Step {
  enum class Action {
    kCreate,
    kUnchanged,
    kUpdate,   // stored differs, and the resource has an Update method for it
    kDiffers,  // stored differs, and cannot be updated or never changes: to be settled by hand
  };
  Action action = Action::kUnchanged;
  std::string name;
  std::vector<std::string> fields;  // that differ
  std::string method;               // that would carry it out; empty if nothing is to be done
  std::shared_ptr<google::protobuf::Message> request;
};

// What applying would do, in order. Reads only. `progress` hears of each element (done, all).
absl::StatusOr<std::vector<Step>> Plan(Client& client, const v1::NetworkFile& file,
                                       const std::function<void(size_t, size_t)>& progress);
// Carries out one step that has a method.
absl::Status CarryOut(Client& client, const Step& step);

// The resources of a file, in loading order: name, and the message as the contract has it.
struct Element {
  std::string name;
  const google::protobuf::Message* message;
};
std::vector<Element> ElementsOf(const v1::NetworkFile& file);

}  // namespace partnerskap::cli

#endif  // PARTNERSKAP_CLI_APPLY_H_
