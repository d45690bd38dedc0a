#include "absl/strings/str_cat.h"
#include "common/time/partial_date.h"
#include "partnerskap/agreements/v1/resources.pb.h"
#include "partnerskap/membership/v1/resources.pb.h"
#include "partnerskap/scheduling/v1/meeting_messages.pb.h"
#include "tests/simulator/maker.h"

namespace partnerskap::simulator {
namespace {

namespace v1 = scheduling::v1;
using google::protobuf::Message;
using membership::v1::Network;
using membership::v1::Seat;

constexpr char kNoMeeting[] = "networks/n0/meetings/okant";

std::string SeatOf(Maker& make, const std::string& network) {
  return make.PickName<Seat>("networks/n0/seats/okand", [&](const auto& s) { return ParentOf(s.name()) == network; });
}

std::unique_ptr<Message> CreateMeeting(Maker& make) {
  auto request = std::make_unique<v1::CreateMeetingRequest>();
  request->set_parent(make.PickName<Network>("networks/okant"));
  request->set_meeting_id(make.Id("m", 30));
  v1::Meeting& meeting = *request->mutable_meeting();
  meeting.set_kind(make.Chance(0.6) ? v1::Meeting::JOINT
                                    : static_cast<v1::Meeting::Kind>(make.EnumValue(*v1::Meeting::Kind_descriptor())));
  if (make.Chance(0.7)) meeting.set_host(SeatOf(make, request->parent()));
  *meeting.mutable_first_date() = make.Date(-1200, 500);
  if (make.Chance(0.4)) meeting.mutable_first_date()->set_day(0);
  if (make.Chance(meeting.first_date().day() == 0 ? 0.02 : 0.8)) {
    *meeting.mutable_last_date() = make.After(meeting.first_date(), 2);
  }
  if (make.Chance(meeting.kind() == v1::Meeting::OFFICERS ? 0.7 : 0.02)) {
    meeting.set_prepared_meeting(
        make.PickName<v1::Meeting>(kNoMeeting, [&](const auto& m) { return ParentOf(m.name()) == request->parent(); }));
  }
  if (make.Chance(0.5)) {
    meeting.set_agreement(make.PickName<agreements::v1::Agreement>(
        "networks/n0/agreements/okand", [&](const auto& a) { return ParentOf(a.name()) == request->parent(); }));
  }
  return request;
}

// The name and etag of a meeting that fits.
template <typename Request>
const v1::Meeting* Address(Maker& make, Request& request, const std::function<bool(const v1::Meeting&)>& fit) {
  const auto* seen = make.Pick<v1::Meeting>(fit);
  request.set_name(seen == nullptr ? kNoMeeting : seen->name());
  request.set_etag(make.Etag(seen));
  return seen;
}

std::unique_ptr<Message> HardenMeeting(Maker& make) {
  auto request = std::make_unique<v1::HardenMeetingRequest>();
  const auto* seen = Address(make, *request, [](const auto& m) { return m.first_date().day() == 0; });
  *request->mutable_first_date() = make.Date(-300, 300);
  const auto from = seen == nullptr ? std::nullopt : EarliestDay(seen->first_date());
  if (from.has_value() && make.Chance(0.95)) *request->mutable_first_date() = DateOf(*from + make.Below(26));
  const auto first = FullDay(request->first_date());
  *request->mutable_last_date() =
      make.Chance(0.8) && first.has_value() ? DateOf(*first + 1) : make.After(request->first_date(), 4);
  request->set_calendar_overridden(make.Chance(0.4));
  return request;
}

std::unique_ptr<Message> AssignMeetingHost(Maker& make) {
  auto request = std::make_unique<v1::AssignMeetingHostRequest>();
  const auto* seen = Address(make, *request, [](const auto& m) { return m.host().empty(); });
  request->set_host(SeatOf(make, seen == nullptr ? "networks/n0" : ParentOf(seen->name())));
  return request;
}

std::unique_ptr<Message> ConveneMeeting(Maker& make) {
  auto request = std::make_unique<v1::ConveneMeetingRequest>();
  Address(make, *request, [](const auto& m) { return m.state() == v1::Meeting::PLANNED && m.first_date().day() > 0; });
  return request;
}

std::unique_ptr<Message> HoldMeeting(Maker& make) {
  auto request = std::make_unique<v1::HoldMeetingRequest>();
  Address(make, *request, [](const auto& m) { return m.state() == v1::Meeting::CONVENED; });
  return request;
}

std::unique_ptr<Message> CancelMeeting(Maker& make) {
  auto request = std::make_unique<v1::CancelMeetingRequest>();
  Address(make, *request, [](const auto& m) { return m.state() <= v1::Meeting::CONVENED; });
  request->set_reason(make.Word());
  return request;
}

std::unique_ptr<Message> UpdateHostRotation(Maker& make) {
  auto request = std::make_unique<v1::UpdateHostRotationRequest>();
  const std::string network = make.PickName<Network>("networks/okant");
  const auto* seen = make.known().Find<v1::HostRotation>(absl::StrCat(network, "/hostRotation"));
  v1::HostRotation& rotation = *request->mutable_host_rotation();
  if (seen != nullptr) rotation = *seen;
  rotation.set_name(absl::StrCat(network, "/hostRotation"));
  rotation.set_etag(make.Etag(seen));
  rotation.clear_seats();
  for (int i = make.Below(5); i > 0; --i) {
    const std::string seat = SeatOf(make, network);
    bool there = false;
    for (const auto& other : rotation.seats()) there = there || other == seat;
    if (!there || make.Chance(0.1)) rotation.add_seats(seat);
  }
  if (make.Chance(0.2)) rotation.add_excluded_months(make.Between(1, 12));
  return request;
}

}  // namespace

std::vector<Generator> SchedulingGenerators() {
  return {{"CreateMeeting", 10, CreateMeeting},
          {"HardenMeeting", 6, HardenMeeting},
          {"AssignMeetingHost", 4, AssignMeetingHost},
          {"ConveneMeeting", 8, ConveneMeeting},
          {"HoldMeeting", 7, HoldMeeting},
          {"CancelMeeting", 2, CancelMeeting},
          {"UpdateHostRotation", 3, UpdateHostRotation}};
}

}  // namespace partnerskap::simulator
