#include "services/membership/domain/posts.h"

#include "common/status/refusal.h"
#include "gtest/gtest.h"
#include "services/membership/domain/test_messages.h"

namespace partnerskap::membership {
namespace {

constexpr char kElected[] = "name: 'networks/n/seats/s/posts/elected' kind: ELECTED";
v1::Post Post(const std::string& text) { return Parse<v1::Post>(text); }
v1::Appointment Appointment(const std::string& text) { return Parse<v1::Appointment>(text); }

TEST(Posts, ASignatoryPostSaysItsOffice) {
  EXPECT_TRUE(MayCreatePost(Post("kind: SIGNATORY capacity: 'KOMMUNDIREKTOR'"), {}).ok());
  EXPECT_EQ(ReasonOf(MayCreatePost(Post("kind: SIGNATORY"), {})), "CAPACITY_MISSING");
}

TEST(Posts, AContactPersonHasATask) {
  EXPECT_TRUE(MayCreatePost(Post("kind: CONTACT_PERSON mandate: 'inom ramen för sin tjänst'"), {}).ok());
  EXPECT_EQ(ReasonOf(MayCreatePost(Post("kind: CONTACT_PERSON"), {})), "MANDATE_MISSING");
}

TEST(Posts, ADeputyReplacesAPostOfItsOwnSeat) {
  EXPECT_TRUE(
      MayCreatePost(
          Post("name: 'networks/n/seats/s/posts/d' kind: DEPUTY substituted_post: 'networks/n/seats/s/posts/elected'"),
          {})
          .ok());
  EXPECT_EQ(ReasonOf(MayCreatePost(Post("name: 'networks/n/seats/s/posts/d' kind: DEPUTY"), {})),
            "SUBSTITUTED_POST_MISPLACED");
  EXPECT_EQ(
      ReasonOf(MayCreatePost(
          Post("name: 'networks/n/seats/s/posts/d' kind: DEPUTY substituted_post: 'networks/n/seats/t/posts/elected'"),
          {})),
      "SUBSTITUTED_POST_MISPLACED");
  EXPECT_EQ(
      ReasonOf(MayCreatePost(
          Post(
              "name: 'networks/n/seats/s/posts/o' kind: OFFICIAL substituted_post: 'networks/n/seats/s/posts/elected'"),
          {})),
      "SUBSTITUTED_POST_MISPLACED");
}

TEST(Posts, ASeatHasOneElectedAndOneOfficial) {
  EXPECT_EQ(ReasonOf(MayCreatePost(Post("name: 'networks/n/seats/s/posts/second' kind: ELECTED"), {Post(kElected)})),
            "POST_KIND_TAKEN");
  EXPECT_TRUE(MayCreatePost(Post("name: 'networks/n/seats/s/posts/official' kind: OFFICIAL"), {Post(kElected)}).ok());
}

TEST(Appointments, NameAPersonOrAVacancy) {
  EXPECT_TRUE(CheckAppointment(Appointment("person: 'persons/p'")).ok());
  EXPECT_TRUE(CheckAppointment(Appointment("vacant: true")).ok());
  EXPECT_EQ(ReasonOf(CheckAppointment(Appointment(""))), "HOLDER_AMBIGUOUS");
  EXPECT_EQ(ReasonOf(CheckAppointment(Appointment("person: 'persons/p' vacant: true"))), "HOLDER_AMBIGUOUS");
}

TEST(Appointments, ADelegationSaysWhereItComesFrom) {
  EXPECT_TRUE(CheckAppointment(Appointment("person: 'persons/p' basis: DELEGATION delegation: 'KSN-2015-1584'")).ok());
  EXPECT_EQ(ReasonOf(CheckAppointment(Appointment("person: 'persons/p' basis: DELEGATION"))),
            "DELEGATION_SOURCE_MISSING");
}

TEST(Appointments, APostHasOneHolderAtATime) {
  const v1::Appointment next = Appointment("start_date { year: 2019 month: 1 day: 1 }");
  EXPECT_EQ(
      ReasonOf(MayAppoint(
          next, {Appointment("start_date { year: 2015 month: 1 day: 1 } end_date { year: 2019 month: 1 day: 1 }")})),
      "APPOINTMENT_OVERLAPS");
  EXPECT_TRUE(
      MayAppoint(next,
                 {Appointment("start_date { year: 2015 month: 1 day: 1 } end_date { year: 2018 month: 12 day: 31 }")})
          .ok());
  // An open term gives way to whoever comes after it.
  EXPECT_TRUE(MayAppoint(next, {Appointment("start_date { year: 2015 month: 1 day: 1 }")}).ok());
  EXPECT_EQ(ReasonOf(MayAppoint(next, {Appointment("start_date { year: 2019 month: 1 day: 1 }")})),
            "APPOINTMENT_OVERLAPS");
  // Whoever came before may be entered afterwards.
  EXPECT_TRUE(MayAppoint(Appointment("start_date { year: 2015 month: 1 day: 1 }"), {next}).ok());
}

TEST(Appointments, TheDirectorHoldsNoElectedPost) {
  const v1::Post director = Post("kind: SIGNATORY capacity: 'KOMMUNDIREKTOR'");
  const v1::Appointment term = Appointment("person: 'persons/p' start_date { year: 2016 month: 1 day: 1 }");
  EXPECT_EQ(ReasonOf(MayHoldTogether(director, term, {{Post(kElected), term}})), "DIRECTOR_HOLDS_ELECTED_POST");
  EXPECT_EQ(ReasonOf(MayHoldTogether(Post(kElected), term, {{director, term}})), "DIRECTOR_HOLDS_ELECTED_POST");
  EXPECT_TRUE(MayHoldTogether(director, term, {{Post("kind: OFFICIAL"), term}}).ok());
  EXPECT_TRUE(
      MayHoldTogether(director, term, {{Post(kElected), Appointment("end_date { year: 2015 month: 12 day: 31 }")}})
          .ok());
}

TEST(Appointments, EndOnceAndNotBeforeTheirStart) {
  const v1::Appointment open = Appointment("start_date { year: 2016 month: 1 day: 1 }");
  EXPECT_TRUE(MayEndAppointment(open, Date("2016-01-01")).ok());
  EXPECT_EQ(ReasonOf(MayEndAppointment(open, Date("2015-12-31"))), "APPOINTMENT_DATE_IMPOSSIBLE");
  EXPECT_EQ(ReasonOf(MayEndAppointment(Appointment("release_date { year: 2017 month: 1 day: 1 }"), Date("2018-01-01"))),
            "APPOINTMENT_ENDED");
}

TEST(Persons, IdsAreUuidsAndNeverNames) {
  EXPECT_TRUE(CheckPersonId("3f0c1c0e-5a3f-4a56-9d0e-6a1f3c2b7d01").ok());
  for (absl::string_view id : {"anna-andersson", "3F0C1C0E-5A3F-4A56-9D0E-6A1F3C2B7D01", ""}) {
    EXPECT_EQ(ReasonOf(CheckPersonId(id)), "PERSON_ID_NOT_UUID") << id;
  }
}

TEST(Persons, NoPersonalIdentityNumberIsStored) {
  for (absl::string_view text : {"811218-9876", "A 19811218-9876", "198112189876", "811278-9873", "811218+9876"}) {
    EXPECT_EQ(ReasonOf(CheckNoIdentityNumber("f", text)), "PERSONAL_IDENTITY_NUMBER") << text;
  }
  for (absl::string_view text : {"Exempel Exempelsson", "KS 2020/131", "018-727 00 00", "811318-9876", "212000-3005"}) {
    EXPECT_TRUE(CheckNoIdentityNumber("f", text).ok()) << text;
  }
}

}  // namespace
}  // namespace partnerskap::membership
