#include "tests/simulator/model/facts.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "tests/simulator/model/dates.h"

namespace partnerskap::simulator::model {

std::string IdOf(const std::string& name) { return name.substr(name.rfind('/') + 1); }

std::string ParentOf(const std::string& name) {
  const size_t last = name.rfind('/');
  if (last == std::string::npos || last == 0) return "";
  const size_t before = name.rfind('/', last - 1);
  return before == std::string::npos ? "" : name.substr(0, before);
}

std::string NetworkOf(const std::string& name) {
  const size_t first = name.find('/');
  if (first == std::string::npos) return name;
  return name.substr(0, name.find('/', first + 1));
}

Case::Case(const Facts& facts, const Caller& caller, absl::Time now)
    : facts(facts), caller(caller), now(now), today(SwedishDay(now)) {}

void Case::NeedParent(bool there, bool heard) {
  if (there) return;
  // The pages say both of what another service has not told yet.
  heard ? RefuseOneOf({"PARENT_NOT_FOUND", "REFERENCE_UNKNOWN", "RESOURCE_NOT_FOUND"}) : Refuse("PARENT_NOT_FOUND");
}

void Case::CheckEtag(const std::string& given, const std::string& present) {
  if (given == "*") return;
  if (given.empty()) return RefuseOneOf({"ETAG_STALE", "FIELD_VIOLATIONS"});
  if (given != present) Refuse("ETAG_STALE");
}

void Case::NeedOrganization(const std::vector<std::string>* organizations) {
  if (caller.admin) return;
  if (organizations == nullptr) return RefuseOneOf({"OBJECT_NOT_YOURS", "RESOURCE_NOT_FOUND", "REFERENCE_UNKNOWN"});
  if (std::find(organizations->begin(), organizations->end(), caller.organization) == organizations->end()) {
    Refuse("OBJECT_NOT_YOURS");
  }
}

void Case::CheckPeriod(const Date& start, const Date& end) {
  if (CertainlyBefore(end, start)) Refuse("PERIOD_REVERSED");
}

void Case::Write(std::unique_ptr<Message> resource) {
  answer_.reset(resource->New());
  const auto* etag = resource->GetDescriptor()->FindFieldByName("etag");
  const auto* name = resource->GetDescriptor()->FindFieldByName("name");
  int64_t revision = 0;
  const auto former = facts.own.find(resource->GetReflection()->GetString(*resource, name));
  if (former != facts.own.end()) {
    const Message& before = *former->second;
    if (!absl::SimpleAtoi(before.GetReflection()->GetString(before, etag), &revision)) revision = -1;
  }
  // What changes nothing makes no revision.
  const bool same = former != facts.own.end() && resource->SerializeAsString() == former->second->SerializeAsString();
  if (!same) resource->GetReflection()->SetString(resource.get(), etag, revision < 0 ? "" : absl::StrCat(revision + 1));
  answer_->CopyFrom(*resource);
  writes_.push_back(std::move(resource));
}

void Case::WriteAlso(std::unique_ptr<Message> resource) {
  std::unique_ptr<Message> answer = std::move(answer_);
  Write(std::move(resource));
  answer_ = std::move(answer);
}

}  // namespace partnerskap::simulator::model
