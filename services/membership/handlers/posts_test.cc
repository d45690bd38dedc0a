#include "gtest/gtest.h"
#include "services/membership/handlers/fixture.h"

namespace partnerskap::membership {
namespace {

using PostsTest = MembershipTest;

std::string Appoint(const std::string& post, const std::string& id, const std::string& fields) {
  return absl::StrCat("parent: '", kSeat, "/posts/", post, "' appointment_id: '", id, "' appointment { ", fields, " }");
}
constexpr char kHolder[] = "person: 'persons/3f0c1c0e-5a3f-4a56-9d0e-6a1f3c2b7d01' ";

TEST_F(PostsTest, APostExistsWithoutAHolder) {
  CreateUppsala();
  CreatePost("elected", "kind: ELECTED");
  EXPECT_EQ(
      Ok<v1::Post>(Reader(), "GetPost", Request<v1::GetPostRequest>("name: 'networks/n/seats/uppsala/posts/elected'"))
          .kind(),
      v1::Post::ELECTED);
  EXPECT_EQ(Ok<v1::ListPostsResponse>(Reader(), "ListPosts",
                                      Request<v1::ListPostsRequest>("parent: 'networks/n/seats/uppsala'"))
                .posts_size(),
            1);
  EXPECT_EQ(Ok<v1::ListAppointmentsResponse>(
                Reader(), "ListAppointments",
                Request<v1::ListAppointmentsRequest>("parent: 'networks/n/seats/uppsala/posts/elected'"))
                .appointments_size(),
            0);
}

TEST_F(PostsTest, PostsAreRefusedForWhatIsWrongWithThem) {
  CreateUppsala();
  CreatePost("elected", "kind: ELECTED");
  const auto refused = [&](const std::string& fields, absl::string_view reason) {
    ExpectRefused(admin(), "CreatePost",
                  Request<v1::CreatePostRequest>(
                      absl::StrCat("parent: '", kSeat, "' post_id: 'p' post { display_name: 'P' ", fields, " }")),
                  reason);
  };
  refused("kind: ELECTED", "POST_KIND_TAKEN");
  refused("kind: SIGNATORY", "CAPACITY_MISSING");
  refused("kind: CONTACT_PERSON", "MANDATE_MISSING");
  refused("kind: DEPUTY", "SUBSTITUTED_POST_MISPLACED");
  refused("kind: DEPUTY substituted_post: 'networks/n/seats/uppsala/posts/none'", "REFERENCE_UNKNOWN");
  refused("", "FIELD_VIOLATIONS");
  refused("kind: SIGNATORY capacity: 'small letters'", "FIELD_VIOLATIONS");
}

TEST_F(PostsTest, APersonHoldsAPostForATerm) {
  CreateUppsala();
  CreatePost("elected", "kind: ELECTED");
  CreatePerson();
  const auto made = Ok<v1::Appointment>(
      Uppsala(), "CreateAppointment",
      Request<v1::CreateAppointmentRequest>(Appoint(
          "elected", "2016",
          absl::StrCat(kHolder,
                       "start_date { year: 2016 month: 1 day: 1 } end_date { year: 2018 month: 12 day: 31 }"))));
  EXPECT_EQ(made.person(), kPerson);
  ExpectRefused(Uppsala(), "CreateAppointment",
                Request<v1::CreateAppointmentRequest>(
                    Appoint("elected", "x", "vacant: true start_date { year: 2017 month: 1 day: 1 }")),
                "APPOINTMENT_OVERLAPS");
  const auto ended = Ok<v1::Appointment>(
      Uppsala(), "EndAppointment",
      Request<v1::EndAppointmentRequest>("name: 'networks/n/seats/uppsala/posts/elected/appointments/2016' etag: '1' "
                                         "release_date { year: 2017 month: 6 day: 30 } reason: 'Avsägelse'"));
  EXPECT_EQ(ended.release_reason(), "Avsägelse");
  ExpectRefused(
      Uppsala(), "EndAppointment",
      Request<v1::EndAppointmentRequest>("name: 'networks/n/seats/uppsala/posts/elected/appointments/2016' etag: '*' "
                                         "release_date { year: 2017 month: 6 day: 30 } reason: 'R'"),
      "APPOINTMENT_ENDED");
  EXPECT_EQ(Ok<v1::Appointment>(
                Reader(), "GetAppointment",
                Request<v1::GetAppointmentRequest>("name: 'networks/n/seats/uppsala/posts/elected/appointments/2016'"))
                .etag(),
            "2");
}

TEST_F(PostsTest, AppointmentsAreRefusedForWhatIsWrongWithThem) {
  CreateUppsala();
  CreateMunicipality("0136", "Haninge");
  CreatePost("elected", "kind: ELECTED");
  CreatePost("director", "kind: SIGNATORY capacity: 'KOMMUNDIREKTOR'");
  CreatePerson();
  const auto refused = [&](TestCaller caller, const std::string& post, const std::string& fields,
                           absl::string_view reason) {
    ExpectRefused(caller, "CreateAppointment", Request<v1::CreateAppointmentRequest>(Appoint(post, "a", fields)),
                  reason);
  };
  refused(Uppsala(), "elected", "", "HOLDER_AMBIGUOUS");
  refused(Uppsala(), "elected", "vacant: true basis: DELEGATION", "DELEGATION_SOURCE_MISSING");
  refused(Uppsala(), "elected", "person: 'persons/8b7e4d92-1c64-4f0b-8f3a-2d5e9a7c4b02'", "REFERENCE_UNKNOWN");
  refused(Uppsala(), "none", "vacant: true", "PARENT_NOT_FOUND");
  refused(Haninge(), "elected", "vacant: true", "OBJECT_NOT_YOURS");
  const std::string term = absl::StrCat(kHolder, "start_date { year: 2016 month: 1 day: 1 }");
  Ok<v1::Appointment>(Uppsala(), "CreateAppointment",
                      Request<v1::CreateAppointmentRequest>(Appoint("director", "d", term)));
  refused(Uppsala(), "elected", term, "DIRECTOR_HOLDS_ELECTED_POST");
}

TEST_F(PostsTest, ASeatThatHasLeftGetsNothingNew) {
  CreateUppsala();
  CreatePost("elected", "kind: ELECTED");
  Ok<v1::Seat>(
      Uppsala(), "LeaveSeat",
      Request<v1::LeaveSeatRequest>(
          "name: 'networks/n/seats/uppsala' etag: '1' exit_date { year: 2019 month: 12 day: 31 } reason: 'R'"));
  ExpectRefused(Uppsala(), "CreateAppointment",
                Request<v1::CreateAppointmentRequest>(Appoint("elected", "a", "vacant: true")), "SEAT_LEFT");
  ExpectRefused(Uppsala(), "CreatePost",
                Request<v1::CreatePostRequest>(
                    "parent: 'networks/n/seats/uppsala' post_id: 'p' post { display_name: 'P' kind: OFFICIAL }"),
                "SEAT_LEFT");
}

}  // namespace
}  // namespace partnerskap::membership
