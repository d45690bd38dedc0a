#include "services/agreements/handlers/agreements_fixture.h"

namespace partnerskap::agreements {
namespace {

class DecisionTest : public AgreementsFixture {
 protected:
  DecisionTest() { CreateAgreement(); }

  // Two members of one party stand aside; it is permitted a separate statement.
  static std::string Minutes() {
    return Adopting() +
           " items { number: 2 kind: PERMITS_STATEMENT text: 'Medges' party: 'Moderaterna' } method: ACCLAMATION"
           " stances { person: '" +
           Person(1) +
           "' party: 'Moderaterna' kind: DOES_NOT_TAKE_PART }"
           " stances { person: '" +
           Person(2) +
           "' party: 'Moderaterna' kind: DOES_NOT_TAKE_PART }"
           " stances { person: '" +
           Person(3) + "' party: 'Liberalerna' kind: TOOK_PART }";
  }
  template <typename M>
  static M Of(const std::string& party, const std::string& person = "") {
    M request;
    request.set_name(kDecision);
    request.set_etag("*");
    request.set_party(party);
    request.set_person(person);
    return request;
  }
  static auto Reserving(const std::string& party, const std::string& person = "") {
    return Of<v1::RecordReservationRequest>(party, person);
  }
  static auto Stating(const std::string& party, const std::string& person = "") {
    return Of<v1::RecordSeparateStatementRequest>(party, person);
  }
};

TEST_F(DecisionTest, IsTheOrganizationsOwn) {
  const auto decision = Ok<v1::Decision>(Member(kHaninge), "CreateDecision", DecisionRequest(Minutes()));
  EXPECT_EQ(decision.name(), kDecision);
  EXPECT_EQ(decision.stances_size(), 3);
  const auto get = Request<v1::GetDecisionRequest>("name: 'organizations/kommun-0136/decisions/ks-2015-59'");
  EXPECT_EQ(Ok<v1::Decision>(Reader(), "GetDecision", get).paragraph(), "59");
  const auto list = Request<v1::ListDecisionsRequest>("parent: 'organizations/kommun-0136'");
  EXPECT_EQ(Ok<v1::ListDecisionsResponse>(Reader(), "ListDecisions", list).decisions_size(), 1);
  ExpectRefused(Member(kUppsala), "CreateDecision", DecisionRequest(Minutes(), "ks-2015-60"), "OBJECT_NOT_YOURS");
}

TEST_F(DecisionTest, IsOfAnOrganizationThatIsKnown) {
  auto request = DecisionRequest(Adopting());
  request.set_parent("organizations/kommun-0191");
  ExpectRefused(admin(), "CreateDecision", request, "REFERENCE_UNKNOWN");
}

TEST_F(DecisionTest, ItemsSpeakOfWhatIsThere) {
  ExpectRefused(Member(kHaninge), "CreateDecision", DecisionRequest(Adopting(std::string(kAgreement) + "/versions/9")),
                "REFERENCE_UNKNOWN");
  const std::string appoints =
      "items { number: 1 kind: APPOINTS text: 'Utser' post: 'networks/partnerskapet/seats/haninge/posts/chair' }";
  ExpectRefused(Member(kHaninge), "CreateDecision", DecisionRequest(appoints), "REFERENCE_UNKNOWN");
  LearnSignatories();
  CreateDecision(appoints);
}

TEST_F(DecisionTest, IsWrittenAsMinutesAre) {
  const auto refused = [&](const std::string& minutes, const char* reason) {
    ExpectRefused(Member(kHaninge), "CreateDecision", DecisionRequest(minutes), reason);
  };
  refused("items { number: 2 kind: OTHER text: 'x' }", "ITEM_NUMBERS_WRONG");
  refused("items { number: 1 kind: ADOPTS text: 'x' }", "ITEM_TARGET_MISSING");
  refused(Adopting() + " stances { kind: TOOK_PART }", "STANCE_SUBJECT_MISSING");
  refused(Minutes() + " stances { person: '" + Person(3) + "' kind: RESERVATION }", "STANCE_REPEATED");
  refused(Adopting() + " stances { party: 'M' kind: TOOK_PART ground: SUPERVISION }",
          "DISQUALIFICATION_GROUND_MISPLACED");
  refused(Adopting() + " method: ACCLAMATION votes { yes_votes: 9 no_votes: 4 }", "VOTES_WITHOUT_VOTE");
}

TEST_F(DecisionTest, ReservationsAreForThoseWhoTookPart) {
  CreateDecision(Minutes());
  ExpectRefused(Member(kHaninge), "RecordReservation", Reserving("Moderaterna"), "RESERVATION_WITHOUT_TAKING_PART");
  ExpectRefused(Member(kHaninge), "RecordReservation", Reserving("Moderaterna", Person(1)),
                "RESERVATION_WITHOUT_TAKING_PART");
  ExpectRefused(Member(kHaninge), "RecordReservation", Reserving(""), "STANCE_SUBJECT_MISSING");
  ExpectRefused(Member(kUppsala), "RecordReservation", Reserving("Liberalerna"), "OBJECT_NOT_YOURS");
  const auto decision = Ok<v1::Decision>(Member(kHaninge), "RecordReservation", Reserving("", Person(3)));
  EXPECT_EQ(decision.stances(2).kind(), v1::Stance::RESERVATION);
  ExpectRefused(Member(kHaninge), "RecordReservation", Reserving("", Person(3)), "RESERVATION_REPEATED");
}

TEST_F(DecisionTest, AReservationShowsInTheOutcomeThatRestsOnIt) {
  CreateAdoption();
  CreateDecision(Minutes());
  Do("PrepareAdoption", Preparing());
  Do("RecordAdoptionOutcome", Deciding());
  auto request = Reserving("Liberalerna", Person(3));
  request.set_request_id("0b0e7a3c-95a8-4a12-8b0c-3f3f6d1c9a11");
  const auto decision = Ok<v1::Decision>(Member(kHaninge), "RecordReservation", request);
  const v1::Adoption adoption = GetAdoption();
  EXPECT_EQ(adoption.outcome(), v1::Adoption::ADOPTED_WITH_RESERVATION);
  EXPECT_EQ(adoption.state(), v1::Adoption::DECIDED);
  EXPECT_EQ(Ok<v1::Decision>(Member(kHaninge), "RecordReservation", request).SerializeAsString(),
            decision.SerializeAsString())
      << "a retry gets the same answer";
}

TEST_F(DecisionTest, AnOldEtagIsToldBeforeWhatTheDecisionSays) {
  CreateDecision(Minutes());
  auto request = Reserving("", Person(3));
  request.set_etag("1");
  Ok<v1::Decision>(Member(kHaninge), "RecordReservation", request);
  ExpectRefused(Member(kHaninge), "RecordReservation", request, "ETAG_STALE");
}

TEST_F(DecisionTest, SeparateStatementsNeedPermission) {
  CreateDecision(Minutes());
  ExpectRefused(Member(kHaninge), "RecordSeparateStatement", Stating("Liberalerna"), "STATEMENT_NOT_PERMITTED");
  ExpectRefused(Member(kHaninge), "RecordSeparateStatement", Stating(""), "STANCE_SUBJECT_MISSING");
  ExpectRefused(Member(kUppsala), "RecordSeparateStatement", Stating("Moderaterna"), "OBJECT_NOT_YOURS");
  auto request = Stating("Moderaterna");
  *request.mutable_receipt_date() = Date("2015-09-09");
  request.set_document("Bilaga § 59");
  const auto decision = Ok<v1::Decision>(Member(kHaninge), "RecordSeparateStatement", request);
  ASSERT_EQ(decision.separate_statements_size(), 1);
  EXPECT_EQ(decision.separate_statements(0).permitting_item(), 2);
  EXPECT_EQ(decision.separate_statements(0).document(), "Bilaga § 59");
  ExpectRefused(Member(kHaninge), "RecordSeparateStatement", Stating("Moderaterna"), "STATEMENT_REPEATED");
}

TEST_F(DecisionTest, StatementsAreTheServersToList) {
  const auto decision = CreateDecision(Minutes() + " separate_statements { party: 'Liberalerna' permitting_item: 2 }");
  EXPECT_EQ(decision.separate_statements_size(), 0);
}

TEST_F(DecisionTest, AStaleEtagIsRefused) {
  const auto first = CreateDecision(Minutes());
  auto request = Reserving("", Person(3));
  request.set_etag(first.etag());
  Ok<v1::Decision>(Member(kHaninge), "RecordReservation", request);
  auto stale = Stating("Moderaterna");
  stale.set_etag(first.etag());
  ExpectRefused(Member(kHaninge), "RecordSeparateStatement", stale, "ETAG_STALE");
}

}  // namespace
}  // namespace partnerskap::agreements
