// Makes inputs out of inputs: messages by reflection, strings and bytes by what breaks programs and by what the suite
// has answered before.
#ifndef PARTNERSKAP_TESTS_FUZZ_MUTATOR_H_
#define PARTNERSKAP_TESTS_FUZZ_MUTATOR_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

namespace partnerskap::fuzz {

// Words that messages have held, by the field that held them and by the kind of name that they are: what makes a
// request refer to something that is there. For the whole process; only mutations look at it, never a run.
class Words {
 public:
  static Words& Known();
  void Forget() { by_key_.clear(); }
  // Every string of a message, at any depth.
  void Learn(const google::protobuf::Message& message);
  // Null if none is known.
  const std::string* Pick(const std::string& key, std::mt19937& random) const;

  // `networks/x/seats/y` -> `networks/seats`, or "" where there is no slash.
  static std::string KindOf(absl::string_view name);

 private:
  void Add(const std::string& key, absl::string_view word);
  std::map<std::string, std::vector<std::string>> by_key_;
};

class Mutator {
 public:
  // As libFuzzer's: changes `size` bytes of a buffer of `max_size`, and returns the new size.
  using MutateBytes = size_t (*)(uint8_t* data, size_t size, size_t max_size);

  // `mutate_bytes` null: a simple one.
  explicit Mutator(unsigned seed, MutateBytes mutate_bytes = nullptr) : random_(seed), mutate_bytes_(mutate_bytes) {}

  // Changes one field, at any depth.
  void Change(google::protobuf::Message& message);
  std::string Bytes(absl::string_view bytes);
  // Text, valid UTF-8 as a rule. `field` is the field's name.
  std::string Text(const std::string& text, const std::string& field);
  int64_t Number(int64_t number);
  // 0 to `below` - 1.
  size_t Below(size_t below) { return random_() % below; }
  std::mt19937& random() { return random_; }

 private:
  void ChangeIn(google::protobuf::Message& message, int depth);
  void ChangeRepeated(google::protobuf::Message& message, const google::protobuf::FieldDescriptor& field, int depth);
  void ChangeSingle(google::protobuf::Message& message, const google::protobuf::FieldDescriptor& field, int depth);
  std::string SimpleBytes(std::string bytes);

  std::mt19937 random_;
  const MutateBytes mutate_bytes_;
};

}  // namespace partnerskap::fuzz

#endif  // PARTNERSKAP_TESTS_FUZZ_MUTATOR_H_
