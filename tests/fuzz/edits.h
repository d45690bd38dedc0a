// Applies Edits to bytes.
#ifndef PARTNERSKAP_TESTS_FUZZ_EDITS_H_
#define PARTNERSKAP_TESTS_FUZZ_EDITS_H_

#include <string>

#include "google/protobuf/repeated_field.h"
#include "tests/fuzz/inputs.pb.h"

namespace partnerskap::fuzz {

void Apply(const google::protobuf::RepeatedPtrField<Edit>& edits, std::string& bytes);

}  // namespace partnerskap::fuzz

#endif  // PARTNERSKAP_TESTS_FUZZ_EDITS_H_
