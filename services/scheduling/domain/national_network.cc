#include "services/scheduling/domain/national_network.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/time/partial_date.h"
#include "services/scheduling/domain/rotation.h"

namespace partnerskap::scheduling {
namespace {

struct SeatRow {
  const char *id, *display_name, *join_date;
};
// Only of Uppsala the sources say when it joined.
constexpr SeatRow kSeats[] = {
    {"borlange", "Borlänge", ""},
    {"angered", "Angereds stadsdel/Göteborg", ""},
    {"gavle", "Gävle", ""},
    {"haninge", "Haninge", ""},
    {"karlskoga-degerfors", "Karlskoga/Degerfors", ""},
    {"trelleborg", "Trelleborg", ""},
    {"uppsala", "Uppsala", "2005"},
    {"vasteras", "Västerås", ""},
    {"orebro", "Örebro", ""},
    {"ostersund", "Östersund", ""},
};

struct MeetingRow {
  const char *id, *dates, *host, *officers_month;
};
constexpr MeetingRow kMeetings[] = {
    {"2015-11", "2015-11-12/2015-11-13", "uppsala", ""},
    {"2016-04", "2016-04-21/2016-04-22", "borlange", "2016-02"},
    {"2016-10", "2016-10-27/2016-10-28", "ostersund", "2016-09"},
    {"2017-05", "2017-05", "orebro", "2017-02"},
    {"2017-11", "2017-11", "gavle", "2017-09"},
    {"2018-05", "2018-05", "trelleborg", "2018-02"},
    {"2018-11", "2018-11", "vasteras", "2018-09"},
    {"2019-05", "2019-05", "angered", "2019-02"},
    {"2019-11", "2019-11", "haninge", "2019-09"},
};

constexpr int kOwnText = 1, kMemo = 2;  // Clause.Origin

std::string Under(absl::string_view collection, absl::string_view id) {
  return id.empty() ? "" : absl::StrCat(kNational, "/", collection, "/", id);
}

}  // namespace

std::string NationalSeat(absl::string_view id) { return Under("seats", id); }
std::string NationalMeeting(absl::string_view id) { return Under("meetings", id); }
google::type::Date DateIn(absl::string_view text) {
  return text.empty() ? google::type::Date() : DateFromText(text).value();
}

v1::Meeting MeetingOn(absl::string_view id, v1::Meeting::Kind kind, absl::string_view dates, absl::string_view host) {
  const std::pair<absl::string_view, absl::string_view> ends = absl::StrSplit(dates, absl::MaxSplits('/', 1));
  v1::Meeting meeting;
  meeting.set_name(NationalMeeting(id));
  meeting.set_kind(kind);
  meeting.set_host(NationalSeat(host));
  *meeting.mutable_first_date() = DateIn(ends.first);
  if (!ends.second.empty()) *meeting.mutable_last_date() = DateIn(ends.second);
  meeting.set_state(v1::Meeting::PLANNED);
  return meeting;
}

NetworkFacts NationalNetwork() {
  NetworkFacts facts;
  facts.network = kNational;
  facts.rotation = DefaultRotation(kNational);
  facts.agreements = {
      {kNationalAgreement,
       {DateIn("2016-01-01"), DateIn("2019-12-31")},
       {{absl::StrCat(kNationalAgreement, "/clauses/memo"), kMemo, 2, 0, 0}, {kNationalCadence, kOwnText, 2, 2, 1}}}};
  for (const SeatRow& row : kSeats) {
    SeatFacts& seat = facts.seats.emplace_back();
    seat.name = NationalSeat(row.id);
    seat.display_name = row.display_name;
    seat.join_date = DateIn(row.join_date);
    seat.organizations = {absl::StrCat("organizations/", row.id)};
  }
  for (const MeetingRow& row : kMeetings) {
    facts.meetings.push_back(MeetingOn(row.id, v1::Meeting::JOINT, row.dates, row.host));
    if (*row.officers_month == '\0') continue;
    v1::Meeting officers =
        MeetingOn(absl::StrCat("tjp-", row.officers_month), v1::Meeting::OFFICERS, row.officers_month);
    officers.set_prepared_meeting(NationalMeeting(row.id));
    facts.meetings.push_back(std::move(officers));
  }
  return facts;
}

v1::Meeting& MeetingIn(NetworkFacts& facts, absl::string_view id) {
  for (v1::Meeting& meeting : facts.meetings) {
    if (meeting.name() == NationalMeeting(id)) return meeting;
  }
  return facts.meetings.emplace_back(MeetingOn(id, v1::Meeting::JOINT, id));
}

SeatFacts& SeatIn(NetworkFacts& facts, absl::string_view id) {
  for (SeatFacts& seat : facts.seats) {
    if (seat.name == NationalSeat(id)) return seat;
  }
  SeatFacts& seat = facts.seats.emplace_back();
  seat.name = NationalSeat(id);
  seat.display_name = std::string(id);
  return seat;
}

}  // namespace partnerskap::scheduling
