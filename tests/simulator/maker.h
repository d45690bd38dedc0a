// What the simulator's requests are made of: dates, words, ids, and resources that are known.
#ifndef PARTNERSKAP_TESTS_SIMULATOR_MAKER_H_
#define PARTNERSKAP_TESTS_SIMULATOR_MAKER_H_

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "common/testing/sim.h"
#include "google/protobuf/message.h"
#include "google/type/date.pb.h"
#include "partnerskap/common/v1/decision.pb.h"
#include "partnerskap/common/v1/source.pb.h"
#include "tests/simulator/known.h"

namespace partnerskap::simulator {

class Maker {
 public:
  Maker(SimLoop& loop, const Known& known, uint64_t seed) : loop_(loop), known_(known), random_(seed) {}

  const Known& known() const { return known_; }
  SeededRandom& random() { return random_; }
  bool Chance(double probability) { return random_.Chance(probability); }
  int Below(int below) { return static_cast<int>(random_.Below(static_cast<uint64_t>(below))); }
  int Between(int first, int last) { return first + Below(last - first + 1); }
  template <typename T>
  const T& OneOf(const std::vector<T>& choices) {
    return choices[random_.Below(choices.size())];
  }
  // One of those that fit; now and then, and if none fits, any. Null if none is known.
  template <typename M>
  const M* Pick(const std::function<bool(const M&)>& fit = nullptr) {
    constexpr double kAnyAtAll = 0.1;
    std::vector<const M*> found;
    if (fit != nullptr && !Chance(kAnyAtAll)) found = known_.Those<M>(fit);
    if (found.empty()) found = known_.Those<M>();
    return found.empty() ? nullptr : OneOf(found);
  }
  // Its name; rarely, or if none is known, one that nobody has.
  template <typename M>
  std::string PickName(absl::string_view unknown, const std::function<bool(const M&)>& fit = nullptr) {
    constexpr double kUnknown = 0.01;
    const M* picked = Pick<M>(fit);
    return picked == nullptr || Chance(kUnknown) ? std::string(unknown) : picked->name();
  }

  // The day of the loop's clock, and a day from so many days after it to so many.
  absl::CivilDay Today() const;
  google::type::Date Date(int from, int to);
  // On it or up to so many days later; rarely before it.
  google::type::Date After(const google::type::Date& date, int days);
  // Such a date, or one known to the month or year only, or none.
  google::type::Date Vague(int from, int to);
  // Mostly the etag that was seen; sometimes `*`, an old one or nonsense.
  std::string Etag(const google::protobuf::Message* seen);
  std::string Word();
  std::string Uuid();
  // `<prefix><number below>`.
  std::string Id(absl::string_view prefix, int below);
  common::v1::Source Source();
  common::v1::DecisionReference Reference();
  // Any value that the enum has, zero rarely.
  int EnumValue(const google::protobuf::EnumDescriptor& type);

 private:
  SimLoop& loop_;
  const Known& known_;
  SeededRandom random_;
};

// One way to make a request. Weight: how often, beside the others.
struct Generator {
  const char* method;
  int weight;
  std::function<std::unique_ptr<google::protobuf::Message>(Maker&)> make;
};
std::vector<Generator> MembershipGenerators();
std::vector<Generator> AgreementsGenerators();
std::vector<Generator> SchedulingGenerators();
std::vector<Generator> PeerReviewGenerators();

}  // namespace partnerskap::simulator

#endif  // PARTNERSKAP_TESTS_SIMULATOR_MAKER_H_
