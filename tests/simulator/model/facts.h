// What one service holds and has heard, and the judging of one request. For the files of the model alone.
#ifndef PARTNERSKAP_TESTS_SIMULATOR_MODEL_FACTS_H_
#define PARTNERSKAP_TESTS_SIMULATOR_MODEL_FACTS_H_

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "google/type/date.pb.h"
#include "tests/simulator/model/reference_model.h"

namespace partnerskap::simulator::model {

using google::protobuf::Message;
using google::type::Date;
using Shared = std::shared_ptr<const Message>;

// The last id of a name: `uppsala`.
std::string IdOf(const std::string& name);
// The name without its last two parts.
std::string ParentOf(const std::string& name);
// `networks/partnerskapet` of any name below it.
std::string NetworkOf(const std::string& name);

// One service's knowledge. Resources stand under their names.
struct Facts {
  std::map<std::string, Shared> own;
  std::map<std::string, std::vector<std::pair<absl::Time, Shared>>> history;  // every revision of `own`
  std::map<std::string, Shared> known;                                        // from the feeds of others
  std::set<std::string> notes;  // what the model remembers beside the resources, in its own words

  template <typename M>
  const M* Own(const std::string& name) const {
    return Find<M>(own, name);
  }
  template <typename M>
  const M* Known(const std::string& name) const {
    return Find<M>(known, name);
  }
  // Those whose name begins with `prefix`.
  template <typename M>
  std::vector<const M*> OwnUnder(const std::string& prefix) const {
    return Under<M>(own, prefix);
  }
  template <typename M>
  std::vector<const M*> KnownUnder(const std::string& prefix) const {
    return Under<M>(known, prefix);
  }

 private:
  template <typename M>
  static const M* Find(const std::map<std::string, Shared>& map, const std::string& name) {
    const auto found = map.find(name);
    return found == map.end() ? nullptr : dynamic_cast<const M*>(found->second.get());
  }
  template <typename M>
  static std::vector<const M*> Under(const std::map<std::string, Shared>& map, const std::string& prefix) {
    std::vector<const M*> found;
    for (auto each = map.lower_bound(prefix); each != map.end() && absl::StartsWith(each->first, prefix); ++each) {
      if (const auto* message = dynamic_cast<const M*>(each->second.get())) found.push_back(message);
    }
    return found;
  }
};

// The judging of one request: what refuses it, and what it writes.
class Case {
 public:
  Case(const Facts& facts, const Caller& caller, absl::Time now);

  const Facts& facts;
  const Caller& caller;
  const absl::Time now;
  const absl::CivilDay today;  // in Sweden

  // A refusal that applies. Several may; the verdict chooses by the order of precedence of their reasons.proto.
  void Refuse(const std::string& reason) { RefuseOneOf({reason}); }
  // One of these applies, and the documents do not say which.
  void RefuseOneOf(const std::vector<std::string>& reasons) { found_.push_back(reasons); }
  // The documents do not say how this ends.
  void Unclear() { unclear_ = true; }
  void UnclearIf(bool unclear) { unclear_ = unclear_ || unclear; }
  bool refused() const { return !found_.empty(); }
  bool unclear() const { return unclear_; }
  const std::vector<std::vector<std::string>>& found() const { return found_; }

  // The object of `name`, or null after Refuse(RESOURCE_NOT_FOUND).
  template <typename M>
  const M* Object(const std::string& name) {
    const M* object = facts.Own<M>(name);
    if (object == nullptr) Refuse("RESOURCE_NOT_FOUND");
    return object;
  }
  // PARENT_NOT_FOUND unless there is such a one. `heard`: it is another service's.
  void NeedParent(bool there, bool heard = false);
  void NeedReference(bool there) {
    if (!there) Refuse("REFERENCE_UNKNOWN");
  }
  // A list of what stands under nothing: an empty page or a refusal, the contract does not say.
  bool Lists(bool parent) {
    UnclearIf(!parent);
    return parent;
  }
  // What a computed answer speaks of.
  bool NeedSubject(bool there) {
    if (!there) RefuseOneOf({"RESOURCE_NOT_FOUND", "PARENT_NOT_FOUND", "REFERENCE_UNKNOWN"});
    return there;
  }
  void MustBeNew(const std::string& name) {
    if (facts.own.count(name) > 0) Refuse("RESOURCE_ALREADY_EXISTS");
  }
  // `given` is what the caller read; the object's own is the number of its revision.
  void CheckEtag(const std::string& given, const std::string& present);
  // The caller is one of these organizations, or an administrator. Null: not known which they are.
  void NeedOrganization(const std::vector<std::string>* organizations);
  // PERIOD_REVERSED where the end certainly lies before the start.
  void CheckPeriod(const Date& start, const Date& end);

