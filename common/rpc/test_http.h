// One HTTP request over a plain socket, for tests of the admin port.
#ifndef PARTNERSKAP_COMMON_RPC_TEST_HTTP_H_
#define PARTNERSKAP_COMMON_RPC_TEST_HTTP_H_

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

#include "absl/strings/str_cat.h"

namespace partnerskap {

// A connected socket on loopback, or -1.
inline int ConnectTo(int port) {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return descriptor;
  close(descriptor);
  return -1;
}

// Sends `request` as it is and returns everything until the server closes; empty when nobody listens.
inline std::string HttpExchange(int port, const std::string& request) {
  const int descriptor = ConnectTo(port);
  if (descriptor < 0) return "";
  std::string answer;
  char buffer[4096];
  ssize_t got = send(descriptor, request.data(), request.size(), MSG_NOSIGNAL);
  while (got > 0 && (got = recv(descriptor, buffer, sizeof buffer, 0)) > 0)
    answer.append(buffer, static_cast<size_t>(got));
  close(descriptor);
  return answer;
}

inline std::string HttpGet(int port, const std::string& path) {
  return HttpExchange(port, absl::StrCat("GET ", path, " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
}

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_RPC_TEST_HTTP_H_
