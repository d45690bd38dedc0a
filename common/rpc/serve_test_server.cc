// Whole processes for the tests of Serve: `partnerskap-test-server notes FLAGS…` and `… copies FLAGS…`.
#include <cstring>

#include "common/rpc/serve.h"
#include "common/testing/notes/notes_service.h"

int main(int argc, char** argv) {
  using partnerskap::ServiceDefinition;
  if (argc < 2) return 2;
  const ServiceDefinition service = std::strcmp(argv[1], "copies") == 0 ? partnerskap::notes::CopiesDefinition()
                                                                        : partnerskap::notes::NotesDefinition();
  return partnerskap::Serve(service, argc - 1, argv + 1);
}
