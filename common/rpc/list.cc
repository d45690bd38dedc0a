#include "common/rpc/list.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/ids/ids.h"
#include "common/seal/sealer.h"
#include "common/sql/database.h"
#include "common/status/macros.h"
#include "common/status/refusal.h"
#include "common/time/partial_date.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/protobuf/wire_format_lite.h"
#include "google/type/date.pb.h"
#include "partnerskap/common/v1/reasons.pb.h"

namespace partnerskap {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::io::CodedOutputStream;
using google::protobuf::io::StringOutputStream;

// Every list and batch response has its resources in field 1 and its token, if any, in field 2.
constexpr int kItemsField = 1;
constexpr int kNextPageTokenField = 2;

// What contract and field comments say of page_size.
constexpr size_t kDefaultPageSize = 50;
constexpr size_t kMaxPageSize = 1'000;

const FieldDescriptor* FieldOf(const Message& request, const char* name) {
  return request.GetDescriptor()->FindFieldByName(name);
}

std::string StringOf(const Message& request, const char* name) {
  const FieldDescriptor* field = FieldOf(request, name);
  return field == nullptr ? "" : request.GetReflection()->GetString(request, field);
}

// A message field if the request has it and it is set.
template <typename M>
const M* MessageOf(const Message& request, const char* name) {
  const FieldDescriptor* field = FieldOf(request, name);
  if (field == nullptr || !request.GetReflection()->HasField(request, field)) return nullptr;
  return static_cast<const M*>(&request.GetReflection()->GetMessage(request, field));
}

std::optional<absl::Time> ReadTimeOf(const Message& request) {
  const auto* time = MessageOf<google::protobuf::Timestamp>(request, "read_time");
  if (time == nullptr) return std::nullopt;
  return absl::FromUnixSeconds(time->seconds()) + absl::Nanoseconds(time->nanos());
}

// A token belongs to one method and to all of its arguments but the page's own; and to one life of the store, for the
// sequence numbers of another say nothing.
std::string PurposeOf(const Env& env, const Call& call, const Message& request) {
  std::unique_ptr<Message> rest(request.New());
  rest->CopyFrom(request);
  for (const char* name : {"page_size", "page_token"}) {
    if (const FieldDescriptor* field = FieldOf(*rest, name)) rest->GetReflection()->ClearField(rest.get(), field);
  }
  std::string bytes;
  {
    StringOutputStream stream(&bytes);
    CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    rest->SerializeWithCachedSizes(&coded);
  }
  return absl::StrCat("page ", call.method, "\n", env.database->epoch(), "\n", bytes);
}

void AppendField(int number, absl::string_view bytes, std::string& out) {
  StringOutputStream stream(&out);
  CodedOutputStream coded(&stream);
  coded.WriteTag(google::protobuf::internal::WireFormatLite::MakeTag(
      number, google::protobuf::internal::WireFormatLite::WIRETYPE_LENGTH_DELIMITED));
  coded.WriteVarint32(static_cast<uint32_t>(bytes.size()));
  coded.WriteRaw(bytes.data(), static_cast<int>(bytes.size()));
}

// `<sequence> <length of key> <key><name>`: key and name are bytes, and the sealed token is opaque to callers.
std::string PositionText(const ResourceTableBase::Page& page) {
  return absl::StrCat(page.sequence, " ", page.last_key.size(), " ", page.last_key, page.last_name);
}

// Takes a number and the space behind it off `text`.
template <typename Number>
bool TakeNumber(absl::string_view& text, Number& number) {
  const size_t space = text.find(' ');
  if (space == absl::string_view::npos || !absl::SimpleAtoi(text.substr(0, space), &number)) return false;
  text.remove_prefix(space + 1);
  return true;
}

bool ReadPosition(absl::string_view text, ResourceTableBase::ListQuery& query) {
  int64_t sequence = 0;
  uint32_t size = 0;
  if (!TakeNumber(text, sequence) || !TakeNumber(text, size) || text.size() < size) return false;
  query.at_sequence = sequence;
  query.after_key = std::string(text.substr(0, size));
  query.after_name = std::string(text.substr(size));
  return true;
}

}  // namespace

