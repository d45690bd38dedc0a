#include "bench/rows.h"

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace partnerskap::bench {
namespace {

using membership::v1::Organization;

// Stand in the finished request where id and request id go. Of the same length as what replaces them.
constexpr char kIdMark[] = "iiiiiiiiiiiiiiii";
constexpr char kUuidMark[] = "uuuuuuuu-uuuu-4uuu-8uuu-uuuuuuuuuuuu";

// Numbers of one process; above all that stores are filled with.
constexpr int kFreshShift = 32;

// Splitmix64: one to one, and so without two equal results.
uint64_t Scramble(uint64_t x) {
  x += 0x9E3779B97F4A7C15ULL;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31);
}

Organization OrganizationWithId(const std::string& id) {
  Organization organization;
  organization.set_kind(Organization::ASSOCIATION);
  organization.set_display_name(absl::StrCat("Föreningen ", id));
  organization.set_full_name(absl::StrCat("Föreningen för barnets rättigheter ", id));
  organization.set_organization_number("802400-1234");
  organization.set_county_code("03");
  organization.set_county("Uppsala län");
  organization.mutable_start_date()->set_year(2004);
  auto& alias = *organization.add_aliases();
  alias.set_text("Barnrättsföreningen");
  auto& source = *organization.add_sources();
  source.set_document("Verksamhetsberättelse 2004 till 2008");
  source.set_locator("Bilaga 3, sidan 12");
  source.set_note("The source writes the name in two ways.");
  return organization;
}

membership::v1::CreateOrganizationRequest CreateWith(const std::string& id, const std::string& uuid) {
  membership::v1::CreateOrganizationRequest request;
  *request.mutable_organization() = OrganizationWithId(id);
  request.set_organization_id(id);
  request.set_request_id(uuid);
  return request;
}

struct Finished {
  std::string bytes;
  std::vector<size_t> ids;
  size_t uuid = 0;
};

const Finished& FinishedCreate() {
  static const auto& finished = *new Finished([] {
    Finished made;
    made.bytes = CreateWith(kIdMark, kUuidMark).SerializeAsString();
    for (size_t at = made.bytes.find(kIdMark); at != std::string::npos; at = made.bytes.find(kIdMark, at + 1)) {
      made.ids.push_back(at);
    }
    made.uuid = made.bytes.find(kUuidMark);
    return made;
  }());
  return finished;
}

}  // namespace

std::string IdOf(uint64_t number) { return absl::StrFormat("%016x", Scramble(number)); }

std::string NameOf(uint64_t number) { return absl::StrCat("organizations/", IdOf(number)); }

std::string UuidOf(uint64_t number) {
  const uint64_t high = Scramble(~number), low = Scramble(number);
  return absl::StrFormat("%08x-%04x-4%03x-8%03x-%012x", high >> 32, (high >> 16) & 0xffff, high & 0xfff, low >> 52,
                         low & 0xffffffffffff);
}

Organization OrganizationOf(uint64_t number) { return OrganizationWithId(IdOf(number)); }

membership::v1::CreateOrganizationRequest CreateOf(uint64_t number) { return CreateWith(IdOf(number), UuidOf(number)); }

uint64_t NextFreshNumber() {
  static std::atomic<uint64_t> next{
      (static_cast<uint64_t>(std::chrono::system_clock::now().time_since_epoch().count() / 1'000'000) << kFreshShift)};
  return ++next;
}

std::string GetRequest(uint64_t number) {
  membership::v1::GetOrganizationRequest request;
  request.set_name(NameOf(number));
  return request.SerializeAsString();
}

std::string ListRequest() {
  membership::v1::ListOrganizationsRequest request;
  request.set_page_size(kPageRows);
  return request.SerializeAsString();
}

std::string CreateRequest(uint64_t number) {
  const Finished& finished = FinishedCreate();
  std::string bytes = finished.bytes;
  const std::string id = IdOf(number), uuid = UuidOf(number);
  for (const size_t at : finished.ids) bytes.replace(at, id.size(), id);
  bytes.replace(finished.uuid, uuid.size(), uuid);
  return bytes;
}

bool IsOrganization(uint64_t number, const std::string& bytes) {
  Organization organization;
  return organization.ParseFromString(bytes) && organization.name() == NameOf(number) &&
         organization.display_name() == OrganizationOf(number).display_name() && !organization.uid().empty();
}

bool IsPage(const std::string& bytes) {
  membership::v1::ListOrganizationsResponse page;
  return page.ParseFromString(bytes) && page.organizations_size() == kPageRows && !page.next_page_token().empty();
}

}  // namespace partnerskap::bench
