#include "common/feed/change_reader.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/rpc/field_rules.h"
#include "common/sql/store_file.h"
#include "common/status/macros.h"
#include "common/status/refusal.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "partnerskap/common/v1/options.pb.h"
#include "partnerskap/common/v1/reasons.pb.h"

namespace partnerskap {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::FieldDescriptor;

// Sequences that one query of the state looks at: rows that newer ones replace are passed over inside SQLite, so that a
// limit on rows returned would not bound its time.
constexpr int64_t kStateWindow = 2'000;

constexpr int kMicrosPerSecond = 1'000'000;

bool HoldsPersonal(const Descriptor& type, absl::flat_hash_set<const Descriptor*>& seen) {
  if (!seen.insert(&type).second) return false;
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    const common::v1::FieldRules& rules = field.options().GetExtension(common::v1::rules);
    if (rules.personal() || rules.restricted()) return true;
    if (field.message_type() != nullptr && HoldsPersonal(*field.message_type(), seen)) return true;
  }
  return false;
}

// Whether ClearPersonal has anything to clear in messages of the type; most have not, and go out as they are stored.
// Null when this program does not know the type.
struct KnownType {
  const google::protobuf::Message* prototype = nullptr;
  bool personal = false;
};
KnownType LookUpType(const std::string& name) {
  const Descriptor* type = google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(name);
  if (type == nullptr) return {};
  absl::flat_hash_set<const Descriptor*> seen;
  return {google::protobuf::MessageFactory::generated_factory()->GetPrototype(type), HoldsPersonal(*type, seen)};
}

// Per thread, for pages are read on several.
const KnownType& TypeOf(const std::string& name) {
  thread_local absl::flat_hash_map<std::string, KnownType> known;
  const auto found = known.find(name);
  if (found != known.end()) return found->second;
  return known.emplace(name, LookUpType(name)).first->second;
}

absl::StatusOr<std::string> PublicBytes(const std::string& message_type, absl::string_view name,
                                        absl::string_view bytes) {
  if (bytes.empty()) return std::string();
  const KnownType& type = TypeOf(message_type);
  if (type.prototype == nullptr) {
    return Refuse(common::v1::STORE_CORRUPT, {{"name", std::string(name)}});
  }
  if (!type.personal) return std::string(bytes);
  std::unique_ptr<google::protobuf::Message> message(type.prototype->New());
  if (!message->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Refuse(common::v1::STORE_CORRUPT, {{"name", std::string(name)}});
  }
  ClearPersonal(*message);
  return message->SerializeAsString();
}

enum Column {
  kSeq,
  kTx,
  kName,
  kRevision,
  kCommitTime,
  kType,
  kMessageType,
  kMessage,
  kPaths,
  kRequestId,
  kTrace,
  kActor
};

absl::StatusOr<common::v1::Change> ToChange(const Rows& row, absl::string_view epoch) {
  common::v1::Change change;
  change.set_epoch(epoch.data(), epoch.size());
  change.set_sequence(row.Int(kSeq));
  change.set_transaction(row.Int(kTx));
  const int64_t micros = row.Int(kCommitTime);
  change.mutable_commit_time()->set_seconds(micros / kMicrosPerSecond);
  change.mutable_commit_time()->set_nanos(static_cast<int32_t>(micros % kMicrosPerSecond) * 1'000);
  change.set_name(std::string(row.Text(kName)));
  change.set_type(std::string(row.Text(kType)));
  change.set_message_type(std::string(row.Text(kMessageType)));
  ASSIGN_OR_RETURN(*change.mutable_message(), PublicBytes(change.message_type(), change.name(), row.Bytes(kMessage)));
  for (absl::string_view path : absl::StrSplit(row.Text(kPaths), ',', absl::SkipEmpty())) {
    change.add_changed_paths(path.data(), path.size());
  }
  change.set_request_id(std::string(row.Text(kRequestId)));
  change.set_traceparent(std::string(row.Text(kTrace)));
  change.set_actor(std::string(row.Text(kActor)));
  change.set_revision(row.Int(kRevision));
  return change;
}

}  // namespace

