#include "services/agreements/reactions/membership.h"

#include "common/status/refusal.h"
#include "services/agreements/handlers/agreements_fixture.h"
#include "services/agreements/store/projections.h"

namespace partnerskap::agreements {
namespace {

class MembershipReactionTest : public AgreementsFixture {
 protected:
  absl::StatusOr<SeatFacts> Seat(const std::string& name) {
    return database().Read([&](ReadTx& tx) { return GetSeatFacts(tx, name); });
  }
  absl::StatusOr<PostFacts> Post(const std::string& name, const std::string& seat) {
    return database().Read([&](ReadTx& tx) { return GetPostFacts(tx, name, seat); });
  }
  absl::Status Erase(const std::string& name, const std::string& type) {
    common::v1::Change change;
    change.set_name(name);
    change.set_message_type(type);
    return Learn("membership", change);
  }
};

TEST_F(MembershipReactionTest, KeepsSeatsWithTheirParties) {
  const auto seat = Seat(kJointSeat);
  ASSERT_TRUE(seat.ok()) << seat.status();
  EXPECT_TRUE(seat->member);
  EXPECT_EQ(seat->parties, (std::vector<std::string>{kDegerfors, kKarlskoga}));
  EXPECT_EQ(DateToText(seat->join_date), "2004");
  EXPECT_EQ(DateToText(seat->exit_date), "");
}

TEST_F(MembershipReactionTest, ReplacesWhatItKnew) {
  LearnSeat(kJointSeat, {kKarlskoga}, 2006, "2019-12-31");
  const auto seat = Seat(kJointSeat);
  EXPECT_EQ(seat->parties, std::vector<std::string>{kKarlskoga});
  EXPECT_EQ(DateToText(seat->join_date), "2006");
  EXPECT_EQ(DateToText(seat->exit_date), "2019-12-31");
}

TEST_F(MembershipReactionTest, KeepsPostsWithTheirHolders) {
  LearnSignatories();
  const auto post = Post(absl::StrCat(kHaningeSeat, "/posts/chair"), kHaningeSeat);
  ASSERT_TRUE(post.ok()) << post.status();
  EXPECT_EQ(post->capacity, "KOMMUNSTYRELSENS_ORDFORANDE");
  EXPECT_TRUE(post->of_seat);
  ASSERT_EQ(post->appointments.size(), 1u);
  EXPECT_EQ(post->appointments[0].person, Person(1));
  EXPECT_EQ(DateToText(post->appointments[0].start_date), "2015-01-01");
  EXPECT_FALSE(Post(post->post, kUppsalaSeat)->of_seat);
}

TEST_F(MembershipReactionTest, HearsOfARelease) {
  LearnSignatories();
  const std::string chair = absl::StrCat(kHaningeSeat, "/posts/chair");
  membership::v1::Appointment appointment;
  appointment.set_name(absl::StrCat(chair, "/appointments/2015"));
  appointment.set_person(Person(1));
  appointment.mutable_start_date()->set_year(2015);
  appointment.mutable_release_date()->set_year(2017);
  ASSERT_TRUE(Learn("membership", appointment).ok());
  const auto post = Post(chair, kHaningeSeat);
  ASSERT_EQ(post->appointments.size(), 1u);
  EXPECT_EQ(DateToText(post->appointments[0].release_date), "2017");
}

TEST_F(MembershipReactionTest, APostServesEverySeatOfItsOrganization) {
  LearnSignatories();
  LearnSeat("networks/regionalt/seats/haninge", {kHaninge}, 2013);
  EXPECT_TRUE(Post(absl::StrCat(kHaningeSeat, "/posts/chair"), "networks/regionalt/seats/haninge")->of_seat);
}

TEST_F(MembershipReactionTest, ForgetsWhatIsErased) {
  LearnSignatories();
  const std::string chair = absl::StrCat(kHaningeSeat, "/posts/chair");
  ASSERT_TRUE(Erase(chair + "/appointments/2015", "partnerskap.membership.v1.Appointment").ok());
  EXPECT_TRUE(Post(chair, kHaningeSeat)->appointments.empty());
  ASSERT_TRUE(Erase(kHaningeSeat, "partnerskap.membership.v1.Seat").ok());
  EXPECT_EQ(ReasonOf(Seat(kHaningeSeat).status()), "REFERENCE_UNKNOWN");
  EXPECT_TRUE(Seat(kUppsalaSeat).ok());
}

TEST_F(MembershipReactionTest, LeavesAloneWhatIsOfNoInterest) {
  EXPECT_TRUE(Erase("persons/x", "partnerskap.membership.v1.Person").ok());
}

TEST_F(MembershipReactionTest, StopsAtBytesThatAreNoSuchMessage) {
  common::v1::Change change;
  change.set_name(kHaningeSeat);
  change.set_message_type("partnerskap.membership.v1.Seat");
  change.set_message("\xff");
  EXPECT_FALSE(Learn("membership", change).ok());
  EXPECT_TRUE(Seat(kHaningeSeat).ok());
}

TEST_F(MembershipReactionTest, FollowersHoldASeatInTheNetwork) {
  const auto request = Request<common::v1::ListChangesRequest>("network: 'networks/partnerskapet'");
  const char* method = "/partnerskap.agreements.v1.AgreementsFeedService/ListChanges";
  CreateAgreement();
  EXPECT_GT(Ok<common::v1::ListChangesResponse>(Member(kHaninge), method, request).changes_size(), 0);
  ExpectRefused(Member("organizations/kommun-0191"), method, request, "OBJECT_NOT_YOURS");
}

// What membership's reaction reads: the changes of one adoption, decided, adjusted and signed.
TEST_F(MembershipReactionTest, TellsWhatMembershipNeeds) {
  LearnSignatories();
  Decide();
  Do("AdjustAdoption", Adjusting());
  Do("AnnounceAdoption", Announcing());
  Do("RecordAdoptionExtract", Extracting());
  Ok<v1::Signature>(Member(kHaninge), "CreateSignature", SignatureRequest(1));
  const auto changes = Ok<common::v1::ListChangesResponse>(
      Member(kHaninge), "/partnerskap.agreements.v1.AgreementsFeedService/ListChanges",
      Request<common::v1::ListChangesRequest>("network: 'networks/partnerskapet' page_size: 1000"));
  v1::Adoption adoption;
  v1::Signature signature;
  std::vector<std::string> events;
  for (const common::v1::Change& change : changes.changes()) {
    if (change.message_type() == "partnerskap.agreements.v1.Adoption") {
      ASSERT_TRUE(adoption.ParseFromString(change.message()));
      events.push_back(change.type());
    }
    if (change.message_type() == "partnerskap.agreements.v1.Signature") {
      ASSERT_TRUE(signature.ParseFromString(change.message()));
    }
  }
  EXPECT_THAT(events,
              ::testing::ElementsAre(
                  "partnerskap.agreements.adoption.created.v1", "partnerskap.agreements.adoption.prepared.v1",
                  "partnerskap.agreements.adoption.decided.v1", "partnerskap.agreements.adoption.adjusted.v1",
                  "partnerskap.agreements.adoption.announced.v1", "partnerskap.agreements.adoption.extracted.v1"));
  EXPECT_EQ(adoption.seat(), kHaningeSeat);
  EXPECT_EQ(adoption.outcome(), v1::Adoption::ADOPTED);
  EXPECT_EQ(DateToText(adoption.decision_date()), "2015-09-09");
  EXPECT_EQ(DateToText(adoption.announcement_date()), "2015-09-14");
  EXPECT_EQ(DateToText(adoption.extract_date()), "2015-09-20");
  EXPECT_EQ(DateToText(signature.sign_date()), "2015-09-15");
}

TEST_F(MembershipReactionTest, TellsNoTexts) {
  Ok<v1::Agreement>(admin(), "CreateAgreement", AgreementRequest());
  auto request = VersionRequest();
  request.mutable_agreement_version()->set_custody(v1::AgreementVersion::HELD);
  request.mutable_agreement_version()->set_text("Kommunerna samverkar.");
  Ok<v1::AgreementVersion>(admin(), "CreateAgreementVersion", request);
  const auto changes = Ok<common::v1::ListChangesResponse>(
      admin(), "/partnerskap.agreements.v1.AgreementsFeedService/ListChanges", common::v1::ListChangesRequest());
  ASSERT_GT(changes.changes_size(), 1);
  for (const common::v1::Change& change : changes.changes()) {
    EXPECT_EQ(change.message().find("samverkar"), std::string::npos) << change.name();
  }
}

}  // namespace
}  // namespace partnerskap::agreements
