#include "common/rpc/listener.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/rpc/test_http.h"

namespace partnerskap {
namespace {

TEST(ListenerTest, ListensUntilItIsGone) {
  int port = 0;
  {
    const auto listener = Listener::Open("127.0.0.1:0", "--admin");
    ASSERT_TRUE(listener.ok()) << listener.status();
    port = listener->port();
    EXPECT_GT(port, 0);
    const int connected = ConnectTo(port);
    EXPECT_GE(connected, 0);
    close(connected);
  }
  EXPECT_LT(ConnectTo(port), 0);
  // Connections of the life before do not stand in the way.
  EXPECT_TRUE(Listener::Open(absl::StrCat("127.0.0.1:", port), "--admin").ok());
}

TEST(ListenerTest, TakesNamesAndAddressesOfBothKinds) {
  for (const char* address : {"localhost:0", "127.0.0.1:0", "0.0.0.0:0"}) {
    EXPECT_TRUE(Listener::Open(address, "--listen").ok()) << address;
  }
  // A machine without IPv6 refuses the address and not the form.
  const auto six = Listener::Open("[::1]:0", "--listen");
  EXPECT_NE(six.status().code(), absl::StatusCode::kInvalidArgument) << six.status();
}

TEST(ListenerTest, RefusesOtherFormsByTheFlagsName) {
  for (const char* address : {"", ":", "localhost", "localhost:", "127.0.0.1:x", "127.0.0.1:-1", "127.0.0.1:65536"}) {
    const auto listener = Listener::Open(address, "--admin");
    EXPECT_EQ(listener.status().code(), absl::StatusCode::kInvalidArgument) << address;
    EXPECT_TRUE(absl::StartsWith(listener.status().message(), "--admin: ")) << listener.status();
  }
}

TEST(ListenerTest, HandsItsDescriptorOver) {
  auto listener = Listener::Open("127.0.0.1:0", "--admin");
  ASSERT_TRUE(listener.ok());
  const int port = listener->port();
  const int descriptor = listener->Release();
  { const Listener gone = *std::move(listener); }
  const int connected = ConnectTo(port);
  EXPECT_GE(connected, 0);
  close(connected);
  close(descriptor);
}

TEST(ListenerTest, WritesTheRealPort) {
  EXPECT_EQ(WithPort("127.0.0.1:0", 40123), "127.0.0.1:40123");
  EXPECT_EQ(WithPort("[::1]:0", 7401), "[::1]:7401");
}

}  // namespace
}  // namespace partnerskap
