#include "bench/proc.h"

#include <unistd.h>

#include "gtest/gtest.h"

namespace partnerskap::bench {
namespace {

TEST(Proc, BusyIsAllButIdleAndWaiting) {
  EXPECT_EQ(ParseBusySeconds("cpu  100 20 30 9999 5000 4 3 43 7 0\ncpu0 1 1 1 1 1 1 1 1\n", 100), 2.0);
  EXPECT_EQ(ParseBusySeconds("intr 5\n", 100), 0);
  EXPECT_EQ(ParseBusySeconds("", 100), 0);
}

TEST(Proc, AProcessMayBeCalledAnything) {
  EXPECT_EQ(ParseProcessSeconds("7 (a b) c) S 1 7 7 0 -1 4194304 500 0 0 0 150 50 0 0 20 0 14 0 9 1 2", 100), 2.0);
  EXPECT_EQ(ParseProcessSeconds("", 100), 0);
}

TEST(Proc, MemoryOfStatus) {
  const char* status = "Name:\tx\nVmRSS:\t   17000 kB\nRssAnon:\t    2048 kB\nRssFile:\t    5000 kB\n";
  EXPECT_EQ(ParseStatusBytes(status, "RssAnon"), 2048 * 1024);
  EXPECT_EQ(ParseStatusBytes(status, "VmRSS"), 17000 * 1024);
  EXPECT_EQ(ParseStatusBytes(status, "Rss"), 0);
}

TEST(Proc, FlushesOfADevice) {
  const char* stats =
      "   7       0 loop0 1 2 3 4 5 6 7 8 9 10 11 0 0 0 0 0 0\n"
      " 254       0 vda 10 0 80 5 20 0 160 7 0 9 12 0 0 0 0 4321 99\n"
      " 254       1 vda1 1 2 3 4\n";
  EXPECT_EQ(ParseFlushes(stats, 254, 0), 4321);
  EXPECT_EQ(ParseFlushes(stats, 254, 1), -1);
  EXPECT_EQ(ParseFlushes(stats, 8, 0), -1);
}

TEST(Proc, TheMachineAnswers) {
  EXPECT_GT(BusySeconds(), 0);
  const double before = ProcessSeconds(getpid());
  EXPECT_GT(Spin(), 0);
  EXPECT_GT(ProcessSeconds(getpid()), before);
  EXPECT_GT(MemoryOf(getpid()).resident, MemoryOf(getpid()).anonymous);
  EXPECT_EQ(ProcessSeconds(0), 0);
}

}  // namespace
}  // namespace partnerskap::bench
