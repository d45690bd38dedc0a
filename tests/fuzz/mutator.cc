#include "tests/fuzz/mutator.h"

#include <algorithm>
#include <array>
#include <limits>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace partnerskap::fuzz {
namespace {

using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// Deeper than any message of the contract.
constexpr int kMaxDepth = 8;
// Words of one key: enough of every kind, little to keep.
constexpr size_t kMaxWords = 200;
constexpr size_t kMaxWordBytes = 300;
// What bytes grow by in one change.
constexpr size_t kGrowth = 16;
// Longer than every text field of the contract.
constexpr size_t kLong = 12'000;

constexpr std::array<int64_t, 16> kEdges = {0,   1,   -1,    2,    12,        13,        28,        31,
                                            127, 255, 65535, 9999, INT32_MAX, INT32_MIN, INT64_MAX, INT64_MIN};

// Bytes, two of them not UTF-8, that have broken programs.
constexpr std::array<absl::string_view, 14> kHostile = {"",
                                                        " ",
                                                        "-",
                                                        "*",
                                                        "..",
                                                        "../../etc/passwd",
                                                        "'; DROP TABLE store;--",
                                                        "%s%n",
                                                        "\xC3\xA5\xF0\x9F\x98\x80",
                                                        "\xE2\x80\xAE",
                                                        "e\xCC\x81",
                                                        "\x1b[2J",
                                                        "=1+1",
                                                        "\xff\xfe"};

}  // namespace

Words& Words::Known() {
  static auto& words = *new Words;
  return words;
}

void Words::Add(const std::string& key, absl::string_view word) {
  if (word.empty() || word.size() > kMaxWordBytes || key.empty()) return;
  std::vector<std::string>& words = by_key_[key];
  if (words.size() < kMaxWords && std::find(words.begin(), words.end(), word) == words.end()) words.emplace_back(word);
}

void Words::Learn(const Message& message) {
  const Reflection& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const int size = field->is_repeated() ? reflection.FieldSize(message, field) : 1;
    for (int i = 0; i < size; ++i) {
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        Learn(field->is_repeated() ? reflection.GetRepeatedMessage(message, field, i)
                                   : reflection.GetMessage(message, field));
      } else if (field->type() == FieldDescriptor::TYPE_STRING) {
        const std::string word = field->is_repeated() ? reflection.GetRepeatedString(message, field, i)
                                                      : reflection.GetString(message, field);
        Add(field->name(), word);
        Add(KindOf(word), word);
      }
    }
  }
}

const std::string* Words::Pick(const std::string& key, std::mt19937& random) const {
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return nullptr;
  return &found->second[random() % found->second.size()];
}

std::string Words::KindOf(absl::string_view name) {
  const std::vector<absl::string_view> parts = absl::StrSplit(name, '/');
  if (parts.size() < 2) return "";
  std::vector<absl::string_view> collections;
  for (size_t i = 0; i < parts.size(); i += 2) collections.push_back(parts[i]);
  return absl::StrJoin(collections, "/");
}

int64_t Mutator::Number(int64_t number) {
  switch (Below(4)) {
    case 0:
      return kEdges[Below(kEdges.size())];
    case 1:
      return number == INT64_MAX ? number : number + 1;
    case 2:
      return number == INT64_MIN ? number : number - 1;
    default:
      return static_cast<int64_t>(static_cast<uint64_t>(number) ^ (uint64_t{1} << Below(64)));
  }
}

std::string Mutator::SimpleBytes(std::string bytes) {
  const size_t at = bytes.empty() ? 0 : Below(bytes.size());
  switch (Below(4)) {
    case 0:
      if (!bytes.empty()) bytes.erase(at, 1 + Below(kGrowth));
      break;
    case 1:
      bytes.insert(at, 1 + Below(kGrowth), static_cast<char>(random_()));
      break;
    case 2:
      bytes.insert(at, bytes.substr(bytes.empty() ? 0 : Below(bytes.size()), kGrowth));
      break;
    default:
      if (!bytes.empty()) bytes[at] = static_cast<char>(bytes[at] ^ (1 << Below(8)));
  }
  return bytes;
}

std::string Mutator::Bytes(absl::string_view bytes) {
  if (mutate_bytes_ == nullptr) return SimpleBytes(std::string(bytes));
  std::string changed(bytes);
  changed.resize(bytes.size() + kGrowth);
  changed.resize(mutate_bytes_(reinterpret_cast<uint8_t*>(changed.data()), bytes.size(), changed.size()));
  return changed;
}

