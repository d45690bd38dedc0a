// A copy of what one service's store holds for ever: its revisions and its audit chain, read as they grow and judged as
// they are read.
#ifndef PARTNERSKAP_TESTS_SIMULATOR_MIRROR_H_
#define PARTNERSKAP_TESTS_SIMULATOR_MIRROR_H_

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "common/audit/audit.h"
#include "common/sql/database.h"
#include "partnerskap/common/v1/audit.pb.h"
#include "partnerskap/common/v1/feed.pb.h"
#include "tests/simulator/asked.h"

namespace partnerskap::simulator {

struct StoredRevision {
  int64_t transaction = 0;
  std::string name;
  int64_t revision = 0;
  int64_t commit_micros = 0;
  std::string type, message_type, message;
};

struct AuditRow {
  common::v1::AuditEntry entry;
  int64_t position = 0;
  std::string answer;            // of a success
  std::shared_ptr<Asked> asked;  // null if nobody here sent it, or it has no id
};

// A resource in an answer, to be held against the revisions when they are known.
struct SeenResource {
  std::string name;
  int64_t revision = 0;
  std::string bytes;
};

// What an answer showed: all of it must have been so at one moment, not before `floor`.
struct SeenState {
  std::string method;
  int64_t floor = 0;
  std::vector<SeenResource> resources;
  std::vector<std::string> missing;  // names said not to be there
  int64_t read_micros = 0;           // of a read in the past; else 0
};

class Mirror {
 public:
  explicit Mirror(std::string service) : service_(std::move(service)) {}

  // Before it is sent first. Without an id it is kept, and not followed.
  void Expect(const std::shared_ptr<Asked>& asked);
  // Heard an OK answer to a mutation, or a refusal that the writer must have recorded.
  void Heard(const std::shared_ptr<Asked>& asked) { heard_.push_back(asked); }
  void HeardRefusal(const std::shared_ptr<Asked>& asked) { heard_refusals_.push_back(asked); }
  void Saw(SeenState state) { seen_.push_back(std::move(state)); }
  void SawChange(const common::v1::Change& change) { changes_.push_back(change); }

  // Takes what is new in the store and judges all that was heard and seen before. Empty, or what is broken.
  std::string Pull(Database& database, Moment now);
  // Reads everything again and compares. Empty, or what differs.
  std::string Compare(Database& database) const;
  // When all has been answered: what was refused each time was not done.
  std::string Finish() const;

  int64_t newest() const { return static_cast<int64_t>(revisions_.size()); }
  const StoredRevision& at(int64_t sequence) const { return revisions_[static_cast<size_t>(sequence) - 1]; }
  const std::vector<AuditRow>& audit() const { return audit_; }
  const std::vector<std::shared_ptr<Asked>>& nameless() const { return nameless_; }
  // Sequence numbers of the revisions of a name, in order.
  const std::map<std::string, std::vector<int64_t>>& names() const { return names_; }

 private:
  std::string PullRevisions(ReadTx& tx);
  std::string PullAudit(ReadTx& tx, Moment now);
  std::string AddRevision(StoredRevision revision);
  std::string AddAudit(AuditRow row, Moment now);
  std::string JudgeHeard(const Asked& asked) const;
  std::string JudgeSeen(const SeenState& state) const;
  std::string JudgePast(const SeenState& state) const;
  std::string JudgeChange(const common::v1::Change& change) const;
  std::string Broken(absl::string_view promise, absl::string_view what) const;

  const std::string service_;
  std::vector<StoredRevision> revisions_;
  std::map<std::string, std::vector<int64_t>> names_;
  std::vector<AuditRow> audit_;
  ChainVerifier chain_;
  std::map<std::string, size_t> applied_;                // key -> place in audit_
  std::set<std::string> refused_;                        // keys with a refusal of the writer
  std::set<int64_t> audited_;                            // change_sequence of successes
  int64_t audited_through_ = 0;                          // revisions up to it are known to be audited
  std::map<std::string, std::shared_ptr<Asked>> asked_;  // by key
  Moment newest_begin_ = 0;                              // of the requests whose rows have been read
  std::vector<std::shared_ptr<Asked>> heard_, heard_refusals_;
  std::vector<std::shared_ptr<Asked>> nameless_;
  std::vector<SeenState> seen_;
  std::vector<common::v1::Change> changes_;
};

}  // namespace partnerskap::simulator

#endif  // PARTNERSKAP_TESTS_SIMULATOR_MIRROR_H_
