// The command line's view of a world: what `partnerskap` does, without its process.
#ifndef PARTNERSKAP_TESTS_STORIES_WORLD_CLIENT_H_
#define PARTNERSKAP_TESTS_STORIES_WORLD_CLIENT_H_

#include <memory>
#include <string>
#include <vector>

#include "cli/apply.h"
#include "cli/client.h"
#include "tests/stories/world.h"

namespace partnerskap::stories {

// Calls as the administrator; each call carries the positions of the calls before it, as the command line does.
std::unique_ptr<cli::Client> NewWorldClient(World& world);

// What applying a file came to.
struct Applied {
  int created = 0, updated = 0, unchanged = 0;
  std::vector<std::string> differing;  // names that history keeps as they are
};
// Plans and carries out, as `partnerskap apply` does. Fails the test at the first refusal.
Applied Apply(World& world, const cli::v1::NetworkFile& file);

// The register of municipalities and counties, and the example network by its file name, from the repository.
cli::v1::NetworkFile Register();
cli::v1::NetworkFile Example(const std::string& file);

}  // namespace partnerskap::stories

#endif  // PARTNERSKAP_TESTS_STORIES_WORLD_CLIENT_H_
