// One function per RPC of *membership*; service.cc lists them. What each does, refuses and means stands in
// protos/partnerskap/membership/v1/service.proto.
#ifndef PARTNERSKAP_SERVICES_MEMBERSHIP_HANDLERS_HANDLERS_H_
#define PARTNERSKAP_SERVICES_MEMBERSHIP_HANDLERS_HANDLERS_H_

#include "absl/status/statusor.h"
#include "common/env/env.h"
#include "common/rpc/call.h"
#include "common/rpc/service.h"
#include "common/sql/transaction.h"
#include "partnerskap/membership/v1/organization_messages.pb.h"
#include "partnerskap/membership/v1/post_messages.pb.h"
#include "partnerskap/membership/v1/seat_messages.pb.h"
#include "partnerskap/membership/v1/standing_messages.pb.h"

namespace partnerskap::membership {

// organizations.cc
absl::StatusOr<Answer<v1::Organization>> GetOrganization(const Env&, const Call&, const v1::GetOrganizationRequest&,
                                                         ReadTx&);
absl::StatusOr<Answer<v1::ListOrganizationsResponse>> ListOrganizations(const Env&, const Call&,
                                                                        const v1::ListOrganizationsRequest&, ReadTx&);
absl::StatusOr<Answer<v1::BatchGetOrganizationsResponse>> BatchGetOrganizations(const Env&, const Call&,
                                                                                const v1::BatchGetOrganizationsRequest&,
                                                                                ReadTx&);
absl::StatusOr<v1::Organization> CreateOrganization(const Env&, const Call&, const v1::CreateOrganizationRequest&,
                                                    WriteTx&);

// networks.cc
absl::StatusOr<Answer<v1::Network>> GetNetwork(const Env&, const Call&, const v1::GetNetworkRequest&, ReadTx&);
absl::StatusOr<Answer<v1::ListNetworksResponse>> ListNetworks(const Env&, const Call&, const v1::ListNetworksRequest&,
                                                              ReadTx&);
absl::StatusOr<v1::Network> CreateNetwork(const Env&, const Call&, const v1::CreateNetworkRequest&, WriteTx&);
absl::StatusOr<Answer<v1::Partner>> GetPartner(const Env&, const Call&, const v1::GetPartnerRequest&, ReadTx&);
absl::StatusOr<Answer<v1::ListPartnersResponse>> ListPartners(const Env&, const Call&, const v1::ListPartnersRequest&,
                                                              ReadTx&);
absl::StatusOr<v1::Partner> CreatePartner(const Env&, const Call&, const v1::CreatePartnerRequest&, WriteTx&);

// seats.cc
absl::StatusOr<Answer<v1::Seat>> GetSeat(const Env&, const Call&, const v1::GetSeatRequest&, ReadTx&);
absl::StatusOr<Answer<v1::ListSeatsResponse>> ListSeats(const Env&, const Call&, const v1::ListSeatsRequest&, ReadTx&);
absl::StatusOr<Answer<v1::BatchGetSeatsResponse>> BatchGetSeats(const Env&, const Call&,
                                                                const v1::BatchGetSeatsRequest&, ReadTx&);
absl::StatusOr<v1::Seat> CreateSeat(const Env&, const Call&, const v1::CreateSeatRequest&, WriteTx&);
absl::StatusOr<v1::Seat> UpdateSeat(const Env&, const Call&, const v1::UpdateSeatRequest&, WriteTx&);
absl::StatusOr<v1::Seat> LeaveSeat(const Env&, const Call&, const v1::LeaveSeatRequest&, WriteTx&);
absl::StatusOr<v1::Seat> HoldSeat(const Env&, const Call&, const v1::HoldSeatRequest&, WriteTx&);
absl::StatusOr<v1::Seat> ResumeSeat(const Env&, const Call&, const v1::ResumeSeatRequest&, WriteTx&);

// responsible_bodies.cc
absl::StatusOr<Answer<v1::ResponsibleBody>> GetResponsibleBody(const Env&, const Call&,
                                                               const v1::GetResponsibleBodyRequest&, ReadTx&);
absl::StatusOr<Answer<v1::ListResponsibleBodiesResponse>> ListResponsibleBodies(const Env&, const Call&,
                                                                                const v1::ListResponsibleBodiesRequest&,
                                                                                ReadTx&);
absl::StatusOr<v1::ResponsibleBody> CreateResponsibleBody(const Env&, const Call&,
                                                          const v1::CreateResponsibleBodyRequest&, WriteTx&);
absl::StatusOr<v1::ResponsibleBody> EndResponsibleBody(const Env&, const Call&, const v1::EndResponsibleBodyRequest&,
                                                       WriteTx&);

// posts.cc
absl::StatusOr<Answer<v1::Post>> GetPost(const Env&, const Call&, const v1::GetPostRequest&, ReadTx&);
absl::StatusOr<Answer<v1::ListPostsResponse>> ListPosts(const Env&, const Call&, const v1::ListPostsRequest&, ReadTx&);
absl::StatusOr<v1::Post> CreatePost(const Env&, const Call&, const v1::CreatePostRequest&, WriteTx&);
absl::StatusOr<Answer<v1::Appointment>> GetAppointment(const Env&, const Call&, const v1::GetAppointmentRequest&,
                                                       ReadTx&);
absl::StatusOr<Answer<v1::ListAppointmentsResponse>> ListAppointments(const Env&, const Call&,
                                                                      const v1::ListAppointmentsRequest&, ReadTx&);
absl::StatusOr<v1::Appointment> CreateAppointment(const Env&, const Call&, const v1::CreateAppointmentRequest&,
                                                  WriteTx&);
absl::StatusOr<v1::Appointment> EndAppointment(const Env&, const Call&, const v1::EndAppointmentRequest&, WriteTx&);

// persons.cc
absl::StatusOr<Answer<v1::Person>> GetPerson(const Env&, const Call&, const v1::GetPersonRequest&, ReadTx&);
absl::StatusOr<Answer<v1::ListPersonsResponse>> ListPersons(const Env&, const Call&, const v1::ListPersonsRequest&,
                                                            ReadTx&);
absl::StatusOr<v1::Person> CreatePerson(const Env&, const Call&, const v1::CreatePersonRequest&, WriteTx&);
absl::StatusOr<Answer<v1::PersonContact>> GetPersonContact(const Env&, const Call&, const v1::GetPersonContactRequest&,
                                                           ReadTx&);
absl::StatusOr<v1::PersonContact> UpdatePersonContact(const Env&, const Call&, const v1::UpdatePersonContactRequest&,
                                                      WriteTx&);

// standing.cc
absl::StatusOr<Answer<v1::SeatStanding>> ComputeSeatStanding(const Env&, const Call&,
                                                             const v1::ComputeSeatStandingRequest&, ReadTx&);
absl::StatusOr<Answer<v1::ListSeatStandingsResponse>> ListSeatStandings(const Env&, const Call&,
                                                                        const v1::ListSeatStandingsRequest&, ReadTx&);
absl::StatusOr<Answer<v1::PostStanding>> ComputePostStanding(const Env&, const Call&,
                                                             const v1::ComputePostStandingRequest&, ReadTx&);
absl::StatusOr<Answer<v1::ListPostStandingsResponse>> ListPostStandings(const Env&, const Call&,
                                                                        const v1::ListPostStandingsRequest&, ReadTx&);

}  // namespace partnerskap::membership

#endif  // PARTNERSKAP_SERVICES_MEMBERSHIP_HANDLERS_HANDLERS_H_
