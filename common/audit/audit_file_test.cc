#include "common/audit/audit_file.h"

#include <sqlite3.h>

#include <fstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/sql/store_fixture.h"
#include "gtest/gtest.h"

namespace partnerskap {
namespace {

class AuditFileTest : public StoreTest {
 protected:
  // A copy of the running store with five rows.
  std::string Copy() {
    Open();
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(Create(BookNamed(absl::StrCat("b", i))).answer.ok());
    CopyStateDirectory(dir_ / "store", dir_ / "copy");
    return dir_ / "copy/store.db";
  }

  static void Change(const std::string& path, const std::string& sql) {
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(db);
    sqlite3_close(db);
  }

  static absl::Status Verify(const std::string& path) {
    ChainVerifier verifier;
    return VerifyAuditFile(path, verifier);
  }
};

TEST_F(AuditFileTest, ReadsAndVerifiesACopyOfARunningStore) {
  std::string path = Copy();
  auto file = OpenAuditFile(path);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ((*file)->epoch(), database_->epoch());
  auto page = (*file)->Read(1, 2);
  ASSERT_TRUE(page.ok());
  ASSERT_EQ(page->size(), 2u);
  EXPECT_EQ((*page)[0].sequence(), 2);
  ChainVerifier verifier;
  EXPECT_TRUE(VerifyAuditFile(path, verifier).ok());
  EXPECT_EQ(verifier.sequence(), 5);
}

TEST_F(AuditFileTest, FindsWhatWasDoneToTheFile) {
  const char* const changes[] = {"UPDATE audit SET principal = 'x' WHERE sequence = 3",
                                 "DELETE FROM audit WHERE sequence = 3",
                                 "UPDATE audit SET count = 7 WHERE sequence = 5"};
  for (const char* change : changes) {
    std::string path = Copy();
    ASSERT_TRUE(Verify(path).ok());
    Change(path, change);
    EXPECT_TRUE(absl::IsDataLoss(Verify(path))) << change;
    Close();
    ASSERT_EQ(std::system(absl::StrCat("rm -r ", dir_.path(), "/*").c_str()), 0);
  }
}

TEST_F(AuditFileTest, AChainWithErasedSaltsIsWhole) {
  std::string path = Copy();
  Change(path, "UPDATE audit SET salt = x'' WHERE sequence = 2");
  EXPECT_TRUE(Verify(path).ok()) << Verify(path);
}

TEST_F(AuditFileTest, SaysWhatIsWrongWithAFileThatIsNoStore) {
  EXPECT_TRUE(absl::IsNotFound(Verify(dir_ / "nothing.db")));
  std::ofstream(dir_ / "text.db") << std::string(5000, 'x');
  EXPECT_TRUE(absl::IsDataLoss(Verify(dir_ / "text.db"))) << Verify(dir_ / "text.db");
  Change(dir_ / "other.db", "CREATE TABLE diary (page TEXT)");
  EXPECT_TRUE(absl::IsFailedPrecondition(Verify(dir_ / "other.db")));
  EXPECT_TRUE(absl::StrContains(Verify(dir_ / "other.db").message(), "other.db"));
}

}  // namespace
}  // namespace partnerskap
