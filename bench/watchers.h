// Watchers of a feed, as many as asked for, on a thread of their own: they count the changes that they are sent.
#ifndef PARTNERSKAP_BENCH_WATCHERS_H_
#define PARTNERSKAP_BENCH_WATCHERS_H_

#include <chrono>
#include <cstdint>
#include <memory>

#include "bench/load.h"

namespace partnerskap::bench {

class Watchers {
 public:
  // Each from the first change that is kept, spread over `channels`.
  static std::unique_ptr<Watchers> Start(const Channels& channels, int count);
  virtual ~Watchers() = default;  // cancels the streams
  // Waits until every watcher has seen all that was committed; false when that takes longer than `limit`.
  virtual bool CatchUp(std::chrono::seconds limit) = 0;
  // Waits until so many changes have been delivered in all; false when that takes longer than `limit`. CatchUp does not
  // know of what was committed after a watcher was last spoken to.
  virtual bool AwaitDelivered(int64_t changes, std::chrono::seconds limit) = 0;
  // Changes that all watchers together were sent.
  virtual int64_t delivered() const = 0;
  // True while no stream has ended and no sequence was missing or came twice.
  virtual bool sound() const = 0;
};

}  // namespace partnerskap::bench

#endif  // PARTNERSKAP_BENCH_WATCHERS_H_
