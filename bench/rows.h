// What is read and written while the suite is measured: organizations of *membership*, each of some 450 bytes, with
// names that are spread over all of the store's indexes. Row 7 is the same in every run.
#ifndef PARTNERSKAP_BENCH_ROWS_H_
#define PARTNERSKAP_BENCH_ROWS_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "partnerskap/membership/v1/organization_messages.pb.h"

namespace partnerskap::bench {

inline constexpr char kGetMethod[] = "/partnerskap.membership.v1.MembershipService/GetOrganization";
inline constexpr char kListMethod[] = "/partnerskap.membership.v1.MembershipService/ListOrganizations";
inline constexpr char kCreateMethod[] = "/partnerskap.membership.v1.MembershipService/CreateOrganization";
inline constexpr char kWatchMethod[] = "/partnerskap.membership.v1.MembershipFeedService/WatchChanges";

// Rows of one page, and what makes a store the small one.
inline constexpr int kPageRows = 50;
inline constexpr int64_t kSmallRows = 1'000;
inline constexpr int64_t kLargeRows = 1'000'000;

// 16 hex digits, no two alike.
std::string IdOf(uint64_t number);
std::string NameOf(uint64_t number);
// A UUID4 that belongs to the number.
std::string UuidOf(uint64_t number);
membership::v1::Organization OrganizationOf(uint64_t number);
membership::v1::CreateOrganizationRequest CreateOf(uint64_t number);

// Numbers that no store has yet: a range of its own for each process of partnerskap-bench.
uint64_t NextFreshNumber();

// Serialized requests; those of Create are cut from a finished one, for the client shares the machine.
std::string GetRequest(uint64_t number);
std::string ListRequest();
std::string CreateRequest(uint64_t number);

// Whether an answer is the one that was asked for.
bool IsOrganization(uint64_t number, const std::string& bytes);
bool IsPage(const std::string& bytes);

}  // namespace partnerskap::bench

#endif  // PARTNERSKAP_BENCH_ROWS_H_
