#include "services/peer_review/domain/plan_problem.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace partnerskap::peer_review {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

PlanInput Five() {
  PlanInput input;
  input.seats = {"e", "c", "a", "d", "b"};
  input.reviewers_per_seat = 1;
  return input;
}

PlanProblem Read(const PlanInput& input) {
  auto read = ReadPlanInput(input);
  EXPECT_TRUE(std::holds_alternative<PlanProblem>(read));
  return std::get<PlanProblem>(read);
}

std::vector<PlanFaultKind> Faults(const PlanInput& input) {
  auto read = ReadPlanInput(input);
  std::vector<PlanFaultKind> kinds;
  if (const auto* faults = std::get_if<std::vector<PlanFault>>(&read)) {
    for (const PlanFault& fault : *faults) kinds.push_back(fault.kind);
  }
  return kinds;
}

TEST(PlanProblem, SortsSeatsAndReadsTheRing) {
  const PlanProblem problem = Read(Five());
  EXPECT_THAT(problem.seats, ElementsAre("a", "b", "c", "d", "e"));
  EXPECT_THAT(problem.host_neighbours, ElementsAre(Pair(0, 2), Pair(0, 3), Pair(1, 3), Pair(1, 4), Pair(2, 4)));
  EXPECT_THAT(problem.least, ElementsAre(1, 1, 1, 1, 1));
  EXPECT_TRUE(problem.no_mutual_pair);
  EXPECT_FALSE(problem.no_repeat);
  EXPECT_THAT(problem.most, ElementsAre(1, 1, 1, 1, 1));
}

TEST(PlanProblem, RingOfTwoIsOnePair) {
  PlanInput input;
  input.seats = {"a", "b"};
  input.reviewers_per_seat = 1;
  EXPECT_THAT(Read(input).host_neighbours, ElementsAre(Pair(0, 1)));
}

TEST(PlanProblem, RingMeansNothingWhereNeighboursAreAllowed) {
  PlanInput input = Five();
  input.allow_host_neighbours = true;
  EXPECT_THAT(Read(input).host_neighbours, IsEmpty());
}

TEST(PlanProblem, ConflictsHaveADirectionAndNoOrder) {
  PlanInput input = Five();
  input.conflicts = {{"e", "a"}, {"b", "d"}, {"a", "e"}, {"b", "d"}};
  EXPECT_THAT(Read(input).conflicts, ElementsAre(Pair(0, 4), Pair(1, 3), Pair(4, 0)));
}

TEST(PlanProblem, CapacityBelowIsARuleAndAboveIsLeave) {
  PlanInput input = Five();
  input.reviewers_per_seat = 2;
  input.capacities = {{"b", 1}, {"c", 3}, {"d", 99}, {"e", 2}};
  const PlanProblem problem = Read(input);
  EXPECT_THAT(problem.least, ElementsAre(2, 1, 2, 2, 2));
  EXPECT_THAT(problem.most, ElementsAre(2, 1, 3, 4, 2));
  EXPECT_THAT(problem.limited, ElementsAre(1));
}

TEST(PlanProblem, FormerSeatsThatHaveLeftAreNoFault) {
  PlanInput input = Five();
  input.previous = {{"c", "a"}, {"left", "a"}, {"a", "left"}, {"a", "c"}, {"c", "a"}};
  EXPECT_THAT(Read(input).previous, ElementsAre(Pair(0, 2), Pair(2, 0)));
}

TEST(PlanProblemFaults, Seats) {
  PlanInput input = Five();
  input.seats.push_back("a");
  EXPECT_THAT(Faults(input), ElementsAre(PlanFaultKind::SEAT_TWICE));
  input = Five();
  input.seats = {"a", ""};
  EXPECT_THAT(Faults(input), ElementsAre(PlanFaultKind::SEAT_EMPTY, PlanFaultKind::REVIEWERS_TOO_MANY));
  input = PlanInput{};
  input.reviewers_per_seat = 1;
  EXPECT_THAT(Faults(input), ElementsAre(PlanFaultKind::TOO_FEW_SEATS, PlanFaultKind::REVIEWERS_TOO_MANY));
}

TEST(PlanProblemFaults, NumberOfSeats) {
  PlanInput input;
  input.allow_host_neighbours = true;
  input.reviewers_per_seat = 1;
  for (int i = 0; i < kMaxSeats; ++i) input.seats.push_back(absl::StrCat("s", i));
  EXPECT_THAT(Faults(input), IsEmpty());
  input.seats.push_back("one-more");
  EXPECT_THAT(Faults(input), ElementsAre(PlanFaultKind::TOO_MANY_SEATS));
}

TEST(PlanProblemFaults, Reviewers) {
  PlanInput input = Five();
  for (const auto& [k, fault] :
       std::vector<std::pair<int, PlanFaultKind>>{{0, PlanFaultKind::REVIEWERS_NOT_POSITIVE},
                                                  {-3, PlanFaultKind::REVIEWERS_NOT_POSITIVE},
                                                  {5, PlanFaultKind::REVIEWERS_TOO_MANY},
                                                  {2147483647, PlanFaultKind::REVIEWERS_TOO_MANY}}) {
    input.reviewers_per_seat = k;
    EXPECT_THAT(Faults(input), ElementsAre(fault)) << k;
  }
  input.reviewers_per_seat = 4;
  EXPECT_THAT(Faults(input), IsEmpty());
}

TEST(PlanProblemFaults, ConflictsAndCapacities) {
  PlanInput input = Five();
  input.conflicts = {{"a", "b"}, {"x", "y"}, {"c", "c"}};
  input.capacities = {{"a", -1}, {"z", 1}, {"b", 1}, {"b", 1}};
  const auto read = ReadPlanInput(input);
  const PlanFault& second = std::get<std::vector<PlanFault>>(read)[1];
  EXPECT_EQ(second.seat, "y");
  EXPECT_EQ(second.index, 1);
  EXPECT_THAT(Faults(input), ElementsAre(PlanFaultKind::CONFLICT_UNKNOWN_SEAT, PlanFaultKind::CONFLICT_UNKNOWN_SEAT,
                                         PlanFaultKind::CONFLICT_WITH_ITSELF, PlanFaultKind::CAPACITY_UNKNOWN_SEAT,
                                         PlanFaultKind::CAPACITY_TWICE, PlanFaultKind::CAPACITY_NEGATIVE));
}

}  // namespace
}  // namespace partnerskap::peer_review
