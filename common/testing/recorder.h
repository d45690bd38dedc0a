// Writes down what a handler test asks of its service, for the seeds of tests/fuzz: with $PARTNERSKAP_RECORD_REQUESTS
// set, each test leaves `<directory>/<service>/<Suite>.<Test>`, a Recording.
#ifndef PARTNERSKAP_COMMON_TESTING_RECORDER_H_
#define PARTNERSKAP_COMMON_TESTING_RECORDER_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "partnerskap/common/v1/feed.pb.h"

namespace partnerskap {

// Begins anew for `service`, whose test is `test`. One at a time in a process.
void BeginRecording(absl::string_view service, absl::string_view test);
// Nothing unless a recording has begun and the variable is set.
void RecordCall(absl::Time now, absl::string_view uri, absl::string_view method, absl::string_view request);
void RecordChange(absl::Time now, absl::string_view producer, const common::v1::Change& change);
// Writes the file. Ends the process with the reason if it cannot.
void EndRecording();

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_TESTING_RECORDER_H_
