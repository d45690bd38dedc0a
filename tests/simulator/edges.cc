#include "tests/simulator/edges.h"

#include <array>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "common/feed/applier.h"
#include "common/status/macros.h"

namespace partnerskap::simulator {
namespace {

// Reactions are plain functions, so each edge of the suite needs one of its own to be watched by.
constexpr size_t kEdges = 8;
struct WatchedEdge {
  std::string consumer;
  Subscription original;
};
std::array<WatchedEdge, kEdges>& Edges() {
  static auto& edges = *new std::array<WatchedEdge, kEdges>();
  return edges;
}
EdgeLog* g_log = nullptr;

template <size_t kEdge>
absl::Status ReactOf(const common::v1::Change& change, WriteTx& tx) {
  const WatchedEdge& edge = Edges()[kEdge];
  return g_log->React(edge.consumer, edge.original, change, tx);
}

template <size_t kEdge>
absl::Status ResetOf(WriteTx& tx) {
  const WatchedEdge& edge = Edges()[kEdge];
  return g_log->Reset(edge.consumer, edge.original, tx);
}

using Forgetting = absl::Status (*)(WriteTx& tx);
template <size_t... kNumbers>
std::array<Forgetting, kEdges> AllResets(std::index_sequence<kNumbers...>) {
  return {&ResetOf<kNumbers>...};
}

using Reaction = absl::Status (*)(const common::v1::Change& change, WriteTx& tx);
template <size_t... kNumbers>
std::array<Reaction, kEdges> AllReactions(std::index_sequence<kNumbers...>) {
  return {&ReactOf<kNumbers>...};
}

size_t PlaceOf(const std::string& consumer, const Subscription& edge) {
  for (size_t i = 0; i < kEdges; ++i) {
    WatchedEdge& watched = Edges()[i];
    if (watched.consumer == consumer && watched.original.producer == edge.producer) return i;
    if (!watched.consumer.empty()) continue;
    watched = {consumer, edge};
    return i;
  }
  std::abort();
}

absl::StatusOr<int64_t> NewestAudit(WriteTx& tx) {
  Rows rows = tx.Query("SELECT MAX(sequence)\n  FROM audit");
  const int64_t newest = rows.Next() ? rows.Int(0) : 0;
  RETURN_IF_ERROR(rows.status());
  return newest;
}

}  // namespace

EdgeLog::EdgeLog() { g_log = this; }
EdgeLog::~EdgeLog() { g_log = nullptr; }

ServiceDefinition EdgeLog::Watched(ServiceDefinition definition) {
  static const std::array<Reaction, kEdges> reactions = AllReactions(std::make_index_sequence<kEdges>());
  static const std::array<Forgetting, kEdges> resets = AllResets(std::make_index_sequence<kEdges>());
  for (Subscription& edge : definition.subscriptions) {
    const size_t place = PlaceOf(definition.name, edge);
    edge.react = reactions[place];
    edge.reset = resets[place];
  }
  return definition;
}

const std::map<std::pair<std::string, int64_t>, Learnt>& EdgeLog::of(const std::string& consumer) const {
  static const auto& none = *new std::map<std::pair<std::string, int64_t>, Learnt>();
  const auto found = learnt_.find(consumer);
  return found == learnt_.end() ? none : found->second;
}

absl::Status EdgeLog::Reset(const std::string& consumer, const Subscription& edge, WriteTx& tx) {
  ASSIGN_OR_RETURN(const FeedCursor cursor, ReadCursor(tx, edge.producer));
  resets_[{consumer, edge.producer}] = cursor.sequence;
  return edge.reset(tx);
}

absl::Status EdgeLog::React(const std::string& consumer, const Subscription& edge, const common::v1::Change& change,
                            WriteTx& tx) {
  RETURN_IF_ERROR(edge.react(change, tx));
  if (resting_) return absl::OkStatus();
  ASSIGN_OR_RETURN(const FeedCursor cursor, ReadCursor(tx, edge.producer));
  // The cursor moves after the effects of its transaction. Where all was forgotten in it, everything comes again.
  const auto reset = resets_.find({consumer, edge.producer});
  const bool anew = reset != resets_.end() && reset->second == cursor.sequence;
  if (!anew && cursor.epoch == change.epoch() && change.sequence() <= cursor.sequence && broken_.empty()) {
    broken_ = absl::StrCat("P10: ", consumer, " takes ", change.name(), ", sequence ", change.sequence(), " of ",
                           edge.producer, ", after it has stored ", cursor.sequence);
  }
  ASSIGN_OR_RETURN(const int64_t audit, NewestAudit(tx));
  ++effects_;
  Learnt& learnt = learnt_[consumer][{edge.producer, change.sequence()}];
  learnt = {audit, effects_, edge.producer, std::make_shared<common::v1::Change>(change)};
  return absl::OkStatus();
}

}  // namespace partnerskap::simulator
