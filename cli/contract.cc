#include "cli/contract.h"

#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/descriptor.pb.h"

namespace partnerskap::cli {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::SourceLocation;

// Built at the first question: most commands ask none.
const DescriptorPool& Pool() {
  static const DescriptorPool& pool = *[] {
    auto* made = new DescriptorPool;
    google::protobuf::FileDescriptorSet files;
    const std::string_view bytes = ContractBytes();
    files.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
    for (const auto& file : files.file()) made->BuildFile(file);
    return made;
  }();
  return pool;
}

template <typename Found>
std::string Comment(const Found* found) {
  SourceLocation location;
  if (found == nullptr || !found->GetSourceLocation(&location)) return "";
  std::vector<std::string> lines;
  for (const absl::string_view line : absl::StrSplit(location.leading_comments, '\n')) {
    const absl::string_view text = absl::StripAsciiWhitespace(line);
    if (!text.empty()) lines.emplace_back(text);
  }
  return absl::StrJoin(lines, " ");
}

}  // namespace

std::string CommentOf(const google::protobuf::MethodDescriptor& method) {
  return Comment(Pool().FindMethodByName(method.full_name()));
}

std::string CommentOf(const google::protobuf::FieldDescriptor& field) {
  return Comment(Pool().FindFieldByName(field.full_name()));
}

std::string FirstSentence(const std::string& comment) {
  const size_t end = comment.find(". ");
  return end == std::string::npos ? comment : comment.substr(0, end + 1);
}

}  // namespace partnerskap::cli
