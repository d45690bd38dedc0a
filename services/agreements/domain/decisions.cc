#include "services/agreements/domain/decisions.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "common/status/macros.h"
#include "common/status/refusal.h"
#include "partnerskap/agreements/v1/reasons.pb.h"

namespace partnerskap::agreements {
namespace {

// Minutes write a party in full where it acts and in short beside its members' names, often both on one page.
constexpr struct {
  const char* short_form;
  const char* name;
} kParties[] = {{"C", "Centerpartiet"},      {"KD", "Kristdemokraterna"},     {"L", "Liberalerna"},
                {"M", "Moderaterna"},        {"MP", "Miljöpartiet de gröna"}, {"MP", "Miljöpartiet"},
                {"S", "Socialdemokraterna"}, {"SD", "Sverigedemokraterna"},   {"V", "Vänsterpartiet"}};

// One form of a party's name; local parties keep their own.
std::string PartyKey(const std::string& party) {
  for (const auto& row : kParties) {
    if (party == row.name) return row.short_form;
  }
  return party;
}

Subject SubjectOf(const v1::Stance& stance) { return {stance.person(), stance.party()}; }

// Persons are told apart by name; a party stands for itself only where no person is named.
std::string KeyOf(const Subject& subject) {
  return subject.person.empty() ? absl::StrCat("party ", PartyKey(subject.party)) : subject.person;
}

std::string Shown(const Subject& subject) { return subject.person.empty() ? subject.party : subject.person; }

const v1::Stance* StanceOf(const v1::Decision& decision, const Subject& subject) {
  for (const v1::Stance& stance : decision.stances()) {
    if (KeyOf(SubjectOf(stance)) == KeyOf(subject)) return &stance;
  }
  return nullptr;
}

bool TookPart(const v1::Stance& stance) {
  return stance.kind() == v1::Stance::TOOK_PART || stance.kind() == v1::Stance::RESERVATION;
}

// Of a party without a stance of its own: a named member who stood aside, where no named member took part.
const v1::Stance* MemberWhoStoodAside(const v1::Decision& decision, const std::string& party) {
  const v1::Stance* aside = nullptr;
  for (const v1::Stance& stance : decision.stances()) {
    if (PartyKey(stance.party()) != PartyKey(party)) continue;
    if (TookPart(stance)) return nullptr;
    aside = &stance;
  }
  return aside;
}

// The stance that keeps the subject from reserving, or null.
const v1::Stance* Hindrance(const v1::Decision& decision, const Subject& subject) {
  const v1::Stance* stance = StanceOf(decision, subject);
  if (stance == nullptr && !subject.person.empty() && !subject.party.empty()) {
    stance = StanceOf(decision, {"", subject.party});
  }
  if (stance != nullptr) return TookPart(*stance) ? nullptr : stance;
  return subject.person.empty() ? MemberWhoStoodAside(decision, subject.party) : nullptr;
}

bool Permits(const v1::DecisionItem& item, const Subject& subject) {
  if (item.kind() != v1::DecisionItem::PERMITS_STATEMENT) return false;
  return (!item.party().empty() && PartyKey(item.party()) == PartyKey(subject.party)) ||
         (!item.person().empty() && item.person() == subject.person);
}

bool IsUsed(const v1::Decision& decision, int item) {
  return std::any_of(decision.separate_statements().begin(), decision.separate_statements().end(),
                     [&](const v1::SeparateStatement& statement) { return statement.permitting_item() == item; });
}

}  // namespace

absl::Status CheckDecision(const v1::Decision& decision) {
  RETURN_IF_ERROR(CheckItemNumbers(decision));
  for (const v1::DecisionItem& item : decision.items()) RETURN_IF_ERROR(CheckItemTarget(item));
  for (const v1::Stance& stance : decision.stances()) RETURN_IF_ERROR(CheckSubject(SubjectOf(stance)));
  RETURN_IF_ERROR(CheckStances(decision));
  for (const v1::Stance& stance : decision.stances()) RETURN_IF_ERROR(CheckGround(stance));
  return CheckVotes(decision);
}

absl::Status CheckItemNumbers(const v1::Decision& decision) {
  for (int i = 0; i < decision.items_size(); ++i) {
    if (decision.items(i).number() != i + 1) return Refuse(v1::ITEM_NUMBERS_WRONG);
  }
  return absl::OkStatus();
}

absl::Status CheckItemTarget(const v1::DecisionItem& item) {
  const bool of_version = item.kind() == v1::DecisionItem::ADOPTS || item.kind() == v1::DecisionItem::REJECTS;
  const bool of_post = item.kind() == v1::DecisionItem::APPOINTS;
  const bool of_subject = item.kind() == v1::DecisionItem::PERMITS_STATEMENT;
  const int subjects = (item.party().empty() ? 0 : 1) + (item.person().empty() ? 0 : 1);
  if (of_version != item.version().empty() && of_post != item.post().empty() && subjects == (of_subject ? 1 : 0)) {
    return absl::OkStatus();
  }
  return Refuse(v1::ITEM_TARGET_MISSING,
                {{"number", absl::StrCat(item.number())}, {"kind", v1::DecisionItem::Kind_Name(item.kind())}});
}

absl::Status CheckSubject(const Subject& subject) {
  if (!subject.person.empty() || !subject.party.empty()) return absl::OkStatus();
  return Refuse(v1::STANCE_SUBJECT_MISSING);
}

absl::Status CheckStances(const v1::Decision& decision) {
  std::set<std::string> seen;
  for (const v1::Stance& stance : decision.stances()) {
    if (!seen.insert(KeyOf(SubjectOf(stance))).second) {
      return Refuse(v1::STANCE_REPEATED, {{"person", Shown(SubjectOf(stance))}});
    }
  }
  return absl::OkStatus();
}

absl::Status CheckGround(const v1::Stance& stance) {
  if (stance.ground() == v1::Stance::GROUND_UNSPECIFIED || stance.kind() == v1::Stance::DISQUALIFIED) {
    return absl::OkStatus();
  }
  return Refuse(v1::DISQUALIFICATION_GROUND_MISPLACED);
}

absl::Status CheckVotes(const v1::Decision& decision) {
  if (!decision.has_votes() || decision.method() == v1::Decision::VOTE) return absl::OkStatus();
  return Refuse(v1::VOTES_WITHOUT_VOTE);
}

absl::Status MustHaveTakenPart(const v1::Decision& decision, const Subject& subject) {
  const v1::Stance* hindrance = Hindrance(decision, subject);
  if (hindrance == nullptr) return absl::OkStatus();
  return Refuse(v1::RESERVATION_WITHOUT_TAKING_PART, {{"decision", decision.name()},
                                                      {"subject", Shown(subject)},
                                                      {"stance", v1::Stance::Kind_Name(hindrance->kind())}});
}

absl::Status MustNotHaveReserved(const v1::Decision& decision, const Subject& subject) {
  const v1::Stance* stance = StanceOf(decision, subject);
  if (stance == nullptr || stance->kind() != v1::Stance::RESERVATION) return absl::OkStatus();
  return Refuse(v1::RESERVATION_REPEATED, {{"decision", decision.name()}, {"subject", Shown(subject)}});
}

void AddReservation(const Subject& subject, v1::Decision& decision) {
  for (v1::Stance& stance : *decision.mutable_stances()) {
    if (KeyOf(SubjectOf(stance)) != KeyOf(subject)) continue;
    stance.set_kind(v1::Stance::RESERVATION);
    return;
  }
  v1::Stance& stance = *decision.add_stances();
  stance.set_person(subject.person);
  stance.set_party(subject.party);
  stance.set_kind(v1::Stance::RESERVATION);
}

bool HasReservation(const v1::Decision& decision) {
  return std::any_of(decision.stances().begin(), decision.stances().end(),
                     [](const v1::Stance& stance) { return stance.kind() == v1::Stance::RESERVATION; });
}

absl::StatusOr<int> PermittingItem(const v1::Decision& decision, const Subject& subject) {
  int used = 0;
  for (const v1::DecisionItem& item : decision.items()) {
    if (!Permits(item, subject)) continue;
    if (!IsUsed(decision, item.number())) return item.number();
    used = item.number();
  }
  if (used != 0) return used;
  return Refuse(v1::STATEMENT_NOT_PERMITTED, {{"decision", decision.name()}, {"subject", Shown(subject)}});
}

absl::Status MustNotHaveStated(const v1::Decision& decision, const Subject& subject, int permitting_item) {
  if (!IsUsed(decision, permitting_item)) return absl::OkStatus();
  return Refuse(v1::STATEMENT_REPEATED, {{"decision", decision.name()}, {"subject", Shown(subject)}});
}

}  // namespace partnerskap::agreements
