#include "services/agreements/domain/adoptions.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/rpc/list.h"
#include "common/sql/references.h"
#include "common/status/macros.h"
#include "services/agreements/domain/dates.h"
#include "services/agreements/domain/texts.h"
#include "services/agreements/handlers/access.h"
#include "services/agreements/handlers/handlers.h"
#include "services/agreements/store/projections.h"
#include "services/agreements/store/tables.h"

namespace partnerskap::agreements {
namespace {

absl::Status WordingMustBeOf(ReadTx& tx, absl::string_view agreement, absl::string_view version) {
  RETURN_IF_ERROR(VersionMustBeOf(agreement, version));
  return MustExist(tx, AgreementVersions(), version);
}

// The registered decision that a piece of history rests on, if it names one.
absl::StatusOr<std::optional<v1::Decision>> DecisionOf(ReadTx& tx, const v1::AdoptionHistory& history) {
  if (history.decision().empty()) return std::nullopt;
  RETURN_IF_ERROR(MustExist(tx, Decisions(), history.decision()));
  ASSIGN_OR_RETURN(v1::Decision decision, Decisions().Get(tx, history.decision()));
  return decision;
}

}  // namespace

absl::StatusOr<Answer<v1::Adoption>> GetAdoption(const Env&, const Call&, const v1::GetAdoptionRequest& request,
                                                 ReadTx& tx) {
  return GetAnswer(request, Adoptions(), tx);
}

absl::StatusOr<Answer<v1::ListAdoptionsResponse>> ListAdoptions(const Env& env, const Call& call,
                                                                const v1::ListAdoptionsRequest& request, ReadTx& tx) {
  return ListAnswer<v1::ListAdoptionsResponse>(env, call, request, {.parent = request.parent()}, Adoptions(), tx);
}

absl::StatusOr<v1::Adoption> CreateAdoption(const Env&, const Call& call, const v1::CreateAdoptionRequest& request,
                                            WriteTx& tx) {
  v1::Adoption adoption = request.adoption();
  adoption.set_name(absl::StrCat(request.parent(), "/adoptions/", request.adoption_id()));
  adoption.set_state(v1::Adoption::CIRCULATED);
  RETURN_IF_ERROR(CheckAdoptionId(request.parent(), request.adoption_id(), adoption.seat()));
  RETURN_IF_ERROR(ParentMustExist(tx, Agreements(), request.parent()));
  ASSIGN_OR_RETURN(const v1::Agreement agreement, Agreements().Get(tx, request.parent()));
  RETURN_IF_ERROR(WordingMustBeOf(tx, agreement.name(), adoption.version()));
  ASSIGN_OR_RETURN(const SeatFacts seat, GetSeatFacts(tx, adoption.seat()));
  RETURN_IF_ERROR(MustTakePart(seat, agreement, adoption.circulation_date()));
  ASSIGN_OR_RETURN(const Permit permit, AuthorizeShared(call, adoption.name()));
  return Adoptions().Create(tx, permit, std::move(adoption));
}

absl::StatusOr<v1::Adoption> ImportAdoption(const Env&, const Call& call, const v1::ImportAdoptionRequest& request,
                                            WriteTx& tx) {
  const v1::AdoptionHistory& history = request.adoption_history();
  const std::string name = absl::StrCat(request.parent(), "/adoptions/", request.adoption_id());
  ASSIGN_OR_RETURN(const SeatFacts seat, GetSeatFacts(tx, history.seat()));
  ASSIGN_OR_RETURN(const Permit permit, AuthorizeSeat(tx, call, history.seat(), name));
  ASSIGN_OR_RETURN(const std::optional<v1::Decision> decision, DecisionOf(tx, history));
  const v1::Decision* registered = decision ? &*decision : nullptr;
  RETURN_IF_ERROR(CheckAdoptedVersion(history.outcome(), history.version(), history.adopted_version()));
  RETURN_IF_ERROR(CheckAdoptionId(request.parent(), request.adoption_id(), history.seat()));
  RETURN_IF_ERROR(CheckHistory(history, registered));
  v1::Adoption adoption = AdoptionOf(history, registered);
  adoption.set_name(name);
  RETURN_IF_ERROR(CheckOrder(adoption));
  RETURN_IF_ERROR(ParentMustExist(tx, Agreements(), request.parent()));
  ASSIGN_OR_RETURN(const v1::Agreement agreement, Agreements().Get(tx, request.parent()));
  RETURN_IF_ERROR(WordingMustBeOf(tx, agreement.name(), adoption.version()));
  if (!adoption.adopted_version().empty()) {
    RETURN_IF_ERROR(WordingMustBeOf(tx, agreement.name(), adoption.adopted_version()));
  }
  RETURN_IF_ERROR(MustTakePart(seat, agreement, LaterOf(adoption.decision_date(), adoption.circulation_date())));
  if (registered != nullptr) {
    RETURN_IF_ERROR(MustBeOfSeat(*registered, seat));
    RETURN_IF_ERROR(MustSaySo(*registered, adoption.outcome(), adoption.version(), adoption.adopted_version()));
    RETURN_IF_ERROR(MustAgreeOnReservation(*registered, adoption.outcome()));
  }
  return Adoptions().Create(tx, permit, std::move(adoption), "imported");
}

}  // namespace partnerskap::agreements
