// The resource tables of *agreements*.
#ifndef PARTNERSKAP_SERVICES_AGREEMENTS_STORE_TABLES_H_
#define PARTNERSKAP_SERVICES_AGREEMENTS_STORE_TABLES_H_

#include <vector>

#include "common/sql/database.h"
#include "common/sql/resource_table.h"
#include "partnerskap/agreements/v1/adoptions.pb.h"
#include "partnerskap/agreements/v1/clauses.pb.h"
#include "partnerskap/agreements/v1/decisions.pb.h"
#include "partnerskap/agreements/v1/resources.pb.h"

namespace partnerskap::agreements {

const ResourceTable<v1::Agreement>& Agreements();
const ResourceTable<v1::AgreementVersion>& AgreementVersions();
const ResourceTable<v1::Clause>& Clauses();
const ResourceTable<v1::Decision>& Decisions();
const ResourceTable<v1::Adoption>& Adoptions();
const ResourceTable<v1::Signature>& Signatures();

std::vector<const ResourceTableBase*> Tables();
// store/migrations, embedded at build time.
std::vector<Migration> Migrations();

}  // namespace partnerskap::agreements

#endif  // PARTNERSKAP_SERVICES_AGREEMENTS_STORE_TABLES_H_
