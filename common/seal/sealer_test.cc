#include "common/seal/sealer.h"

#include <sys/stat.h>

#include <cstdio>
#include <fstream>

#include "common/testing/sim.h"
#include "common/testing/temp_dir.h"
#include "gtest/gtest.h"

namespace partnerskap {
namespace {

class SealerTest : public testing::Test {
 protected:
  std::unique_ptr<Sealer> Open() {
    auto sealer = Sealer::Open(dir_.path(), random_);
    EXPECT_TRUE(sealer.ok()) << sealer.status();
    return sealer.ok() ? *std::move(sealer) : nullptr;
  }

  TempDir dir_;
  SeededRandom random_{7};
};

TEST_F(SealerTest, OpensWhatItSealedForTheSamePurpose) {
  auto sealer = Open();
  std::string token = sealer->Seal("ListSeats", "after uppsala");
  EXPECT_EQ(token.find("uppsala"), std::string::npos);
  EXPECT_EQ(*sealer->Open("ListSeats", token), "after uppsala");
  EXPECT_EQ(*sealer->Open("ListSeats", sealer->Seal("ListSeats", "")), "");
}

TEST_F(SealerTest, RefusesAnotherPurpose) {
  auto sealer = Open();
  EXPECT_TRUE(absl::IsInvalidArgument(sealer->Open("ListPosts", sealer->Seal("ListSeats", "x")).status()));
}

TEST_F(SealerTest, RefusesAnyChangedByte) {
  auto sealer = Open();
  std::string token = sealer->Seal("p", "position 42");
  for (size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(sealer->Open("p", changed).ok()) << i;
  }
  for (absl::string_view bad : {"", "x", "====", "åäö"}) EXPECT_FALSE(sealer->Open("p", bad).ok()) << bad;
}

TEST_F(SealerTest, SealsTheSameBytesDifferentlyEachTime) {
  auto sealer = Open();
  EXPECT_NE(sealer->Seal("p", "x"), sealer->Seal("p", "x"));
}

TEST_F(SealerTest, KeepsItsKeyAcrossStartsInAFileThatOnlyTheOwnerReads) {
  std::string token = Open()->Seal("p", "x");
  EXPECT_EQ(*Open()->Open("p", token), "x");
  struct stat found = {};
  ASSERT_EQ(stat((dir_ / "seal.key").c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0400u);
}

TEST_F(SealerTest, OpensTokensOfTheKeyBeforeAndSealsWithTheNewOne) {
  std::string old_token = Open()->Seal("p", "old");
  ASSERT_EQ(std::rename((dir_ / "seal.key").c_str(), (dir_ / "seal.key.previous").c_str()), 0);
  std::string new_token = Open()->Seal("p", "new");
  EXPECT_EQ(*Open()->Open("p", old_token), "old");
  ASSERT_EQ(std::remove((dir_ / "seal.key.previous").c_str()), 0);
  EXPECT_EQ(*Open()->Open("p", new_token), "new");
  EXPECT_FALSE(Open()->Open("p", old_token).ok());
}

TEST_F(SealerTest, RefusesAKeyOfAnotherLengthByName) {
  std::ofstream(dir_ / "seal.key") << "short";
  auto sealer = Sealer::Open(dir_.path(), random_);
  ASSERT_TRUE(absl::IsDataLoss(sealer.status()));
  EXPECT_NE(sealer.status().message().find("seal.key"), absl::string_view::npos);
}

}  // namespace
}  // namespace partnerskap
