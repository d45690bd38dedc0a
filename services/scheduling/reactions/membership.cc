#include "services/scheduling/reactions/membership.h"

#include <string>

#include "partnerskap/membership/v1/resources.pb.h"
#include "services/scheduling/domain/network_facts.h"
#include "services/scheduling/store/known.h"

namespace partnerskap::scheduling {
namespace {

using membership::v1::Network;
using membership::v1::Seat;

absl::Status Keep(const Network& network, WriteTx& tx) { return WriteKnownNetwork(tx, network.name()); }

absl::Status Keep(const Seat& seat, WriteTx& tx) {
  SeatFacts facts;
  facts.name = seat.name();
  facts.display_name = seat.display_name();
  facts.actor = seat.kind() == Seat::PARTICIPATING_ACTOR;
  facts.join_date = seat.join_date();
  facts.exit_date = seat.exit().exit_date();
  for (const auto& hold : seat.holds()) facts.holds.push_back({hold.start_date(), hold.end_date()});
  for (const auto& party : seat.parties()) facts.organizations.push_back(party.organization());
  return WriteKnownSeat(tx, facts);
}

template <typename M>
absl::Status ParseAndKeep(const common::v1::Change& change, WriteTx& tx) {
  // Networks and seats are never erased: an empty message is none.
  M message;
  if (change.message().empty() || !message.ParseFromString(change.message())) {
    return absl::InvalidArgumentError("a change of the feed of membership is not of the type that it names");
  }
  return Keep(message, tx);
}

}  // namespace

absl::Status ReactToMembership(const common::v1::Change& change, WriteTx& tx) {
  const std::string& type = change.message_type();
  if (type == Network::descriptor()->full_name()) return ParseAndKeep<Network>(change, tx);
  if (type == Seat::descriptor()->full_name()) return ParseAndKeep<Seat>(change, tx);
  return absl::OkStatus();
}

absl::Status ResetMembership(WriteTx& tx) { return ForgetMembership(tx); }

}  // namespace partnerskap::scheduling
