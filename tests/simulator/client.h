// The state of one of the simulator's clients; used by clients.cc and clients_invent.cc alone.
#ifndef PARTNERSKAP_TESTS_SIMULATOR_CLIENT_H_
#define PARTNERSKAP_TESTS_SIMULATOR_CLIENT_H_

#include <memory>
#include <set>
#include <string>

#include "tests/simulator/clients.h"
#include "tests/simulator/mirror.h"

namespace partnerskap::simulator {

// A list that is read page by page.
struct Walk {
  std::string parent;
  std::string type;  // of the items
  std::set<std::string> names;
  // What was known under the parent when it began; empty where a filter may leave something out.
  std::set<std::string> before;
  // What its pages have shown so far.
  SeenState seen;
};

struct Clients::Client {
  int machine = 0;
  std::shared_ptr<Asked> next;  // to be sent again
  bool altered = false;         // `next` is to be sent with other content
  int repeats = 0;
  int64_t past_micros = 0;
  std::unique_ptr<Walk> walk;
};

}  // namespace partnerskap::simulator

#endif  // PARTNERSKAP_TESTS_SIMULATOR_CLIENT_H_
