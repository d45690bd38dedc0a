#include "tests/processes/log_follower.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/status/macros.h"
#include "partnerskap/common/v1/audit.pb.h"

namespace partnerskap {
namespace {

using common::v1::ListAuditEntriesRequest;
using common::v1::ListAuditEntriesResponse;
using common::v1::ListChangesRequest;
using common::v1::ListChangesResponse;
using common::v1::WatchChangesRequest;
using common::v1::WatchChangesResponse;

constexpr int kPageSize = 1'000;
constexpr int kAttempts = 5;

// A service may just have started, or be held for a moment.
template <typename Response>
absl::StatusOr<Response> Ask(TestCaller& caller, const std::string& method, const google::protobuf::Message& request) {
  absl::StatusOr<Response> answer;
  for (int i = 0; i < kAttempts; ++i) {
    answer = caller.Call<Response>(method, request);
    if (answer.ok()) return answer;
  }
  return answer;
}

}  // namespace

const std::set<std::string>& ClearedTypes() {
  static const auto& types = *new std::set<std::string>{"partnerskap.membership.v1.Person"};
  return types;
}

LogEntry EntryOf(const common::v1::Change& change) {
  return {change.sequence(),     change.transaction(), change.name(),       change.revision(), change.type(),
          change.message_type(), change.message(),     change.request_id(), change.actor()};
}

absl::Status LogFollower::CatchUp() {
  TestCaller caller = services_.Admin(service_);
  RETURN_IF_ERROR(ReadChanges(caller));
  return ReadAudit(caller);
}

absl::Status LogFollower::ReadChanges(TestCaller& caller) {
  while (true) {
    ListChangesRequest request;
    request.set_page_size(kPageSize);
    request.set_page_token(page_token_);
    ASSIGN_OR_RETURN(const ListChangesResponse page,
                     Ask<ListChangesResponse>(caller, FeedPath(service_, "ListChanges"), request));
    if (epoch_.empty()) epoch_ = page.epoch();
    if (page.epoch() != epoch_) return absl::InternalError(absl::StrCat("P9: ", service_, " has another epoch"));
    for (const common::v1::Change& change : page.changes()) {
      if (change.sequence() != static_cast<int64_t>(log_.size()) + 1) {
        return absl::InternalError(
            absl::StrCat("P9: ", service_, " lists change ", change.sequence(), " after ", log_.size()));
      }
      log_.push_back(EntryOf(change));
      changes_.push_back(change);
    }
    page_token_ = page.next_page_token();
    if (page.changes().empty()) return absl::OkStatus();
  }
}

absl::Status LogFollower::ReadAudit(TestCaller& caller) {
  // The last page's token is empty: the next time goes on from the page before, whose rows are known.
  std::string token = audit_token_;
  while (true) {
    ListAuditEntriesRequest request;
    request.set_page_size(kPageSize);
    request.set_page_token(token);
    ASSIGN_OR_RETURN(const ListAuditEntriesResponse page,
                     Ask<ListAuditEntriesResponse>(caller, AuditPath(service_), request));
    for (const common::v1::AuditEntry& entry : page.audit_entries()) {
      if (entry.sequence() <= chain_.sequence()) continue;
      if (const absl::Status status = chain_.Add(entry); !status.ok()) {
        return absl::InternalError(absl::StrCat("P37: ", service_, ": ", status.message()));
      }
    }
    if (page.next_page_token().empty()) return absl::OkStatus();
    audit_token_ = token = page.next_page_token();
  }
}

absl::Status LogFollower::CheckAcknowledged(const std::vector<ClientCall>& calls) const {
  for (const ClientCall& call : calls) {
    if (call.position == 0) continue;
    const std::string what = absl::StrCat(call.method, " on ", call.name, " at ", call.position);
    if (call.position > static_cast<int64_t>(log_.size())) {
      return absl::InternalError(absl::StrCat("P1: ", what, " was acknowledged and is lost"));
    }
    const LogEntry& entry = log_[static_cast<size_t>(call.position) - 1];
    const bool same = ClearedTypes().count(entry.message_type) > 0 || entry.message == call.answer;
    if (entry.name != call.name || entry.request_id != call.request_id || !same) {
      return absl::InternalError(absl::StrCat("P1: ", what, " was acknowledged, and something else is there"));
    }
  }
  return absl::OkStatus();
}

FollowedFeed::FollowedFeed(ServiceProcesses& services, std::string service, bool initial_state)
    : services_(services), service_(std::move(service)) {
  WatchChangesRequest request;
  request.set_send_initial_state(initial_state);
  Open(std::move(request));
}

void FollowedFeed::Open(WatchChangesRequest request) {
  current_ = {};
  current_.initial_state = request.send_initial_state();
  peer_ = services_.NewPeer(service_);
  watcher_ = std::make_unique<TestWatcher>(*peer_, FeedPath(service_, "WatchChanges"), std::move(request));
}

void FollowedFeed::Keep() {
  current_.responses = watcher_->responses();
  streams_.push_back(current_);
}

void FollowedFeed::Tend() {
  if (!watcher_->end().has_value()) return;
  watcher_->Stop();
  Keep();
  int64_t after = current_.after;
  bool whole = !current_.initial_state;
  for (const WatchChangesResponse& response : current_.responses) {
    whole = whole || response.initial_state_complete();
    if (response.resume_token().empty()) continue;
    token_ = response.resume_token();
    after = response.sequence();
  }
  WatchChangesRequest request;
  request.set_send_initial_state(!whole);
  if (whole) request.set_resume_token(token_);
  Open(std::move(request));
  current_.after = whole ? after : 0;
}

std::vector<FeedStream> FollowedFeed::Finish() {
  watcher_->Stop();
  Keep();
  return streams_;
}

void Poller::Poll() {
  if (peer_ == nullptr) peer_ = services_.NewMemberPeer("membership");
  TestCaller caller = services_.Caller(peer_);
  ListChangesRequest request;
  request.set_network("networks/n");
  request.set_page_size(kPageSize);
  request.set_page_token(token_);
  const auto page = caller.Call<ListChangesResponse>(FeedPath("membership", "ListChanges"), request);
  if (!page.ok()) {
    if (absl::IsUnavailable(page.status())) peer_ = nullptr;
    return;
  }
  token_ = page->next_page_token();
  if (page->changes().empty()) return;
  WatchChangesResponse& response = stream_.responses.emplace_back();
  *response.mutable_changes() = page->changes();
  response.set_epoch(page->epoch());
  response.set_high_sequence(page->high_sequence());
  response.set_sequence(page->changes().rbegin()->sequence());
}

FeedView Poller::View() {
  FeedView view;
  view.cleared_types = ClearedTypes();
  view.shows = [](const LogEntry& entry) {
    return entry.name == "networks/n" || absl::StartsWith(entry.name, "networks/n/") ||
           absl::StartsWith(entry.name, "organizations/");
  };
  return view;
}

}  // namespace partnerskap
