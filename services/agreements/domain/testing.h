// Short forms for the tests of this folder.
#ifndef PARTNERSKAP_SERVICES_AGREEMENTS_DOMAIN_TESTING_H_
#define PARTNERSKAP_SERVICES_AGREEMENTS_DOMAIN_TESTING_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/status/refusal.h"
#include "common/time/partial_date.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace partnerskap::agreements {

// `2016-01-25`, `2016-01` or `2016`.
inline google::type::Date D(absl::string_view text) { return DateFromText(text).value(); }
// A full day.
inline absl::CivilDay Day(absl::string_view text) { return *FullDay(D(text)); }

template <typename M>
M Parse(const std::string& text) {
  M message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

// The reason of a refusal; "OK" where there is none.
inline std::string ReasonIn(const absl::Status& status) { return status.ok() ? "OK" : ReasonOf(status); }

}  // namespace partnerskap::agreements

#endif  // PARTNERSKAP_SERVICES_AGREEMENTS_DOMAIN_TESTING_H_
