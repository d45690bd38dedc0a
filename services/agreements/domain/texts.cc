#include "services/agreements/domain/texts.h"

#include <openssl/sha.h>

#include <array>
#include <set>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/ids/ids.h"
#include "common/status/refusal.h"
#include "common/time/partial_date.h"
#include "partnerskap/agreements/v1/reasons.pb.h"
#include "services/agreements/domain/dates.h"

namespace partnerskap::agreements {
namespace {

// Which detail a kind may have; the others have none.
constexpr struct {
  v1::Clause::Kind kind;
  v1::Clause::DetailCase detail;
} kDetails[] = {{v1::Clause::FEE, v1::Clause::kFee},
                {v1::Clause::CADENCE, v1::Clause::kCadence},
                {v1::Clause::REPRESENTATION, v1::Clause::kRepresentation},
                {v1::Clause::PLAN_REVISION, v1::Clause::kDue},
                {v1::Clause::REVIEW, v1::Clause::kDue},
                {v1::Clause::JOINT_ACTIVITY, v1::Clause::kDue},
                {v1::Clause::FINAL_REPORT, v1::Clause::kDue},
                {v1::Clause::SUNSET_REVIEW, v1::Clause::kDue},
                {v1::Clause::HOSTING, v1::Clause::kCost},
                {v1::Clause::OWN_COSTS, v1::Clause::kCost},
                {v1::Clause::EXIT, v1::Clause::kExit}};

bool DetailFits(const v1::Clause& clause) {
  // What is owed in money must be known to be compared; other details are what programs need, if a source tells it.
  if (clause.kind() == v1::Clause::FEE) {
    return clause.has_fee() && (clause.fee().kind() == v1::FeeRule::NONE) != clause.fee().has_amount();
  }
  if (clause.detail_case() == v1::Clause::DETAIL_NOT_SET) return true;
  for (const auto& row : kDetails) {
    if (row.kind == clause.kind()) return row.detail == clause.detail_case();
  }
  return false;
}

}  // namespace

absl::Status CheckPeriod(const v1::Agreement& agreement) {
  if (!IsBefore(agreement.end_date(), agreement.start_date())) return absl::OkStatus();
  return Refuse(v1::PERIOD_REVERSED, {{"field", "agreement.end_date"},
                                      {"start", DateToText(agreement.start_date())},
                                      {"end", DateToText(agreement.end_date())}});
}

absl::Status CheckSignerSlots(const v1::Agreement& agreement) {
  std::set<int> slots;
  for (const v1::SignerSlot& slot : agreement.signer_slots()) slots.insert(slot.slot());
  if (agreement.signer_slots().empty() || (agreement.signer_slots_size() == 2 && slots == std::set<int>{1, 2})) {
    return absl::OkStatus();
  }
  return Refuse(v1::SIGNER_SLOTS_WRONG, {{"slot", absl::StrCat(agreement.signer_slots(0).slot())}});
}

absl::Status MaySucceed(const v1::Agreement& agreement, const v1::Agreement& predecessor) {
  const DateOrder order = Compare(predecessor.start_date(), agreement.start_date());
  const bool too_late = order == DateOrder::kAfter || order == DateOrder::kSame;
  if (ParentName(predecessor.name()) == ParentName(agreement.name()) && !too_late) return absl::OkStatus();
  return Refuse(v1::PREDECESSOR_WRONG, {{"predecessor", predecessor.name()}});
}

std::string Sha256Hex(absl::string_view bytes) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
  return absl::BytesToHexString(absl::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()));
}

absl::Status CheckCustody(const v1::AgreementVersion& version) {
  const bool has_text = !version.text().empty();
  const bool has_digest = !version.sha256().empty();
  const bool fits = version.custody() == v1::AgreementVersion::HELD          ? has_text
                    : version.custody() == v1::AgreementVersion::DIGEST_ONLY ? has_digest && !has_text
                                                                             : !has_digest && !has_text;
  if (fits) return absl::OkStatus();
  return Refuse(v1::CUSTODY_CONTRADICTED, {{"custody", v1::AgreementVersion::Custody_Name(version.custody())}});
}

absl::Status CheckDigest(const v1::AgreementVersion& version) {
  if (version.text().empty() || version.sha256().empty()) return absl::OkStatus();
  const std::string expected = Sha256Hex(version.text());
  if (version.sha256() == expected) return absl::OkStatus();
  return Refuse(v1::DIGEST_MISMATCH, {{"expected", expected}});
}

absl::Status MustBeHeld(const v1::AgreementVersion& version) {
  if (version.custody() == v1::AgreementVersion::HELD) return absl::OkStatus();
  return Refuse(v1::TEXT_NOT_HELD,
                {{"version", version.name()}, {"custody", v1::AgreementVersion::Custody_Name(version.custody())}});
}

absl::Status VersionMustBeOf(absl::string_view agreement, absl::string_view version) {
  if (ParentName(version) == agreement) return absl::OkStatus();
  return Refuse(v1::VERSION_OF_OTHER_AGREEMENT, {{"version", std::string(version)}});
}

absl::Status CheckDetail(const v1::Clause& clause) {
  if (DetailFits(clause)) return absl::OkStatus();
  return Refuse(v1::CLAUSE_DETAIL_MISMATCH, {{"kind", v1::Clause::Kind_Name(clause.kind())}});
}

}  // namespace partnerskap::agreements
