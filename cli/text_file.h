// Files of protobuf text format.
#ifndef PARTNERSKAP_CLI_TEXT_FILE_H_
#define PARTNERSKAP_CLI_TEXT_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "google/protobuf/message.h"

namespace partnerskap::cli {

// Errors: NOT_FOUND if the file cannot be read; INVALID_ARGUMENT with file, line and column.
absl::Status ReadTextFile(const std::string& path, google::protobuf::Message& message);

}  // namespace partnerskap::cli

#endif  // PARTNERSKAP_CLI_TEXT_FILE_H_
