// What must be true of the stores after any number of kills, read from the files themselves.
#ifndef PARTNERSKAP_TESTS_CRASH_CRASH_CHECKS_H_
#define PARTNERSKAP_TESTS_CRASH_CRASH_CHECKS_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace partnerskap {

// What the clients of a crash test were told.
struct Promised {
  std::map<std::string, std::string> created;            // name -> the answer's bytes
  std::map<std::string, std::set<std::string>> updated;  // name -> texts, each acknowledged once
  std::set<std::string> request_ids;                     // of all acknowledged mutations
};

// Each a broken promise in words; none when all hold. `store` is the path of a store.db that no process holds.
//
// Of the store that was written to: every acknowledged creation is there, with the bytes that were answered; nothing
// was created that no client asked for; every acknowledged update has made exactly one revision; sequence numbers and
// revisions are without a gap; each request id was applied once; the audit chain verifies; SQLite finds no damage.
std::vector<std::string> CheckWritten(const std::string& store, const Promised& promised);

// Of the store that follows it: each sequence number was applied once, and the copies are what the followed store
// holds.
std::vector<std::string> CheckFollowed(const std::string& followed, const std::string& follower);

// The newest sequence number of a store.
int64_t NewestSequence(const std::string& store);

}  // namespace partnerskap

#endif  // PARTNERSKAP_TESTS_CRASH_CRASH_CHECKS_H_
