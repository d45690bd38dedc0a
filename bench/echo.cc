#include "bench/echo.h"

#include <grpc/grpc.h>
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "common/rpc/door.h"
#include "common/rpc/grpc_tls.h"
#include "common/rpc/process.h"

namespace partnerskap::bench {
namespace {

// How long a wait for a signal lasts before it begins anew.
constexpr absl::Duration kWaitAgain = absl::Hours(1);

// One call: accepted, read, answered; then the next one takes its place.
class EchoCall {
 public:
  EchoCall(grpc::AsyncGenericService& service, grpc::ServerCompletionQueue& queue, const grpc::ByteBuffer& answer)
      : service_(service), queue_(queue), answer_(answer) {
    service_.RequestCall(&context_, &stream_, &queue_, &queue_, this);
  }

  void Proceed(bool ok) {
    switch (step_++) {
      case 0:
        if (!ok) break;
        new EchoCall(service_, queue_, answer_);
        return stream_.Read(&request_, this);
      case 1:
        if (!ok) break;
        return stream_.WriteAndFinish(answer_, grpc::WriteOptions(), grpc::Status::OK, this);
      default:
        break;
    }
    delete this;
  }

 private:
  grpc::AsyncGenericService& service_;
  grpc::ServerCompletionQueue& queue_;
  const grpc::ByteBuffer& answer_;
  grpc::GenericServerContext context_;
  grpc::GenericServerAsyncReaderWriter stream_{&context_};
  grpc::ByteBuffer request_;
  int step_ = 0;
};

}  // namespace

int ServeEcho(const TlsFiles& tls) {
  const StopSignals signals;
  const DoorOptions door;
  grpc::AsyncGenericService service;
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", MutualTlsServer(tls, door.tls_refresh), &port);
  builder.AddChannelArgument(GRPC_ARG_ENABLE_CHANNELZ, 0);
  builder.RegisterAsyncGenericService(&service);
  const std::unique_ptr<grpc::ServerCompletionQueue> queue = builder.AddCompletionQueue();
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) return 1;
  const grpc::Slice bytes(std::string(kEchoBytes, 'e'));
  const grpc::ByteBuffer answer(&bytes, 1);
  for (int i = 0; i < door.slots; ++i) new EchoCall(service, *queue, answer);
  std::vector<std::thread> threads;
  for (int i = 0; i < door.threads; ++i) {
    threads.emplace_back([&queue] {
      void* tag = nullptr;
      bool ok = false;
      while (queue->Next(&tag, &ok)) static_cast<EchoCall*>(tag)->Proceed(ok);
    });
  }
  std::printf("ready echo 127.0.0.1:%d\n", port);
  std::fflush(stdout);
  while (!signals.Wait(kWaitAgain)) {
  }
  _exit(0);
}

}  // namespace partnerskap::bench
