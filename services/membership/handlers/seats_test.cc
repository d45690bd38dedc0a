#include <tuple>

#include "gtest/gtest.h"
#include "services/membership/handlers/fixture.h"

namespace partnerskap::membership {
namespace {

using SeatsTest = MembershipTest;

TEST_F(SeatsTest, AJointSeatIsOneSeatOfTwoMunicipalities) {
  CreateUppsala();
  CreateMunicipality("1883", "Karlskoga");
  CreateMunicipality("1862", "Degerfors");
  const auto seat = Ok<v1::Seat>(
      admin(), "CreateSeat",
      Request<v1::CreateSeatRequest>(
          "parent: 'networks/n' seat_id: 'karlskoga-degerfors' seat { kind: MEMBER display_name: 'Karlskoga/Degerfors' "
          "parties { organization: 'organizations/kommun-1883' } parties { organization: 'organizations/kommun-1862' } "
          "}"));
  EXPECT_EQ(seat.parties_size(), 2);
  // Either party may act for it.
  Ok<v1::Seat>(Member("organizations/kommun-1862"), "HoldSeat",
               Request<v1::HoldSeatRequest>("name: 'networks/n/seats/karlskoga-degerfors' etag: '1' start_date { year: "
                                            "2020 month: 1 day: 1 } reason: 'R'"));
  const auto batch = Ok<v1::BatchGetSeatsResponse>(
      Reader(), "BatchGetSeats",
      Request<v1::BatchGetSeatsRequest>(
          "parent: 'networks/n' names: 'networks/n/seats/uppsala' names: 'networks/n/seats/karlskoga-degerfors'"));
  EXPECT_EQ(batch.seats_size(), 2);
  ExpectRefused(Reader(), "BatchGetSeats",
                Request<v1::BatchGetSeatsRequest>("parent: 'networks/n' names: 'networks/m/seats/uppsala'"),
                "FIELD_VIOLATIONS");
  ExpectRefused(Reader(), "BatchGetSeats",
                Request<v1::BatchGetSeatsRequest>("parent: 'networks/n' names: 'networks/n/seats/none'"),
                "RESOURCE_NOT_FOUND");
}

TEST_F(SeatsTest, SeatsAreListedInSwedishOrder) {
  CreateUppsala();
  for (const auto& [code, id, name] :
       {std::tuple("1880", "orebro", "Örebro"), std::tuple("0580", "linkoping", "Linköping"),
        std::tuple("0486", "strangnas", "Strängnäs")}) {
    CreateMunicipality(code, name);
    Ok<v1::Seat>(admin(), "CreateSeat",
                 Request<v1::CreateSeatRequest>(
                     absl::StrCat("parent: 'networks/n' seat_id: '", id, "' seat { kind: MEMBER display_name: '", name,
                                  "' parties { organization: 'organizations/kommun-", code, "' } }")));
  }
  auto request = Request<v1::ListSeatsRequest>("parent: 'networks/n' page_size: 3");
  const auto first = Ok<v1::ListSeatsResponse>(Reader(), "ListSeats", request);
  ASSERT_EQ(first.seats_size(), 3);
  EXPECT_EQ(first.seats(0).display_name(), "Linköping");
  EXPECT_EQ(first.seats(2).display_name(), "Uppsala");
  request.set_page_token(first.next_page_token());
  const auto last = Ok<v1::ListSeatsResponse>(Reader(), "ListSeats", request);
  ASSERT_EQ(last.seats_size(), 1);
  EXPECT_EQ(last.seats(0).display_name(), "Örebro");
  EXPECT_EQ(last.next_page_token(), "");
  request.set_page_token("not a token");
  ExpectRefused(Reader(), "ListSeats", request, "PAGE_TOKEN_INVALID");
}

TEST_F(SeatsTest, AllPagesOfAListAreOneSnapshot) {
  CreateUppsala();
  const auto create = [&](const std::string& code, const std::string& id, const std::string& name) {
    CreateMunicipality(code, name);
    Ok<v1::Seat>(admin(), "CreateSeat",
                 Request<v1::CreateSeatRequest>(
                     absl::StrCat("parent: 'networks/n' seat_id: '", id, "' seat { kind: MEMBER display_name: '", name,
                                  "' parties { organization: 'organizations/kommun-", code, "' } }")));
  };
  create("0580", "linkoping", "Linköping");
  auto request = Request<v1::ListSeatsRequest>("parent: 'networks/n' page_size: 1");
  const auto first = Ok<v1::ListSeatsResponse>(Reader(), "ListSeats", request);
  create("1880", "orebro", "Örebro");
  Ok<v1::Seat>(
      admin(), "UpdateSeat",
      Request<v1::UpdateSeatRequest>(absl::StrCat(
          "seat { name: '", kSeat, "' display_name: 'Alunda' etag: '*' } update_mask { paths: 'display_name' }")));
  request.set_page_token(first.next_page_token());
  const auto last = Ok<v1::ListSeatsResponse>(Reader(), "ListSeats", request);
  ASSERT_EQ(last.seats_size(), 1);
  EXPECT_EQ(last.seats(0).display_name(), "Uppsala");
  EXPECT_EQ(last.next_page_token(), "");
}

TEST_F(SeatsTest, SeatsAreRefusedForWhatIsWrongWithThem) {
  CreateUppsala();
  const auto refused = [&](const std::string& request, absl::string_view reason) {
    ExpectRefused(admin(), "CreateSeat", Request<v1::CreateSeatRequest>(request), reason);
  };
  refused(
      "parent: 'networks/none' seat_id: 's' seat { kind: MEMBER display_name: 'S' parties { organization: "
      "'organizations/kommun-0380' } }",
      "PARENT_NOT_FOUND");
  refused(
      "parent: 'networks/n' seat_id: 's' seat { kind: MEMBER display_name: 'S' parties { organization: "
      "'organizations/none' } }",
      "REFERENCE_UNKNOWN");
  refused(
      "parent: 'networks/n' seat_id: 's' seat { kind: MEMBER display_name: 'S' parties { organization: "
      "'organizations/kommun-0380' } }",
      "SEAT_PARTY_TAKEN");
  refused(
      "parent: 'networks/n' seat_id: 's' seat { kind: MEMBER display_name: 'S' parties { organization: "
      "'organizations/kommun-0380' } "
      "parties { organization: 'organizations/kommun-0380' } }",
      "SEAT_PARTY_REPEATED");
  refused("parent: 'networks/n' seat_id: 's' seat { kind: MEMBER display_name: 'S' }", "FIELD_VIOLATIONS");
  refused(
      "parent: 'networks/n' seat_id: '../s' seat { kind: MEMBER display_name: 'S' parties { organization: "
      "'organizations/kommun-0380' } }",
      "FIELD_VIOLATIONS");
  refused(
      "parent: 'not a network' seat_id: 's' seat { kind: MEMBER display_name: 'S' parties { organization: "
      "'organizations/kommun-0380' } }",
      "FIELD_VIOLATIONS");
}

TEST_F(SeatsTest, ASeatIsHeldResumedAndLeft) {
  CreateUppsala();
  const auto held = Ok<v1::Seat>(Uppsala(), "HoldSeat",
                                 Request<v1::HoldSeatRequest>("name: 'networks/n/seats/uppsala' etag: '1' start_date { "
                                                              "year: 2018 month: 1 day: 1 } reason: 'Omorganisation'"));
  EXPECT_EQ(held.holds_size(), 1);
  ExpectRefused(Uppsala(), "HoldSeat",
                Request<v1::HoldSeatRequest>(
                    "name: 'networks/n/seats/uppsala' etag: '2' start_date { year: 2018 month: 2 day: 1 } reason: 'R'"),
                "SEAT_ON_HOLD");
  const auto resumed =
      Ok<v1::Seat>(Uppsala(), "ResumeSeat",
                   Request<v1::ResumeSeatRequest>(
                       "name: 'networks/n/seats/uppsala' etag: '2' end_date { year: 2018 month: 6 day: 30 }"));
  EXPECT_EQ(resumed.holds(0).end_date().month(), 6);
  ExpectRefused(Uppsala(), "ResumeSeat",
                Request<v1::ResumeSeatRequest>(
                    "name: 'networks/n/seats/uppsala' etag: '3' end_date { year: 2018 month: 6 day: 30 }"),
                "SEAT_NOT_ON_HOLD");
  const auto left = Ok<v1::Seat>(
      Uppsala(), "LeaveSeat",
      Request<v1::LeaveSeatRequest>(
          "name: 'networks/n/seats/uppsala' etag: '*' exit_date { year: 2019 month: 12 day: 31 } reason: 'Beslut'"));
  EXPECT_EQ(left.exit().reason(), "Beslut");
  ExpectRefused(
      Uppsala(), "LeaveSeat",
      Request<v1::LeaveSeatRequest>(
          "name: 'networks/n/seats/uppsala' etag: '*' exit_date { year: 2020 month: 12 day: 31 } reason: 'Igen'"),
      "SEAT_LEFT");
}

TEST_F(SeatsTest, LeavingEndsAnOpenHold) {
  CreateUppsala();
  Ok<v1::Seat>(Uppsala(), "HoldSeat",
               Request<v1::HoldSeatRequest>(
                   "name: 'networks/n/seats/uppsala' etag: '1' start_date { year: 2018 month: 1 day: 1 } reason: 'R'"));
  const auto left = Ok<v1::Seat>(
      Uppsala(), "LeaveSeat",
      Request<v1::LeaveSeatRequest>(
          "name: 'networks/n/seats/uppsala' etag: '2' exit_date { year: 2019 month: 12 day: 31 } reason: 'R'"));
  EXPECT_EQ(left.holds(0).end_date().year(), 2019);
}

TEST_F(SeatsTest, AStaleEtagLosesNothing) {
  CreateUppsala();
  ExpectRefused(Uppsala(), "UpdateSeat",
                Request<v1::UpdateSeatRequest>("seat { name: 'networks/n/seats/uppsala' etag: '7' display_name: 'X' }"),
                "ETAG_STALE");
  ExpectRefused(
      Uppsala(), "UpdateSeat",
      Request<v1::UpdateSeatRequest>(
          "seat { name: 'networks/n/seats/uppsala' etag: '1' display_name: 'X' } update_mask { paths: 'parties' }"),
      "FIELD_VIOLATIONS");
}

TEST_F(SeatsTest, AStaleEtagIsToldBeforeWhatTheNewerStateForbids) {
  CreateUppsala();
  const std::string hold =
      "name: 'networks/n/seats/uppsala' etag: '1' start_date { year: 2018 month: 1 day: 1 } reason: 'R'";
  Ok<v1::Seat>(Uppsala(), "HoldSeat", Request<v1::HoldSeatRequest>(hold));
  ExpectRefused(Uppsala(), "HoldSeat", Request<v1::HoldSeatRequest>(hold), "ETAG_STALE");
}

TEST_F(SeatsTest, TheDayOfJoiningIsCorrected) {
  CreateUppsala();
  const auto corrected = Ok<v1::Seat>(
      Uppsala(), "UpdateSeat",
      Request<v1::UpdateSeatRequest>("seat { name: 'networks/n/seats/uppsala' etag: '1' join_date { year: 2006 } "
                                     "sources { document: 'KS 2006/1' } } update_mask { paths: 'join_date' paths: "
                                     "'sources' }"));
  EXPECT_EQ(corrected.join_date().year(), 2006);
  EXPECT_EQ(corrected.sources(0).document(), "KS 2006/1");
  EXPECT_FALSE(corrected.display_name().empty());
  Ok<v1::Seat>(
      Uppsala(), "HoldSeat",
      Request<v1::HoldSeatRequest>("name: 'networks/n/seats/uppsala' etag: '*' start_date { year: 2018 month: 1 "
                                   "day: 1 } reason: 'R'"));
  ExpectRefused(
      Uppsala(), "UpdateSeat",
      Request<v1::UpdateSeatRequest>("seat { name: 'networks/n/seats/uppsala' etag: '*' join_date { year: 2019 "
                                     "} } update_mask { paths: 'join_date' }"),
      "SEAT_DATE_IMPOSSIBLE");
}

TEST_F(SeatsTest, AnotherMunicipalityMayNotTouchIt) {
  CreateUppsala();
  CreateMunicipality("0136", "Haninge");
  ExpectRefused(Haninge(), "UpdateSeat",
                Request<v1::UpdateSeatRequest>("seat { name: 'networks/n/seats/uppsala' etag: '1' display_name: 'X' }"),
                "OBJECT_NOT_YOURS");
  ExpectRefused(Reader(), "UpdateSeat",
                Request<v1::UpdateSeatRequest>("seat { name: 'networks/n/seats/uppsala' etag: '1' display_name: 'X' }"),
                "PERMISSION_MISSING");
}

TEST_F(SeatsTest, ARepeatWithTheSameRequestIdIsAppliedOnce) {
  CreateUppsala();
  auto update = Request<v1::UpdateSeatRequest>(
      "seat { name: 'networks/n/seats/uppsala' etag: '1' display_name: 'Uppsala kommun' } request_id: "
      "'6fb9f1a4-3c1e-4d6e-9d43-0a2f6d2c1b77'");
  const auto first = Ok<v1::Seat>(Uppsala(), "UpdateSeat", update);
  const auto second = Ok<v1::Seat>(Uppsala(), "UpdateSeat", update);
  EXPECT_EQ(first.SerializeAsString(), second.SerializeAsString());
  update.mutable_seat()->set_display_name("Annat");
  ExpectRefused(Uppsala(), "UpdateSeat", update, "REQUEST_ID_REUSED");
}

TEST_F(SeatsTest, ResponsibleBodiesAreADatedSeries) {
  CreateUppsala();
  Ok<v1::ResponsibleBody>(Uppsala(), "CreateResponsibleBody",
                          Request<v1::CreateResponsibleBodyRequest>(
                              "parent: 'networks/n/seats/uppsala' responsible_body_id: 'sbn' responsible_body { "
                              "display_name: 'Socialnämnden' start_date { year: 2012 month: 1 day: 1 } }"));
  ExpectRefused(Uppsala(), "CreateResponsibleBody",
                Request<v1::CreateResponsibleBodyRequest>(
                    "parent: 'networks/n/seats/uppsala' responsible_body_id: 'ks' responsible_body { display_name: "
                    "'KS' start_date { year: 2015 month: 1 day: 1 } }"),
                "RESPONSIBLE_BODY_OVERLAPS");
  Ok<v1::ResponsibleBody>(
      Uppsala(), "EndResponsibleBody",
      Request<v1::EndResponsibleBodyRequest>("name: 'networks/n/seats/uppsala/responsibleBodies/sbn' etag: '1' "
                                             "end_date { year: 2014 month: 12 day: 31 }"));
  Ok<v1::ResponsibleBody>(Uppsala(), "CreateResponsibleBody",
                          Request<v1::CreateResponsibleBodyRequest>(
                              "parent: 'networks/n/seats/uppsala' responsible_body_id: 'ks' responsible_body { "
                              "display_name: 'KS' start_date { year: 2015 month: 1 day: 1 } }"));
  const auto on = [&](int year) {
    auto request = Request<v1::ListResponsibleBodiesRequest>(
        "parent: 'networks/n/seats/uppsala' effective_date { month: 6 day: 1 }");
    request.mutable_effective_date()->set_year(year);
    return Ok<v1::ListResponsibleBodiesResponse>(Reader(), "ListResponsibleBodies", request);
  };
  ASSERT_EQ(on(2013).responsible_bodies_size(), 1);
  EXPECT_EQ(on(2013).responsible_bodies(0).display_name(), "Socialnämnden");
  ASSERT_EQ(on(2016).responsible_bodies_size(), 1);
  EXPECT_EQ(on(2016).responsible_bodies(0).display_name(), "KS");
  ExpectRefused(
      Uppsala(), "EndResponsibleBody",
      Request<v1::EndResponsibleBodyRequest>(
          "name: 'networks/n/seats/uppsala/responsibleBodies/sbn' etag: '*' end_date { year: 2014 month: 12 day: 31 }"),
      "RESPONSIBLE_BODY_ENDED");
  EXPECT_EQ(Ok<v1::ResponsibleBody>(
                Reader(), "GetResponsibleBody",
                Request<v1::GetResponsibleBodyRequest>("name: 'networks/n/seats/uppsala/responsibleBodies/ks'"))
                .etag(),
            "1");
}

}  // namespace
}  // namespace partnerskap::membership
