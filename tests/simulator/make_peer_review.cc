#include "absl/strings/str_cat.h"
#include "partnerskap/agreements/v1/resources.pb.h"
#include "partnerskap/membership/v1/posts.pb.h"
#include "partnerskap/membership/v1/resources.pb.h"
#include "partnerskap/peerreview/v1/challenge_messages.pb.h"
#include "partnerskap/peerreview/v1/review_messages.pb.h"
#include "tests/simulator/maker.h"

namespace partnerskap::simulator {
namespace {

namespace v1 = peerreview::v1;
using google::protobuf::Message;
using membership::v1::Network;
using membership::v1::Post;
using membership::v1::Seat;

constexpr char kNoChallenge[] = "networks/n0/challenges/okand";
constexpr char kNoRound[] = "networks/n0/reviewRounds/okand";
constexpr char kNoReview[] = "networks/n0/reviewRounds/r0/reviews/okand";

std::vector<std::string> SeatsOf(Maker& make, const std::string& network) {
  std::vector<std::string> names;
  for (const Seat* seat :
       make.known().Those<Seat>([&](const auto& s) { return ParentOf(s.name()) == network && !s.has_exit(); })) {
    names.push_back(seat->name());
  }
  return names;
}

std::unique_ptr<Message> CreateChallenge(Maker& make) {
  auto request = std::make_unique<v1::CreateChallengeRequest>();
  request->set_parent(make.PickName<Network>("networks/okant"));
  request->set_challenge_id(make.Id("u", 30));
  v1::Challenge& challenge = *request->mutable_challenge();
  challenge.set_seat(make.PickName<Seat>("networks/n0/seats/okand",
                                         [&](const auto& s) { return ParentOf(s.name()) == request->parent(); }));
  challenge.set_display_name(make.Word());
  if (make.Chance(0.5)) *challenge.mutable_proposal_date() = make.Date(-200, 0);
  return request;
}

template <typename Request>
const v1::Challenge* Address(Maker& make, Request& request, v1::Challenge::State state) {
  const auto* seen = make.Pick<v1::Challenge>([&](const v1::Challenge& c) { return c.state() == state; });
  request.set_name(seen == nullptr ? kNoChallenge : seen->name());
  request.set_etag(make.Etag(seen));
  return seen;
}

std::unique_ptr<Message> AcceptChallenge(Maker& make) {
  auto request = std::make_unique<v1::AcceptChallengeRequest>();
  const auto* seen = Address(make, *request, v1::Challenge::PROPOSED);
  *request->mutable_answer_date() = make.After(seen == nullptr ? google::type::Date() : seen->proposal_date(), 60);
  return request;
}

std::unique_ptr<Message> DeclineChallenge(Maker& make) {
  auto request = std::make_unique<v1::DeclineChallengeRequest>();
  const auto* seen = Address(make, *request, v1::Challenge::PROPOSED);
  *request->mutable_answer_date() = make.After(seen == nullptr ? google::type::Date() : seen->proposal_date(), 60);
  request->set_reason(make.Word());
  return request;
}

std::unique_ptr<Message> CloseChallenge(Maker& make) {
  auto request = std::make_unique<v1::CloseChallengeRequest>();
  Address(make, *request, v1::Challenge::ACCEPTED);
  request->set_outcome(make.Word());
  return request;
}

std::unique_ptr<Message> CreateReviewRound(Maker& make) {
  auto request = std::make_unique<v1::CreateReviewRoundRequest>();
  request->set_parent(make.PickName<Network>("networks/okant"));
  request->set_review_round_id(make.Id("r", 8));
  v1::ReviewRound& round = *request->mutable_review_round();
  round.set_display_name(make.Word());
  round.set_agreement(
      make.PickName<agreements::v1::Agreement>(absl::StrCat(request->parent(), "/agreements/a", make.Below(4)),
                                               [&](const auto& a) { return ParentOf(a.name()) == request->parent(); }));
  *round.mutable_start_date() = make.Date(-200, 100);
  *round.mutable_end_date() = make.After(round.start_date(), 300);
  v1::ReviewRules& rules = *round.mutable_rules();
  rules.set_reviews_per_seat(make.Chance(0.8) ? 1 : make.Between(1, 3));
  rules.set_neighbours_allowed(make.Chance(0.7));
  rules.set_mutual_allowed(make.Chance(0.4));
  const std::vector<std::string> seats = SeatsOf(make, request->parent());
  if (make.Chance(0.8)) {
    for (const std::string& seat : seats) {
      if (rules.seats_size() < 6) rules.add_seats(seat);
    }
  }
  if (make.Chance(0.1) && rules.seats_size() > 1) {
    auto& conflict = *rules.add_conflicts();
    conflict.set_reviewer(rules.seats(0));
    conflict.set_reviewed(rules.seats(1));
  }
  if (make.Chance(0.1) && rules.seats_size() > 1) {
    auto& capacity = *rules.add_capacities();
    capacity.set_seat(rules.seats(0));
    capacity.set_max_reviews(make.Below(3));
  }
  return request;
}

std::unique_ptr<Message> ReleaseReviewRound(Maker& make) {
  auto request = std::make_unique<v1::ReleaseReviewRoundRequest>();
  const auto* seen = make.Pick<v1::ReviewRound>([](const auto& r) { return r.state() == v1::ReviewRound::DRAFT; });
  request->set_name(seen == nullptr ? kNoRound : seen->name());
  request->set_etag(make.Etag(seen));
  if (seen == nullptr) return request;
  const int seats = seen->rules().seats_size();
  const int step = make.Between(1, 2);
  for (int i = 0; i < seats; ++i) {
    for (int k = 0; k < seen->rules().reviews_per_seat(); ++k) {
      auto& pair = *request->add_pairs();
      pair.set_reviewer(seen->rules().seats(i));
      pair.set_reviewed(seen->rules().seats(make.Chance(0.02) ? i : (i + step + k) % seats));
    }
  }
  if (request->pairs_size() > 1 && make.Chance(0.03)) *request->add_pairs() = request->pairs(0);
  return request;
}

std::unique_ptr<Message> CloseReviewRound(Maker& make) {
  auto request = std::make_unique<v1::CloseReviewRoundRequest>();
  const auto* seen = make.Pick<v1::ReviewRound>([](const auto& r) { return r.state() == v1::ReviewRound::RELEASED; });
  request->set_name(seen == nullptr ? kNoRound : seen->name());
  request->set_etag(make.Etag(seen));
  return request;
}

std::unique_ptr<Message> ScopeReview(Maker& make) {
  auto request = std::make_unique<v1::ScopeReviewRequest>();
  const auto* seen = make.Pick<v1::Review>([](const auto& r) { return r.state() == v1::Review::PLANNED; });
  request->set_name(seen == nullptr ? kNoReview : seen->name());
  request->set_etag(make.Etag(seen));
  request->set_question(make.Word());
  if (make.Chance(0.6)) {
    request->add_challenges(make.PickName<v1::Challenge>(kNoChallenge, [&](const auto& c) {
      return seen != nullptr && c.seat() == seen->seat() && c.state() == v1::Challenge::ACCEPTED;
    }));
  }
  return request;
}

std::unique_ptr<Message> StaffReview(Maker& make) {
  auto request = std::make_unique<v1::StaffReviewRequest>();
  const auto* seen = make.Pick<v1::Review>([](const auto& r) { return r.state() == v1::Review::SCOPED; });
  request->set_name(seen == nullptr ? kNoReview : seen->name());
  request->set_etag(make.Etag(seen));
  for (const auto kind : {Post::ELECTED, Post::OFFICIAL}) {
    if (make.Chance(0.1)) continue;
    auto& member = *request->add_team();
    member.set_post(make.PickName<Post>("networks/n0/seats/s0/posts/okand", [&](const Post& p) {
      return seen != nullptr && seen->reviewers_size() > 0 && p.kind() == kind &&
             ParentOf(p.name()) == seen->reviewers(0);
    }));
  }
  return request;
}

}  // namespace

std::vector<Generator> PeerReviewGenerators() {
  return {{"CreateChallenge", 8, CreateChallenge},
          {"AcceptChallenge", 5, AcceptChallenge},
          {"DeclineChallenge", 2, DeclineChallenge},
          {"CloseChallenge", 2, CloseChallenge},
          {"CreateReviewRound", 4, CreateReviewRound},
          {"ReleaseReviewRound", 5, ReleaseReviewRound},
          {"CloseReviewRound", 2, CloseReviewRound},
          {"ScopeReview", 6, ScopeReview},
          {"StaffReview", 4, StaffReview}};
}

}  // namespace partnerskap::simulator
