#include "common/rpc/reflection.h"

#include <deque>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status/refusal.h"
#include "google/protobuf/descriptor.pb.h"
#include "google/rpc/error_details.pb.h"
#include "grpc/reflection/v1/reflection.pb.h"
#include "grpc/reflection/v1alpha/reflection.pb.h"
#include "partnerskap/common/v1/reasons.pb.h"

namespace partnerskap {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::FileDescriptor;

// Answers that wait for a caller who does not read: a tool asks one question at a time.
constexpr size_t kMaxWaiting = 16;

const common::v1::MethodAuth& Policy() {
  static const auto& policy = *[] {
    auto* auth = new common::v1::MethodAuth;
    auth->set_permission(kReflectionPermission);
    auth->set_scope(common::v1::MethodAuth::ANY);
    return auth;
  }();
  return policy;
}

void AddWithImports(const FileDescriptor* file, std::set<const FileDescriptor*>& files) {
  if (!files.insert(file).second) return;
  for (int i = 0; i < file->dependency_count(); ++i) AddWithImports(file->dependency(i), files);
}

// The reasons of the package that `service` is of; null if it has none.
const FileDescriptor* ReasonsBeside(const FileDescriptor& service) {
  const std::string folder = service.name().substr(0, service.name().rfind('/') + 1);
  return service.pool()->FindFileByName(absl::StrCat(folder, "reasons.proto"));
}

// What may be told: the services of the process, the files that they are made of, and what a refusal is made of: no
// method imports that, and a tool that shows a refusal asks for it.
class Contract {
 public:
  explicit Contract(const Methods& methods) {
    AddWithImports(google::rpc::ErrorInfo::descriptor()->file(), files_);
    AddWithImports(common::v1::Reason_descriptor()->file(), files_);
    for (const auto& [path, method] : methods.all()) {
      const FileDescriptor* file = method.descriptor->file();
      services_.insert(method.descriptor->service()->full_name());
      AddWithImports(file, files_);
      if (const FileDescriptor* reasons = ReasonsBeside(*file); reasons != nullptr) AddWithImports(reasons, files_);
    }
  }
  const std::set<std::string>& services() const { return services_; }
  const FileDescriptor* Told(const FileDescriptor* file) const { return files_.count(file) != 0 ? file : nullptr; }

 private:
  std::set<std::string> services_;
  std::set<const FileDescriptor*> files_;
};

// v1 and v1alpha have the same messages under two names.
template <typename Request, typename Response>
class ReflectionSession final : public Session {
 public:
  ReflectionSession(const Methods& methods, std::shared_ptr<StreamSink> sink)
      : contract_(methods), sink_(std::move(sink)) {}

  void OnMessage(std::string message) override {
    Request request;
    if (!request.ParseFromString(message)) return sink_->Close(Refuse(common::v1::MALFORMED_REQUEST));
    if (waiting_.size() >= kMaxWaiting) return sink_->Close(Refuse(common::v1::WATCHER_TOO_SLOW));
    Response response;
    response.set_valid_host(request.host());
    *response.mutable_original_request() = request;
    Answer(request, response);
    waiting_.push_back(response.SerializeAsString());
    OnWritable();
  }

  void OnWritable() override {
    while (!waiting_.empty()) {
      if (sink_->Send(waiting_.front()) != StreamSink::Sent::kOk) return;
      waiting_.pop_front();
    }
    if (half_closed_) sink_->Close(absl::OkStatus());
  }

  void OnHalfClose() override {
    half_closed_ = true;
    OnWritable();
  }

