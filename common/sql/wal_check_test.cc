#include "common/sql/wal_check.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/testing/sim.h"
#include "common/testing/temp_dir.h"
#include "gtest/gtest.h"

namespace partnerskap {
namespace {

constexpr size_t kPage = 512;
constexpr size_t kLogHeader = 32;
constexpr size_t kFrame = 24 + kPage;

absl::Status Check(const std::string& log) {
  return CheckWal(static_cast<int64_t>(log.size()), [&log](int64_t offset, char* bytes, size_t size) {
    if (offset + size > log.size()) return absl::OutOfRangeError("read behind the end");
    std::memcpy(bytes, log.data() + offset, size);
    return absl::OkStatus();
  });
}

void Append(std::string& bytes, uint32_t number) {
  for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(number >> shift));
}

// Writes logs as SQLite's file format says.
class Log {
 public:
  explicit Log(bool big_endian, uint32_t generation = 1) : big_endian_(big_endian), generation_(generation) {
    for (uint32_t number : {0x377f0682U | (big_endian ? 1U : 0U), 3'007'000U, uint32_t{kPage}, generation}) {
      Append(bytes_, number);
    }
    AppendSalts();
    Sum(bytes_);
    AppendSum();
  }
  // Frames of the pages after number `filling`, filled with it, too; the last one commits if `commit`.
  Log& Transaction(int frames, char filling, bool commit = true) {
    for (int i = 1; i <= frames; ++i) {
      std::string head;
      Append(head, static_cast<uint32_t>(filling + i));
      Append(head, commit && i == frames ? 9U : 0U);
      const std::string page(kPage, static_cast<char>(filling + i));
      Sum(head);
      Sum(page);
      bytes_ += head;
      AppendSalts();
      AppendSum();
      bytes_ += page;
    }
    return *this;
  }
  const std::string& bytes() const { return bytes_; }

 private:
  void AppendSalts() {
    Append(bytes_, 0x5a170000U + generation_);
    Append(bytes_, 0x7e57ca5eU * generation_);
  }
  void AppendSum() {
    Append(bytes_, first_);
    Append(bytes_, second_);
  }
  uint32_t Word(const std::string& bytes, size_t at) const {
    uint32_t word = 0;
    for (size_t i = 0; i < 4; ++i) {
      word = word << 8U | static_cast<unsigned char>(bytes[big_endian_ ? at + i : at + 3 - i]);
    }
    return word;
  }
  void Sum(const std::string& bytes) {
    for (size_t at = 0; at < bytes.size(); at += 8) {
      first_ += Word(bytes, at) + second_;
      second_ += Word(bytes, at + 4) + first_;
    }
  }

  const bool big_endian_;
  const uint32_t generation_;
  uint32_t first_ = 0, second_ = 0;
  std::string bytes_;
};

class WalCheckTest : public testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(ByteOrders, WalCheckTest, testing::Bool());

TEST_P(WalCheckTest, AWholeLogPassesAndSoDoesAnyThatIsCutOff) {
  const std::string log = Log(GetParam()).Transaction(3, 'a').Transaction(1, 'f').Transaction(2, 'k').bytes();
  for (size_t size = 0; size <= log.size(); ++size) EXPECT_TRUE(Check(log.substr(0, size)).ok()) << size;
}

TEST_P(WalCheckTest, EachChangedByteBeforeTheLastTransactionIsFound) {
  const std::string log = Log(GetParam()).Transaction(3, 'a').Transaction(1, 'f').Transaction(2, 'k').bytes();
  const size_t last_but_one = kLogHeader + 3 * kFrame, last = last_but_one + kFrame;
  for (size_t at = kLogHeader; at < log.size(); ++at) {
    std::string damaged = log;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x40);
    const absl::Status status = Check(damaged);
    const size_t frame = (at - kLogHeader) / kFrame * kFrame + kLogHeader;
    if (at < last) {
      EXPECT_TRUE(absl::IsDataLoss(status)) << at << " " << status;
      EXPECT_TRUE(absl::StrContains(status.message(), absl::StrCat("byte ", frame, " "))) << status;
    } else if (at - frame < 4 || at - frame >= 8) {
      EXPECT_TRUE(status.ok()) << at << " " << status;
    }
  }
  // A commit that is no longer marked as one looks as the beginning of the transaction behind it.
  std::string damaged = log;
  damaged[last_but_one + 7] = '\0';
  EXPECT_TRUE(Check(damaged).ok());
  damaged = log;
  damaged[kLogHeader + 2 * kFrame + 7] = '\0';
  EXPECT_TRUE(absl::IsDataLoss(Check(damaged)));
}

