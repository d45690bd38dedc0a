// The resource tables of *scheduling*.
#ifndef PARTNERSKAP_SERVICES_SCHEDULING_STORE_TABLES_H_
#define PARTNERSKAP_SERVICES_SCHEDULING_STORE_TABLES_H_

#include <vector>

#include "common/sql/database.h"
#include "common/sql/resource_table.h"
#include "partnerskap/scheduling/v1/resources.pb.h"

namespace partnerskap::scheduling {

const ResourceTable<v1::Meeting>& Meetings();
const ResourceTable<v1::HostRotation>& HostRotations();

std::vector<const ResourceTableBase*> Tables();
// store/migrations, embedded at build time.
std::vector<Migration> Migrations();

}  // namespace partnerskap::scheduling

#endif  // PARTNERSKAP_SERVICES_SCHEDULING_STORE_TABLES_H_