 private:
  void Answer(const Request& request, Response& response) {
    const DescriptorPool& pool = *DescriptorPool::generated_pool();
    switch (request.message_request_case()) {
      case Request::kFileByFilename:
        return TellFile(pool.FindFileByName(request.file_by_filename()), request.file_by_filename(), response);
      case Request::kFileContainingSymbol:
        return TellFile(pool.FindFileContainingSymbol(request.file_containing_symbol()),
                        request.file_containing_symbol(), response);
      case Request::kFileContainingExtension: {
        const auto& wanted = request.file_containing_extension();
        const auto* type = pool.FindMessageTypeByName(wanted.containing_type());
        const auto* field = type == nullptr ? nullptr : pool.FindExtensionByNumber(type, wanted.extension_number());
        return TellFile(field == nullptr ? nullptr : field->file(), wanted.containing_type(), response);
      }
      case Request::kAllExtensionNumbersOfType:
        return TellExtensions(pool, request.all_extension_numbers_of_type(), response);
      case Request::kListServices:
        for (const std::string& name : contract_.services()) {
          response.mutable_list_services_response()->add_service()->set_name(name);
        }
        return;
      case Request::MESSAGE_REQUEST_NOT_SET:
        return Error(absl::StatusCode::kInvalidArgument, "the request asks for nothing", response);
    }
  }

  // The file and what it imports, each once per stream: a caller keeps what it has been told.
  void TellFile(const FileDescriptor* found, const std::string& wanted, Response& response) {
    const FileDescriptor* file = found == nullptr ? nullptr : contract_.Told(found);
    if (file == nullptr) {
      return Error(absl::StatusCode::kNotFound, absl::StrCat(wanted.substr(0, 200), " is not here"), response);
    }
    std::set<const FileDescriptor*> files;
    AddWithImports(file, files);
    for (const FileDescriptor* one : files) {
      // What was asked for is told again.
      if (!told_.insert(one).second && one != file) continue;
      google::protobuf::FileDescriptorProto proto;
      one->CopyTo(&proto);
      response.mutable_file_descriptor_response()->add_file_descriptor_proto(proto.SerializeAsString());
    }
  }

  void TellExtensions(const DescriptorPool& pool, const std::string& name, Response& response) {
    const auto* type = pool.FindMessageTypeByName(name);
    if (type == nullptr || contract_.Told(type->file()) == nullptr) {
      return Error(absl::StatusCode::kNotFound, absl::StrCat(name.substr(0, 200), " is not here"), response);
    }
    std::vector<const google::protobuf::FieldDescriptor*> extensions;
    pool.FindAllExtensions(type, &extensions);
    response.mutable_all_extension_numbers_response()->set_base_type_name(type->full_name());
    for (const auto* extension : extensions) {
      if (contract_.Told(extension->file()) == nullptr) continue;
      response.mutable_all_extension_numbers_response()->add_extension_number(extension->number());
    }
  }

  static void Error(absl::StatusCode code, const std::string& message, Response& response) {
    response.mutable_error_response()->set_error_code(static_cast<int>(code));
    response.mutable_error_response()->set_error_message(message);
  }

  const Contract contract_;
  const std::shared_ptr<StreamSink> sink_;
  std::set<const FileDescriptor*> told_;
  std::deque<std::string> waiting_;
  bool half_closed_ = false;
};

template <typename Request, typename Response>
void Register(Methods& methods) {
  const auto* service = Request::descriptor()->file()->FindServiceByName("ServerReflection");
  methods.ExpectAllOf(*service);
  Method method;
  method.descriptor = service->FindMethodByName("ServerReflectionInfo");
  method.path = absl::StrCat("/", service->full_name(), "/ServerReflectionInfo");
  method.auth = &Policy();
  method.request_prototype = &Request::default_instance();
  method.handler = StreamHandler([&methods](const Env&, const Call&, std::shared_ptr<StreamSink> sink) {
    return std::make_shared<ReflectionSession<Request, Response>>(methods, std::move(sink));
  });
  methods.Add(std::move(method));
}

}  // namespace

void RegisterReflection(Methods& methods) {
  Register<grpc::reflection::v1::ServerReflectionRequest, grpc::reflection::v1::ServerReflectionResponse>(methods);
  Register<grpc::reflection::v1alpha::ServerReflectionRequest, grpc::reflection::v1alpha::ServerReflectionResponse>(
      methods);
}

}  // namespace partnerskap