  // Stores and answers; `etag` and times are set.
  void Write(std::unique_ptr<Message> resource);
  // Stores beside the answer.
  void WriteAlso(std::unique_ptr<Message> resource);
  // Answers without storing.
  void Answer(std::unique_ptr<Message> answer) { answer_ = std::move(answer); }
  void JudgeOnly(std::vector<std::string> fields) { fields_ = std::move(fields); }
  // To be remembered if the request is taken.
  void Remember(const std::string& note) { notes_.push_back(note); }

  std::unique_ptr<Message> TakeAnswer() { return std::move(answer_); }
  const std::vector<Shared>& writes() const { return writes_; }
  const std::vector<std::string>& fields() const { return fields_; }
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  std::vector<std::vector<std::string>> found_;
  bool unclear_ = false;
  std::unique_ptr<Message> answer_;
  std::vector<Shared> writes_;
  std::vector<std::string> fields_;
  std::vector<std::string> notes_;
};

// Rules of one service, by method.
using Rule = std::function<void(Case&, const Message&)>;
using Rules = std::map<std::string, Rule>;

template <typename Request>
Rule On(void (*rule)(Case&, const Request&)) {
  return [rule](Case& judged, const Message& request) { rule(judged, static_cast<const Request&>(request)); };
}

Rules MembershipRules();
Rules AgreementsRules();
Rules SchedulingRules();
Rules PeerReviewRules();

// What must hold between the facts of a service; a line for each that does not.
void MembershipInvariants(const Facts& facts, std::vector<std::string>& broken);
void AgreementsInvariants(const Facts& facts, std::vector<std::string>& broken);
void SchedulingInvariants(const Facts& facts, std::vector<std::string>& broken);
void PeerReviewInvariants(const Facts& facts, std::vector<std::string>& broken);

// A page of a list whose items are named here in order, each under the field that the answer has for them. The caller's
// page_size and page_token are the framework's business.
template <typename Response, typename M>
void AnswerList(Case& judged, const std::vector<const M*>& items, const std::string& field) {
  auto answer = std::make_unique<Response>();
  const auto* descriptor = Response::descriptor()->FindFieldByName(field);
  for (const M* item : items) answer->GetReflection()->AddMessage(answer.get(), descriptor)->CopyFrom(*item);
  judged.Answer(std::move(answer));
}

// The reading methods of one resource, which need no rule of their own: Get, List by name.
template <typename GetRequest, typename M>
void JudgeGet(Case& judged, const GetRequest& request) {
  const std::string& name = request.name();
  const auto history = judged.facts.history.find(name);
  if (!request.has_read_time()) {
    if (const M* object = judged.Object<M>(name)) judged.Answer(std::make_unique<M>(*object));
    return;
  }
  const absl::Time at =
      absl::FromUnixSeconds(request.read_time().seconds()) + absl::Nanoseconds(request.read_time().nanos());
  const Message* found = nullptr;
  if (history != judged.facts.history.end()) {
    for (const auto& [time, revision] : history->second) {
      // At the very instant of the commit either may be answered.
      if (time == at) return judged.Unclear();
      if (time < at) found = revision.get();
    }
  }
  judged.UnclearIf(at > judged.now);
  if (found == nullptr) return judged.Refuse("RESOURCE_NOT_FOUND");
  judged.Answer(std::make_unique<M>(static_cast<const M&>(*found)));
}

}  // namespace partnerskap::simulator::model

#endif  // PARTNERSKAP_TESTS_SIMULATOR_MODEL_FACTS_H_
