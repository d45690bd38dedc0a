#include "services/agreements/reactions/membership.h"

#include <string>

#include "common/ids/ids.h"
#include "common/time/partial_date.h"
#include "partnerskap/membership/v1/posts.pb.h"
#include "partnerskap/membership/v1/resources.pb.h"
#include "services/agreements/store/projections.h"

namespace partnerskap::agreements {
namespace {

using membership::v1::Appointment;
using membership::v1::Network;
using membership::v1::Organization;
using membership::v1::Post;
using membership::v1::Seat;

absl::Status Keep(const Network& network, WriteTx& tx) { return WriteKnownNetwork(tx, network.name()); }

absl::Status Keep(const Organization& organization, WriteTx& tx) {
  return WriteKnownOrganization(tx, organization.name());
}

absl::Status Keep(const Seat& seat, WriteTx& tx) {
  KnownSeat known{seat.name(),
                  std::string(ParentName(seat.name())),
                  seat.display_name(),
                  Seat::Kind_Name(seat.kind()),
                  DateToText(seat.join_date()),
                  DateToText(seat.exit().exit_date()),
                  {}};
  for (const auto& party : seat.parties()) known.parties.push_back(party.organization());
  return WriteKnownSeat(tx, known);
}

absl::Status Keep(const Post& post, WriteTx& tx) {
  return WriteKnownPost(tx, post.name(), ParentName(post.name()), post.capacity());
}

absl::Status Keep(const Appointment& appointment, WriteTx& tx) {
  return WriteKnownAppointment(tx, {appointment.name(), std::string(ParentName(appointment.name())),
                                    appointment.person(), DateToText(appointment.start_date()),
                                    DateToText(appointment.end_date()), DateToText(appointment.release_date())});
}

template <typename M>
absl::Status ParseAndKeep(const common::v1::Change& change, WriteTx& tx) {
  if (change.message().empty()) return ForgetKnown(tx, change.name());
  M message;
  if (!message.ParseFromString(change.message())) {
    return absl::InvalidArgumentError("a change of the feed of membership is not of the type that it names");
  }
  return Keep(message, tx);
}

}  // namespace

absl::Status ReactToMembership(const common::v1::Change& change, WriteTx& tx) {
  const std::string& type = change.message_type();
  if (type == Network::descriptor()->full_name()) return ParseAndKeep<Network>(change, tx);
  if (type == Organization::descriptor()->full_name()) return ParseAndKeep<Organization>(change, tx);
  if (type == Seat::descriptor()->full_name()) return ParseAndKeep<Seat>(change, tx);
  if (type == Post::descriptor()->full_name()) return ParseAndKeep<Post>(change, tx);
  if (type == Appointment::descriptor()->full_name()) return ParseAndKeep<Appointment>(change, tx);
  return absl::OkStatus();
}

absl::Status ResetMembership(WriteTx& tx) { return ForgetMembership(tx); }

}  // namespace partnerskap::agreements
