// The service with the national partnership in its projections, and the calls that the tests of this folder share.
#ifndef PARTNERSKAP_SERVICES_SCHEDULING_HANDLERS_NATIONAL_FIXTURE_H_
#define PARTNERSKAP_SERVICES_SCHEDULING_HANDLERS_NATIONAL_FIXTURE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "common/testing/service_fixture.h"
#include "partnerskap/membership/v1/resources.pb.h"
#include "partnerskap/scheduling/v1/meeting_messages.pb.h"
#include "services/scheduling/domain/national_network.h"

namespace partnerskap::scheduling {

class NationalTest : public ServiceFixture {
 protected:
  // Feeds have told of the network, its ten seats, the agreement 2016-2019 and its clause on meetings. No meeting yet.
  NationalTest();

  // A seat of the sources, held by `organizations/<id>`; to change and Learn again.
  static membership::v1::Seat SeatMessage(absl::string_view id);
  static v1::CreateMeetingRequest CreateOf(const v1::Meeting& meeting);
  // By the administrator.
  v1::Meeting Create(const v1::Meeting& meeting) {
    return Ok<v1::Meeting>(admin(), "CreateMeeting", CreateOf(meeting));
  }
  v1::Meeting Create(absl::string_view id, v1::Meeting::Kind kind, absl::string_view dates,
                     absl::string_view host = "") {
    return Create(MeetingOn(id, kind, dates, host));
  }
  // All seventeen meetings of the sources.
  void CreateNationalMeetings();
  // A transition by the administrator, with any etag; `rest` is more of the request, as text.
  template <typename Request>
  Request Ask(absl::string_view id, const std::string& rest = "") {
    Request request = partnerskap::Request<Request>(rest);
    request.set_name(NationalMeeting(id));
    request.set_etag("*");
    return request;
  }
  v1::Meeting Get(absl::string_view id);
};

// `first_date { … } last_date { … }` of a request, as text.
std::string DaysText(absl::string_view first, absl::string_view last);

}  // namespace partnerskap::scheduling

#endif  // PARTNERSKAP_SERVICES_SCHEDULING_HANDLERS_NATIONAL_FIXTURE_H_
