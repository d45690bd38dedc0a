#include "services/peer_review/reactions/reactions.h"

#include <string>
#include <vector>

#include "common/ids/ids.h"
#include "partnerskap/membership/v1/posts.pb.h"
#include "partnerskap/membership/v1/resources.pb.h"
#include "partnerskap/scheduling/v1/resources.pb.h"
#include "services/peer_review/store/facts.h"

namespace partnerskap::peer_review {
namespace {

using membership::v1::Network;
using membership::v1::Post;
using membership::v1::Seat;
using scheduling::v1::HostRotation;

absl::Status Keep(const Network& network, WriteTx& tx) { return WriteKnownNetwork(tx, network.name()); }

absl::Status Keep(const Seat& seat, WriteTx& tx) {
  std::vector<std::string> organizations;
  for (const auto& party : seat.parties()) organizations.push_back(party.organization());
  return WriteKnownSeat(tx,
                        {seat.name(), std::string(ParentName(seat.name())), seat.display_name(), seat.join_date(),
                         seat.exit().exit_date()},
                        organizations);
}

absl::Status Keep(const Post& post, WriteTx& tx) {
  return WriteKnownPost(tx, {post.name(), std::string(ParentName(post.name())), Post::Kind_Name(post.kind())},
                        post.substituted_post());
}

absl::Status Keep(const HostRotation& rotation, WriteTx& tx) {
  return WriteHostOrder(tx, ParentName(rotation.name()), {rotation.seats().begin(), rotation.seats().end()});
}

template <typename M>
absl::Status ParseAndKeep(const common::v1::Change& change, WriteTx& tx) {
  M message;
  if (!message.ParseFromString(change.message())) {
    return absl::InvalidArgumentError("a change of a feed is not of the type that it names");
  }
  return Keep(message, tx);
}

}  // namespace

absl::Status ReactToMembership(const common::v1::Change& change, WriteTx& tx) {
  if (change.message().empty()) return ForgetNamed(tx, change.name());
  const std::string& type = change.message_type();
  if (type == Network::descriptor()->full_name()) return ParseAndKeep<Network>(change, tx);
  if (type == Seat::descriptor()->full_name()) return ParseAndKeep<Seat>(change, tx);
  if (type == Post::descriptor()->full_name()) return ParseAndKeep<Post>(change, tx);
  return absl::OkStatus();
}

absl::Status ReactToScheduling(const common::v1::Change& change, WriteTx& tx) {
  if (change.message_type() != HostRotation::descriptor()->full_name()) return absl::OkStatus();
  if (change.message().empty()) return WriteHostOrder(tx, ParentName(change.name()), {});
  return ParseAndKeep<HostRotation>(change, tx);
}

}  // namespace partnerskap::peer_review
