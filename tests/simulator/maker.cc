#include "tests/simulator/maker.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/env/env.h"
#include "common/time/partial_date.h"
#include "google/protobuf/descriptor.h"

namespace partnerskap::simulator {

absl::CivilDay Maker::Today() const { return absl::ToCivilDay(loop_.clock().Now(), absl::UTCTimeZone()); }

google::type::Date Maker::Date(int from, int to) { return DateOf(Today() + Between(from, to)); }

google::type::Date Maker::After(const google::type::Date& date, int days) {
  constexpr double kBefore = 0.04;
  const auto day = LatestDay(date);
  if (!day.has_value()) return Date(-400, 0);
  return DateOf(Chance(kBefore) ? *day - Between(1, 40) : *day + Between(0, days));
}

google::type::Date Maker::Vague(int from, int to) {
  google::type::Date date = Date(from, to);
  switch (Below(6)) {
    case 0:
      return {};
    case 1:
      date.set_month(0);
      [[fallthrough]];
    case 2:
      date.set_day(0);
      [[fallthrough]];
    default:
      return date;
  }
}

std::string Maker::Etag(const google::protobuf::Message* seen) {
  const int choice = Below(100);
  if (seen == nullptr || choice < 12) return "*";
  const std::string etag = EtagOf(*seen);
  if (choice == 12) return "no-etag";
  int revision = 0;
  if (choice < 18 && absl::SimpleAtoi(etag, &revision)) return absl::StrCat(revision + Between(-1, 1));
  return etag;
}

std::string Maker::Word() {
  static const auto& words = *new std::vector<std::string>(
      {"Örebro", "Habo", "Håbo", "Östersund", "barnens rättigheter", "delaktighet", "Ål", "Zinkgruvan", "Åmål", "äldre",
       "kommunstyrelsen", "'; DROP TABLE seats; --", "%_", "a", "Uppsala kommun"});
  return Chance(0.5) ? OneOf(words) : absl::StrCat(OneOf(words), " ", Below(1'000));
}

std::string Maker::Uuid() { return NewUuid(random_); }

std::string Maker::Id(absl::string_view prefix, int below) { return absl::StrCat(prefix, Below(below)); }

common::v1::Source Maker::Source() {
  common::v1::Source source;
  source.set_document(absl::StrCat("KS ", Between(2004, 2026), "/", Below(300)));
  if (Chance(0.3)) source.set_locator(absl::StrCat("§ ", Below(90)));
  return source;
}

common::v1::DecisionReference Maker::Reference() {
  common::v1::DecisionReference reference;
  reference.set_body("Kommunstyrelsen");
  reference.set_diary_number(absl::StrCat("KS ", Between(2004, 2026), "/", Below(300)));
  reference.set_paragraph(absl::StrCat(Between(1, 200)));
  return reference;
}

int Maker::EnumValue(const google::protobuf::EnumDescriptor& type) {
  const int first = Chance(0.02) ? 0 : 1;
  return type.value_count() == 1 ? type.value(0)->number()
                                 : type.value(Between(first, type.value_count() - 1))->number();
}

}  // namespace partnerskap::simulator
