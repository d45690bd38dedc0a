// The resource tables of *membership*.
#ifndef PARTNERSKAP_SERVICES_MEMBERSHIP_STORE_TABLES_H_
#define PARTNERSKAP_SERVICES_MEMBERSHIP_STORE_TABLES_H_

#include <vector>

#include "common/sql/database.h"
#include "common/sql/resource_table.h"
#include "partnerskap/membership/v1/posts.pb.h"
#include "partnerskap/membership/v1/resources.pb.h"

namespace partnerskap::membership {

const ResourceTable<v1::Organization>& Organizations();
const ResourceTable<v1::Network>& Networks();
const ResourceTable<v1::Partner>& Partners();
const ResourceTable<v1::Seat>& Seats();
const ResourceTable<v1::ResponsibleBody>& ResponsibleBodies();
const ResourceTable<v1::Post>& Posts();
const ResourceTable<v1::Appointment>& Appointments();
const ResourceTable<v1::Person>& Persons();
const ResourceTable<v1::PersonContact>& PersonContacts();

std::vector<const ResourceTableBase*> Tables();
// store/migrations, embedded at build time.
std::vector<Migration> Migrations();

}  // namespace partnerskap::membership

#endif  // PARTNERSKAP_SERVICES_MEMBERSHIP_STORE_TABLES_H_
