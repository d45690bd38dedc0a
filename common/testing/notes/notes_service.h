// Two services of another world: `notes`, and `copies`, which follows its feed.
#ifndef PARTNERSKAP_COMMON_TESTING_NOTES_NOTES_SERVICE_H_
#define PARTNERSKAP_COMMON_TESTING_NOTES_NOTES_SERVICE_H_

#include "common/rpc/serve.h"
#include "common/sql/resource_table.h"
#include "common/testing/notes/notes.pb.h"

namespace partnerskap::notes {

namespace v1 = ::partnerskap::testing::notes::v1;

const ResourceTable<v1::Note>& Notes();

// Member systems may follow the network `networks/<id of their organization>` and no other.
ServiceDefinition NotesDefinition();

// Keeps in `copies` the newest state of each note, and in `effects` how often each sequence number was applied.
ServiceDefinition CopiesDefinition();

// While set, the reaction of `copies` fails at a note whose text is "poison".
void RefusePoison(bool refuse);

}  // namespace partnerskap::notes

#endif  // PARTNERSKAP_COMMON_TESTING_NOTES_NOTES_SERVICE_H_
