#include "common/feed/applier.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/env/failpoint.h"
#include "common/status/macros.h"

namespace partnerskap {
namespace {

absl::Status WriteCursor(WriteTx& tx, absl::string_view producer, const FeedCursor& cursor) {
  return tx.Execute(
      "INSERT INTO feed_cursors (producer, epoch, sequence, resume_token)\n"
      "VALUES (?, ?, ?, ?)\n"
      "    ON CONFLICT (producer) DO UPDATE\n"
      "   SET epoch = excluded.epoch, sequence = excluded.sequence, resume_token = excluded.resume_token",
      producer, cursor.epoch, cursor.sequence, cursor.resume_token);
}

absl::Status Apply(const Subscription& subscription, const Effect& effect, WriteTx& tx) {
  ASSIGN_OR_RETURN(const FeedCursor stored, ReadCursor(tx, subscription.producer));
  if (effect.replaces_all) {
    if (!stored.epoch.empty() && subscription.reset != nullptr) RETURN_IF_ERROR(subscription.reset(tx));
  } else {
    if (stored.epoch == effect.cursor.epoch && stored.sequence >= effect.cursor.sequence) return absl::OkStatus();
    if (stored.epoch != effect.cursor.epoch || stored.sequence != effect.after) {
      return absl::AbortedError(
          absl::StrCat(subscription.producer, " is applied through ", stored.sequence, ", not ", effect.after));
    }
  }
  for (const common::v1::Change& change : effect.changes) RETURN_IF_ERROR(subscription.react(change, tx));
  Failpoint("before_cursor_store");
  return WriteCursor(tx, subscription.producer, effect.cursor);
}

}  // namespace

absl::StatusOr<FeedCursor> ReadCursor(ReadTx& tx, absl::string_view producer) {
  FeedCursor cursor;
  Rows rows = tx.Query("SELECT epoch, sequence, resume_token\n  FROM feed_cursors\n WHERE producer = ?", producer);
  if (rows.Next()) cursor = {std::string(rows.Text(0)), rows.Int(1), std::string(rows.Text(2))};
  RETURN_IF_ERROR(rows.status());
  return cursor;
}

WriteRequest WriteOf(const Subscription& subscription, std::shared_ptr<const Effect> effect, absl::Time now) {
  WriteRequest write;
  write.audited = false;
  write.context.method = absl::StrCat("feed:", subscription.producer);
  write.context.principal = write.context.method;
  write.context.time = now;
  if (!effect->changes.empty() && !effect->replaces_all) {
    // Who did it there has caused it here; and its time, so that applying again gives the same bytes.
    const common::v1::Change& first = effect->changes.front();
    if (!first.actor().empty()) write.context.principal = first.actor();
    write.context.request_id = first.request_id();
    write.context.trace_parent = first.traceparent();
    write.context.time =
        absl::FromUnixSeconds(first.commit_time().seconds()) + absl::Nanoseconds(first.commit_time().nanos());
  }
  write.body = [subscription, effect = std::move(effect)](WriteTx& tx) -> absl::StatusOr<std::string> {
    RETURN_IF_ERROR(Apply(subscription, *effect, tx));
    return std::string();
  };
  return write;
}

}  // namespace partnerskap
