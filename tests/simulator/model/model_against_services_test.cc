// Random requests to the real services and to the reference model: the two must answer alike.
#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/status/refusal.h"
#include "common/testing/sim_service.h"
#include "partnerskap/common/v1/feed.pb.h"
#include "partnerskap/membership/v1/resources.pb.h"
#include "services/agreements/service.h"
#include "services/membership/service.h"
#include "services/peer_review/service.h"
#include "services/scheduling/service.h"
#include "tests/simulator/catalog.h"
#include "tests/simulator/known.h"
#include "tests/simulator/maker.h"
#include "tests/simulator/model/reference_model.h"

namespace partnerskap::simulator {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Each takes about a second; PARTNERSKAP_MODEL_SEEDS gives other ones, as `100-140`.
constexpr uint64_t kFirstSeed = 1, kLastSeed = 8;
constexpr int kSteps = 1'500;

const std::vector<ServiceDefinition>& Definitions() {
  static const auto& definitions = *new std::vector<ServiceDefinition>{
      membership::Definition(), agreements::Definition(), scheduling::Definition(), peer_review::Definition()};
  return definitions;
}

// Whose feeds each service follows.
const std::map<std::string, std::vector<std::string>>& Followed() {
  static const auto& followed =
      *new std::map<std::string, std::vector<std::string>>{{"membership", {"agreements"}},
                                                           {"agreements", {"membership"}},
                                                           {"scheduling", {"membership", "agreements"}},
                                                           {"peer_review", {"membership", "scheduling"}}};
  return followed;
}

struct Asked {
  std::string service;
  std::string method;
  std::shared_ptr<const Message> request;
  Caller caller;
};

class World {
 public:
  explicit World(uint64_t seed)
      : loop_(seed), catalog_(Definitions()), make_(loop_, known_, seed * 2654435761U), random_(seed + 77) {
    for (const ServiceDefinition& definition : Definitions()) {
      services_[definition.name] = std::make_unique<SimService>(loop_, definition);
    }
    for (const auto& [service, producers] : Followed()) {
      for (const std::string& producer : producers) services_.at(service)->Connect(*services_.at(producer));
    }
    for (auto& [name, service] : services_) service->Start();
    generators_["membership"] = MembershipGenerators();
    generators_["agreements"] = AgreementsGenerators();
    generators_["scheduling"] = SchedulingGenerators();
    generators_["peer_review"] = PeerReviewGenerators();
  }

  // Empty, or how the two disagree.
  std::string Step() {
    if (random_.Chance(0.01)) loop_.clock().SetNow(loop_.clock().Now() + absl::Hours(24 * (1 + random_.Below(90))));
    return Ask(Next());
  }
  int judged() const { return judged_; }
  int taken() const { return taken_; }
  const std::map<std::string, int>& refusals() const { return refusals_; }
  const std::map<std::string, std::pair<int, int>>& by_method() const { return by_method_; }

 private:
  Asked Next() {
    if (!history_.empty() && random_.Chance(0.03)) return history_[random_.Below(history_.size())];
    Asked asked;
    if (random_.Chance(0.3)) {
      const MethodEntry& method = catalog_.reads()[random_.Below(catalog_.reads().size())];
      asked = {method.service, method.name, catalog_.Fill(make_, method.request(), 0.03), {}};
    } else {
      static const std::vector<std::string>& names =
          *new std::vector<std::string>{"membership", "membership", "membership", "agreements",
                                        "agreements", "agreements", "scheduling", "peer_review"};
      asked.service = names[random_.Below(names.size())];
      const std::vector<Generator>& choices = generators_.at(asked.service);
      const Generator& chosen = Weighted(choices);
      std::unique_ptr<Message> request = chosen.make(make_);
      asked.method = chosen.method;
      if (random_.Chance(0.04)) catalog_.Spoil(make_, *request);
      if (random_.Chance(0.05)) SetText(*request, "request_id", make_.Uuid());
      if (random_.Chance(0.03)) SetFlag(*request, "validate_only");
      asked.request = std::move(request);
    }
    asked.caller = AnyCaller();
    if (random_.Chance(0.1)) history_.push_back(asked);
    return asked;
  }

  const Generator& Weighted(const std::vector<Generator>& choices) {
    int all = 0;
    for (const Generator& each : choices) all += each.weight;
    int left = static_cast<int>(random_.Below(static_cast<uint64_t>(all)));
    for (const Generator& each : choices) {
      left -= each.weight;
      if (left < 0) return each;
    }
    return choices.back();
  }

  static void SetText(Message& message, const char* name, const std::string& value) {
    const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(name);
    if (field != nullptr) message.GetReflection()->SetString(&message, field, value);
  }
  static void SetFlag(Message& message, const char* name) {
    const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(name);
    if (field != nullptr) message.GetReflection()->SetBool(&message, field, true);
  }

  Caller AnyCaller() {
    Caller caller;
    const uint64_t choice = random_.Below(100);
    if (choice < 75) {
      caller.admin = true;
      caller.uri = TestAdminUri();
    } else if (choice < 93) {
      const auto* organization = make_.Pick<membership::v1::Organization>();
      caller.organization = organization == nullptr ? "organizations/kommun-0101" : organization->name();
      caller.uri = TestMemberUri(caller.organization);
    } else if (choice < 97) {
      caller.reader = true;
      caller.uri = TestReaderUri();
    } else {
      caller.service = "scheduling";
      caller.uri = TestServiceUri(caller.service);
    }
    return caller;
  }

