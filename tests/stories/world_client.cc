#include "tests/stories/world_client.h"

#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "cli/catalog.h"
#include "cli/register.h"
#include "common/env/env.h"
#include "common/status/macros.h"

namespace partnerskap::stories {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

class WorldClient final : public cli::Client {
 public:
  explicit WorldClient(World& world) : world_(world), random_(NewSystemRandom()) {}

  absl::StatusOr<std::unique_ptr<Message>> Call(absl::string_view method, const Message& request) override {
    ASSIGN_OR_RETURN(const auto* descriptor, cli::FindMethod(method));
    // The command line writes peer-review where the suite's parts say peer_review.
    const std::string service = absl::StrReplaceAll(cli::ServiceOf(descriptor->full_name()), {{"-", "_"}});
    TestCaller caller = world_.Admin(service);
    for (const auto& [written, position] : positions_) caller.With(kPositionKey, position);
    ASSIGN_OR_RETURN(const std::string bytes, caller.CallBytes(cli::PathOf(*descriptor), WithRequestId(request)));
    if (!caller.position().empty()) positions_[service] = caller.position();
    std::unique_ptr<Message> response = cli::NewMessage(*descriptor->output_type());
    if (!response->ParseFromString(bytes)) return absl::DataLossError("the answer is of another type");
    return response;
  }
  absl::Status Watch(absl::string_view, const Message&, const std::function<bool(const Message&)>&) override {
    return absl::UnimplementedError("stories follow feeds with TestWatcher");
  }

 private:
  std::string WithRequestId(const Message& request) {
    const FieldDescriptor* field = request.GetDescriptor()->FindFieldByName("request_id");
    if (field == nullptr) return request.SerializeAsString();
    const std::unique_ptr<Message> copy(request.New());
    copy->CopyFrom(request);
    copy->GetReflection()->SetString(copy.get(), field, NewUuid(*random_));
    return copy->SerializeAsString();
  }

  World& world_;
  const std::unique_ptr<Random> random_;
  std::map<std::string, std::string> positions_;
};

}  // namespace

std::unique_ptr<cli::Client> NewWorldClient(World& world) { return std::make_unique<WorldClient>(world); }

Applied Apply(World& world, const cli::v1::NetworkFile& file) {
  Applied applied;
  const std::unique_ptr<cli::Client> client = NewWorldClient(world);
  const auto plan = cli::Plan(*client, file, [](size_t, size_t) {});
  EXPECT_TRUE(plan.ok()) << plan.status();
  if (!plan.ok()) return applied;
  for (const cli::Step& step : *plan) {
    switch (step.action) {
      case cli::Step::Action::kCreate:
        ++applied.created;
        break;
      case cli::Step::Action::kUpdate:
        ++applied.updated;
        break;
      case cli::Step::Action::kUnchanged:
        ++applied.unchanged;
        break;
      case cli::Step::Action::kDiffers:
        applied.differing.push_back(step.name);
        break;
    }
    if (step.method.empty()) continue;
    const absl::Status status = cli::CarryOut(*client, step);
    EXPECT_TRUE(status.ok()) << step.name << " by " << step.method << ": " << status;
    if (!status.ok()) return applied;
  }
  return applied;
}

cli::v1::NetworkFile Register() {
  auto file = cli::ReadRegister(PARTNERSKAP_SOURCE_DIR "/services/membership/data");
  EXPECT_TRUE(file.ok()) << file.status();
  return file.ok() ? *std::move(file) : cli::v1::NetworkFile();
}

cli::v1::NetworkFile Example(const std::string& name) {
  auto file = cli::ReadNetworkFile(absl::StrCat(PARTNERSKAP_SOURCE_DIR "/examples/", name));
  EXPECT_TRUE(file.ok()) << file.status();
  return file.ok() ? *std::move(file) : cli::v1::NetworkFile();
}

}  // namespace partnerskap::stories
