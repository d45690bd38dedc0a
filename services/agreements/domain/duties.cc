#include <algorithm>
#include <map>
#include <utility>

#include "common/ids/ids.h"
#include "common/time/partial_date.h"
#include "services/agreements/domain/dates.h"
#include "services/agreements/domain/standing.h"

namespace partnerskap::agreements {
namespace {

constexpr int kMonthsPerYear = 12;

// So many months later, as exact as the start: the last day of a month stands for days that the month does not have.
google::type::Date AddMonths(const google::type::Date& start, int months) {
  if (start.year() == 0) return {};
  if (start.month() == 0) {
    // A year alone cannot tell in which year a part of a year later lies.
    if (months % kMonthsPerYear != 0) return {};
    google::type::Date year;
    year.set_year(start.year() + months / kMonthsPerYear);
    return year;
  }
  const absl::CivilMonth month = absl::CivilMonth(start.year(), start.month()) + months;
  google::type::Date date;
  date.set_year(static_cast<int>(month.year()));
  date.set_month(month.month());
  if (start.day() == 0) return date;
  const absl::CivilDay last = absl::CivilDay(month + 1) - 1;
  date.set_day(std::min(start.day(), last.day()));
  return date;
}

google::type::Date DueDateOf(const v1::Agreement& agreement, const v1::Clause& clause) {
  if (clause.has_due()) {
    return clause.due().month_offset() == 0 ? agreement.end_date()
                                            : AddMonths(agreement.start_date(), clause.due().month_offset());
  }
  return clause.kind() == v1::Clause::SUNSET_REVIEW ? agreement.sunset_review_date() : google::type::Date();
}

// Two clauses of one matter. Representation speaks of each post by itself.
bool SameMatter(const v1::Clause& a, const v1::Clause& b) {
  return a.kind() == b.kind() &&
         (a.kind() != v1::Clause::REPRESENTATION || a.representation().post_kind() == b.representation().post_kind());
}

// What the fee pays for is worded freely; kind and amount are what binds.
bool SameFee(const v1::FeeRule& a, const v1::FeeRule& b) {
  return a.kind() == b.kind() && a.amount().units() == b.amount().units() && a.amount().nanos() == b.amount().nanos();
}

bool SameDetail(const v1::Clause& a, const v1::Clause& b) {
  if (a.detail_case() == v1::Clause::DETAIL_NOT_SET || b.detail_case() == v1::Clause::DETAIL_NOT_SET) return true;
  if (a.detail_case() != b.detail_case()) return false;
  switch (a.detail_case()) {
    case v1::Clause::kFee:
      return SameFee(a.fee(), b.fee());
    case v1::Clause::kCadence:
      return a.cadence().SerializeAsString() == b.cadence().SerializeAsString();
    case v1::Clause::kRepresentation:
      return a.representation().SerializeAsString() == b.representation().SerializeAsString();
    case v1::Clause::kDue:
      return a.due().SerializeAsString() == b.due().SerializeAsString();
    case v1::Clause::kCost:
      return a.cost().SerializeAsString() == b.cost().SerializeAsString();
    case v1::Clause::kExit:
      return a.exit().SerializeAsString() == b.exit().SerializeAsString();
    default:
      return true;
  }
}

bool Conflict(const v1::Clause& a, const v1::Clause& b) {
  if (a.origin() == b.origin() || !SameMatter(a, b)) return false;
  return a.force() != b.force() || !SameDetail(a, b);
}

v1::Duty DutyOf(const v1::Agreement& agreement, const v1::Clause& clause, const std::vector<v1::Clause>& clauses) {
  v1::Duty duty;
  duty.set_clause(clause.name());
  duty.set_kind(clause.kind());
  duty.set_force(clause.force());
  duty.set_debtor(clause.debtor());
  duty.set_text(clause.text());
  duty.set_text_en(clause.text_en());
  const google::type::Date due = DueDateOf(agreement, clause);
  if (IsKnown(due)) *duty.mutable_due_date() = due;
  if (clause.fee().has_amount()) *duty.mutable_amount() = clause.fee().amount();
  duty.set_amount_kind(clause.fee().kind());
  for (const v1::Clause& other : clauses) {
    if (Conflict(clause, other)) duty.add_conflicting_clauses(other.name());
  }
  *duty.mutable_sources() = clause.sources();
  return duty;
}

bool ComesBefore(const v1::Duty& a, const v1::Duty& b) {
  if (a.has_due_date() != b.has_due_date()) return a.has_due_date();
  if (const auto order = ListOrder(a.due_date(), b.due_date()); order != 0) return order < 0;
  return a.clause() < b.clause();
}

// Which document is heard first: the agreement's own text, then what a board decided, then what the seats planned.
int RankOf(v1::Clause::Origin origin) {
  switch (origin) {
    case v1::Clause::AGREEMENT_TEXT:
      return 0;
    case v1::Clause::DECISION:
      return 1;
    case v1::Clause::WORK_PLAN:
      return 2;
    default:
      return 3;
  }
}

// The clauses that bind: of each kind, those of the document that is heard first, as far as they say MUST.
std::vector<v1::Clause> Binding(const std::vector<v1::Clause>& clauses) {
  std::map<v1::Clause::Kind, int> first;
  for (const v1::Clause& clause : clauses) {
    const auto [row, added] = first.emplace(clause.kind(), RankOf(clause.origin()));
    if (!added) row->second = std::min(row->second, RankOf(clause.origin()));
  }
  std::vector<v1::Clause> binding;
  for (const v1::Clause& clause : clauses) {
    if (clause.force() == v1::Clause::MUST && RankOf(clause.origin()) == first[clause.kind()])
      binding.push_back(clause);
  }
  return binding;
}

}  // namespace

std::vector<v1::Duty> DutiesOf(const v1::Agreement& agreement, const std::vector<v1::Clause>& clauses) {
  std::vector<v1::Duty> duties;
  for (const v1::Clause& clause : clauses) duties.push_back(DutyOf(agreement, clause, clauses));
  std::sort(duties.begin(), duties.end(), &ComesBefore);
  return duties;
}

std::vector<v1::Clause::Kind> SilencesOf(const std::vector<v1::Clause>& clauses) {
  std::vector<v1::Clause::Kind> silences;
  const google::protobuf::EnumDescriptor& kinds = *v1::Clause::Kind_descriptor();
  for (int i = 0; i < kinds.value_count(); ++i) {
    const auto kind = static_cast<v1::Clause::Kind>(kinds.value(i)->number());
    const bool spoken =
        std::any_of(clauses.begin(), clauses.end(), [&](const v1::Clause& clause) { return clause.kind() == kind; });
    if (kind != v1::Clause::KIND_UNSPECIFIED && !spoken) silences.push_back(kind);
  }
  return silences;
}

std::vector<v1::Promise> PromisesOf(const v1::Adoption& adoption, const v1::Agreement& agreement,
                                    const std::vector<v1::Clause>& clauses, absl::CivilDay day) {
  const v1::AdoptionStanding standing = StandingOfAdoption(adoption, agreement, {}, clauses, day);
  std::vector<v1::Promise> promises;
  if (!IsDecided(standing.state()) || !Adopts(adoption.outcome()) || IsOver(agreement.end_date(), day)) return promises;
  // Where no source dates the decision, it is known to stand from the period's start at the earliest.
  if (!IsKnown(adoption.decision_date()) && IsToCome(agreement.start_date(), day)) return promises;
  std::vector<v1::Duty> duties;
  for (const v1::Clause& clause : Binding(clauses)) duties.push_back(DutyOf(agreement, clause, clauses));
  std::sort(duties.begin(), duties.end(), &ComesBefore);
  for (v1::Duty& duty : duties) {
    v1::Promise& promise = promises.emplace_back();
    promise.set_network(std::string(ParentName(agreement.name())));
    promise.set_agreement(agreement.name());
    promise.set_seat(adoption.seat());
    promise.set_adoption(adoption.name());
    promise.set_bound(standing.bound());
    *promise.mutable_duty() = std::move(duty);
  }
  return promises;
}

}  // namespace partnerskap::agreements
