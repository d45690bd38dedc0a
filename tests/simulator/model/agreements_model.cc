// The rules of *agreements*: services/agreements/README.md and the comments of partnerskap/agreements/v1.
#include "tests/simulator/model/agreements_model.h"

#include <openssl/sha.h>

#include <algorithm>
#include <set>

#include "absl/strings/escaping.h"
#include "partnerskap/agreements/v1/service.pb.h"
#include "partnerskap/membership/v1/posts.pb.h"
#include "tests/simulator/model/dates.h"

namespace partnerskap::simulator::model {
namespace {

using namespace agreements::v1;  // NOLINT(google-build-using-namespace): this file speaks of nothing else
using membership::v1::Network;
using membership::v1::Organization;
using membership::v1::Post;

std::string Sha256(const std::string& text) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
  return absl::BytesToHexString(std::string(reinterpret_cast<char*>(digest), sizeof(digest)));
}

// ---- agreements, wordings, clauses

void CheckSlots(Case& judged, const Agreement& agreement) {
  std::set<int> slots;
  for (const SignerSlot& slot : agreement.signer_slots()) {
    if (!slots.insert(slot.slot()).second) judged.Refuse("SIGNER_SLOTS_WRONG");
  }
  // "1 and 2, each once" may or may not forbid one of them alone, or the other order.
  judged.UnclearIf(slots.size() == 1 || (agreement.signer_slots_size() == 2 && agreement.signer_slots(0).slot() == 2));
}

void CreateAgreementRule(Case& judged, const CreateAgreementRequest& request) {
  auto agreement = std::make_unique<Agreement>(request.agreement());
  agreement->set_name(absl::StrCat(request.parent(), "/agreements/", request.agreement_id()));
  judged.NeedParent(judged.facts.Known<Network>(request.parent()) != nullptr, true);
  judged.MustBeNew(agreement->name());
  judged.CheckPeriod(agreement->start_date(), agreement->end_date());
  CheckSlots(judged, *agreement);
  if (const std::string& name = agreement->predecessor(); !name.empty()) {
    const auto* predecessor = judged.facts.Own<Agreement>(name);
    if (predecessor == nullptr) {
      judged.RefuseOneOf({"REFERENCE_UNKNOWN", "PREDECESSOR_WRONG"});
    } else if (ParentOf(name) != request.parent() ||
               CertainlyBefore(agreement->start_date(), predecessor->start_date())) {
      judged.Refuse("PREDECESSOR_WRONG");
    } else {
      judged.UnclearIf(!CertainlyBefore(predecessor->start_date(), agreement->start_date()));
    }
  }
  judged.Write(std::move(agreement));
}

void CreateVersionRule(Case& judged, const CreateAgreementVersionRequest& request) {
  auto version = std::make_unique<AgreementVersion>(request.agreement_version());
  version->set_name(absl::StrCat(request.parent(), "/versions/", request.agreement_version_id()));
  judged.NeedParent(judged.facts.Own<Agreement>(request.parent()) != nullptr);
  judged.MustBeNew(version->name());
  const bool text = !version->text().empty(), digest = !version->sha256().empty();
  switch (version->custody()) {
    case AgreementVersion::HELD:
      if (!text) judged.Refuse("CUSTODY_CONTRADICTED");
      if (text && digest && version->sha256() != Sha256(version->text())) judged.Refuse("DIGEST_MISMATCH");
      version->set_sha256(Sha256(version->text()));
      break;
    case AgreementVersion::DIGEST_ONLY:
      if (text || !digest) judged.Refuse("CUSTODY_CONTRADICTED");
      break;
    default:
      if (text || digest) judged.Refuse("CUSTODY_CONTRADICTED");
  }
  version->set_text_size(static_cast<int64_t>(version->text().size()));
  judged.Remember(absl::StrCat("text ", version->name(), " ", version->text()));
  version->clear_text();
  judged.Write(std::move(version));
}

void DownloadRule(Case& judged, const DownloadAgreementTextRequest& request) {
  const auto* version = judged.Object<AgreementVersion>(request.version());
  if (version == nullptr) return;
  if (version->custody() != AgreementVersion::HELD) return judged.Refuse("TEXT_NOT_HELD");
  auto answer = std::make_unique<DownloadAgreementTextResponse>();
  const std::string key = absl::StrCat("text ", request.version(), " ");
  const auto note = judged.facts.notes.lower_bound(key);
  if (note == judged.facts.notes.end() || !absl::StartsWith(*note, key)) return judged.Unclear();
  answer->set_text(note->substr(key.size()));
  answer->set_media_type(version->media_type());
  answer->set_sha256(version->sha256());
  judged.Answer(std::move(answer));
}

Clause::DetailCase DetailOf(Clause::Kind kind) {
  switch (kind) {
    case Clause::FEE:
      return Clause::kFee;
    case Clause::CADENCE:
      return Clause::kCadence;
    case Clause::REPRESENTATION:
      return Clause::kRepresentation;
    case Clause::PLAN_REVISION:
    case Clause::REVIEW:
    case Clause::JOINT_ACTIVITY:
    case Clause::FINAL_REPORT:
    case Clause::SUNSET_REVIEW:
      return Clause::kDue;
    case Clause::HOSTING:
    case Clause::OWN_COSTS:
      return Clause::kCost;
    case Clause::EXIT:
      return Clause::kExit;
    default:
      return Clause::DETAIL_NOT_SET;
  }
}

void CreateClauseRule(Case& judged, const CreateClauseRequest& request) {
  auto clause = std::make_unique<Clause>(request.clause());
  clause->set_name(absl::StrCat(request.parent(), "/clauses/", request.clause_id()));
  judged.NeedParent(judged.facts.Own<Agreement>(request.parent()) != nullptr);
  judged.MustBeNew(clause->name());
  if (clause->detail_case() != Clause::DETAIL_NOT_SET && clause->detail_case() != DetailOf(clause->kind())) {
    judged.Refuse("CLAUSE_DETAIL_MISMATCH");
  } else if (clause->has_fee()) {
    const bool none = clause->fee().kind() == FeeRule::NONE;
    if (!none && !clause->fee().has_amount()) judged.Refuse("CLAUSE_DETAIL_MISMATCH");
    judged.UnclearIf(none && clause->fee().has_amount());
  }
  judged.UnclearIf(clause->kind() == Clause::FEE && !clause->has_fee());
  if (!clause->version().empty()) CheckVersion(judged, clause->version(), request.parent());
  judged.Write(std::move(clause));
}

// ---- decisions

void CheckItem(Case& judged, const DecisionItem& item) {
  const bool of_version = item.kind() == DecisionItem::ADOPTS || item.kind() == DecisionItem::REJECTS;
  const bool of_party = item.kind() == DecisionItem::PERMITS_STATEMENT;
  const bool of_post = item.kind() == DecisionItem::APPOINTS;
  const bool subject = !item.party().empty() || !item.person().empty();
  if (of_version == item.version().empty() || of_party == !subject || of_post == item.post().empty()) {
    judged.Refuse("ITEM_TARGET_MISSING");
  }
  judged.UnclearIf(!item.party().empty() && !item.person().empty());
  if (!item.version().empty()) judged.NeedReference(judged.facts.Own<AgreementVersion>(item.version()) != nullptr);
  if (!item.post().empty()) judged.NeedReference(judged.facts.Known<Post>(item.post()) != nullptr);
}

void CheckStances(Case& judged, const Decision& decision) {
  std::set<std::string> persons, parties;
  for (const Stance& stance : decision.stances()) {
    if (stance.person().empty() && stance.party().empty()) judged.Refuse("STANCE_SUBJECT_MISSING");
    if (!stance.person().empty() && !persons.insert(stance.person()).second) judged.Refuse("STANCE_REPEATED");
    if (stance.person().empty() && !parties.insert(stance.party()).second) judged.Unclear();
    if (stance.ground() != Stance::GROUND_UNSPECIFIED && stance.kind() != Stance::DISQUALIFIED) {
      judged.Refuse("DISQUALIFICATION_GROUND_MISPLACED");
    }
  }
}

void CreateDecisionRule(Case& judged, const CreateDecisionRequest& request) {
  auto decision = std::make_unique<Decision>(request.decision());
  decision->set_name(absl::StrCat(request.parent(), "/decisions/", request.decision_id()));
  const std::vector<std::string> owner = {request.parent()};
  judged.NeedOrganization(&owner);
  judged.NeedParent(judged.facts.Known<Organization>(request.parent()) != nullptr, true);
  judged.MustBeNew(decision->name());
  for (int i = 0; i < decision->items_size(); ++i) {
    if (decision->items(i).number() != i + 1) judged.Refuse("ITEM_NUMBERS_WRONG");
    CheckItem(judged, decision->items(i));
  }
  CheckStances(judged, *decision);
  if (decision->has_votes()) {
    if (decision->method() == Decision::ACCLAMATION) judged.Refuse("VOTES_WITHOUT_VOTE");
    judged.UnclearIf(decision->method() == Decision::METHOD_UNSPECIFIED);
  }
  judged.Write(std::move(decision));
}

template <typename Request>
std::unique_ptr<Decision> DecisionToChange(Case& judged, const Request& request) {
  const std::vector<std::string> owner = {ParentOf(request.name())};
  judged.NeedOrganization(&owner);
  if (request.party().empty() && request.person().empty()) judged.Refuse("STANCE_SUBJECT_MISSING");
  const auto* present = judged.Object<Decision>(request.name());
  if (present == nullptr) return nullptr;
  judged.CheckEtag(request.etag(), present->etag());
  return std::make_unique<Decision>(*present);
}

void RecordReservationRule(Case& judged, const RecordReservationRequest& request) {
  auto decision = DecisionToChange(judged, request);
  if (decision == nullptr || (request.party().empty() && request.person().empty())) return;
  Stance* mine = nullptr;
  for (Stance& stance : *decision->mutable_stances()) {
    const bool same = request.person().empty() ? stance.person().empty() && stance.party() == request.party()
                                               : stance.person() == request.person();
    if (same) {
      mine = &stance;
    } else if (!request.party().empty() && stance.party() == request.party() &&
               (stance.person().empty() || request.person().empty())) {
      // Whether a party's stance is its members', and theirs the party's, is not said.
      judged.Unclear();
    }
  }
  if (mine == nullptr) {
    mine = decision->add_stances();
    mine->set_person(request.person());
    mine->set_party(request.party());
  } else {
    if (mine->kind() == Stance::RESERVATION) return judged.Refuse("RESERVATION_REPEATED");
    if (mine->kind() != Stance::TOOK_PART) return judged.Refuse("RESERVATION_WITHOUT_TAKING_PART");
    judged.UnclearIf(!request.party().empty() && mine->party() != request.party());
  }
  mine->set_kind(Stance::RESERVATION);
  for (const Adoption* adoption : judged.facts.OwnUnder<Adoption>("networks/")) {
    if (adoption->decision() != decision->name() || adoption->outcome() != Adoption::ADOPTED) continue;
    auto reserved = std::make_unique<Adoption>(*adoption);
    reserved->set_outcome(Adoption::ADOPTED_WITH_RESERVATION);
    judged.WriteAlso(std::move(reserved));
  }
  judged.Write(std::move(decision));
}

void RecordStatementRule(Case& judged, const RecordSeparateStatementRequest& request) {
  auto decision = DecisionToChange(judged, request);
  if (decision == nullptr || (request.party().empty() && request.person().empty())) return;
  int permitting = 0, several = 0;
  for (const DecisionItem& item : decision->items()) {
    if (item.kind() != DecisionItem::PERMITS_STATEMENT) continue;
    const bool party = !item.party().empty() && item.party() == request.party();
    const bool person = !item.person().empty() && item.person() == request.person();
    if (!party && !person) continue;
    if (permitting == 0) permitting = item.number();
    ++several;
  }
  judged.UnclearIf(several > 1 || (!request.party().empty() && !request.person().empty()));
  if (permitting == 0) judged.Refuse("STATEMENT_NOT_PERMITTED");
  for (const SeparateStatement& statement : decision->separate_statements()) {
    const bool same = statement.party() == request.party() && statement.person() == request.person();
    if (same) judged.Refuse("STATEMENT_REPEATED");
  }
  SeparateStatement& statement = *decision->add_separate_statements();
  statement.set_party(request.party());
  statement.set_person(request.person());
  statement.set_permitting_item(permitting);
  if (request.has_receipt_date()) *statement.mutable_receipt_date() = request.receipt_date();
  statement.set_document(request.document());
  judged.Write(std::move(decision));
}

// ---- reads

template <typename Request, typename Response, typename M>
Rule ListUnder(const std::string& collection, const std::string& field) {
  return [collection, field](Case& judged, const Message& message) {
    const auto& request = static_cast<const Request&>(message);
    if (request.has_read_time()) return judged.Unclear();
    const bool there = judged.facts.own.count(request.parent()) + judged.facts.known.count(request.parent()) > 0;
    if (!judged.Lists(there)) return;
    AnswerList<Response>(judged, judged.facts.OwnUnder<M>(absl::StrCat(request.parent(), "/", collection, "/")), field);
  };
}

void ListAgreementsRule(Case& judged, const ListAgreementsRequest& request) {
  if (request.has_read_time()) return judged.Unclear();
  if (!judged.Lists(judged.facts.Known<Network>(request.parent()) != nullptr)) return;
  std::vector<const Agreement*> found;
  for (const Agreement* each : judged.facts.OwnUnder<Agreement>(request.parent() + "/agreements/")) {
    if (request.has_effective_date()) {
      judged.UnclearIf(!IsDay(each->start_date()) || !IsDay(each->end_date()));
      const Date& day = request.effective_date();
      if (CertainlyBefore(day, each->start_date()) || CertainlyBefore(each->end_date(), day)) continue;
    }
    found.push_back(each);
  }
  AnswerList<ListAgreementsResponse>(judged, found, "agreements");
}

void AddReads(Rules& rules) {
  rules["GetAgreement"] = On(&JudgeGet<GetAgreementRequest, Agreement>);
  rules["GetAgreementVersion"] = On(&JudgeGet<GetAgreementVersionRequest, AgreementVersion>);
  rules["GetClause"] = On(&JudgeGet<GetClauseRequest, Clause>);
  rules["GetDecision"] = On(&JudgeGet<GetDecisionRequest, Decision>);
  rules["GetAdoption"] = On(&JudgeGet<GetAdoptionRequest, Adoption>);
  rules["GetSignature"] = On(&JudgeGet<GetSignatureRequest, Signature>);
  rules["ListAgreements"] = On(&ListAgreementsRule);
  rules["ListAgreementVersions"] =
      ListUnder<ListAgreementVersionsRequest, ListAgreementVersionsResponse, AgreementVersion>("versions",
                                                                                               "agreement_versions");
  rules["ListClauses"] = ListUnder<ListClausesRequest, ListClausesResponse, Clause>("clauses", "clauses");
  rules["ListDecisions"] = ListUnder<ListDecisionsRequest, ListDecisionsResponse, Decision>("decisions", "decisions");
  rules["ListAdoptions"] = ListUnder<ListAdoptionsRequest, ListAdoptionsResponse, Adoption>("adoptions", "adoptions");
  rules["ListSignatures"] =
      ListUnder<ListSignaturesRequest, ListSignaturesResponse, Signature>("signatures", "signatures");
}

}  // namespace

void CheckVersion(Case& judged, const std::string& version, const std::string& agreement) {
  if (judged.facts.Own<AgreementVersion>(version) == nullptr) {
    judged.RefuseOneOf({"REFERENCE_UNKNOWN", "VERSION_OF_OTHER_AGREEMENT"});
  } else if (ParentOf(version) != agreement) {
    judged.Refuse("VERSION_OF_OTHER_AGREEMENT");
  }
}

Rules AgreementsRules() {
  Rules rules;
  AddReads(rules);
  rules["CreateAgreement"] = On(&CreateAgreementRule);
  rules["CreateAgreementVersion"] = On(&CreateVersionRule);
  rules["DownloadAgreementText"] = On(&DownloadRule);
  rules["CreateClause"] = On(&CreateClauseRule);
  rules["CreateDecision"] = On(&CreateDecisionRule);
  rules["RecordReservation"] = On(&RecordReservationRule);
  rules["RecordSeparateStatement"] = On(&RecordStatementRule);
  AddAgreementsSteps(rules);
  AddAgreementsSigning(rules);
  AddAgreementsStandings(rules);
  return rules;
}

}  // namespace partnerskap::simulator::model
