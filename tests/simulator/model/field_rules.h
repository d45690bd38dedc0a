// What the contract's options say of a request, read from its descriptors.
#ifndef PARTNERSKAP_TESTS_SIMULATOR_MODEL_FIELD_RULES_H_
#define PARTNERSKAP_TESTS_SIMULATOR_MODEL_FIELD_RULES_H_

#include <string>
#include <vector>

#include "google/protobuf/message.h"

namespace partnerskap::simulator::model {

enum class Judgement { kRight, kWrong, kNotSaid };

// Clears what OUTPUT_ONLY says is not the caller's.
void ClearOutputOnly(google::protobuf::Message& message);

// Whether the request keeps every rule of its fields. kNotSaid where the documents leave it open (an empty date that is
// present, money in other coins). `why` names the first field.
Judgement JudgeFields(const google::protobuf::Message& request, std::string& why);

// The paths of an Update's mask; if there is none, `otherwise`.
std::vector<std::string> MaskOf(const google::protobuf::Message& request, const std::vector<std::string>& otherwise);

}  // namespace partnerskap::simulator::model

#endif  // PARTNERSKAP_TESTS_SIMULATOR_MODEL_FIELD_RULES_H_
