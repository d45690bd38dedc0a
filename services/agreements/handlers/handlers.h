// One function per RPC of *agreements*; service.cc lists them. What each does, refuses and means stands in
// protos/partnerskap/agreements/v1/service.proto.
#ifndef PARTNERSKAP_SERVICES_AGREEMENTS_HANDLERS_HANDLERS_H_
#define PARTNERSKAP_SERVICES_AGREEMENTS_HANDLERS_HANDLERS_H_

#include "absl/status/statusor.h"
#include "common/env/env.h"
#include "common/rpc/call.h"
#include "common/rpc/service.h"
#include "common/sql/transaction.h"
#include "partnerskap/agreements/v1/adoption_messages.pb.h"
#include "partnerskap/agreements/v1/agreement_messages.pb.h"
#include "partnerskap/agreements/v1/decision_messages.pb.h"
#include "partnerskap/agreements/v1/standing_messages.pb.h"

namespace partnerskap::agreements {

// agreements.cc
absl::StatusOr<Answer<v1::Agreement>> GetAgreement(const Env&, const Call&, const v1::GetAgreementRequest&, ReadTx&);
absl::StatusOr<Answer<v1::ListAgreementsResponse>> ListAgreements(const Env&, const Call&,
                                                                  const v1::ListAgreementsRequest&, ReadTx&);
absl::StatusOr<v1::Agreement> CreateAgreement(const Env&, const Call&, const v1::CreateAgreementRequest&, WriteTx&);
absl::StatusOr<Answer<v1::AgreementVersion>> GetAgreementVersion(const Env&, const Call&,
                                                                 const v1::GetAgreementVersionRequest&, ReadTx&);
absl::StatusOr<Answer<v1::ListAgreementVersionsResponse>> ListAgreementVersions(const Env&, const Call&,
                                                                                const v1::ListAgreementVersionsRequest&,
                                                                                ReadTx&);
absl::StatusOr<v1::AgreementVersion> CreateAgreementVersion(const Env&, const Call&,
                                                            const v1::CreateAgreementVersionRequest&, WriteTx&);
absl::StatusOr<Answer<v1::DownloadAgreementTextResponse>> DownloadAgreementText(const Env&, const Call&,
                                                                                const v1::DownloadAgreementTextRequest&,
                                                                                ReadTx&);

// clauses.cc
absl::StatusOr<Answer<v1::Clause>> GetClause(const Env&, const Call&, const v1::GetClauseRequest&, ReadTx&);
absl::StatusOr<Answer<v1::ListClausesResponse>> ListClauses(const Env&, const Call&, const v1::ListClausesRequest&,
                                                            ReadTx&);
absl::StatusOr<v1::Clause> CreateClause(const Env&, const Call&, const v1::CreateClauseRequest&, WriteTx&);

// decisions.cc
absl::StatusOr<Answer<v1::Decision>> GetDecision(const Env&, const Call&, const v1::GetDecisionRequest&, ReadTx&);
absl::StatusOr<Answer<v1::ListDecisionsResponse>> ListDecisions(const Env&, const Call&,
                                                                const v1::ListDecisionsRequest&, ReadTx&);
absl::StatusOr<v1::Decision> CreateDecision(const Env&, const Call&, const v1::CreateDecisionRequest&, WriteTx&);
absl::StatusOr<v1::Decision> RecordReservation(const Env&, const Call&, const v1::RecordReservationRequest&, WriteTx&);
absl::StatusOr<v1::Decision> RecordSeparateStatement(const Env&, const Call&, const v1::RecordSeparateStatementRequest&,
                                                     WriteTx&);

// adoptions.cc
absl::StatusOr<Answer<v1::Adoption>> GetAdoption(const Env&, const Call&, const v1::GetAdoptionRequest&, ReadTx&);
absl::StatusOr<Answer<v1::ListAdoptionsResponse>> ListAdoptions(const Env&, const Call&,
                                                                const v1::ListAdoptionsRequest&, ReadTx&);
absl::StatusOr<v1::Adoption> CreateAdoption(const Env&, const Call&, const v1::CreateAdoptionRequest&, WriteTx&);
absl::StatusOr<v1::Adoption> ImportAdoption(const Env&, const Call&, const v1::ImportAdoptionRequest&, WriteTx&);

// adoption_steps.cc
absl::StatusOr<v1::Adoption> PrepareAdoption(const Env&, const Call&, const v1::PrepareAdoptionRequest&, WriteTx&);
absl::StatusOr<v1::Adoption> ProposeAdoption(const Env&, const Call&, const v1::ProposeAdoptionRequest&, WriteTx&);
absl::StatusOr<v1::Adoption> RecordAdoptionOutcome(const Env&, const Call&, const v1::RecordAdoptionOutcomeRequest&,
                                                   WriteTx&);
absl::StatusOr<v1::Adoption> AdjustAdoption(const Env&, const Call&, const v1::AdjustAdoptionRequest&, WriteTx&);
absl::StatusOr<v1::Adoption> AnnounceAdoption(const Env&, const Call&, const v1::AnnounceAdoptionRequest&, WriteTx&);
absl::StatusOr<v1::Adoption> AnnulAdoption(const Env&, const Call&, const v1::AnnulAdoptionRequest&, WriteTx&);
absl::StatusOr<v1::Adoption> RecordAdoptionExtract(const Env&, const Call&, const v1::RecordAdoptionExtractRequest&,
                                                   WriteTx&);

// signatures.cc
absl::StatusOr<Answer<v1::Signature>> GetSignature(const Env&, const Call&, const v1::GetSignatureRequest&, ReadTx&);
absl::StatusOr<Answer<v1::ListSignaturesResponse>> ListSignatures(const Env&, const Call&,
                                                                  const v1::ListSignaturesRequest&, ReadTx&);
absl::StatusOr<v1::Signature> CreateSignature(const Env&, const Call&, const v1::CreateSignatureRequest&, WriteTx&);

// standing.cc
absl::StatusOr<Answer<v1::AdoptionStanding>> ComputeAdoptionStanding(const Env&, const Call&,
                                                                     const v1::ComputeAdoptionStandingRequest&,
                                                                     ReadTx&);
absl::StatusOr<Answer<v1::ListAdoptionStandingsResponse>> ListAdoptionStandings(const Env&, const Call&,
                                                                                const v1::ListAdoptionStandingsRequest&,
                                                                                ReadTx&);
absl::StatusOr<Answer<v1::ListDutiesResponse>> ListDuties(const Env&, const Call&, const v1::ListDutiesRequest&,
                                                          ReadTx&);
absl::StatusOr<Answer<v1::ListPromisesResponse>> ListPromises(const Env&, const Call&, const v1::ListPromisesRequest&,
                                                              ReadTx&);

}  // namespace partnerskap::agreements

#endif  // PARTNERSKAP_SERVICES_AGREEMENTS_HANDLERS_HANDLERS_H_
