#include "services/membership/domain/posts.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/env/env.h"
#include "common/ids/ids.h"
#include "common/rpc/list.h"
#include "common/sql/etag.h"
#include "common/sql/references.h"
#include "common/status/macros.h"
#include "services/membership/domain/seats.h"
#include "services/membership/handlers/access.h"
#include "services/membership/handlers/handlers.h"
#include "services/membership/store/facts.h"
#include "services/membership/store/tables.h"

namespace partnerskap::membership {

absl::StatusOr<Answer<v1::Post>> GetPost(const Env&, const Call&, const v1::GetPostRequest& request, ReadTx& tx) {
  return GetAnswer(request, Posts(), tx);
}

absl::StatusOr<Answer<v1::ListPostsResponse>> ListPosts(const Env& env, const Call& call,
                                                        const v1::ListPostsRequest& request, ReadTx& tx) {
  return ListAnswer<v1::ListPostsResponse>(env, call, request, {.parent = request.parent()}, Posts(), tx);
}

absl::StatusOr<v1::Post> CreatePost(const Env&, const Call& call, const v1::CreatePostRequest& request, WriteTx& tx) {
  v1::Post post = request.post();
  post.set_name(absl::StrCat(request.parent(), "/posts/", request.post_id()));
  RETURN_IF_ERROR(ParentMustExist(tx, Seats(), request.parent()));
  ASSIGN_OR_RETURN(const v1::Seat seat, Seats().Get(tx, request.parent()));
  ASSIGN_OR_RETURN(const Permit permit, AuthorizeSeat(tx, call, seat.name(), post.name()));
  ASSIGN_OR_RETURN(const auto others, PostsOf(tx, seat.name()));
  RETURN_IF_ERROR(MayCreatePost(post, others));
  RETURN_IF_ERROR(MustNotHaveLeft(seat));
  if (!post.substituted_post().empty()) RETURN_IF_ERROR(MustExist(tx, Posts(), post.substituted_post()));
  return Posts().Create(tx, permit, std::move(post));
}

absl::StatusOr<Answer<v1::Appointment>> GetAppointment(const Env&, const Call&,
                                                       const v1::GetAppointmentRequest& request, ReadTx& tx) {
  return GetAnswer(request, Appointments(), tx);
}

absl::StatusOr<Answer<v1::ListAppointmentsResponse>> ListAppointments(const Env& env, const Call& call,
                                                                      const v1::ListAppointmentsRequest& request,
                                                                      ReadTx& tx) {
  return ListAnswer<v1::ListAppointmentsResponse>(env, call, request, {.parent = request.parent()}, Appointments(), tx);
}

absl::StatusOr<v1::Appointment> CreateAppointment(const Env&, const Call& call,
                                                  const v1::CreateAppointmentRequest& request, WriteTx& tx) {
  v1::Appointment appointment = request.appointment();
  const std::string id = request.appointment_id().empty() ? NewUuid(tx.random()) : request.appointment_id();
  appointment.set_name(absl::StrCat(request.parent(), "/appointments/", id));
  RETURN_IF_ERROR(ParentMustExist(tx, Posts(), request.parent()));
  ASSIGN_OR_RETURN(const v1::Post post, Posts().Get(tx, request.parent()));
  ASSIGN_OR_RETURN(const v1::Seat seat, Seats().Get(tx, ParentName(post.name())));
  ASSIGN_OR_RETURN(const Permit permit, AuthorizeSeat(tx, call, seat.name(), appointment.name()));
  RETURN_IF_ERROR(CheckAppointment(appointment));
  RETURN_IF_ERROR(MustNotHaveLeft(seat));
  ASSIGN_OR_RETURN(const auto others, AppointmentsOf(tx, post.name()));
  RETURN_IF_ERROR(MayAppoint(appointment, others));
  if (!appointment.person().empty()) {
    RETURN_IF_ERROR(MustExist(tx, Persons(), appointment.person()));
    ASSIGN_OR_RETURN(const auto held, PostsHeldBy(tx, appointment.person(), seat.name()));
    RETURN_IF_ERROR(MayHoldTogether(post, appointment, held));
  }
  return Appointments().Create(tx, permit, std::move(appointment));
}

absl::StatusOr<v1::Appointment> EndAppointment(const Env&, const Call& call, const v1::EndAppointmentRequest& request,
                                               WriteTx& tx) {
  ASSIGN_OR_RETURN(v1::Appointment appointment, Appointments().Get(tx, request.name()));
  const absl::string_view seat = ParentName(ParentName(appointment.name()));
  ASSIGN_OR_RETURN(const Permit permit, AuthorizeSeat(tx, call, seat, appointment.name()));
  RETURN_IF_ERROR(EtagMustFit(appointment, request.etag()));
  RETURN_IF_ERROR(MayEndAppointment(appointment, request.release_date()));
  *appointment.mutable_release_date() = request.release_date();
  appointment.set_release_reason(request.reason());
  return Appointments().Update(tx, permit, std::move(appointment), request.etag(), "ended");
}

}  // namespace partnerskap::membership