TEST_P(WalCheckTest, ALostPieceIsFound) {
  const std::string log = Log(GetParam()).Transaction(3, 'a').Transaction(2, 'f').Transaction(2, 'k').bytes();
  std::string damaged = log;
  damaged.replace(kLogHeader + kFrame, 3 * kFrame, 3 * kFrame, '\0');
  EXPECT_TRUE(absl::IsDataLoss(Check(damaged)));
}

// Each sector of the newest transaction is written, kept as it was, emptied or garbage, in any order.
TEST_P(WalCheckTest, NoPowerCutIsTakenForDamage) {
  constexpr size_t kSector = 512;
  for (uint64_t seed = 1; seed <= 3'000; ++seed) {
    SeededRandom draw(seed);
    const int frames = 1 + static_cast<int>(draw.Below(6));
    Log older(GetParam(), 1), rolled_back(GetParam(), 2), synced(GetParam(), 2);
    for (int i = 0; i < 7; ++i) older.Transaction(1 + static_cast<int>(draw.Below(2)), 'A');
    synced.Transaction(2, 'a').Transaction(1, 'd');
    rolled_back.Transaction(2, 'a').Transaction(1, 'd').Transaction(static_cast<int>(draw.Below(9)), 'r', false);
    Log cut = synced;
    cut.Transaction(frames, 'm');
    const auto over = [](std::string below, const std::string& above) {
      return above + below.erase(0, std::min(below.size(), above.size()));
    };
    std::string disk = over(older.bytes(), rolled_back.bytes());
    const std::string whole = over(disk, cut.bytes());
    disk.resize(whole.size());
    for (size_t sector = 0; sector < whole.size(); sector += kSector) {
      const size_t from = std::max(sector, synced.bytes().size()), to = std::min(sector + kSector, whole.size());
      const uint64_t fate = draw.Below(5);
      for (size_t at = from; at < to; ++at) {
        if (fate < 2) disk[at] = whole[at];
        if (fate == 2) disk[at] = '\0';
        if (fate == 3) disk[at] = static_cast<char>(draw.Below(256));
      }
    }
    EXPECT_TRUE(Check(disk).ok()) << seed << " " << Check(disk);
  }
}

TEST_P(WalCheckTest, WhatIsNoLogPasses) {
  EXPECT_TRUE(Check("").ok());
  EXPECT_TRUE(Check(std::string(5'000, '\0')).ok());
  std::string log = Log(GetParam()).Transaction(3, 'a').Transaction(2, 'f').Transaction(2, 'k').bytes();
  log[20] = 'x';
  EXPECT_TRUE(Check(log).ok());
}

TEST(WalCheckOfSqliteTest, ItsOwnLogsPassWholeAndAreRefusedDamaged) {
  const TempDir dir;
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open((dir / "x.db").c_str(), &db), SQLITE_OK);
  const auto run = [&](const char* sql) { EXPECT_EQ(sqlite3_exec(db, sql, nullptr, nullptr, nullptr), SQLITE_OK); };
  run("PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (a TEXT)");
  for (int i = 0; i < 5; ++i) run("INSERT INTO t VALUES (hex(randomblob(3000)))");
  std::ifstream file(dir / "x.db-wal", std::ios::binary);
  std::string log((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  sqlite3_close(db);
  ASSERT_GT(log.size(), 10'000U);
  EXPECT_TRUE(Check(log).ok()) << Check(log);
  log[5'000] = static_cast<char>(log[5'000] ^ 1);
  EXPECT_TRUE(absl::IsDataLoss(Check(log)));
}

}  // namespace
}  // namespace partnerskap
