// Flips bytes, cuts, empties and swaps pages, and puts wrong WALs beside a store, and looks whether the service
// refuses, answers rightly, or says that it is damaged. See docs/proofs/damaged-files.md, which also says what is not
// noticed.
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/sql/resource_table.h"
#include "common/status/macros.h"
#include "tests/disk/prepared.h"
#include "tests/proofs/proof.h"

namespace partnerskap::disk {
namespace {

constexpr size_t kPageBytes = 4096;
constexpr int kFlips = 400;
constexpr int kSwaps = 30;
constexpr char kStore[] = "store.db";
constexpr char kWal[] = "store.db-wal";

// What the service answers for each name of each table; a refusal where it gives one.
using Answers = std::map<std::pair<std::string, std::string>, absl::StatusOr<std::string>>;
using Names = std::map<std::string, const ResourceTableBase*>;
using Files = std::map<std::string, std::string>;

absl::StatusOr<Answers> Read(Database& database, const Names& names) {
  return database.Read([&names](ReadTx& tx) -> absl::StatusOr<Answers> {
    Answers answers;
    for (const auto& [name, table] : names) answers[{table->table(), name}] = table->GetBytes(tx, name);
    return answers;
  });
}

absl::StatusOr<Names> NamesOf(Database& database, const ServiceDefinition& definition) {
  return database.Read([&definition](ReadTx& tx) -> absl::StatusOr<Names> {
    Names names;
    for (const ResourceTableBase* table : definition.tables) {
      Rows rows = tx.Query(absl::StrCat("SELECT name\n  FROM ", table->table()));
      while (rows.Next()) names[std::string(rows.Text(0))] = table;
      RETURN_IF_ERROR(rows.status());
    }
    return names;
  });
}

class Damage {
 public:
  Damage(const Prepared& prepared, uint64_t seed, Tally& tally)
      : prepared_(prepared), seed_(seed), draw_(seed), tally_(tally) {}

  absl::Status Run() {
    RETURN_IF_ERROR(LearnTruth());
    RETURN_IF_ERROR(FlipBytes(kStore));
    RETURN_IF_ERROR(DamagePages());
    return FlipBytes(kWal);
  }

 private:
  const std::string& bytes(const std::string& file) const { return files_.at(file); }

