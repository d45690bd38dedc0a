#include "common/rpc/tls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "absl/time/clock.h"
#include "common/testing/certs.h"
#include "common/testing/temp_dir.h"

namespace partnerskap {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class TlsTest : public ::testing::Test {
 protected:
  absl::Status Load(const TlsFiles& files, absl::Time now = absl::Now()) { return LoadTls(files, now).status(); }
  std::string Write(const std::string& name, const std::string& text) {
    const std::string path = directory_ / name;
    std::ofstream(path) << text;
    return path;
  }

  TempDir directory_;
  TestCertificates certificates_{directory_ / "certs"};
  const TlsFiles good_ = certificates_.Service("membership");
};

TEST_F(TlsTest, TakesWhatBelongsTogether) {
  const auto material = LoadTls(good_, absl::Now());
  ASSERT_TRUE(material.ok()) << material.status();
  EXPECT_EQ(material->certificate_pem, ReadFileOrDie(good_.certificate));
  EXPECT_GT(material->not_after, absl::Now() + absl::Hours(24 * 300));
  EXPECT_LT(material->not_after, absl::Now() + absl::Hours(24 * 400));
}

TEST_F(TlsTest, NamesTheFlagOfAMissingFile) {
  for (const auto& [member, flag] : {std::pair(&TlsFiles::ca, "--ca"), std::pair(&TlsFiles::certificate, "--cert"),
                                     std::pair(&TlsFiles::key, "--key")}) {
    TlsFiles files = good_;
    files.*member = directory_ / "none.pem";
    const absl::Status status = Load(files);
    EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
    EXPECT_THAT(std::string(status.message()),
                AllOf(HasSubstr(flag), HasSubstr("none.pem"), HasSubstr("partnerskap-certs init")));
  }
}

TEST_F(TlsTest, RefusesWhatIsNoPem) {
  for (const char* text : {"", "nonsense", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"}) {
    const std::string path = Write("broken.pem", text);
    EXPECT_EQ(Load({path, good_.certificate, good_.key}).code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_EQ(Load({good_.ca, path, good_.key}).code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_EQ(Load({good_.ca, good_.certificate, path}).code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

TEST_F(TlsTest, RefusesTheKeyOfAnother) {
  const TlsFiles other = certificates_.Service("agreements");
  const absl::Status status = Load({good_.ca, good_.certificate, other.key});
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), AllOf(HasSubstr("--key"), HasSubstr("is not the key of")));
}

TEST_F(TlsTest, RefusesACertificateOfAnotherAuthority) {
  const absl::Status status = Load(certificates_.Foreign());
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("was not issued by"));
}

TEST_F(TlsTest, LooksAtTheCalendar) {
  const absl::Time end = LoadTls(good_, absl::Now())->not_after;
  EXPECT_TRUE(Load(good_, end).ok());
  EXPECT_THAT(std::string(Load(good_, end + absl::Seconds(1)).message()),
              AllOf(HasSubstr("--cert"), HasSubstr("ended at")));
  EXPECT_THAT(std::string(Load(good_, absl::Now() - absl::Hours(1)).message()), HasSubstr("begins at"));
  EXPECT_EQ(Load(certificates_.ExpiredClient()).code(), absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace partnerskap
