#include "tests/simulator/oracle.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/audit/audit.h"
#include "common/auth/principal.h"
#include "common/rpc/field_rules.h"
#include "common/status/refusal.h"
#include "common/testing/test_caller.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/rpc/error_details.pb.h"
#include "tests/simulator/model/reference_model.h"

namespace partnerskap::simulator {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

Caller CallerOf(const std::string& uri) {
  Caller caller;
  caller.uri = uri;
  caller.admin = uri == TestAdminUri();
  caller.reader = uri == TestReaderUri();
  const auto identity = ParseSpiffeUri(uri);
  if (!identity.ok() || caller.admin || caller.reader) return caller;
  caller.service = identity->service;
  if (identity->system == "test") caller.organization = identity->organization;
  return caller;
}

absl::Status StatusOf(const common::v1::AuditEntry& entry) {
  google::rpc::Status status;
  status.set_code(entry.code());
  google::rpc::ErrorInfo info;
  info.set_reason(entry.reason());
  status.add_details()->PackFrom(info);
  return FromRpcStatus(status);
}

absl::Time TimeIn(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos());
}

// When the gate took the call, where its answer says so; else when it was committed, which is a little later.
absl::Time TimeOf(const common::v1::AuditEntry& entry, const Message* answer) {
  const FieldDescriptor* updated = answer == nullptr || entry.change_sequence() == 0
                                       ? nullptr
                                       : answer->GetDescriptor()->FindFieldByName("update_time");
  if (updated == nullptr) return TimeIn(entry.commit_time());
  return TimeIn(static_cast<const google::protobuf::Timestamp&>(answer->GetReflection()->GetMessage(*answer, updated)));
}

// Refusals that depend on the gate, on time or on the moment, not on what is stored.
bool IsOfTheMoment(const std::string& reason) {
  return reason == "ARRIVED_LATE" || reason == "STORE_FULL" || reason == "REQUEST_ID_REUSED" || reason.empty();
}

// As the gate leaves it.
std::unique_ptr<Message> Cleared(const Message& request) {
  std::unique_ptr<Message> cleared(request.New());
  cleared->CopyFrom(request);
  ClearOutputOnly(*cleared);
  return cleared;
}

std::string Deterministic(const Message& message) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  message.SerializeToCodedStream(&coded);
  coded.Trim();
  return bytes;
}

class ServiceJudge {
 public:
  ServiceJudge(ReferenceModel& model, const std::string& service, bool true_clocks, OracleCounts& counts)
      : model_(model), service_(service), true_clocks_(true_clocks), counts_(counts) {}

  void Run(const Mirror& mirror, const EdgeLog& edges) {
    for (const auto& asked : mirror.nameless()) {
      nameless_.emplace(asked->principal + asked->method->path,
                        std::pair(Deterministic(*Cleared(*asked->request)), asked));
    }
    std::vector<const Learnt*> learnt;
    for (const auto& [key, one] : edges.of(service_)) learnt.push_back(&one);
    std::sort(learnt.begin(), learnt.end(), [](const Learnt* a, const Learnt* b) {
      return std::pair(a->after_audit, a->order) < std::pair(b->after_audit, b->order);
    });
    auto next = learnt.begin();
    for (const AuditRow& row : mirror.audit()) {
      for (; next != learnt.end() && (*next)->after_audit < row.entry.sequence(); ++next) {
        model_.Learn(service_, (*next)->producer, *(*next)->change);
      }
      Judge(row);
    }
  }

 private:
  void Judge(const AuditRow& row) {
    const common::v1::AuditEntry& entry = row.entry;
    const bool refused = entry.code() != google::rpc::OK;
    const std::shared_ptr<Asked> found = AskedIn(row);
    // Where nothing changed nothing was recorded; what the refusals of gate and writer share is told by neither.
    if (found == nullptr || (!refused && entry.change_sequence() == 0)) return Unknown(row);
    const Asked& asked = *found;
    if (refused && (IsOfTheMoment(entry.reason()) || (!true_clocks_ && service_ == "scheduling"))) return Unknown(row);
    std::unique_ptr<Message> answer;
    if (!refused) {
      answer = asked.method->NewAnswer();
      answer->ParseFromString(row.answer);
    }
    const std::unique_ptr<Message> request = Cleared(*asked.request);
    const Verdict verdict =
        model_.Apply(service_, asked.method->name, *request, CallerOf(asked.principal), TimeOf(entry, answer.get()));
    ++(verdict.judged ? counts_.judged : counts_.unjudged);
    const std::string wrong = Disagreement(verdict, refused ? StatusOf(entry) : absl::OkStatus(), answer.get());
    if (!wrong.empty()) {
      const bool both_refused = refused && verdict.judged && verdict.code != absl::StatusCode::kOk;
      ++(both_refused ? counts_.other_reason : counts_.disagreements);
      Trace(absl::StrCat("MODEL: ", service_, ", audit row ", entry.sequence(), ", ", asked.method->name, " of ",
                         asked.request->ShortDebugString(), ": ", wrong));
    }
    if (answer != nullptr) model_.Observe(service_, *answer);
  }

  // By the request id; without one by the content.
  std::shared_ptr<Asked> AskedIn(const AuditRow& row) const {
    if (row.asked != nullptr || !row.entry.request_id().empty()) return row.asked;
    const auto [begin, end] = nameless_.equal_range(row.entry.principal() + row.entry.method());
    for (auto one = begin; one != end; ++one) {
      if (AuditDigest(row.entry.salt(), one->second.first) == row.entry.digest()) return one->second.second;
    }
    return nullptr;
  }

  // What nobody can name was done all the same, and the model must know of it.
  void Unknown(const AuditRow& row) {
    ++counts_.unjudged;
    if (row.entry.code() != google::rpc::OK || row.entry.change_sequence() == 0) return;
    const std::string& path = row.entry.method();
    const MethodEntry* method = TheCatalog().Find(service_, path.substr(path.rfind('/') + 1));
    std::unique_ptr<Message> answer = method->NewAnswer();
    answer->ParseFromString(row.answer);
    model_.Observe(service_, *answer);
  }

  ReferenceModel& model_;
  const std::string service_;
  const bool true_clocks_;
  OracleCounts& counts_;
  std::multimap<std::string, std::pair<std::string, std::shared_ptr<Asked>>> nameless_;
};

}  // namespace

OracleCounts JudgeByModel(const World& world, bool true_clocks) {
  ReferenceModel model;
  OracleCounts counts;
  for (const auto& [service, mirror] : world.mirrors()) {
    ServiceJudge(model, service, true_clocks, counts).Run(*mirror, world.edges());
  }
  return counts;
}

}  // namespace partnerskap::simulator
