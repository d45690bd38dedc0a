#include "services/membership/store/tables.h"

#include <string>

#include "common/text/collation.h"

namespace partnerskap::membership {
namespace {

// Organizations, networks and seats are listed as a Swedish reader looks for them.
template <typename M>
std::string ByDisplayName(const google::protobuf::Message& message) {
  return SwedishSortKey(static_cast<const M&>(message).display_name());
}

}  // namespace

const ResourceTable<v1::Organization>& Organizations() {
  static const auto& table = *new ResourceTable<v1::Organization>({"organizations", &ByDisplayName<v1::Organization>});
  return table;
}

const ResourceTable<v1::Network>& Networks() {
  static const auto& table = *new ResourceTable<v1::Network>({"networks", &ByDisplayName<v1::Network>});
  return table;
}

const ResourceTable<v1::Partner>& Partners() {
  static const auto& table = *new ResourceTable<v1::Partner>({"partners", nullptr});
  return table;
}

const ResourceTable<v1::Seat>& Seats() {
  static const auto& table = *new ResourceTable<v1::Seat>({"seats", &ByDisplayName<v1::Seat>});
  return table;
}

const ResourceTable<v1::ResponsibleBody>& ResponsibleBodies() {
  static const auto& table = *new ResourceTable<v1::ResponsibleBody>({"responsible_bodies", nullptr});
  return table;
}

const ResourceTable<v1::Post>& Posts() {
  static const auto& table = *new ResourceTable<v1::Post>({"posts", nullptr});
  return table;
}

const ResourceTable<v1::Appointment>& Appointments() {
  static const auto& table = *new ResourceTable<v1::Appointment>({"appointments", nullptr});
  return table;
}

const ResourceTable<v1::Person>& Persons() {
  static const auto& table = *new ResourceTable<v1::Person>({"persons", nullptr});
  return table;
}

const ResourceTable<v1::PersonContact>& PersonContacts() {
  static const auto& table = *new ResourceTable<v1::PersonContact>({"person_contacts", nullptr});
  return table;
}

std::vector<const ResourceTableBase*> Tables() {
  return {&Organizations(), &Networks(), &Partners(),     &Seats(),         &ResponsibleBodies(),
          &Posts(),         &Persons(),  &Appointments(), &PersonContacts()};
}

}  // namespace partnerskap::membership
