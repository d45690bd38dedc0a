#include "common/feed/producer.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/feed/audit_list.h"
#include "common/feed/change_reader.h"
#include "common/feed/resume_token.h"
#include "common/feed/watch_session.h"
#include "common/sql/database.h"
#include "common/status/macros.h"
#include "partnerskap/common/v1/audit.pb.h"
#include "partnerskap/common/v1/feed.pb.h"

namespace partnerskap {
namespace {

using common::v1::ListAuditEntriesRequest;
using common::v1::ListChangesRequest;
using common::v1::ListChangesResponse;
using common::v1::WatchChangesRequest;
using common::v1::WatchChangesResponse;

// Every list's: 0 = 50, above 1,000 lowered to it, a page also ends at 1 MiB.
constexpr int kDefaultPageSize = 50;
constexpr int kMaxPageSize = 1'000;
constexpr size_t kMaxPageBytes = 1 << 20;
// Rows that one page looks at when few pass its filter.
constexpr size_t kMaxPageRows = 10'000;

absl::StatusOr<std::string> ListChanges(Feed& feed, const Env& env, const Call& call, const ListChangesRequest& request,
                                        ReadTx& tx) {
  RETURN_IF_ERROR(feed.MayFollow(call, request.network(), tx));
  const FeedFilter filter =
      feed.FilterOf(request.network(), {request.message_types().begin(), request.message_types().end()});
  const ResumeTokens tokens(*env.sealer, feed.service(), filter);
  const std::string& epoch = env.database->epoch();
  // Not beyond this snapshot, which may be older than the newest commit: what it does not hold has not been read.
  ASSIGN_OR_RETURN(const int64_t newest, NewestSequence(tx));
  const int64_t committed = std::min(env.database->committed_sequence(), newest);
  ASSIGN_OR_RETURN(const int64_t floor, FeedFloor(tx));
  int64_t after = floor - 1;
  if (!request.page_token().empty()) {
    ASSIGN_OR_RETURN(after, tokens.Open(request.page_token(), epoch, floor, committed));
  }
  PageLimits limits;
  limits.changes =
      static_cast<size_t>(request.page_size() == 0 ? kDefaultPageSize : std::min(request.page_size(), kMaxPageSize));
  limits.bytes = kMaxPageBytes;
  limits.rows = kMaxPageRows;
  ASSIGN_OR_RETURN(ChangePage page, ReadChanges(tx, filter, epoch, after, after, committed, limits));
  ListChangesResponse response;
  for (common::v1::Change& change : page.changes) *response.add_changes() = std::move(change);
  response.set_next_page_token(tokens.Make(epoch, page.read));
  response.set_epoch(epoch);
  response.set_high_sequence(committed);
  return response.SerializeAsString();
}

// Added by hand, for a typed line takes a function and this one knows its feed.
void AddListChanges(Methods& methods, std::shared_ptr<Feed> feed) {
  const google::protobuf::ServiceDescriptor* service =
      google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(feed->service());
  const google::protobuf::MethodDescriptor* descriptor =
      service == nullptr ? nullptr : service->FindMethodByName("ListChanges");
  if (descriptor == nullptr || descriptor->input_type() != ListChangesRequest::descriptor() ||
      descriptor->output_type() != ListChangesResponse::descriptor()) {
    methods.Problem(absl::StrCat(feed->service(), " does not declare ListChanges with the common messages"));
    return;
  }
  Method method;
  method.path = absl::StrCat("/", feed->service(), "/ListChanges");
  method.descriptor = descriptor;
  method.auth = &descriptor->options().GetExtension(common::v1::auth);
  method.request_prototype = &ListChangesRequest::default_instance();
  method.handler = ReadHandler(
      [feed = std::move(feed)](const Env& env, const Call& call, const google::protobuf::Message& request, ReadTx& tx) {
        return ListChanges(*feed, env, call, static_cast<const ListChangesRequest&>(request), tx);
      });
  methods.Add(std::move(method));
}

}  // namespace

void RegisterFeed(Methods& methods, absl::string_view feed_service, absl::string_view audit_service,
                  FeedOptions options) {
  auto feed = std::make_shared<Feed>(std::string(feed_service), std::move(options));
  ServiceMethods changes(methods, feed_service);
  changes.Stream("WatchChanges", WatchChangesRequest::default_instance(), *WatchChangesResponse::descriptor(),
                 [feed](const Env& env, const Call& call, std::shared_ptr<StreamSink> sink) {
                   return NewWatchSession(env, call, feed, std::move(sink));
                 });
  AddListChanges(methods, feed);
  ServiceMethods audit(methods, audit_service);
  audit.Read("ListAuditEntries", &ListAuditEntries);
}

}  // namespace partnerskap