absl::StatusOr<std::string> ListAnswerBytes(const Env& env, const Call& call, const Message& request,
                                            ResourceTableBase::ListQuery query, const ResourceTableBase& table,
                                            ReadTx& tx) {
  query.page_size = request.GetReflection()->GetInt32(request, FieldOf(request, "page_size"));
  query.read_time = ReadTimeOf(request);
  if (const auto* date = MessageOf<google::type::Date>(request, "effective_date"))
    query.effective_date = DateToText(*date);
  const std::string token = StringOf(request, "page_token");
  const std::string purpose = PurposeOf(env, call, request);
  if (!token.empty()) {
    const absl::StatusOr<std::string> position = env.sealer->Open(purpose, token);
    if (!position.ok() || !ReadPosition(*position, query)) return Refuse(common::v1::PAGE_TOKEN_INVALID);
  }
  ASSIGN_OR_RETURN(const ResourceTableBase::Page page, table.List(tx, query));
  std::string bytes;
  for (const std::string& message : page.messages) AppendField(kItemsField, message, bytes);
  if (page.more) AppendField(kNextPageTokenField, env.sealer->Seal(purpose, PositionText(page)), bytes);
  return bytes;
}

absl::StatusOr<std::string> GetAnswerBytes(const Message& request, const ResourceTableBase& table, ReadTx& tx) {
  const std::string name = StringOf(request, "name");
  const std::optional<absl::Time> read_time = ReadTimeOf(request);
  return read_time ? table.GetBytesAt(tx, name, *read_time) : table.GetBytes(tx, name);
}

absl::StatusOr<std::string> BatchGetAnswerBytes(const Message& request, const ResourceTableBase& table, ReadTx& tx) {
  const google::protobuf::Reflection& reflection = *request.GetReflection();
  const FieldDescriptor* names = FieldOf(request, "names");
  const std::string parent = StringOf(request, "parent");
  const std::optional<absl::Time> read_time = ReadTimeOf(request);
  std::vector<Violation> misplaced;
  std::string bytes;
  for (int i = 0; i < reflection.FieldSize(request, names); ++i) {
    const std::string name = reflection.GetRepeatedString(request, names, i);
    if (!parent.empty() && ParentName(name) != parent) {
      misplaced.push_back({absl::StrCat("names[", i, "]"), absl::StrCat("must stand under ", parent)});
      continue;
    }
    ASSIGN_OR_RETURN(const std::string message,
                     read_time ? table.GetBytesAt(tx, name, *read_time) : table.GetBytes(tx, name));
    AppendField(kItemsField, message, bytes);
  }
  if (!misplaced.empty()) return RefuseFields(misplaced);
  return bytes;
}

absl::StatusOr<Slice> SliceOf(const Env& env, const Call& call, const Message& request, size_t size) {
  const int32_t asked = request.GetReflection()->GetInt32(request, FieldOf(request, "page_size"));
  const size_t page_size = asked <= 0 ? kDefaultPageSize : std::min<size_t>(asked, kMaxPageSize);
  const std::string token = StringOf(request, "page_token");
  const std::string purpose = PurposeOf(env, call, request);
  Slice slice;
  if (!token.empty()) {
    const absl::StatusOr<std::string> position = env.sealer->Open(purpose, token);
    uint64_t begin = 0;
    if (!position.ok() || !absl::SimpleAtoi(*position, &begin)) return Refuse(common::v1::PAGE_TOKEN_INVALID);
    slice.begin = std::min<size_t>(begin, size);
  }
  slice.end = std::min(slice.begin + page_size, size);
  if (slice.end < size) slice.next_page_token = env.sealer->Seal(purpose, absl::StrCat(slice.end));
  return slice;
}

}  // namespace partnerskap
