// What the clients of the simulator have seen: every resource in the newest revision that an answer showed, by type.
#ifndef PARTNERSKAP_TESTS_SIMULATOR_KNOWN_H_
#define PARTNERSKAP_TESTS_SIMULATOR_KNOWN_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/testing/sim.h"
#include "google/protobuf/message.h"

namespace partnerskap::simulator {

class Known {
 public:
  // A resource, or an answer with resources in it.
  void Observe(const google::protobuf::Message& answer);

  // By the full name of the message: `partnerskap.membership.v1.Seat`. In the order in which they were first seen.
  const std::vector<std::shared_ptr<const google::protobuf::Message>>& All(const std::string& type) const;
  template <typename M>
  std::vector<const M*> Those(const std::function<bool(const M&)>& fit = nullptr) const {
    std::vector<const M*> found;
    for (const auto& message : All(M::descriptor()->full_name())) {
      const auto* typed = static_cast<const M*>(message.get());
      if (fit == nullptr || fit(*typed)) found.push_back(typed);
    }
    return found;
  }
  template <typename M>
  const M* Find(absl::string_view name) const {
    const auto found = places_.find(std::string(name));
    if (found == places_.end()) return nullptr;
    return dynamic_cast<const M*>(by_type_.at(found->second.first)[found->second.second].get());
  }

  // Empty if nobody has seen it.
  std::string Etag(const std::string& name) const;

 private:
  using Messages = std::vector<std::shared_ptr<const google::protobuf::Message>>;
  std::map<std::string, Messages> by_type_;
  std::map<std::string, std::pair<std::string, size_t>> places_;  // name -> type and place
};

// `name` of a message that has one, else empty. `etag` the same.
std::string NameOf(const google::protobuf::Message& message);
std::string EtagOf(const google::protobuf::Message& message);
// Everything before the last two segments.
std::string ParentOf(absl::string_view name);

}  // namespace partnerskap::simulator

#endif  // PARTNERSKAP_TESTS_SIMULATOR_KNOWN_H_
