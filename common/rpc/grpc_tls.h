// gRPC's credentials over the PEM files of a process, read again while it runs: renewed certificates need no restart.
#ifndef PARTNERSKAP_COMMON_RPC_GRPC_TLS_H_
#define PARTNERSKAP_COMMON_RPC_GRPC_TLS_H_

#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>

#include <memory>

#include "absl/time/time.h"
#include "common/rpc/tls.h"

namespace partnerskap {

// Client certificates are required and verified. New connections use what the files hold at most `refresh` (whole
// seconds) ago; a broken or half-written pair leaves no working credentials until the next look.
std::shared_ptr<grpc::ServerCredentials> MutualTlsServer(const TlsFiles& files, absl::Duration refresh);
// The server's certificate is verified against the authority and the target's host name.
std::shared_ptr<grpc::ChannelCredentials> MutualTlsChannel(const TlsFiles& files, absl::Duration refresh);

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_RPC_GRPC_TLS_H_
