// The fields of a request as flags of a command: which flags a method has, and a request from what they say. So that
// every method of the contract is a command without a list of them.
//
//   CreateSeat: PARENT --seat-id ID --organization NAME --join-date 2016-04-21 --validate-only
#ifndef PARTNERSKAP_CLI_REQUEST_FIELDS_H_
#define PARTNERSKAP_CLI_REQUEST_FIELDS_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace partnerskap::cli {

// One flag.
struct RequestField {
  std::string flag;                                            // `join-date`; `term.start-date` for a field of a field
  std::vector<const google::protobuf::FieldDescriptor*> path;  // from the request
  bool positional = false;                                     // the resource or collection that the method is about
  bool required = false;
  bool repeated = false;   // may be given again
  bool is_switch = false;  // a bool: no value means true
  std::string form;        // what its value looks like, for help: `YYYY[-MM[-DD]]`

  const google::protobuf::FieldDescriptor& field() const { return *path.back(); }
};

// The flags of a method, the positional one first. What the server fills in has none; in an update, neither has what
// cannot be changed.
std::vector<RequestField> RequestFields(const google::protobuf::MethodDescriptor& method);

// Values of one flag, in order.
using FlagValues = std::map<std::string, std::vector<std::string>>;

// The request. An update's mask is what was given, unless it was given itself. INVALID_ARGUMENT names the flag, its
// value and its form.
absl::StatusOr<std::unique_ptr<google::protobuf::Message>> RequestOf(const google::protobuf::MethodDescriptor& method,
                                                                     const FlagValues& values);

// `RecordAdoption` -> `record-adoption`.
std::string VerbOf(const google::protobuf::MethodDescriptor& method);

}  // namespace partnerskap::cli

#endif  // PARTNERSKAP_CLI_REQUEST_FIELDS_H_
