// The resource tables of *peer_review*.
#ifndef PARTNERSKAP_SERVICES_PEER_REVIEW_STORE_TABLES_H_
#define PARTNERSKAP_SERVICES_PEER_REVIEW_STORE_TABLES_H_

#include <vector>

#include "common/sql/database.h"
#include "common/sql/resource_table.h"
#include "partnerskap/peerreview/v1/resources.pb.h"

namespace partnerskap::peer_review {

namespace v1 = peerreview::v1;

const ResourceTable<v1::Challenge>& Challenges();
const ResourceTable<v1::ReviewRound>& ReviewRounds();
const ResourceTable<v1::Review>& Reviews();

std::vector<const ResourceTableBase*> Tables();
// store/migrations, embedded at build time.
std::vector<Migration> Migrations();

}  // namespace partnerskap::peer_review

#endif  // PARTNERSKAP_SERVICES_PEER_REVIEW_STORE_TABLES_H_
