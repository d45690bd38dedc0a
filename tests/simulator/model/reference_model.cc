#include "tests/simulator/model/reference_model.h"

#include "absl/strings/str_cat.h"

namespace partnerskap::simulator {

struct ReferenceModel::State {};

ReferenceModel::ReferenceModel() : state_(std::make_unique<State>()) {}
ReferenceModel::~ReferenceModel() = default;

Verdict ReferenceModel::Apply(const std::string& /*service*/, const std::string& /*method*/,
                              const google::protobuf::Message& /*request*/, const Caller& /*caller*/,
                              absl::Time /*now*/) {
  Verdict verdict;
  verdict.judged = false;
  return verdict;
}

void ReferenceModel::Observe(const std::string& /*service*/, const google::protobuf::Message& /*answer*/) {}

void ReferenceModel::Learn(const std::string& /*service*/, const std::string& /*producer*/,
                           const common::v1::Change& /*change*/) {}

std::vector<std::string> ReferenceModel::BrokenInvariants() const { return {}; }

std::string Disagreement(const Verdict& verdict, const absl::Status& status,
                         const google::protobuf::Message* /*answer*/) {
  if (!verdict.judged || verdict.code == status.code()) return "";
  return absl::StrCat("expected ", absl::StatusCodeToString(verdict.code), ", was ", status.ToString());
}

}  // namespace partnerskap::simulator
