// Most cases are Haninge KS 2020/131 § 59: two agreements adopted, a separate statement permitted to one party, which
// does not take part in the decision.
#include "services/agreements/domain/decisions.h"

#include "services/agreements/domain/testing.h"

namespace partnerskap::agreements {
namespace {

v1::Decision Paragraph59() {
  return Parse<v1::Decision>(R"pb(
    name: 'organizations/kommun-0136/decisions/ks-2020-59'
    items { number: 1 kind: ADOPTS text: 'Deltar' version: 'networks/partnerskapet/agreements/2020-2021/versions/1' }
    items { number: 2 kind: ADOPTS text: 'Deltar' version: 'networks/regionalt/agreements/2020-2023/versions/1' }
    items { number: 3 kind: PERMITS_STATEMENT text: 'Medges' party: 'Moderaterna' }
    method: ACCLAMATION
    stances { person: 'persons/a' party: 'Moderaterna' kind: DOES_NOT_TAKE_PART }
    stances { person: 'persons/b' party: 'Moderaterna' kind: DOES_NOT_TAKE_PART }
    stances { person: 'persons/c' party: 'Liberalerna' kind: TOOK_PART }
    stances { person: 'persons/d' kind: DISQUALIFIED ground: SUPERVISION }
  )pb");
}

TEST(Decisions, OneParagraphMayAdoptTwoAgreements) { EXPECT_EQ(ReasonIn(CheckDecision(Paragraph59())), "OK"); }

TEST(Decisions, ItemsAreNumberedFromOne) {
  v1::Decision decision = Paragraph59();
  decision.mutable_items(2)->set_number(4);
  EXPECT_EQ(ReasonIn(CheckItemNumbers(decision)), "ITEM_NUMBERS_WRONG");
  EXPECT_EQ(ReasonIn(CheckDecision(decision)), "ITEM_NUMBERS_WRONG");
}

TEST(Decisions, ItemsSayWhatTheySpeakOf) {
  const auto check = [](const std::string& text) { return ReasonIn(CheckItemTarget(Parse<v1::DecisionItem>(text))); };
  EXPECT_EQ(check("kind: ADOPTS version: 'v'"), "OK");
  EXPECT_EQ(check("kind: ADOPTS"), "ITEM_TARGET_MISSING");
  EXPECT_EQ(check("kind: REJECTS version: 'v'"), "OK");
  EXPECT_EQ(check("kind: REJECTS"), "ITEM_TARGET_MISSING");
  EXPECT_EQ(check("kind: REJECTS version: 'v' party: 'M'"), "ITEM_TARGET_MISSING");
  EXPECT_EQ(check("kind: PERMITS_STATEMENT party: 'M'"), "OK");
  EXPECT_EQ(check("kind: PERMITS_STATEMENT person: 'persons/a'"), "OK");
  EXPECT_EQ(check("kind: PERMITS_STATEMENT"), "ITEM_TARGET_MISSING");
  EXPECT_EQ(check("kind: PERMITS_STATEMENT party: 'M' person: 'persons/a'"), "ITEM_TARGET_MISSING");
  EXPECT_EQ(check("kind: APPOINTS post: 'p'"), "OK");
  EXPECT_EQ(check("kind: APPOINTS"), "ITEM_TARGET_MISSING");
  EXPECT_EQ(check("kind: TABLES"), "OK");
  EXPECT_EQ(check("kind: TABLES post: 'p'"), "ITEM_TARGET_MISSING");
  EXPECT_EQ(check("kind: OTHER version: 'v'"), "ITEM_TARGET_MISSING");
}

TEST(Decisions, StancesNameSomebody) {
  EXPECT_EQ(ReasonIn(CheckSubject({"persons/a", ""})), "OK");
  EXPECT_EQ(ReasonIn(CheckSubject({"", "M"})), "OK");
  EXPECT_EQ(ReasonIn(CheckSubject({"", ""})), "STANCE_SUBJECT_MISSING");
  v1::Decision decision = Paragraph59();
  decision.add_stances()->set_kind(v1::Stance::TOOK_PART);
  EXPECT_EQ(ReasonIn(CheckDecision(decision)), "STANCE_SUBJECT_MISSING");
}

TEST(Decisions, APersonStandsInOneWay) {
  v1::Decision decision = Paragraph59();
  EXPECT_EQ(ReasonIn(CheckStances(decision)), "OK");
  *decision.add_stances() = Parse<v1::Stance>("person: 'persons/a' kind: RESERVATION");
  EXPECT_EQ(ReasonIn(CheckStances(decision)), "STANCE_REPEATED");
}

TEST(Decisions, APartyAsSuchStandsInOneWay) {
  v1::Decision decision = Paragraph59();
  *decision.add_stances() = Parse<v1::Stance>("party: 'Moderaterna' kind: DOES_NOT_TAKE_PART");
  EXPECT_EQ(ReasonIn(CheckStances(decision)), "OK");
  *decision.add_stances() = Parse<v1::Stance>("party: 'Moderaterna' kind: TOOK_PART");
  EXPECT_EQ(ReasonIn(CheckStances(decision)), "STANCE_REPEATED");
}

TEST(Decisions, GroundsAreForTheDisqualified) {
  EXPECT_EQ(ReasonIn(CheckGround(Parse<v1::Stance>("kind: DISQUALIFIED ground: REPRESENTATIVE"))), "OK");
  EXPECT_EQ(ReasonIn(CheckGround(Parse<v1::Stance>("kind: DISQUALIFIED"))), "OK");
  EXPECT_EQ(ReasonIn(CheckGround(Parse<v1::Stance>("kind: TOOK_PART"))), "OK");
  EXPECT_EQ(ReasonIn(CheckGround(Parse<v1::Stance>("kind: DOES_NOT_TAKE_PART ground: REPRESENTATIVE"))),
            "DISQUALIFICATION_GROUND_MISPLACED");
}

TEST(Decisions, AcclamationCountsNoVotes) {
  EXPECT_EQ(ReasonIn(CheckVotes(Parse<v1::Decision>("method: VOTE votes { yes_votes: 8 no_votes: 5 }"))), "OK");
  EXPECT_EQ(ReasonIn(CheckVotes(Parse<v1::Decision>("method: VOTE"))), "OK");
  EXPECT_EQ(ReasonIn(CheckVotes(Parse<v1::Decision>("method: ACCLAMATION"))), "OK");
  EXPECT_EQ(ReasonIn(CheckVotes(Parse<v1::Decision>("method: ACCLAMATION votes { }"))), "VOTES_WITHOUT_VOTE");
  EXPECT_EQ(ReasonIn(CheckVotes(Parse<v1::Decision>("votes { yes_votes: 1 }"))), "VOTES_WITHOUT_VOTE");
}

TEST(Reservations, AreForThoseWhoTookPart) {
  const v1::Decision decision = Paragraph59();
  EXPECT_EQ(ReasonIn(MustHaveTakenPart(decision, {"persons/c", ""})), "OK");
  EXPECT_EQ(ReasonIn(MustHaveTakenPart(decision, {"persons/not-named", ""})), "OK");
  EXPECT_EQ(ReasonIn(MustHaveTakenPart(decision, {"persons/a", ""})), "RESERVATION_WITHOUT_TAKING_PART");
  EXPECT_EQ(ReasonIn(MustHaveTakenPart(decision, {"persons/d", ""})), "RESERVATION_WITHOUT_TAKING_PART");
}

TEST(Reservations, AreNotForAPartyWhoseMembersStoodAside) {
  v1::Decision decision = Paragraph59();
  EXPECT_EQ(ReasonIn(MustHaveTakenPart(decision, {"", "Moderaterna"})), "RESERVATION_WITHOUT_TAKING_PART");
  EXPECT_EQ(ReasonIn(MustHaveTakenPart(decision, {"", "Liberalerna"})), "OK");
  EXPECT_EQ(ReasonIn(MustHaveTakenPart(decision, {"", "Centerpartiet"})), "OK");
  *decision.add_stances() = Parse<v1::Stance>("person: 'persons/e' party: 'Moderaterna' kind: TOOK_PART");
  EXPECT_EQ(ReasonIn(MustHaveTakenPart(decision, {"", "Moderaterna"})), "OK");
}

TEST(Parties, AreTheSameInFullAndInShort) {
  v1::Decision decision = Paragraph59();
  for (v1::Stance& stance : *decision.mutable_stances()) {
    if (stance.party() == "Moderaterna") stance.set_party("M");
  }
  EXPECT_EQ(ReasonIn(MustHaveTakenPart(decision, {"", "Moderaterna"})), "RESERVATION_WITHOUT_TAKING_PART");
  EXPECT_EQ(ReasonIn(MustHaveTakenPart(decision, {"", "MP"})), "OK");
  EXPECT_EQ(PermittingItem(decision, {"", "M"}).value(), 3);
  EXPECT_EQ(ReasonIn(PermittingItem(decision, {"", "MP"}).status()), "STATEMENT_NOT_PERMITTED");
  *decision.add_stances() = Parse<v1::Stance>("party: 'Haningepartiet' kind: DOES_NOT_TAKE_PART");
  EXPECT_EQ(ReasonIn(MustHaveTakenPart(decision, {"", "Haningepartiet"})), "RESERVATION_WITHOUT_TAKING_PART");
}

TEST(Reservations, AreNotForAPersonWhosePartyStoodAside) {
  v1::Decision decision;
  *decision.add_stances() = Parse<v1::Stance>("party: 'Moderaterna' kind: DOES_NOT_TAKE_PART");
  EXPECT_EQ(ReasonIn(MustHaveTakenPart(decision, {"persons/a", "Moderaterna"})), "RESERVATION_WITHOUT_TAKING_PART");
  EXPECT_EQ(ReasonIn(MustHaveTakenPart(decision, {"persons/a", "Liberalerna"})), "OK");
}

TEST(Reservations, AreMadeOnce) {
  v1::Decision decision = Paragraph59();
  const Subject subject{"persons/c", "Liberalerna"};
  EXPECT_FALSE(HasReservation(decision));
  EXPECT_EQ(ReasonIn(MustNotHaveReserved(decision, subject)), "OK");
  AddReservation(subject, decision);
  EXPECT_TRUE(HasReservation(decision));
  EXPECT_EQ(decision.stances_size(), 4);
  EXPECT_EQ(decision.stances(2).kind(), v1::Stance::RESERVATION);
  EXPECT_EQ(ReasonIn(MustNotHaveReserved(decision, subject)), "RESERVATION_REPEATED");
  EXPECT_EQ(ReasonIn(MustHaveTakenPart(decision, subject)), "OK");
  EXPECT_EQ(ReasonIn(CheckDecision(decision)), "OK");
}

TEST(Reservations, OfOneWhoWasNotNamedAreAdded) {
  v1::Decision decision = Paragraph59();
  AddReservation({"", "Centerpartiet"}, decision);
  ASSERT_EQ(decision.stances_size(), 5);
  EXPECT_EQ(decision.stances(4).party(), "Centerpartiet");
  EXPECT_EQ(decision.stances(4).kind(), v1::Stance::RESERVATION);
}

TEST(Statements, NeedAnItemThatPermitsThem) {
  const v1::Decision decision = Paragraph59();
  EXPECT_EQ(PermittingItem(decision, {"", "Moderaterna"}).value(), 3);
  EXPECT_EQ(PermittingItem(decision, {"persons/a", "Moderaterna"}).value(), 3);
  EXPECT_EQ(ReasonIn(PermittingItem(decision, {"", "Liberalerna"}).status()), "STATEMENT_NOT_PERMITTED");
  EXPECT_EQ(ReasonIn(PermittingItem(decision, {"persons/a", ""}).status()), "STATEMENT_NOT_PERMITTED");
}

TEST(Statements, UseAPermissionOnce) {
  v1::Decision decision = Paragraph59();
  EXPECT_EQ(ReasonIn(MustNotHaveStated(decision, {"", "Moderaterna"}, 3)), "OK");
  decision.add_separate_statements()->set_permitting_item(3);
  EXPECT_EQ(PermittingItem(decision, {"", "Moderaterna"}).value(), 3);
  EXPECT_EQ(ReasonIn(MustNotHaveStated(decision, {"", "Moderaterna"}, 3)), "STATEMENT_REPEATED");
  *decision.add_items() = Parse<v1::DecisionItem>("number: 4 kind: PERMITS_STATEMENT party: 'Moderaterna'");
  EXPECT_EQ(PermittingItem(decision, {"", "Moderaterna"}).value(), 4);
  EXPECT_EQ(ReasonIn(MustNotHaveStated(decision, {"", "Moderaterna"}, 4)), "OK");
}

}  // namespace
}  // namespace partnerskap::agreements
