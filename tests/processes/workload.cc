#include "tests/processes/workload.h"

#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/rpc/call.h"
#include "common/status/macros.h"
#include "google/protobuf/text_format.h"
#include "partnerskap/agreements/v1/service.pb.h"
#include "partnerskap/membership/v1/service.pb.h"
#include "partnerskap/peerreview/v1/service.pb.h"
#include "partnerskap/scheduling/v1/service.pb.h"

namespace partnerskap {
namespace {

namespace agr = agreements::v1;
namespace mem = membership::v1;
namespace rev = peerreview::v1;
namespace sch = scheduling::v1;
using Kind = Operation::Kind;

constexpr char kAgreement[] = "networks/n/agreements/a";
constexpr char kRotation[] = "networks/n/hostRotation";
constexpr char kDecision[] = "organizations/kommun-0380/decisions/tables";
// Organizations of the seats s0, s1 …: few, so that clients meet.
constexpr const char* kCodes[] = {"0380", "0136", "1883", "1862"};
constexpr int kSeats = 4;
// Names of challenges that several workers try to be the first to make.
constexpr int kContended = 400;

template <typename M>
M Parse(const std::string& text) {
  M message;
  if (!google::protobuf::TextFormat::ParseFromString(text, &message)) std::abort();
  return message;
}

std::string Seat(uint64_t i) { return absl::StrCat(kNetwork, "/seats/s", i); }
std::string Adoption(uint64_t i) { return absl::StrCat(kAgreement, "/adoptions/s", i); }

absl::Status SetUpMembership(HistoryClient& client) {
  for (const char* code : kCodes) {
    auto request = Parse<mem::CreateOrganizationRequest>(absl::StrCat("organization { kind: MUNICIPALITY code: '", code,
                                                                      "' display_name: 'Kommun ", code,
                                                                      "' } organization_id: 'kommun-", code, "'"));
    RETURN_IF_ERROR(client
                        .Mutate<mem::Organization>("membership", "CreateOrganization", request,
                                                   absl::StrCat("organizations/kommun-", code), Kind::kCreate)
                        .status());
  }
  auto network = Parse<mem::CreateNetworkRequest>("network { kind: PARTNERSHIP display_name: 'N' } network_id: 'n'");
  RETURN_IF_ERROR(
      client.Mutate<mem::Network>("membership", "CreateNetwork", network, kNetwork, Kind::kCreate).status());
  for (int i = 0; i < kSeats; ++i) {
    auto seat = Parse<mem::CreateSeatRequest>(absl::StrCat("parent: 'networks/n' seat_id: 's", i,
                                                           "' seat { kind: MEMBER display_name: 'Plats' parties { "
                                                           "organization: 'organizations/kommun-",
                                                           kCodes[i], "' } join_date { year: 2005 } }"));
    RETURN_IF_ERROR(client.Mutate<mem::Seat>("membership", "CreateSeat", seat, Seat(i), Kind::kCreate).status());
  }
  return absl::OkStatus();
}

absl::Status SetUpAgreements(HistoryClient& client) {
  auto agreement = Parse<agr::CreateAgreementRequest>(R"(
    parent: 'networks/n' agreement_id: 'a'
    agreement {
      display_name: 'Avtal' kind: PERIOD_AGREEMENT
      start_date { year: 2016 month: 1 day: 1 } end_date { year: 2019 month: 12 day: 31 }
      signer_slots { slot: 1 capacities: 'KOMMUNSTYRELSENS_ORDFORANDE' }
      signer_slots { slot: 2 capacities: 'KOMMUNDIREKTOR' }
    })");
  RETURN_IF_ERROR(
      client.Mutate<agr::Agreement>("agreements", "CreateAgreement", agreement, kAgreement, Kind::kCreate).status());
  const std::string version = absl::StrCat(kAgreement, "/versions/1");
  auto wording = Parse<agr::CreateAgreementVersionRequest>(
      absl::StrCat("parent: '", kAgreement,
                   "' agreement_version_id: '1' agreement_version { display_name: 'F' custody: NOT_HELD }"));
  RETURN_IF_ERROR(
      client.Mutate<agr::AgreementVersion>("agreements", "CreateAgreementVersion", wording, version, Kind::kCreate)
          .status());
  for (int i = 0; i < kSeats; ++i) {
    auto adoption = Parse<agr::CreateAdoptionRequest>(
        absl::StrCat("parent: '", kAgreement, "' adoption_id: 's", i, "' adoption { seat: '", Seat(i), "' version: '",
                     version, "' circulation_date { year: 2015 month: 8 day: 19 } }"));
    RETURN_IF_ERROR(
        client.Mutate<agr::Adoption>("agreements", "CreateAdoption", adoption, Adoption(i), Kind::kCreate).status());
    auto prepare = Parse<agr::PrepareAdoptionRequest>(
        absl::StrCat("name: '", Adoption(i),
                     "' etag: '1' diary_number: 'KS 1' preparation_date { year: 2015 month: 8 "
                     "day: 20 }"));
    RETURN_IF_ERROR(
        client.Mutate<agr::Adoption>("agreements", "PrepareAdoption", prepare, Adoption(i), Kind::kWriteIf, 1)
            .status());
  }
  auto decision = Parse<agr::CreateDecisionRequest>(R"(
    parent: 'organizations/kommun-0380' decision_id: 'tables'
    decision { display_name: 'B' body: 'KS' paragraph: '59' decision_date { year: 2015 month: 9 day: 9 }
               items { number: 1 kind: TABLES text: 'Bordlägges' } })");
  return client.Mutate<agr::Decision>("agreements", "CreateDecision", decision, kDecision, Kind::kCreate).status();
}

}  // namespace

absl::Status SetUpNetwork(HistoryClient& client) {
  RETURN_IF_ERROR(SetUpMembership(client));
  for (const char* service : {"agreements", "scheduling", "peer_review"}) client.After(service, client.position());
  RETURN_IF_ERROR(SetUpAgreements(client));
  auto rotation = Parse<sch::UpdateHostRotationRequest>(absl::StrCat("host_rotation { name: '", kRotation, "' seats: '",
                                                                     Seat(0), "' seats: '", Seat(1), "' etag: '*' }"));
  RETURN_IF_ERROR(
      client.Mutate<sch::HostRotation>("scheduling", "UpdateHostRotation", rotation, kRotation, Kind::kCreate)
          .status());
  auto challenge =
      Parse<rev::CreateChallengeRequest>(absl::StrCat("parent: 'networks/n' challenge_id: 'first' challenge { seat: '",
                                                      Seat(0), "' display_name: 'U' agreement: '", kAgreement, "' }"));
  return client
      .Mutate<rev::Challenge>("peer_review", "CreateChallenge", challenge, "networks/n/challenges/first", Kind::kCreate)
      .status();
}

std::string Worker::NewId() { return absl::StrCat("w", number_, "-", made_++); }

template <typename Resource>
void Worker::Remember(const absl::StatusOr<Resource>& resource) {
  int64_t revision = 0;
  if (resource.ok() && absl::SimpleAtoi(resource->etag(), &revision)) seen_[resource->name()] = revision;
}

void Worker::Step() {
  constexpr int kShares[] = {45, 65, 85, 100};
  const auto choice = static_cast<int>(client_.random().Below(100));
  for (size_t i = 0; i < kServices.size(); ++i) {
    if (choice < kShares[i]) return StepAt(kServices[i]);
  }
}

void Worker::StepAt(const std::string& service) {
  if (service == "membership") return StepMembership();
  if (service == "agreements") return StepAgreements();
  if (service == "scheduling") return StepScheduling();
  StepPeerReview();
}

void Worker::UpdateSeat(const std::string& seat, bool conditional) {
  const int64_t expected = LastSeen(seat);
  auto request =
      Parse<mem::UpdateSeatRequest>(absl::StrCat("seat { name: '", seat, "' display_name: 'Plats ", NewId(),
                                                 "' kind: MEMBER etag: '", conditional ? absl::StrCat(expected) : "*",
                                                 "' parties { organization: 'organizations/kommun-0380' } }"
                                                 " update_mask { paths: 'display_name' }"));
  Remember(client_.Mutate<mem::Seat>("membership", "UpdateSeat", request, seat,
                                     conditional ? Kind::kWriteIf : Kind::kWrite, expected));
}

void Worker::StepMembership() {
  const std::string seat = Seat(client_.random().Below(kSeats));
  switch (client_.random().Below(8)) {
    case 0:
    case 1:
      return UpdateSeat(seat, false);
    case 2:
    case 3:
      return UpdateSeat(seat, true);
    case 4:
    case 5: {
      mem::GetSeatRequest get;
      get.set_name(seat);
      return Remember(client_.Read<mem::Seat>("membership", "GetSeat", get, seat));
    }
    case 6: {
      mem::ListSeatsRequest list;
      list.set_parent(kNetwork);
      mem::ListSeatsResponse response;
      std::vector<std::string> all;
      for (int i = 0; i < kSeats; ++i) all.push_back(Seat(i));
      return client_.ReadList("membership", "ListSeats", list, response, all).IgnoreError();
    }
    default: {
      mem::CreatePersonRequest create;
      create.set_person_id(NewUuid(client_.random()));
      create.mutable_person()->set_display_name("Exempel Exempelsson");
      client_
          .Mutate<mem::Person>("membership", "CreatePerson", create, absl::StrCat("persons/", create.person_id()),
                               Kind::kCreate)
          .IgnoreError();
    }
  }
}

void Worker::TableAdoption(const std::string& adoption, bool conditional) {
  const int64_t expected = LastSeen(adoption);
  auto request = Parse<agr::RecordAdoptionOutcomeRequest>(
      absl::StrCat("name: '", adoption, "' outcome: TABLED decision: '", kDecision, "' etag: '",
                   conditional ? absl::StrCat(expected) : "*", "'"));
  Remember(client_.Mutate<agr::Adoption>("agreements", "RecordAdoptionOutcome", request, adoption,
                                         conditional ? Kind::kWriteIf : Kind::kWrite, expected));
}

void Worker::StepAgreements() {
  // Only the first seat's holder has tabled it.
  const std::string adoption = Adoption(0);
  switch (client_.random().Below(6)) {
    case 0:
      return TableAdoption(adoption, client_.random().Chance(0.5));
    case 1:
    case 2: {
      agr::GetAdoptionRequest get;
      get.set_name(Adoption(client_.random().Below(kSeats)));
      return Remember(client_.Read<agr::Adoption>("agreements", "GetAdoption", get, get.name()));
    }
    default: {
      auto create = Parse<agr::CreateAgreementRequest>(
          "parent: 'networks/n' agreement { display_name: 'Avtal' kind: PERIOD_AGREEMENT start_date { year: 2016 "
          "month: 1 day: 1 } end_date { year: 2019 month: 12 day: 31 } signer_slots { slot: 1 capacities: 'KS' } "
          "signer_slots { slot: 2 capacities: 'KD' } }");
      create.set_agreement_id(NewId());
      client_
          .Mutate<agr::Agreement>("agreements", "CreateAgreement", create,
                                  absl::StrCat(kNetwork, "/agreements/", create.agreement_id()), Kind::kCreate)
          .IgnoreError();
    }
  }
}

void Worker::UpdateRotation(bool conditional) {
  const int64_t expected = LastSeen(kRotation);
  // Another content each time: an update that changes nothing makes no revision.
  auto request = Parse<sch::UpdateHostRotationRequest>(
      absl::StrCat("host_rotation { name: '", kRotation, "' sources { document: '", NewId(), "' } etag: '",
                   conditional ? absl::StrCat(expected) : "*", "' } update_mask { paths: 'sources' }"));
  Remember(client_.Mutate<sch::HostRotation>("scheduling", "UpdateHostRotation", request, kRotation,
                                             conditional ? Kind::kWriteIf : Kind::kWrite, expected));
}

void Worker::StepScheduling() {
  switch (client_.random().Below(6)) {
    case 0:
    case 1:
      return UpdateRotation(client_.random().Chance(0.5));
    case 2:
    case 3: {
      sch::GetHostRotationRequest get;
      get.set_name(kRotation);
      return Remember(client_.Read<sch::HostRotation>("scheduling", "GetHostRotation", get, kRotation));
    }
    default: {
      auto create = Parse<sch::CreateMeetingRequest>(
          "parent: 'networks/n' meeting { kind: JOINT first_date { year: 2017 month: 5 day: 11 } last_date { year: "
          "2017 month: 5 day: 12 } }");
      create.set_meeting_id(NewId());
      create.mutable_meeting()->set_host(Seat(client_.random().Below(kSeats)));
      client_
          .Mutate<sch::Meeting>("scheduling", "CreateMeeting", create,
                                absl::StrCat(kNetwork, "/meetings/", create.meeting_id()), Kind::kCreate)
          .IgnoreError();
    }
  }
}

// A challenge is accepted once and closed once, whoever tries: its state is the condition, as its etag would be.
void Worker::MoveChallenge(const std::string& challenge) {
  if (client_.random().Chance(0.5)) {
    auto accept = Parse<rev::AcceptChallengeRequest>("etag: '*' answer_date { year: 2030 month: 5 day: 1 }");
    accept.set_name(challenge);
    return Remember(
        client_.Mutate<rev::Challenge>("peer_review", "AcceptChallenge", accept, challenge, Kind::kWriteIf, 1));
  }
  auto close = Parse<rev::CloseChallengeRequest>("etag: '*' outcome: 'Klart'");
  close.set_name(challenge);
  Remember(client_.Mutate<rev::Challenge>("peer_review", "CloseChallenge", close, challenge, Kind::kWriteIf, 2));
}

void Worker::StepPeerReview() {
  const std::string id = absl::StrCat("c", client_.random().Below(kContended));
  const std::string challenge = absl::StrCat(kNetwork, "/challenges/", id);
  switch (client_.random().Below(4)) {
    case 0: {
      auto create = Parse<rev::CreateChallengeRequest>("parent: 'networks/n' challenge { display_name: 'Utmaning' }");
      create.set_challenge_id(id);
      create.mutable_challenge()->set_seat(Seat(0));
      create.mutable_challenge()->set_agreement(kAgreement);
      return Remember(
          client_.Mutate<rev::Challenge>("peer_review", "CreateChallenge", create, challenge, Kind::kCreate));
    }
    case 1:
    case 2:
      return MoveChallenge(challenge);
    default: {
      rev::GetChallengeRequest get;
      get.set_name(challenge);
      return Remember(client_.Read<rev::Challenge>("peer_review", "GetChallenge", get, challenge));
    }
  }
}

}  // namespace partnerskap
