#include "bench/picture.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"

namespace partnerskap::bench {
namespace {

// Pixels.
constexpr double kWidth = 980, kTop = 70, kRowHeight = 28, kBottom = 60;
constexpr double kAxisLeft = 400, kAxisRight = 740, kValuesLeft = 755, kTextLeft = 14;
// Ends of the axis: a quarter of the goal, four times the goal.
constexpr double kAxisEnds = 4;

constexpr const char* kMetColor = "#2f7d4f";
constexpr const char* kMissedColor = "#b5402f";
constexpr const char* kUnknownColor = "#8a8a8a";

std::string Escaped(const std::string& text) {
  return absl::StrReplaceAll(text, {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}});
}

double PlaceOf(double share) {
  const double part = (std::log(std::clamp(share, 1 / kAxisEnds, kAxisEnds)) / std::log(kAxisEnds) + 1) / 2;
  return kAxisLeft + part * (kAxisRight - kAxisLeft);
}

const char* ColorOf(const GoalRow& goal) {
  switch (Judge(goal.spread, goal.limit, goal.needed)) {
    case Verdict::kMet:
      return kMetColor;
    case Verdict::kMissed:
      return kMissedColor;
    case Verdict::kInconclusive:
      return kUnknownColor;
  }
  return kUnknownColor;
}

void AppendRow(const GoalRow& goal, double y, std::string& svg) {
  const auto share = [&](double value) {
    if (value <= 0) return 1 / kAxisEnds;
    return goal.limit.at_most ? value / goal.limit.value : goal.limit.value / value;
  };
  const std::string unit = goal.unit.empty() ? "" : absl::StrCat(" ", goal.unit);
  const char* color = ColorOf(goal);
  absl::StrAppendFormat(&svg, "<text x=\"%.0f\" y=\"%.0f\">%s %s %g%s</text>\n", kTextLeft, y + 4, Escaped(goal.text),
                        goal.limit.at_most ? "≤" : "≥", goal.limit.value, unit);
  absl::StrAppendFormat(&svg,
                        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"3\"/>\n",
                        PlaceOf(share(goal.spread.min)), y, PlaceOf(share(goal.spread.max)), y, color);
  absl::StrAppendFormat(&svg, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"5\" fill=\"%s\"/>\n",
                        PlaceOf(share(goal.spread.median)), y, color);
  absl::StrAppendFormat(&svg, "<text x=\"%.0f\" y=\"%.0f\" fill=\"%s\">%.2f%s (%.2f to %.2f)</text>\n", kValuesLeft,
                        y + 4, color, goal.spread.median, unit, goal.spread.min, goal.spread.max);
}

}  // namespace

std::string GoalsPicture(const std::vector<GoalRow>& goals, const std::string& machine) {
  const double bottom = kTop + kRowHeight * static_cast<double>(goals.size());
  std::string svg = absl::StrFormat(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" font-family=\"sans-serif\" "
      "font-size=\"13\">\n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n",
      kWidth, bottom + kBottom);
  absl::StrAppendFormat(&svg, "<text x=\"%.0f\" y=\"24\" font-size=\"16\">Speed, as a share of each goal</text>\n",
                        kTextLeft);
  absl::StrAppendFormat(
      &svg, "<text x=\"%.0f\" y=\"44\" fill=\"#555\">%s; medians of one run, lines from least to most</text>\n",
      kTextLeft, Escaped(machine));
  for (const double share : {0.25, 0.5, 1.0, 2.0, 4.0}) {
    absl::StrAppendFormat(
        &svg, "<line x1=\"%.1f\" y1=\"%.0f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"%d\"/>\n",
        PlaceOf(share), kTop - 14, PlaceOf(share), bottom, share == 1 ? "#222" : "#ddd", share == 1 ? 2 : 1);
    absl::StrAppendFormat(&svg, "<text x=\"%.1f\" y=\"%.0f\" text-anchor=\"middle\" fill=\"#555\">%g</text>\n",
                          PlaceOf(share), bottom + 18, share);
  }
  absl::StrAppendFormat(&svg, "<text x=\"%.0f\" y=\"%.0f\" fill=\"%s\">met</text>\n", kAxisLeft, bottom + 38,
                        kMetColor);
  absl::StrAppendFormat(&svg, "<text x=\"%.0f\" y=\"%.0f\" text-anchor=\"end\" fill=\"%s\">missed</text>\n", kAxisRight,
                        bottom + 38, kMissedColor);
  for (size_t i = 0; i < goals.size(); ++i)
    AppendRow(goals[i], kTop + kRowHeight * (static_cast<double>(i) + 0.3), svg);
  return svg + "</svg>\n";
}

}  // namespace partnerskap::bench
