// A store in a directory of its own, on a simulation's thread and clock: what the tests of this folder share.
#ifndef PARTNERSKAP_COMMON_SQL_STORE_FIXTURE_H_
#define PARTNERSKAP_COMMON_SQL_STORE_FIXTURE_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/auth/permit.h"
#include "common/sql/database.h"
#include "common/sql/resource_table.h"
#include "common/sql/testdata/store.pb.h"
#include "common/testing/sim.h"
#include "common/testing/temp_dir.h"
#include "gtest/gtest.h"

namespace partnerskap {

using teststore::v1::TestBook;

inline constexpr uint32_t kTestApplicationId = 0x70617274;

// Migrations 1 (table `books`) to 2 (its index by genre).
std::vector<Migration> TestMigrations();
// The table `books`, sorted by title.
const ResourceTable<TestBook>& Books();
// Tests of the store need no policy: permits all.
Permit TestPermit();
TestBook BookNamed(absl::string_view id, absl::string_view title = "Gösta Berlings saga");

class StoreTest : public testing::Test {
 protected:
  using Body = std::function<absl::StatusOr<std::string>(WriteTx&)>;

  DatabaseOptions Options();
  // Closes the store if it is open, and opens it in dir_.
  void Open() { Open(Options()); }
  void Open(DatabaseOptions options);
  void Close() { database_.reset(); }

  WriteRequest Request(Body body, std::string request_id = "", std::string content = "content");
  // Submits, and runs the simulation until it is answered.
  WriteResult Submit(WriteRequest request);
  WriteResult Write(Body body, std::string request_id = "", std::string content = "content");
  // Submits all before anything runs: one batch.
  std::vector<WriteResult> WriteTogether(std::vector<WriteRequest> requests);

  WriteResult Create(const TestBook& book, std::string request_id = "");

  // The first column of a query's first row.
  int64_t Int(const std::string& sql);
  std::string Text(const std::string& sql);
  // All rows of all tables, or of all but audit, as text: equal when nothing changed.
  std::string Dump(bool with_audit);

  TempDir dir_;
  SimLoop loop_{1};
  std::vector<absl::Status> fatal_;
  std::unique_ptr<Database> database_;
};

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_SQL_STORE_FIXTURE_H_
