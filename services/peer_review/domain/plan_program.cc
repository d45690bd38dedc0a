#include "services/peer_review/domain/plan_program.h"

#include <algorithm>
#include <coin/CbcModel.hpp>
#include <coin/CoinError.hpp>
#include <coin/CoinPackedMatrix.hpp>
#include <coin/OsiClpSolverInterface.hpp>
#include <stdexcept>

#include "absl/base/const_init.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"

namespace partnerskap::peer_review {
namespace {

// CBC keeps some of its state in globals (message handlers, random numbers). One call takes milliseconds.
ABSL_CONST_INIT absl::Mutex solver_mutex(absl::kConstInit);

// Costs are whole numbers, so a plan that is better is better by one; half of that is safe from rounding.
constexpr double kBetterBy = 0.5;

constexpr int kNoVariable = -1;

// Variables are the ordered pairs that may review; a row is a sum over some of them between two bounds.
class Rows {
 public:
  explicit Rows(const PlanSpace& space) : count_(static_cast<int>(space.allowed.size())) {
    variables_.assign(count_, std::vector<int>(count_, kNoVariable));
    for (int i = 0; i < count_; ++i) {
      for (int j = 0; j < count_; ++j) {
        if (!space.allowed[i][j]) continue;
        variables_[i][j] = static_cast<int>(pairs_.size());
        pairs_.emplace_back(i, j);
      }
    }
    matrix_.setDimensions(0, static_cast<int>(pairs_.size()));
    for (int i = 0; i < count_; ++i) {
      std::vector<int> reviews;
      std::vector<int> reviewed;
      for (int j = 0; j < count_; ++j) {
        if (variables_[i][j] != kNoVariable) reviews.push_back(variables_[i][j]);
        if (variables_[j][i] != kNoVariable) reviewed.push_back(variables_[j][i]);
      }
      Add(reviews, std::vector<double>(reviews.size(), 1.0), space.least[i], space.most[i]);
      Add(reviewed, std::vector<double>(reviewed.size(), 1.0), space.reviewers_per_seat, space.reviewers_per_seat);
    }
    if (!space.no_mutual_pair) return;
    for (const auto& [i, j] : pairs_) {
      if (i < j && variables_[j][i] != kNoVariable) Add({variables_[i][j], variables_[j][i]}, {1.0, 1.0}, 0, 1);
    }
  }

  void AddAtMost(const PairCosts& costs, int64_t most) {
    std::vector<int> variables;
    std::vector<double> factors;
    for (size_t v = 0; v < pairs_.size(); ++v) {
      const int64_t cost = costs[pairs_[v].first][pairs_[v].second];
      if (cost == 0) continue;
      variables.push_back(static_cast<int>(v));
      factors.push_back(static_cast<double>(cost));
    }
    Add(variables, factors, 0, static_cast<double>(most));
  }

  OsiClpSolverInterface Program(const PairCosts& costs) const {
    std::vector<double> objective;
    for (const auto& [i, j] : pairs_) objective.push_back(static_cast<double>(costs[i][j]));
    const std::vector<double> zeros(pairs_.size(), 0.0);
    const std::vector<double> ones(pairs_.size(), 1.0);
    OsiClpSolverInterface program;
    program.messageHandler()->setLogLevel(0);
    program.loadProblem(matrix_, zeros.data(), ones.data(), objective.data(), lowest_.data(), highest_.data());
    for (size_t v = 0; v < pairs_.size(); ++v) program.setInteger(static_cast<int>(v));
    return program;
  }

  const std::vector<std::pair<int, int>>& pairs() const { return pairs_; }

 private:
  void Add(const std::vector<int>& variables, const std::vector<double>& factors, double lowest, double highest) {
    matrix_.appendRow(static_cast<int>(variables.size()), variables.data(), factors.data());
    lowest_.push_back(lowest);
    highest_.push_back(highest);
  }

  int count_;
  std::vector<std::vector<int>> variables_;
  std::vector<std::pair<int, int>> pairs_;
  CoinPackedMatrix matrix_{/*colordered=*/false, 0, 0};
  std::vector<double> lowest_;
  std::vector<double> highest_;
};

ProgramVerdict Verdict(const CbcModel& model) {
  if (model.bestSolution() != nullptr) {
    return model.isProvenOptimal() ? ProgramVerdict::BEST : ProgramVerdict::FOUND;
  }
  return model.isProvenInfeasible() ? ProgramVerdict::NONE : ProgramVerdict::LIMIT;
}

ProgramAnswer Search(const PlanSpace& space, const PairCosts& costs,
                     const std::optional<std::pair<PairCosts, int64_t>>& at_most, StepBudget& budget) {
  if (budget.left <= 0) return {ProgramVerdict::LIMIT, {}};
  Rows rows(space);
  if (at_most.has_value()) rows.AddAtMost(at_most->first, at_most->second);

  const absl::MutexLock lock(&solver_mutex);
  const OsiClpSolverInterface program = rows.Program(costs);
  CbcModel model(program);
  model.setLogLevel(0);
  model.messageHandler()->setLogLevel(0);
  model.solver()->messageHandler()->setLogLevel(0);
  model.setNumberThreads(0);
  model.setRandomSeed(1);
  model.setMaximumNodes(static_cast<int>(budget.left));
  model.setAllowableGap(kBetterBy);
  model.setAllowableFractionGap(0);
  model.setCutoffIncrement(kBetterBy);
  model.initialSolve();
  model.branchAndBound();
  const int64_t used = 1 + static_cast<int64_t>(rows.pairs().size()) / kPairsPerStep + model.getNodeCount();
  budget.left = std::max<int64_t>(budget.left - used, 0);

  ProgramAnswer answer{Verdict(model), {}};
  if (const double* solution = model.bestSolution(); solution != nullptr) {
    for (size_t v = 0; v < rows.pairs().size(); ++v) {
      if (solution[v] > 0.5) answer.pairs.push_back(rows.pairs()[v]);
    }
  }
  return answer;
}

}  // namespace

ProgramAnswer SolveProgram(const PlanSpace& space, const PairCosts& costs,
                           const std::optional<std::pair<PairCosts, int64_t>>& at_most, StepBudget& budget) {
  try {
    return Search(space, costs, at_most, budget);
  } catch (const CoinError& error) {
    // CBC's errors are no std::exception, which is what the gate turns into INTERNAL.
    throw std::runtime_error(absl::StrCat("CBC: ", error.className(), "::", error.methodName(), ": ", error.message()));
  }
}

}  // namespace partnerskap::peer_review
