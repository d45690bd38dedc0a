// From flags to a running service, in one call: what every main.cc consists of.
#ifndef PARTNERSKAP_COMMON_RPC_SERVE_H_
#define PARTNERSKAP_COMMON_RPC_SERVE_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "common/env/env.h"
#include "common/feed/subscriber.h"
#include "common/rpc/service.h"
#include "common/sql/database.h"

namespace partnerskap {

// What makes one service differ from another.
struct ServiceDefinition {
  std::string name;         // `membership`: folder of the store, metrics, certificate name
  std::string package;      // `partnerskap.membership.v1`
  uint32_t application_id;  // of the store file
  int default_port;         // 7401; the admin port is 10 above
  std::vector<Migration> migrations;
  std::vector<const ResourceTableBase*> tables;
  void (*register_methods)(Methods&);       // the list in service.cc
  std::vector<Subscription> subscriptions;  // reactions to other services' feeds
  WriterOptions writer = {};                // other values are for measuring what these are worth
};

// Parses flags (`--help` explains each with its default), opens the store, listens, prints one ready line on stdout,
// and serves until SIGTERM or SIGINT; then stops within 10 s. Returns the exit code: 0 stopped, 1 configuration (one
// line that names the flag and the fix), 2 usage, 74 I/O.
int Serve(const ServiceDefinition& service, int argc, char** argv);

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_RPC_SERVE_H_