bool FeedFilter::Passes(absl::string_view name, absl::string_view message_type) const {
  if (hidden_types.contains(message_type)) return false;
  if (!message_types.empty() && !message_types.contains(message_type)) return false;
  if (network.empty() || absl::StartsWith(name, "organizations/")) return true;
  return absl::ConsumePrefix(&name, network) && (name.empty() || name.front() == '/');
}

absl::StatusOr<ChangePage> ReadChanges(ReadTx& tx, const FeedFilter& filter, absl::string_view epoch, int64_t after,
                                       int64_t covered, int64_t through, const PageLimits& limits) {
  Rows rows = tx.Query(
      "SELECT seq, tx, name, revision, commit_time, type, message_type, message, changed_paths, request_id,\n"
      "       trace_parent, principal\n"
      "  FROM revisions\n"
      " WHERE seq > ? AND seq <= ?\n"
      " ORDER BY seq",
      after, through);
  ChangePage page;
  page.read = after;
  page.covered = covered;
  size_t bytes = 0, looked_at = 0;
  int64_t transaction = 0;
  while (rows.Next()) {
    if (transaction != 0 && rows.Int(kTx) != transaction) {
      page.covered = page.read;
      if (page.changes.size() >= limits.changes || bytes >= limits.bytes || looked_at >= limits.rows) return page;
    }
    if (bytes >= limits.split_bytes) return page;
    transaction = rows.Int(kTx);
    ++looked_at;
    if (filter.Passes(rows.Text(kName), rows.Text(kMessageType))) {
      ASSIGN_OR_RETURN(common::v1::Change change, ToChange(rows, epoch));
      bytes += change.ByteSizeLong();
      page.changes.push_back(std::move(change));
    }
    page.read = rows.Int(kSeq);
  }
  RETURN_IF_ERROR(rows.status());
  page.read = std::max(page.read, through);
  page.covered = page.read;
  return page;
}

absl::StatusOr<ChangePage> ReadState(ReadTx& tx, const FeedFilter& filter, absl::string_view epoch, int64_t after,
                                     int64_t at, const PageLimits& limits) {
  const int64_t end = std::min(at, after + kStateWindow);
  Rows rows = tx.Query(
      "SELECT seq, tx, name, revision, commit_time, type, message_type, message, changed_paths, request_id,\n"
      "       trace_parent, principal\n"
      "  FROM revisions AS this\n"
      " WHERE seq > ? AND seq <= ?\n"
      "   AND NOT EXISTS (SELECT 1\n"
      "                     FROM revisions AS newer\n"
      "                    WHERE newer.name = this.name AND newer.seq > this.seq AND newer.seq <= ?)\n"
      " ORDER BY seq",
      after, end, at);
  ChangePage page;
  page.read = after;
  size_t bytes = 0;
  while (rows.Next()) {
    if (page.changes.size() >= limits.changes || bytes >= limits.bytes) return page;
    if (!rows.Bytes(kMessage).empty() && filter.Passes(rows.Text(kName), rows.Text(kMessageType))) {
      ASSIGN_OR_RETURN(common::v1::Change change, ToChange(rows, epoch));
      bytes += change.ByteSizeLong();
      page.changes.push_back(std::move(change));
    }
    page.read = rows.Int(kSeq);
  }
  RETURN_IF_ERROR(rows.status());
  page.read = end;
  return page;
}

absl::StatusOr<int64_t> FeedFloor(ReadTx& tx) {
  ASSIGN_OR_RETURN(const int64_t floor, StoreInt(tx.connection(), kFeedFloorKey));
  return std::max<int64_t>(floor, 1);
}

absl::StatusOr<int64_t> NewestSequence(ReadTx& tx) {
  Rows rows = tx.Query("SELECT seq\n  FROM revisions\n ORDER BY seq DESC\n LIMIT 1");
  const int64_t newest = rows.Next() ? rows.Int(0) : 0;
  RETURN_IF_ERROR(rows.status());
  return newest;
}

}  // namespace partnerskap
