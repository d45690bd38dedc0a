#include "common/testing/test_caller.h"

#include <condition_variable>
#include <mutex>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"

namespace partnerskap {
namespace {

constexpr char kDomain[] = "spiffe://test.partnerskap";

// Of a call that was given up, the answer may still come.
struct Answered {
  std::mutex mutex;
  std::condition_variable changed;
  std::optional<PeerResult> result;
  bool ready() {
    std::lock_guard<std::mutex> lock(mutex);
    return result.has_value();
  }
  bool Wait(absl::Duration limit) {
    std::unique_lock<std::mutex> lock(mutex);
    return changed.wait_for(lock, absl::ToChronoMilliseconds(limit), [this] { return result.has_value(); });
  }
};

// A transport that answers later than this after the deadline has lost the call.
constexpr absl::Duration kPatience = absl::Seconds(20);

}  // namespace

std::string TestServiceUri(absl::string_view service) {
  // As certificates have it: `peer_review` is no name there.
  return absl::StrCat(kDomain, "/svc/", absl::StrReplaceAll(service, {{"_", "-"}}));
}

std::string TestMemberUri(absl::string_view organization) {
  absl::ConsumePrefix(&organization, "organizations/");
  return absl::StrCat(kDomain, "/org/", organization, "/sys/test");
}

std::string TestAdminUri() { return absl::StrCat(kDomain, "/org/partnerskapet/sys/admin"); }

std::string TestReaderUri() { return absl::StrCat(kDomain, "/org/partnerskapet/sys/reader"); }

MethodPaths PathsOf(const Methods& methods) {
  MethodPaths paths;
  for (const auto& [path, method] : methods.all()) {
    // Health and reflection have methods of common names; they are called by path.
    if (!absl::StartsWith(path, "/grpc.")) paths[path.substr(path.rfind('/') + 1)] = path;
  }
  return paths;
}

std::string TestCaller::Path(absl::string_view method) const {
  if (absl::StartsWith(method, "/")) return std::string(method);
  const auto found = paths_->find(std::string(method));
  return found == paths_->end() ? absl::StrCat("/unknown/", method) : found->second;
}

TestCaller& TestCaller::With(absl::string_view key, absl::string_view value) {
  metadata_.emplace_back(std::string(key), std::string(value));
  return *this;
}

absl::StatusOr<std::string> TestCaller::CallBytes(absl::string_view method, std::string request) {
  auto answered = std::make_shared<Answered>();
  peer_->Call(Path(method), std::move(request), metadata_, clock_->Now() + timeout_, [answered](PeerResult result) {
    std::lock_guard<std::mutex> lock(answered->mutex);
    answered->result = std::move(result);
    answered->changed.notify_all();
  });
  const bool came =
      wait_ == nullptr ? answered->Wait(timeout_ + kPatience) : wait_([&answered] { return answered->ready(); });
  if (!came) return absl::InternalError("the call was lost: no answer, and no deadline either");
  std::lock_guard<std::mutex> lock(answered->mutex);
  if (const absl::string_view position = Find(answered->result->trailers, kPositionKey); !position.empty()) {
    position_ = std::string(position);
  }
  if (!answered->result->status.ok()) return answered->result->status;
  return std::move(answered->result->bytes);
}

}  // namespace partnerskap
