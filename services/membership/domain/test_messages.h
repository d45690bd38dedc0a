// Messages of domain tests, from text.
#ifndef PARTNERSKAP_SERVICES_MEMBERSHIP_DOMAIN_TEST_MESSAGES_H_
#define PARTNERSKAP_SERVICES_MEMBERSHIP_DOMAIN_TEST_MESSAGES_H_

#include <string>

#include "common/time/partial_date.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace partnerskap::membership {

template <typename M>
M Parse(const std::string& text) {
  M message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

// "2016-04-21", "2016-04", "2016"; "" is absent.
inline google::type::Date Date(const std::string& text) { return DateFromText(text).value_or(google::type::Date()); }

}  // namespace partnerskap::membership

#endif  // PARTNERSKAP_SERVICES_MEMBERSHIP_DOMAIN_TEST_MESSAGES_H_
