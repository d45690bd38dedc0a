// The least that a server of the suite's kind can cost: gRPC's generic service with the same credentials, queue and
// threads as the door, whose every answer is the same bytes.
#ifndef PARTNERSKAP_BENCH_ECHO_H_
#define PARTNERSKAP_BENCH_ECHO_H_

#include "common/rpc/tls.h"

namespace partnerskap::bench {

// Listens on a free port of 127.0.0.1, prints `ready echo ADDRESS` and answers until SIGTERM. Returns the exit code.
int ServeEcho(const TlsFiles& tls);

// Bytes of each answer: as many as one of the rows that are measured has.
inline constexpr int kEchoBytes = 450;

}  // namespace partnerskap::bench

#endif  // PARTNERSKAP_BENCH_ECHO_H_
