#include "services/peer_review/domain/taking_part.h"

#include <gtest/gtest.h>

#include "common/status/refusal.h"
#include "common/time/partial_date.h"

namespace partnerskap::peer_review {
namespace {

google::type::Date Day(absl::string_view text) { return *DateFromText(text); }

KnownSeat Seat() { return {"networks/n/seats/a", "networks/n", "A", Day("2012-03"), Day("2017-12-31")}; }

std::string TakesPart(const std::optional<KnownSeat>& seat, absl::string_view day) {
  return ReasonOf(MustTakePart(seat, "networks/n/seats/a", "networks/n", Day(day)));
}

TEST(MustTakePart, FromJoiningToLeaving) {
  EXPECT_EQ(TakesPart(Seat(), "2012-02-29"), "SEAT_NOT_TAKING_PART");
  EXPECT_EQ(TakesPart(Seat(), "2012-03-01"), "");
  EXPECT_EQ(TakesPart(Seat(), "2017-12-31"), "");
  EXPECT_EQ(TakesPart(Seat(), "2018-01-01"), "SEAT_NOT_TAKING_PART");
}

TEST(MustTakePart, WhatNoSourceSaysIsNotHeldAgainstAnybody) {
  KnownSeat seat = Seat();
  seat.join_date.Clear();
  seat.exit_date.Clear();
  EXPECT_EQ(TakesPart(seat, "1990-01-01"), "");
  EXPECT_EQ(TakesPart(Seat(), "2012"), "");
}

TEST(MustTakePart, UnknownSeatsAndThoseOfOtherNetworksDoNot) {
  EXPECT_EQ(TakesPart(std::nullopt, "2015-01-01"), "SEAT_NOT_TAKING_PART");
  KnownSeat seat = Seat();
  seat.network = "networks/other";
  const absl::Status status = MustTakePart(seat, "networks/n/seats/a", "networks/n", Day("2015-01-01"));
  EXPECT_EQ(ReasonOf(status), "SEAT_NOT_TAKING_PART");
  EXPECT_EQ(ReasonMetadataOf(status, "seat"), "networks/n/seats/a");
}

TEST(MustNotBeReversed, OnlyWhatIsCertainlyReversed) {
  EXPECT_TRUE(MustNotBeReversed(Day("2018-01-01"), Day("2018-01-01"), "end").ok());
  EXPECT_TRUE(MustNotBeReversed(Day("2018-05"), Day("2018"), "end").ok());
  EXPECT_TRUE(MustNotBeReversed({}, Day("2018"), "end").ok());
  EXPECT_TRUE(MustNotBeReversed(Day("2018"), {}, "end").ok());
  const absl::Status status = MustNotBeReversed(Day("2018-05"), Day("2018-04-30"), "end");
  EXPECT_EQ(ReasonOf(status), "PERIOD_REVERSED");
  EXPECT_EQ(ReasonMetadataOf(status, "field"), "end");
  EXPECT_EQ(ReasonMetadataOf(status, "start"), "2018-05");
}

TEST(MustBeOfNetwork, NamesTheField) {
  EXPECT_TRUE(MustBeOfNetwork("networks/n", "", "f").ok());
  EXPECT_TRUE(MustBeOfNetwork("networks/n", "networks/n/agreements/a", "f").ok());
  const absl::Status status = MustBeOfNetwork("networks/n", "networks/nn/agreements/a", "round.agreement");
  ASSERT_EQ(ViolationsOf(status).size(), 1u);
  EXPECT_EQ(ViolationsOf(status)[0].field, "round.agreement");
}

TEST(MayOpenRound, OneAtATime) {
  EXPECT_TRUE(MayOpenRound("").ok());
  EXPECT_EQ(ReasonOf(MayOpenRound("networks/n/reviewRounds/1")), "ROUND_OVERLAPS");
}

v1::Review Review() {
  v1::Review review;
  review.set_name("networks/n/reviewRounds/r/reviews/a");
  review.set_seat("networks/n/seats/a");
  review.add_reviewers("networks/n/seats/b");
  review.add_reviewers("networks/n/seats/c");
  return review;
}

v1::Challenge Challenge(absl::string_view seat, v1::Challenge::State state) {
  v1::Challenge challenge;
  challenge.set_name("networks/n/challenges/c");
  challenge.set_seat(std::string(seat));
  challenge.set_state(state);
  return challenge;
}

TEST(MayScope, OnlyWhatTheReviewedSeatHasAccepted) {
  EXPECT_TRUE(MayScope(Review(), {}).ok());
  EXPECT_TRUE(MayScope(Review(), {Challenge("networks/n/seats/a", v1::Challenge::ACCEPTED)}).ok());
  for (const auto state : {v1::Challenge::PROPOSED, v1::Challenge::DECLINED, v1::Challenge::CLOSED}) {
    const absl::Status status = MayScope(
        Review(), {Challenge("networks/n/seats/a", v1::Challenge::ACCEPTED), Challenge("networks/n/seats/a", state)});
    EXPECT_EQ(ReasonOf(status), "SCOPE_CHALLENGE_WRONG");
    EXPECT_EQ(ReasonMetadataOf(status, "challenge"), "networks/n/challenges/c");
  }
  EXPECT_EQ(ReasonOf(MayScope(Review(), {Challenge("networks/n/seats/b", v1::Challenge::ACCEPTED)})),
            "SCOPE_CHALLENGE_WRONG");
}

KnownPost Post(const std::string& seat, const std::string& kind) { return {seat + "/posts/p", seat, kind}; }

TEST(MayStaff, MixedAndOfTheReviewers) {
  const std::string b = "networks/n/seats/b";
  const std::string c = "networks/n/seats/c";
  EXPECT_TRUE(MayStaff(Review(), {Post(b, "ELECTED"), Post(c, "OFFICIAL")}).ok());
  EXPECT_TRUE(MayStaff(Review(), {Post(b, "OFFICIAL"), Post(b, "SPOKESPERSON"), Post(b, "ELECTED")}).ok());
  EXPECT_EQ(ReasonMetadataOf(MayStaff(Review(), {Post(b, "OFFICIAL")}), "missing"), "ELECTED");
  EXPECT_EQ(ReasonMetadataOf(MayStaff(Review(), {Post(b, "ELECTED"), Post(c, "CONTACT_PERSON")}), "missing"),
            "OFFICIAL");
  EXPECT_EQ(ReasonOf(MayStaff(Review(), {})), "TEAM_NOT_MIXED");
  const absl::Status status = MayStaff(Review(), {Post(b, "ELECTED"), Post("networks/n/seats/a", "OFFICIAL")});
  EXPECT_EQ(ReasonOf(status), "TEAM_MEMBER_OF_OTHER_SEAT");
  EXPECT_EQ(ReasonMetadataOf(status, "post"), "networks/n/seats/a/posts/p");
  // A seat that has no part in the review is as strange to it as the reviewed one.
  EXPECT_EQ(
      ReasonOf(MayStaff(Review(), {Post(b, "ELECTED"), Post(c, "OFFICIAL"), Post("networks/n/seats/d", "ELECTED")})),
      "TEAM_MEMBER_OF_OTHER_SEAT");
}

}  // namespace
}  // namespace partnerskap::peer_review
