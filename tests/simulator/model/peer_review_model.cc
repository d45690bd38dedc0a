// The rules of *peer_review*: services/peer_review/README.md and the comments of partnerskap/peerreview/v1.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "partnerskap/membership/v1/posts.pb.h"
#include "partnerskap/membership/v1/resources.pb.h"
#include "partnerskap/peerreview/v1/service.pb.h"
#include "partnerskap/scheduling/v1/resources.pb.h"
#include "tests/simulator/model/dates.h"
#include "tests/simulator/model/facts.h"
#include "tests/simulator/model/network_members.h"

namespace partnerskap::simulator::model {
namespace {

using namespace peerreview::v1;  // NOLINT(google-build-using-namespace): this file speaks of nothing else
using membership::v1::Network;
using membership::v1::Post;
using membership::v1::Seat;
using scheduling::v1::HostRotation;

void NeedHolderOf(Case& judged, const std::string& seat) {
  const auto* known = judged.facts.Known<Seat>(seat);
  if (known == nullptr) return judged.NeedOrganization(nullptr);
  std::vector<std::string> organizations;
  for (const auto& party : known->parties()) organizations.push_back(party.organization());
  judged.NeedOrganization(&organizations);
}

// Known to have joined, and has not left. Of one whose joining nobody knows, or lies ahead, the pages say no more.
void MustTakePart(Case& judged, const std::string& seat, const Date& day) {
  const auto* known = judged.facts.Known<Seat>(seat);
  if (known == nullptr) return judged.RefuseOneOf({"REFERENCE_UNKNOWN", "SEAT_NOT_TAKING_PART"});
  bool never = true, always = true;
  for (const Date& each : {DateOf(judged.today), day}) {
    if (IsEmpty(each)) continue;
    const bool before = CertainlyBefore(each, known->join_date());
    const bool after = known->has_exit() && CertainlyBefore(known->exit().exit_date(), each);
    never = never && (before || after);
    always = always && (IsEmpty(known->join_date()) || SpanOf(known->join_date()).last <= SpanOf(each).first) &&
             (!known->has_exit() || SpanOf(each).last <= SpanOf(known->exit().exit_date()).first);
  }
  if (never) return judged.Refuse("SEAT_NOT_TAKING_PART");
  // On one of the two days it does, or perhaps.
  judged.UnclearIf(!always);
}

void CheckAgreement(Case& judged, const std::string& agreement, const std::string& network) {
  if (agreement.empty() || NetworkOf(agreement) == network) return;
  // Refused; under which name is not said.
  judged.Refuse("REFERENCE_UNKNOWN");
  judged.Unclear();
}

// ---- challenges

void CreateChallengeRule(Case& judged, const CreateChallengeRequest& request) {
  auto challenge = std::make_unique<Challenge>(request.challenge());
  challenge->set_name(absl::StrCat(request.parent(), "/challenges/", request.challenge_id()));
  NeedSeatInNetwork(judged, request.parent());
  judged.NeedParent(judged.facts.Known<Network>(request.parent()) != nullptr, true);
  judged.MustBeNew(challenge->name());
  CheckAgreement(judged, challenge->agreement(), request.parent());
  if (NetworkOf(challenge->seat()) != request.parent()) {
    judged.RefuseOneOf({"SEAT_NOT_TAKING_PART", "REFERENCE_UNKNOWN"});
  } else {
    MustTakePart(judged, challenge->seat(), challenge->proposal_date());
  }
  challenge->set_state(Challenge::PROPOSED);
  judged.Write(std::move(challenge));
}

template <typename Request>
std::unique_ptr<Challenge> ChallengeIn(Case& judged, const Request& request, Challenge::State from) {
  const auto* present = judged.facts.Own<Challenge>(request.name());
  NeedHolderOf(judged, present == nullptr ? "" : present->seat());
  if (judged.Object<Challenge>(request.name()) == nullptr) return nullptr;
  judged.CheckEtag(request.etag(), present->etag());
  if (present->state() != from) {
    judged.Refuse("CHALLENGE_STATE");
    return nullptr;
  }
  return std::make_unique<Challenge>(*present);
}

void AcceptRule(Case& judged, const AcceptChallengeRequest& request) {
  if (const auto* present = judged.facts.Own<Challenge>(request.name())) {
    // An answer before the question: refused or not, no reason is named for it.
    judged.UnclearIf(CertainlyBefore(request.answer_date(), present->proposal_date()));
  }
  auto challenge = ChallengeIn(judged, request, Challenge::PROPOSED);
  if (challenge == nullptr) return;
  *challenge->mutable_answer_date() = request.answer_date();
  challenge->set_state(Challenge::ACCEPTED);
  judged.Write(std::move(challenge));
}

void DeclineRule(Case& judged, const DeclineChallengeRequest& request) {
  if (const auto* present = judged.facts.Own<Challenge>(request.name())) {
    // An answer before the question: refused or not, no reason is named for it.
    judged.UnclearIf(CertainlyBefore(request.answer_date(), present->proposal_date()));
  }
  auto challenge = ChallengeIn(judged, request, Challenge::PROPOSED);
  if (challenge == nullptr) return;
  *challenge->mutable_answer_date() = request.answer_date();
  challenge->set_answer(request.reason());
  challenge->set_state(Challenge::DECLINED);
  judged.Write(std::move(challenge));
}

void CloseChallengeRule(Case& judged, const CloseChallengeRequest& request) {
  auto challenge = ChallengeIn(judged, request, Challenge::ACCEPTED);
  if (challenge == nullptr) return;
  challenge->set_answer(request.outcome());
  challenge->set_state(Challenge::CLOSED);
  judged.Write(std::move(challenge));
}

// ---- rules of a plan

bool InRing(const ReviewRules& rules, const std::string& seat) {
  return std::find(rules.seats().begin(), rules.seats().end(), seat) != rules.seats().end();
}

void FillRing(Case& judged, const std::string& network, ReviewRules& rules) {
  if (rules.seats_size() > 0) return;
  const auto* rotation = judged.facts.Known<HostRotation>(network + "/hostRotation");
  if (rotation == nullptr || rotation->seats_size() == 0) return judged.Refuse("HOST_ORDER_UNKNOWN");
  *rules.mutable_seats() = rotation->seats();
}

void CheckRules(Case& judged, const std::string& network, const ReviewRules& rules) {
  std::set<std::string> ring;
  for (const std::string& seat : rules.seats()) {
    if (NetworkOf(seat) != network || !ring.insert(seat).second) judged.Refuse("RING_SEAT_WRONG");
  }
  for (const ReviewConflict& conflict : rules.conflicts()) {
    if (!InRing(rules, conflict.reviewer()) || !InRing(rules, conflict.reviewed())) judged.Refuse("PAIR_SEAT_UNKNOWN");
    judged.UnclearIf(conflict.reviewer() == conflict.reviewed());
  }
  std::set<std::string> capacities;
  for (const ReviewCapacity& capacity : rules.capacities()) {
    if (!InRing(rules, capacity.seat())) judged.Refuse("PAIR_SEAT_UNKNOWN");
    judged.UnclearIf(!capacities.insert(capacity.seat()).second);
  }
  std::set<std::pair<std::string, std::string>> conflicts, former;
  for (const ReviewConflict& conflict : rules.conflicts()) {
    judged.UnclearIf(!conflicts.emplace(conflict.reviewer(), conflict.reviewed()).second);
  }
  for (const ReviewPair& pair : rules.previous_pairs()) {
    judged.UnclearIf(!former.emplace(pair.reviewer(), pair.reviewed()).second || pair.reviewer() == pair.reviewed() ||
                     NetworkOf(pair.reviewer()) != network || NetworkOf(pair.reviewed()) != network);
  }
  if (rules.seats_size() > 0 && rules.seats_size() <= rules.reviews_per_seat()) judged.Refuse("RING_TOO_SMALL");
}

void CreateRoundRule(Case& judged, const CreateReviewRoundRequest& request) {
  auto round = std::make_unique<ReviewRound>(request.review_round());
  round->set_name(absl::StrCat(request.parent(), "/reviewRounds/", request.review_round_id()));
  NeedSeatInNetwork(judged, request.parent());
  judged.NeedParent(judged.facts.Known<Network>(request.parent()) != nullptr, true);
  judged.MustBeNew(round->name());
  judged.CheckPeriod(round->start_date(), round->end_date());
  CheckAgreement(judged, round->agreement(), request.parent());
  FillRing(judged, request.parent(), *round->mutable_rules());
  // Whether its rules or its time is looked at first, where there is no ring, nobody asks.
  if (round->rules().seats_size() == 0) return judged.Unclear();
  // Without a ring nothing can be said of its pairs.
  if (round->rules().seats_size() > 0) CheckRules(judged, request.parent(), round->rules());
  for (const std::string& seat : round->rules().seats()) {
    if (NetworkOf(seat) == request.parent()) MustTakePart(judged, seat, round->start_date());
  }
  for (const auto* other : judged.facts.OwnUnder<ReviewRound>(request.parent() + "/reviewRounds/")) {
    if (other->agreement() == round->agreement() && other->state() != ReviewRound::CLOSED) {
      judged.Refuse("ROUND_OVERLAPS");
    }
  }
  round->set_state(ReviewRound::DRAFT);
  judged.Write(std::move(round));
}

// ---- a plan against its rules

using Pair = std::pair<std::string, std::string>;  // reviewer, reviewed

bool AreNeighbours(const ReviewRules& rules, const Pair& pair) {
  const int count = rules.seats_size();
  for (int i = 0; i < count; ++i) {
    const Pair next = {rules.seats(i), rules.seats((i + 1) % count)};
    if (pair == next || Pair(pair.second, pair.first) == next) return true;
  }
  return false;
}

void CheckCounts(Case& judged, const ReviewRules& rules, const std::set<Pair>& plan) {
  std::map<std::string, int> reviews, reviewed_by;
  for (const Pair& pair : plan) {
    ++reviews[pair.first];
    ++reviewed_by[pair.second];
  }
  const int k = rules.reviews_per_seat();
  for (const std::string& seat : rules.seats()) {
    if (reviewed_by[seat] != k) judged.Refuse("PLAN_COUNT_WRONG");
    const auto capacity = std::find_if(rules.capacities().begin(), rules.capacities().end(),
                                       [&](const ReviewCapacity& each) { return each.seat() == seat; });
    if (capacity == rules.capacities().end()) {
      if (reviews[seat] != k) judged.Refuse("PLAN_COUNT_WRONG");
    } else {
      if (reviews[seat] > capacity->max_reviews()) judged.RefuseOneOf({"PLAN_OVER_CAPACITY", "PLAN_COUNT_WRONG"});
      // "As many as its capacity says", or fewer.
      judged.UnclearIf(reviews[seat] < std::min(k, capacity->max_reviews()));
    }
  }
}

void CheckPlan(Case& judged, const ReviewRules& rules, const ReleaseReviewRoundRequest& request) {
  std::set<Pair> plan, former;
  for (const ReviewPair& pair : request.pairs()) {
    if (!InRing(rules, pair.reviewer()) || !InRing(rules, pair.reviewed())) judged.Refuse("PAIR_SEAT_UNKNOWN");
    if (!plan.emplace(pair.reviewer(), pair.reviewed()).second) judged.Refuse("PAIR_REPEATED");
    if (pair.reviewer() == pair.reviewed()) judged.Refuse("PLAN_SELF_REVIEW");
  }
  CheckCounts(judged, rules, plan);
  for (const ReviewPair& pair : rules.previous_pairs()) former.emplace(pair.reviewer(), pair.reviewed());
  for (const Pair& pair : plan) {
    if (pair.first == pair.second) continue;
    if (!rules.mutual_allowed() && plan.count({pair.second, pair.first}) > 0) judged.Refuse("PLAN_MUTUAL_PAIR");
    if (!rules.neighbours_allowed() && AreNeighbours(rules, pair)) judged.Refuse("PLAN_NEIGHBOURS");
    for (const ReviewConflict& conflict : rules.conflicts()) {
      if (Pair(conflict.reviewer(), conflict.reviewed()) == pair) judged.Refuse("PLAN_CONFLICT");
    }
    if (rules.previous_pairs_refused() && former.count(pair) > 0) judged.Refuse("PLAN_REPEATS");
  }
}

void ReleaseRule(Case& judged, const ReleaseReviewRoundRequest& request) {
  NeedSeatInNetwork(judged, NetworkOf(request.name()));
  const auto* present = judged.Object<ReviewRound>(request.name());
  if (present == nullptr) return;
  judged.CheckEtag(request.etag(), present->etag());
  CheckPlan(judged, present->rules(), request);
  if (present->state() != ReviewRound::DRAFT) judged.Refuse("ROUND_STATE");
  for (const std::string& seat : present->rules().seats()) {
    const auto* known = judged.facts.Known<Seat>(seat);
    // A plan of seats of which one has left since is the round's, and nobody's any more.
    judged.UnclearIf(known == nullptr || known->has_exit());
  }
  auto round = std::make_unique<ReviewRound>(*present);
  round->set_state(ReviewRound::RELEASED);
  *round->mutable_release_date() = DateOf(judged.today);
  for (const std::string& seat : round->rules().seats()) {
    auto review = std::make_unique<Review>();
    review->set_name(absl::StrCat(round->name(), "/reviews/", IdOf(seat)));
    review->set_seat(seat);
    review->set_state(Review::PLANNED);
    for (const ReviewPair& pair : request.pairs()) {
      if (pair.reviewed() == seat) review->add_reviewers(pair.reviewer());
    }
    judged.WriteAlso(std::move(review));
  }
  judged.Write(std::move(round));
}

void CloseRoundRule(Case& judged, const CloseReviewRoundRequest& request) {
  NeedSeatInNetwork(judged, NetworkOf(request.name()));
  const auto* present = judged.Object<ReviewRound>(request.name());
  if (present == nullptr) return;
  judged.CheckEtag(request.etag(), present->etag());
  if (present->state() != ReviewRound::RELEASED) return judged.Refuse("ROUND_STATE");
  auto round = std::make_unique<ReviewRound>(*present);
  round->set_state(ReviewRound::CLOSED);
  judged.Write(std::move(round));
}

void PlanReviewsRule(Case& judged, const PlanReviewsRequest& request) {
  // Of a network that nobody knows a ring can be planned, or not.
  if (judged.facts.Known<Network>(request.network()) == nullptr) return judged.Unclear();
  ReviewRules rules = request.rules();
  FillRing(judged, request.network(), rules);
  if (judged.refused()) return;
  CheckRules(judged, request.network(), rules);
  // Whether those that a question of planning names must take part is not said.
  for (const std::string& seat : rules.seats()) judged.UnclearIf(judged.facts.Known<Seat>(seat) == nullptr);
  auto answer = std::make_unique<PlanReviewsResponse>();
  *answer->mutable_seats() = rules.seats();
  answer->set_needed_pairs(rules.seats_size() * rules.reviews_per_seat());
  const int count = rules.seats_size();
  std::vector<std::string> fields = {"seats", "needed_pairs"};
  if (!rules.mutual_allowed() && rules.conflicts_size() == 0 && count > 3 && !rules.previous_pairs_refused()) {
    const int neighbours = rules.neighbours_allowed() ? 0 : count;
    answer->set_available_pairs(count * (count - 1) / 2 - neighbours);
    fields.emplace_back("available_pairs");
  }
  judged.JudgeOnly(fields);
  judged.Answer(std::move(answer));
}

// ---- reviews

const std::vector<std::string>& ReviewFields() {
  // In which order the reviewers stand is not said.
  static const auto& fields =
      *new std::vector<std::string>{"name", "seat", "state", "question", "challenges", "team", "etag"};
  return fields;
}

// A plan that was not judged has reviews of which the model has not heard.
bool HeardOf(Case& judged, const std::string& review) {
  const auto* round = judged.facts.Own<ReviewRound>(ParentOf(review));
  const bool unheard =
      judged.facts.Own<Review>(review) == nullptr && round != nullptr && round->state() != ReviewRound::DRAFT;
  judged.UnclearIf(unheard);
  return !unheard;
}

void ScopeRule(Case& judged, const ScopeReviewRequest& request) {
  if (!HeardOf(judged, request.name())) return;
  const auto* present = judged.facts.Own<Review>(request.name());
  NeedHolderOf(judged, present == nullptr ? "" : present->seat());
  if (judged.Object<Review>(request.name()) == nullptr) return;
  judged.CheckEtag(request.etag(), present->etag());
  if (present->state() != Review::PLANNED) return judged.Refuse("REVIEW_STATE");
  const auto* round = judged.facts.Own<ReviewRound>(ParentOf(request.name()));
  judged.UnclearIf(round == nullptr || round->state() != ReviewRound::RELEASED);
  std::set<std::string> named;
  for (const std::string& name : request.challenges()) {
    const auto* challenge = judged.facts.Own<Challenge>(name);
    judged.UnclearIf(!named.insert(name).second);
    if (challenge == nullptr) {
      judged.RefuseOneOf({"REFERENCE_UNKNOWN", "SCOPE_CHALLENGE_WRONG"});
    } else if (challenge->seat() != present->seat() || challenge->state() != Challenge::ACCEPTED) {
      judged.Refuse("SCOPE_CHALLENGE_WRONG");
    }
  }
  auto review = std::make_unique<Review>(*present);
  review->set_question(request.question());
  *review->mutable_challenges() = request.challenges();
  review->set_state(Review::SCOPED);
  judged.JudgeOnly(ReviewFields());
  judged.Write(std::move(review));
}

void StaffRule(Case& judged, const StaffReviewRequest& request) {
  if (!HeardOf(judged, request.name())) return;
  NeedSeatInNetwork(judged, NetworkOf(request.name()));
  const auto* present = judged.Object<Review>(request.name());
  if (present == nullptr) return;
  judged.CheckEtag(request.etag(), present->etag());
  if (present->state() != Review::SCOPED) return judged.Refuse("REVIEW_STATE");
  const auto* round = judged.facts.Own<ReviewRound>(ParentOf(request.name()));
  judged.UnclearIf(round == nullptr || round->state() != ReviewRound::RELEASED);
  bool elected = false, official = false, unknown = false;
  std::set<std::string> posts;
  for (const TeamMember& member : request.team()) {
    judged.UnclearIf(!posts.insert(member.post()).second);
    const auto& reviewers = present->reviewers();
    const bool theirs = std::find(reviewers.begin(), reviewers.end(), ParentOf(member.post())) != reviewers.end();
    if (!theirs) judged.Refuse("TEAM_MEMBER_OF_OTHER_SEAT");
    const auto* post = judged.facts.Known<Post>(member.post());
    if (post == nullptr) {
      unknown = true;
      judged.Refuse("REFERENCE_UNKNOWN");
      continue;
    }
    elected = elected || post->kind() == Post::ELECTED;
    official = official || post->kind() == Post::OFFICIAL;
  }
  if ((!elected || !official) && !unknown) judged.Refuse("TEAM_NOT_MIXED");
  auto review = std::make_unique<Review>(*present);
  *review->mutable_team() = request.team();
  review->set_state(Review::TEAM_SET);
  judged.JudgeOnly(ReviewFields());
  judged.Write(std::move(review));
}

// ---- reads

void GetReviewRule(Case& judged, const GetReviewRequest& request) {
  if (!HeardOf(judged, request.name())) return;
  JudgeGet<GetReviewRequest, Review>(judged, request);
  judged.JudgeOnly(ReviewFields());
}

template <typename Request, typename Response, typename M>
Rule ListUnder(const std::string& collection, const std::string& field, bool heard) {
  return [collection, field, heard](Case& judged, const Message& message) {
    const auto& request = static_cast<const Request&>(message);
    if (request.has_read_time()) return judged.Unclear();
    const auto& parents = heard ? judged.facts.known : judged.facts.own;
    if (!judged.Lists(parents.count(request.parent()) > 0)) return;
    if (!heard) {
      const auto* round = judged.facts.Own<ReviewRound>(request.parent());
      const auto reviews = judged.facts.OwnUnder<Review>(request.parent() + "/reviews/");
      judged.UnclearIf(round != nullptr && round->state() != ReviewRound::DRAFT &&
                       static_cast<int>(reviews.size()) != round->rules().seats_size());
      judged.JudgeOnly(ReviewFields());
    }
    AnswerList<Response>(judged, judged.facts.OwnUnder<M>(absl::StrCat(request.parent(), "/", collection, "/")), field);
  };
}

}  // namespace

Rules PeerReviewRules() {
  Rules rules;
  rules["CreateChallenge"] = On(&CreateChallengeRule);
  rules["AcceptChallenge"] = On(&AcceptRule);
  rules["DeclineChallenge"] = On(&DeclineRule);
  rules["CloseChallenge"] = On(&CloseChallengeRule);
  rules["CreateReviewRound"] = On(&CreateRoundRule);
  rules["PlanReviews"] = On(&PlanReviewsRule);
  rules["ReleaseReviewRound"] = On(&ReleaseRule);
  rules["CloseReviewRound"] = On(&CloseRoundRule);
  rules["ScopeReview"] = On(&ScopeRule);
  rules["StaffReview"] = On(&StaffRule);
  rules["GetChallenge"] = On(&JudgeGet<GetChallengeRequest, Challenge>);
  rules["GetReviewRound"] = On(&JudgeGet<GetReviewRoundRequest, ReviewRound>);
  rules["GetReview"] = On(&GetReviewRule);
  rules["ListChallenges"] =
      ListUnder<ListChallengesRequest, ListChallengesResponse, Challenge>("challenges", "challenges", true);
  rules["ListReviewRounds"] =
      ListUnder<ListReviewRoundsRequest, ListReviewRoundsResponse, ReviewRound>("reviewRounds", "review_rounds", true);
  rules["ListReviews"] = ListUnder<ListReviewsRequest, ListReviewsResponse, Review>("reviews", "reviews", false);
  return rules;
}

void PeerReviewInvariants(const Facts& facts, std::vector<std::string>& broken) {
  for (const auto* round : facts.OwnUnder<ReviewRound>("networks/")) {
    const auto reviews = facts.OwnUnder<Review>(round->name() + "/reviews/");
    const bool released = round->state() != ReviewRound::DRAFT;
    if (released != round->has_release_date())
      broken.push_back(round->name() + " has a release day that it cannot have");
    if (!released && !reviews.empty()) broken.push_back(round->name() + " is a draft and has reviews");
    for (const Review* review : reviews) {
      const auto& reviewers = review->reviewers();
      if (std::find(reviewers.begin(), reviewers.end(), review->seat()) != reviewers.end()) {
        broken.push_back(review->name() + " is reviewed by itself");
      }
      if (review->state() == Review::TEAM_SET && review->team_size() < 2) {
        broken.push_back(review->name() + " has a team of fewer than two");
      }
    }
  }
}

}  // namespace partnerskap::simulator::model