  // The right answers, and the files as a clean stop leaves them, with the WAL that was there before.
  absl::Status LearnTruth() {
    SimLoop loop(seed_);
    const std::unique_ptr<DiskNode> node = NodeOf(prepared_, loop, 1'000);
    {
      ASSIGN_OR_RETURN(const std::unique_ptr<Database> database,
                       Database::Open(OptionsOf(prepared_.definition, node->disk(), loop, [](const absl::Status&) {})));
      ASSIGN_OR_RETURN(names_, NamesOf(*database, prepared_.definition));
      ASSIGN_OR_RETURN(truth_, Read(*database, names_));
    }
    if (names_.empty()) return absl::InternalError("the store is empty");
    files_[kStore] = node->disk().Contents(kStore);
    files_[kWal] = prepared_.files.contains(kWal) ? prepared_.files.at(kWal) : "";
    return absl::OkStatus();
  }

  absl::Status FlipBytes(const std::string& file) {
    Files whole = {{kStore, file == kStore ? bytes(kStore) : prepared_.files.at(kStore)}};
    if (file == kWal) whole[kWal] = bytes(kWal);
    const std::string& victim = whole.at(file);
    for (int i = 0; i < kFlips && !victim.empty(); ++i) {
      Files damaged = whole;
      const size_t at = draw_.Below(victim.size());
      damaged[file][at] = static_cast<char>(damaged[file][at] ^ static_cast<char>(1 + draw_.Below(255)));
      RETURN_IF_ERROR(Judge(damaged, absl::StrCat("byte ", at, " of ", file, " flipped"), file == kWal));
    }
    return absl::OkStatus();
  }

  absl::Status DamagePages() {
    const size_t pages = bytes(kStore).size() / kPageBytes;
    for (size_t page = 0; page < pages; ++page) {
      Files cut = {{kStore, bytes(kStore).substr(0, page * kPageBytes)}};
      // An empty file is a store that is yet to be made: nothing is left that could tell.
      if (page > 0) RETURN_IF_ERROR(Judge(cut, absl::StrCat("cut to ", page, " pages"), false));
      Files empty = {{kStore, bytes(kStore)}};
      empty[kStore].replace(page * kPageBytes, kPageBytes, kPageBytes, '\0');
      RETURN_IF_ERROR(Judge(empty, absl::StrCat("page ", page, " emptied"), false));
    }
    for (int i = 0; i < kSwaps; ++i) {
      const size_t one = draw_.Below(pages), other = draw_.Below(pages);
      if (one == other) continue;
      Files swapped = {{kStore, bytes(kStore)}};
      swapped[kStore].replace(one * kPageBytes, kPageBytes, bytes(kStore), other * kPageBytes, kPageBytes);
      swapped[kStore].replace(other * kPageBytes, kPageBytes, bytes(kStore), one * kPageBytes, kPageBytes);
      RETURN_IF_ERROR(Judge(swapped, absl::StrCat("pages ", one, " and ", other, " swapped"), false));
    }
    return absl::OkStatus();
  }

  // Refused at the start, or right, or refused in the answer; a wrong answer only while the check of this start runs.
  // A WAL whose end is damaged cannot be told from one that the power cut short: what it held is missing, not wrong.
  absl::Status Judge(const Files& files, const std::string& what, bool may_be_older) {
    tally_.Add(1);
    SimLoop loop(seed_);
    Prepared damaged{prepared_.definition, files, {}, {}};
    const std::unique_ptr<DiskNode> node = NodeOf(damaged, loop, 1'000);
    auto database = Database::Open(OptionsOf(prepared_.definition, node->disk(), loop, [](const absl::Status&) {}));
    if (!database.ok()) {
      tally_.Count("refused at the start", 1);
      return absl::OkStatus();
    }
    const auto answers = Read(**database, names_);
    loop.RunReady();
    const bool known = !(*database)->health().ok();
    if (known) tally_.Count("found by the check of the start", 1);
    if (!answers.ok()) return absl::OkStatus();
    for (const auto& [key, answer] : *answers) {
      const bool wrong = answer.ok() ? *answer != *truth_.at(key) : absl::IsNotFound(answer.status());
      if (!wrong) continue;
      if (known) {
        tally_.Count("answered wrongly until the check was done", 1);
        return absl::OkStatus();
      }
      if (may_be_older) {
        tally_.Count("ends of a WAL lost unnoticed", 1);
        return absl::OkStatus();
      }
      return absl::InternalError(
          absl::StrCat(prepared_.definition.name, ", ", what, ": ", key.second,
                       " is answered wrongly, and the store calls itself sound (P17)\nThe disk: ", Keep(node->disk())));
    }
    if (!known) tally_.Count("answered rightly", 1);
    return absl::OkStatus();
  }

  const Prepared& prepared_;
  const uint64_t seed_;
  SeededRandom draw_;
  Tally& tally_;
  Names names_;
  Answers truth_;
  Files files_;
};

absl::Status DamageEverything(uint64_t seed, Tally& tally) {
  SeededRandom draw(seed);
  // Enough calls that each service has something to lose.
  const size_t most = ExampleCalls().size();
  ASSIGN_OR_RETURN(const Prepared prepared, Prepare(seed, most - draw.Below(most / 8), 0, draw));
  return Damage(prepared, seed, tally).Run();
}

}  // namespace
}  // namespace partnerskap::disk

int main(int argc, char** argv) {
  return partnerskap::RunProof(argc, argv,
                               {.name = "damaged-files",
                                .promises = "P17",
                                .unit = "damaged files",
                                .about = "Flips bytes, cuts, empties and swaps pages of a store, and starts on it.",
                                .rounds = 2,
                                .round = partnerskap::disk::DamageEverything});
}
