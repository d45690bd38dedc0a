#include "services/agreements/domain/texts.h"

#include "services/agreements/domain/testing.h"

namespace partnerskap::agreements {
namespace {

v1::Agreement Period(const std::string& name, const std::string& start, const std::string& end) {
  v1::Agreement agreement;
  agreement.set_name(name);
  *agreement.mutable_start_date() = D(start);
  *agreement.mutable_end_date() = D(end);
  return agreement;
}

v1::Agreement WithSlots(std::initializer_list<int> slots) {
  v1::Agreement agreement;
  for (const int slot : slots) agreement.add_signer_slots()->set_slot(slot);
  return agreement;
}

TEST(Agreements, PeriodDoesNotEndBeforeItBegins) {
  EXPECT_EQ(ReasonIn(CheckPeriod(Period("a", "2016-01-01", "2019-12-31"))), "OK");
  EXPECT_EQ(ReasonIn(CheckPeriod(Period("a", "2016-01-01", "2016-01-01"))), "OK");
  EXPECT_EQ(ReasonIn(CheckPeriod(Period("a", "2016", "2016-05-01"))), "OK");
  EXPECT_EQ(ReasonIn(CheckPeriod(Period("a", "2016-01-02", "2016-01-01"))), "PERIOD_REVERSED");
}

TEST(Agreements, SlotsAreOneAndTwoOrNone) {
  EXPECT_EQ(ReasonIn(CheckSignerSlots(WithSlots({}))), "OK");
  EXPECT_EQ(ReasonIn(CheckSignerSlots(WithSlots({1, 2}))), "OK");
  EXPECT_EQ(ReasonIn(CheckSignerSlots(WithSlots({2, 1}))), "OK");
  EXPECT_EQ(ReasonIn(CheckSignerSlots(WithSlots({1}))), "SIGNER_SLOTS_WRONG");
  EXPECT_EQ(ReasonIn(CheckSignerSlots(WithSlots({1, 1}))), "SIGNER_SLOTS_WRONG");
  EXPECT_EQ(ReasonIn(CheckSignerSlots(WithSlots({1, 2, 2}))), "SIGNER_SLOTS_WRONG");
}

TEST(Agreements, PredecessorIsOfTheNetworkAndBeginsEarlier) {
  const v1::Agreement agreement = Period("networks/p/agreements/2016-2019", "2016-01-01", "2019-12-31");
  const auto may = [&](const std::string& name, const std::string& start) {
    return ReasonIn(MaySucceed(agreement, Period(name, start, "2019-12-31")));
  };
  EXPECT_EQ(may("networks/p/agreements/2012-2015", "2012-01-01"), "OK");
  EXPECT_EQ(may("networks/p/agreements/b", "2016"), "OK");
  EXPECT_EQ(may("networks/q/agreements/2012-2015", "2012-01-01"), "PREDECESSOR_WRONG");
  EXPECT_EQ(may("networks/p/agreements/b", "2016-01-01"), "PREDECESSOR_WRONG");
  EXPECT_EQ(may("networks/p/agreements/b", "2017"), "PREDECESSOR_WRONG");
}

// FIPS 180-2, appendix B.1, and the empty text.
constexpr char kAbc[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr char kEmpty[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

v1::AgreementVersion Version(v1::AgreementVersion::Custody custody, const std::string& text,
                             const std::string& sha256) {
  v1::AgreementVersion version;
  version.set_custody(custody);
  version.set_text(text);
  version.set_sha256(sha256);
  return version;
}

TEST(Versions, Sha256) {
  EXPECT_EQ(Sha256Hex("abc"), kAbc);
  EXPECT_EQ(Sha256Hex(""), kEmpty);
}

TEST(Versions, TextAndDigestFitWhatIsKept) {
  using V = v1::AgreementVersion;
  EXPECT_EQ(ReasonIn(CheckCustody(Version(V::HELD, "abc", ""))), "OK");
  EXPECT_EQ(ReasonIn(CheckCustody(Version(V::HELD, "abc", kAbc))), "OK");
  EXPECT_EQ(ReasonIn(CheckCustody(Version(V::HELD, "", kAbc))), "CUSTODY_CONTRADICTED");
  EXPECT_EQ(ReasonIn(CheckCustody(Version(V::DIGEST_ONLY, "", kAbc))), "OK");
  EXPECT_EQ(ReasonIn(CheckCustody(Version(V::DIGEST_ONLY, "", ""))), "CUSTODY_CONTRADICTED");
  EXPECT_EQ(ReasonIn(CheckCustody(Version(V::DIGEST_ONLY, "abc", kAbc))), "CUSTODY_CONTRADICTED");
  EXPECT_EQ(ReasonIn(CheckCustody(Version(V::NOT_HELD, "", ""))), "OK");
  EXPECT_EQ(ReasonIn(CheckCustody(Version(V::NOT_HELD, "", kAbc))), "CUSTODY_CONTRADICTED");
  EXPECT_EQ(ReasonIn(CheckCustody(Version(V::NOT_HELD, "abc", ""))), "CUSTODY_CONTRADICTED");
}

TEST(Versions, DigestIsThatOfTheText) {
  using V = v1::AgreementVersion;
  EXPECT_EQ(ReasonIn(CheckDigest(Version(V::HELD, "abc", kAbc))), "OK");
  EXPECT_EQ(ReasonIn(CheckDigest(Version(V::HELD, "abc", ""))), "OK");
  const absl::Status refusal = CheckDigest(Version(V::HELD, "abc", kEmpty));
  EXPECT_EQ(ReasonIn(refusal), "DIGEST_MISMATCH");
  EXPECT_EQ(ReasonMetadataOf(refusal, "expected"), kAbc);
}

TEST(Versions, OnlyAHeldTextCanBeRead) {
  using V = v1::AgreementVersion;
  EXPECT_EQ(ReasonIn(MustBeHeld(Version(V::HELD, "", kAbc))), "OK");
  EXPECT_EQ(ReasonIn(MustBeHeld(Version(V::DIGEST_ONLY, "", kAbc))), "TEXT_NOT_HELD");
  EXPECT_EQ(ReasonIn(MustBeHeld(Version(V::NOT_HELD, "", ""))), "TEXT_NOT_HELD");
}

TEST(Versions, StandUnderTheirAgreement) {
  EXPECT_EQ(ReasonIn(VersionMustBeOf("networks/p/agreements/a", "networks/p/agreements/a/versions/1")), "OK");
  EXPECT_EQ(ReasonIn(VersionMustBeOf("networks/p/agreements/a", "networks/p/agreements/ab/versions/1")),
            "VERSION_OF_OTHER_AGREEMENT");
}

TEST(Clauses, DetailFitsTheKind) {
  const auto check = [](const std::string& text) { return ReasonIn(CheckDetail(Parse<v1::Clause>(text))); };
  EXPECT_EQ(check("kind: FEE fee { kind: CAP amount { currency_code: 'SEK' units: 20000 } }"), "OK");
  EXPECT_EQ(check("kind: FEE fee { kind: NONE }"), "OK");
  EXPECT_EQ(check("kind: FEE fee { kind: FIXED }"), "CLAUSE_DETAIL_MISMATCH");
  EXPECT_EQ(check("kind: FEE fee { kind: NONE amount { currency_code: 'SEK' } }"), "CLAUSE_DETAIL_MISMATCH");
  EXPECT_EQ(check("kind: FEE"), "CLAUSE_DETAIL_MISMATCH");
  EXPECT_EQ(check("kind: FEE due { }"), "CLAUSE_DETAIL_MISMATCH");
  EXPECT_EQ(check("kind: CADENCE cadence { meetings_per_year: 2 }"), "OK");
  EXPECT_EQ(check("kind: CADENCE"), "OK");
  EXPECT_EQ(check("kind: REPRESENTATION representation { post_kind: 'ELECTED' }"), "OK");
  for (const char* kind : {"PLAN_REVISION", "REVIEW", "JOINT_ACTIVITY", "FINAL_REPORT", "SUNSET_REVIEW"}) {
    EXPECT_EQ(check(std::string("due { } kind: ") + kind), "OK") << kind;
    EXPECT_EQ(check(std::string("cost { } kind: ") + kind), "CLAUSE_DETAIL_MISMATCH") << kind;
  }
  EXPECT_EQ(check("kind: HOSTING cost { payer: HOST }"), "OK");
  EXPECT_EQ(check("kind: OWN_COSTS cost { payer: EACH_SEAT }"), "OK");
  EXPECT_EQ(check("kind: EXIT exit { notice_months: 3 }"), "OK");
  EXPECT_EQ(check("kind: TERM"), "OK");
  EXPECT_EQ(check("kind: TERM due { }"), "CLAUSE_DETAIL_MISMATCH");
}

}  // namespace
}  // namespace partnerskap::agreements