  std::string Ask(const Asked& asked) {
    const MethodEntry* method = catalog_.Find(asked.service, asked.method);
    if (method == nullptr) return absl::StrCat("no method ", asked.method);
    const Verdict verdict =
        model_.Apply(asked.service, asked.method, *asked.request, asked.caller, loop_.clock().Now());
    SimService& service = *services_.at(asked.service);
    TestCaller caller = service.Caller(asked.caller.uri);
    const auto bytes = caller.CallBytes(asked.method, asked.request->SerializeAsString());
    std::unique_ptr<Message> answer;
    if (bytes.ok()) {
      answer = method->NewAnswer();
      if (!answer->ParseFromString(*bytes)) return "the answer is of another type";
      ++taken_;
    } else {
      ++refusals_[ReasonOf(bytes.status())];
    }
    auto& [all, judged] = by_method_[absl::StrCat(asked.service, ".", asked.method)];
    ++all;
    if (verdict.judged) {
      ++judged;
      ++judged_;
    }
    const std::string wrong = Disagreement(verdict, bytes.status(), answer.get());
    if (!wrong.empty()) {
      return absl::StrCat(asked.service, ".", asked.method, " as ", asked.caller.uri, " on ",
                          absl::FormatTime(loop_.clock().Now()), "\n", asked.request->DebugString(), wrong);
    }
    if (answer == nullptr) return "";
    model_.Observe(asked.service, *answer);
    if (!FlagOf(*asked.request, "validate_only")) known_.Observe(*answer);
    if (method->mutating()) Spread(asked.service);
    for (const std::string& broken : model_.BrokenInvariants()) return broken;
    return "";
  }

  static bool FlagOf(const Message& message, const char* name) {
    const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(name);
    return field != nullptr && message.GetReflection()->GetBool(message, field);
  }

  // Lets the followers hear of it, and tells the model what they heard.
  void Spread(const std::string& producer) {
    ASSERT_TRUE(loop_.RunReady());
    common::v1::ListChangesRequest request;
    request.set_page_token(read_[producer]);
    request.set_page_size(1000);
    TestCaller reader = services_.at(producer)->Admin();
    const std::string path = absl::StrCat("/partnerskap.", producer == "peer_review" ? "peerreview" : producer, ".v1.",
                                          FeedName(producer), "/ListChanges");
    auto page = reader.Call<common::v1::ListChangesResponse>(path, request);
    ASSERT_TRUE(page.ok()) << page.status();
    read_[producer] = page->next_page_token();
    for (const common::v1::Change& change : page->changes()) {
      Remember(change);
      for (const auto& [service, producers] : Followed()) {
        if (std::find(producers.begin(), producers.end(), producer) != producers.end()) {
          model_.Learn(service, producer, change);
        }
      }
    }
    ASSERT_TRUE(loop_.RunFor(absl::Milliseconds(200)));
  }

  // What a mutation wrote beside its answer, such as a round's reviews.
  void Remember(const common::v1::Change& change) {
    const auto* type = google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(change.message_type());
    if (type == nullptr || !absl::StrContains(change.message_type(), "Review")) return;
    std::unique_ptr<Message> message(google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
    if (message->ParseFromString(change.message())) known_.Observe(*message);
  }

  static std::string FeedName(const std::string& service) {
    if (service == "membership") return "MembershipFeedService";
    if (service == "agreements") return "AgreementsFeedService";
    return service == "scheduling" ? "SchedulingFeedService" : "PeerReviewFeedService";
  }

  SimLoop loop_;
  const Catalog catalog_;
  std::map<std::string, std::unique_ptr<SimService>> services_;
  std::map<std::string, std::vector<Generator>> generators_;
  Known known_;
  Maker make_;
  SeededRandom random_;
  ReferenceModel model_;
  std::vector<Asked> history_;
  std::map<std::string, std::string> read_;
  int judged_ = 0, taken_ = 0;
  std::map<std::string, int> refusals_;
  std::map<std::string, std::pair<int, int>> by_method_;
};

std::pair<uint64_t, uint64_t> Seeds() {
  const char* text = std::getenv("PARTNERSKAP_MODEL_SEEDS");
  if (text == nullptr) return {kFirstSeed, kLastSeed};
  const std::vector<std::string> ends = absl::StrSplit(text, '-');
  uint64_t first = 0, last = 0;
  EXPECT_TRUE(absl::SimpleAtoi(ends.front(), &first) && absl::SimpleAtoi(ends.back(), &last)) << text;
  return {first, last};
}

TEST(ModelAgainstServices, TheyAnswerAlike) {
  const auto [first, last] = Seeds();
  int judged = 0, all = 0;
  std::map<std::string, int> refusals;
  std::map<std::string, std::pair<int, int>> by_method;
  for (uint64_t seed = first; seed <= last; ++seed) {
    World world(seed);
    for (int step = 0; step < kSteps; ++step) {
      const std::string wrong = world.Step();
      ++all;
      if (!wrong.empty()) {
        ADD_FAILURE() << "seed " << seed << ", step " << step << ": " << wrong;
        break;
      }
      if (HasFatalFailure()) return;
    }
    judged += world.judged();
    for (const auto& [reason, count] : world.refusals()) refusals[reason] += count;
    for (const auto& [method, counts] : world.by_method()) {
      by_method[method].first += counts.first;
      by_method[method].second += counts.second;
    }
  }
  std::cout << judged << " of " << all << " requests judged; " << refusals.size() << " reasons met\n";
  if (std::getenv("PARTNERSKAP_MODEL_COUNTS") != nullptr) {
    for (const auto& [reason, count] : refusals) std::cout << count << " " << reason << "\n";
    for (const auto& [method, counts] : by_method) {
      std::cout << counts.second << " of " << counts.first << " " << method << "\n";
    }
  }
  // A model that judges nothing agrees with everything.
  EXPECT_GT(judged * 10, all * 6);
}

}  // namespace
}  // namespace partnerskap::simulator