std::string Mutator::Text(const std::string& text, const std::string& field) {
  const std::string* word = nullptr;
  switch (Below(10)) {
    case 0:
    case 1:
    case 2:
      word = Words::Known().Pick(field, random_);
      return word != nullptr ? *word : text;
    case 3:
    case 4:
      word = Words::Known().Pick(Words::KindOf(text), random_);
      return word != nullptr ? *word : text;
    case 5:
      return std::string(kHostile[Below(kHostile.size())]);
    case 6:
      return absl::StrCat(text, kHostile[Below(kHostile.size())]);
    case 7:
      return std::string(Below(3) == 0 ? kLong : Below(300), static_cast<char>('a' + Below(26)));
    default:
      return Bytes(text);
  }
}

void Mutator::Change(Message& message) { ChangeIn(message, 0); }

void Mutator::ChangeIn(Message& message, int depth) {
  const auto& descriptor = *message.GetDescriptor();
  if (descriptor.field_count() == 0 || depth > kMaxDepth) return;
  const FieldDescriptor& field =
      *descriptor.field(static_cast<int>(Below(static_cast<size_t>(descriptor.field_count()))));
  if (Below(12) == 0) return message.GetReflection()->ClearField(&message, &field);
  if (field.is_map()) return;
  if (field.is_repeated()) return ChangeRepeated(message, field, depth);
  ChangeSingle(message, field, depth);
}

void Mutator::ChangeRepeated(Message& message, const FieldDescriptor& field, int depth) {
  const Reflection& reflection = *message.GetReflection();
  const int size = reflection.FieldSize(message, &field);
  const int at = size == 0 ? 0 : static_cast<int>(Below(static_cast<size_t>(size)));
  if (size > 0 && Below(6) == 0) return reflection.RemoveLast(&message, &field);
  if (size > 1 && Below(6) == 0) return reflection.SwapElements(&message, &field, at, size - 1);
  const bool add = size == 0 || Below(3) == 0;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE: {
      if (!add) return ChangeIn(*reflection.MutableRepeatedMessage(&message, &field, at), depth + 1);
      Message* added = reflection.AddMessage(&message, &field);
      if (size > 0) added->CopyFrom(reflection.GetRepeatedMessage(message, &field, at));
      return ChangeIn(*added, depth + 1);
    }
    case FieldDescriptor::CPPTYPE_STRING: {
      const std::string old = size == 0 ? "" : reflection.GetRepeatedString(message, &field, at);
      const std::string text = field.type() == FieldDescriptor::TYPE_BYTES ? Bytes(old) : Text(old, field.name());
      if (add) return reflection.AddString(&message, &field, text);
      return reflection.SetRepeatedString(&message, &field, at, text);
    }
    case FieldDescriptor::CPPTYPE_ENUM:
      return reflection.AddEnumValue(&message, &field, static_cast<int>(Below(12)) - 1);
    case FieldDescriptor::CPPTYPE_INT32:
      return reflection.AddInt32(&message, &field, static_cast<int32_t>(Number(0)));
    case FieldDescriptor::CPPTYPE_INT64:
      return reflection.AddInt64(&message, &field, Number(0));
    default:
      return;
  }
}

void Mutator::ChangeSingle(Message& message, const FieldDescriptor& field, int depth) {
  const Reflection& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return ChangeIn(*reflection.MutableMessage(&message, &field), depth + 1);
    case FieldDescriptor::CPPTYPE_STRING: {
      const std::string old = reflection.GetString(message, &field);
      return reflection.SetString(&message, &field,
                                  field.type() == FieldDescriptor::TYPE_BYTES ? Bytes(old) : Text(old, field.name()));
    }
    case FieldDescriptor::CPPTYPE_INT32:
      return reflection.SetInt32(&message, &field, static_cast<int32_t>(Number(reflection.GetInt32(message, &field))));
    case FieldDescriptor::CPPTYPE_INT64:
      return reflection.SetInt64(&message, &field, Number(reflection.GetInt64(message, &field)));
    case FieldDescriptor::CPPTYPE_UINT32:
      return reflection.SetUInt32(&message, &field,
                                  static_cast<uint32_t>(Number(reflection.GetUInt32(message, &field))));
    case FieldDescriptor::CPPTYPE_UINT64:
      return reflection.SetUInt64(
          &message, &field, static_cast<uint64_t>(Number(static_cast<int64_t>(reflection.GetUInt64(message, &field)))));
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.SetBool(&message, &field, !reflection.GetBool(message, &field));
    case FieldDescriptor::CPPTYPE_ENUM:
      return reflection.SetEnumValue(&message, &field, static_cast<int>(Below(12)) - 1);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return reflection.SetDouble(&message, &field, static_cast<double>(Number(0)));
    case FieldDescriptor::CPPTYPE_FLOAT:
      return reflection.SetFloat(&message, &field, static_cast<float>(Number(0)));
  }
}

}  // namespace partnerskap::fuzz
