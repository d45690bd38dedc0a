#include "common/rpc/listener.h"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace partnerskap {
namespace {

constexpr int kMaxPort = 65'535;
// Connections that wait to be accepted.
constexpr int kBacklog = 128;

std::string Text(absl::string_view flag, const std::string& address, absl::string_view why) {
  return absl::StrCat(flag, ": cannot listen on \"", address, "\": ", why);
}

struct AddressesFree {
  void operator()(addrinfo* addresses) const { freeaddrinfo(addresses); }
};

int PortOf(int descriptor) {
  sockaddr_storage address = {};
  socklen_t size = sizeof address;
  if (getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  return ntohs(address.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6*>(&address)->sin6_port
                                             : reinterpret_cast<sockaddr_in*>(&address)->sin_port);
}

}  // namespace

absl::StatusOr<Listener> Listener::Open(const std::string& address, absl::string_view flag) {
  const size_t colon = address.rfind(':');
  int port = 0;
  if (colon == std::string::npos || !absl::SimpleAtoi(address.substr(colon + 1), &port) || port < 0 ||
      port > kMaxPort) {
    return absl::InvalidArgumentError(
        Text(flag, address, "write HOST:PORT, with a port from 0 (any free one) to 65535"));
  }
  std::string host = address.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  if (const int error = getaddrinfo(host.c_str(), absl::StrCat(port).c_str(), &hints, &found); error != 0) {
    return absl::InvalidArgumentError(Text(flag, address, absl::StrCat(gai_strerror(error), "; write HOST:PORT")));
  }
  const std::unique_ptr<addrinfo, AddressesFree> addresses(found);
  Listener listener(socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0), 0);
  const int on = 1;
  // A restart must not wait for the connections of the life before.
  setsockopt(listener.descriptor_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(listener.descriptor_, found->ai_addr, found->ai_addrlen) != 0 ||
      listen(listener.descriptor_, kBacklog) != 0) {
    const int error = errno;
    return absl::UnavailableError(
        Text(flag, address,
             absl::StrCat(std::strerror(error),
                          error == EADDRINUSE ? "; stop the other process or choose another port" : "")));
  }
  listener.port_ = PortOf(listener.descriptor_);
  return listener;
}

Listener::Listener(Listener&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)), port_(other.port_) {}

Listener::~Listener() {
  if (descriptor_ >= 0) close(descriptor_);
}

int Listener::Release() { return std::exchange(descriptor_, -1); }

std::string WithPort(absl::string_view address, int port) {
  return absl::StrCat(address.substr(0, address.rfind(':')), ":", port);
}

}  // namespace partnerskap
