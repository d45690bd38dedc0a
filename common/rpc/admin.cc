#include "common/rpc/admin.h"

#include <microhttpd.h>

#include <utility>

#include "absl/strings/string_view.h"
#include "common/rpc/listener.h"
#include "common/status/macros.h"

namespace partnerskap {
namespace {

// A scraper, a supervisor and a person, several times over.
constexpr unsigned int kMaxConnections = 32;
// A connection that says nothing for so many seconds is closed.
constexpr unsigned int kIdleSeconds = 10;
// Requests are a line and some headers.
constexpr size_t kConnectionBytes = 16 << 10;

constexpr char kText[] = "text/plain; charset=utf-8";
constexpr char kPrometheusText[] = "text/plain; version=0.0.4; charset=utf-8";
constexpr char kJson[] = "application/json";

struct Reply {
  unsigned int status;
  std::string body;
  const char* type;
};

class HttpAdminPort final : public AdminPort {
 public:
  explicit HttpAdminPort(Parts parts) : parts_(std::move(parts)) {}
  ~HttpAdminPort() override {
    if (daemon_ != nullptr) MHD_stop_daemon(daemon_);
  }
  absl::Status Listen(const std::string& address);
  int port() const override { return port_; }

 private:
  static MHD_Result Handle(void* self, MHD_Connection* connection, const char* url, const char* method,
                           const char* version, const char* upload, size_t* upload_size, void** request);
  Reply Answer(absl::string_view path, absl::string_view method) const;

  const Parts parts_;
  MHD_Daemon* daemon_ = nullptr;
  int port_ = 0;
};

absl::Status HttpAdminPort::Listen(const std::string& address) {
  ASSIGN_OR_RETURN(Listener listener, Listener::Open(address, "--admin"));
  port_ = listener.port();
  // One thread that never waits for a single connection: a client that stalls stops nobody.
  daemon_ = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, nullptr, nullptr, &HttpAdminPort::Handle, this,
                             MHD_OPTION_LISTEN_SOCKET, listener.Release(), MHD_OPTION_CONNECTION_LIMIT, kMaxConnections,
                             MHD_OPTION_CONNECTION_TIMEOUT, kIdleSeconds, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                             kConnectionBytes, MHD_OPTION_END);
  if (daemon_ == nullptr) return absl::UnavailableError("--admin: the HTTP server did not start");
  return absl::OkStatus();
}

Reply HttpAdminPort::Answer(absl::string_view path, absl::string_view method) const {
  if (method != MHD_HTTP_METHOD_GET && method != MHD_HTTP_METHOD_HEAD) {
    return {MHD_HTTP_METHOD_NOT_ALLOWED, "only GET\n", kText};
  }
  if (path == "/healthz") return {MHD_HTTP_OK, "alive\n", kText};
  if (path == "/metrics") return {MHD_HTTP_OK, parts_.metrics(), kPrometheusText};
  if (path == "/readyz") {
    Readiness readiness = parts_.readiness();
    const unsigned int status = readiness.ready ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE;
    return {status, std::move(readiness.json), kJson};
  }
  return {MHD_HTTP_NOT_FOUND, "there are /healthz, /readyz and /metrics\n", kText};
}

MHD_Result HttpAdminPort::Handle(void* self, MHD_Connection* connection, const char* url, const char* method,
                                 const char*, const char*, size_t* upload_size, void** request) {
  // The first call comes after the headers and announces a body, which is not read: the answer waits for the second.
  static char announced;
  if (*request == nullptr) {
    *request = &announced;
    return MHD_YES;
  }
  if (*upload_size != 0) {
    *upload_size = 0;
    return MHD_YES;
  }
  const Reply reply = static_cast<const HttpAdminPort*>(self)->Answer(url, method);
  MHD_Response* response =
      MHD_create_response_from_buffer(reply.body.size(), const_cast<char*>(reply.body.data()), MHD_RESPMEM_MUST_COPY);
  if (response == nullptr) return MHD_NO;
  MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, reply.type);
  const MHD_Result queued = MHD_queue_response(connection, reply.status, response);
  MHD_destroy_response(response);
  return queued;
}

}  // namespace

absl::StatusOr<std::unique_ptr<AdminPort>> AdminPort::Open(const std::string& listen, Parts parts) {
  auto port = std::make_unique<HttpAdminPort>(std::move(parts));
  RETURN_IF_ERROR(port->Listen(listen));
  return port;
}

}  // namespace partnerskap
