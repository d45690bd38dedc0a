#include "tests/disk/image_checker.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status/macros.h"

namespace partnerskap::disk {
namespace {

// One in so many new contents is asked, through the gate, for everything that was acknowledged.
constexpr uint64_t kRepeatsEvery = 40;
// One in so many starts is cut at each of its own operations.
constexpr uint64_t kCutStartEvery = 100;

}  // namespace

ImageChecker::ImageChecker(const ServiceDefinition& definition, uint64_t seed)
    : definition_(definition), directory_(files_ / "image"), second_directory_(files_ / "second"), draw_(seed) {}

absl::Status ImageChecker::Check(PowerDisk& image, const std::vector<Acknowledged>& acknowledged) {
  const uint64_t digest = image.Digest();
  if (const auto found = images_.find(digest); found != images_.end()) {
    if (contents_.at(found->second).held >= acknowledged.size()) return absl::OkStatus();
  }
  const std::unique_ptr<PowerDisk> kept = image.AfterKill(absl::StrCat(directory_, "_kept"));
  uint64_t contents = 0;
  absl::Status status = Open(image, acknowledged, contents);
  if (status.ok()) {
    images_[digest] = contents;
    return status;
  }
  return absl::InternalError(
      absl::StrCat(definition_.name, ": ", status.message(), "\nThe disk as it was: ", Keep(*kept)));
}

absl::Status ImageChecker::Open(PowerDisk& image, const std::vector<Acknowledged>& acknowledged, uint64_t& contents) {
  SimLoop loop(1);
  absl::Status fatal, broken;
  if (++opened_ % kCutStartEvery == 0) CutStart(image, acknowledged, broken);
  auto database =
      Database::Open(OptionsOf(definition_, image, loop, [&](const absl::Status& status) { fatal = status; }));
  image.set_after_io(nullptr);
  RETURN_IF_ERROR(broken);
  if (!database.ok()) return absl::InternalError(absl::StrCat("does not open: ", database.status().ToString()));
  RETURN_IF_ERROR(fatal);
  RETURN_IF_ERROR(CheckContents(image, **database, acknowledged, contents));
  if (image.two_writers()) return absl::InternalError("two connections have written (P4)");
  if (contents % kRepeatsEvery != 0) return absl::OkStatus();
  database->reset();
  ++repeated_;
  return CheckRepeats(definition_, image, acknowledged);
}

absl::Status ImageChecker::CheckContents(PowerDisk& image, Database& database,
                                         const std::vector<Acknowledged>& acknowledged, uint64_t& contents) {
  // The start has emptied the WAL into it.
  contents = image.Digest();
  const auto [known, fresh] = contents_.try_emplace(contents);
  if (!fresh && known->second.held >= acknowledged.size()) return absl::OkStatus();
  absl::Status status;
  if (fresh) {
    ++checked_;
    status = CheckWhole(database, definition_).status();
  }
  if (status.ok()) status = CheckHeld(database, acknowledged, known->second);
  if (!status.ok()) contents_.erase(known);
  return status;
}

absl::Status ImageChecker::CheckHeld(Database& database, const std::vector<Acknowledged>& acknowledged, Known& known) {
  ASSIGN_OR_RETURN(known.held, CountHeld(database, acknowledged));
  if (known.held == acknowledged.size()) return absl::OkStatus();
  return absl::InternalError(absl::StrCat("of ", acknowledged.size(), " acknowledged mutations only ", known.held,
                                          " are there (P2); the first lost is ", acknowledged[known.held].path));
}

void ImageChecker::CutStart(PowerDisk& image, const std::vector<Acknowledged>& acknowledged, absl::Status& broken) {
  image.set_after_io([&](const DiskIo&) {
    if (!broken.ok()) return;
    ++cut_while_starting_;
    const auto again = image.AfterCut(second_directory_, draw_, Unsynced::kDrawn);
    SimLoop loop(1);
    auto database = Database::Open(OptionsOf(definition_, *again, loop, [](const absl::Status&) {}));
    broken = database.status();
    if (!broken.ok()) return;
    uint64_t contents = 0;
    broken = CheckContents(*again, **database, acknowledged, contents);
  });
}

}  // namespace partnerskap::disk
