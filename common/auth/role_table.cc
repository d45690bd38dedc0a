#include "common/auth/role_table.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/status/macros.h"
#include "google/protobuf/io/tokenizer.h"
#include "google/protobuf/text_format.h"
#include "re2/re2.h"

namespace partnerskap {
namespace {

constexpr char kAny[] = "{any}";
// More principals than a deployment has; beyond it the oldest way, building a caller for each call, still works.
constexpr size_t kMaxCallers = 10'000;
// Largest value of a limit: a gibibyte, and far more calls than a machine answers.
constexpr double kMaxLimit = 1 << 30;
// A limit of nothing would lock its holders out of what their permissions allow; leaving the permission out says so.
constexpr double kMinRate = 0.01;

// One limit by the name that file and flag have for it.
struct LimitField {
  const char* name;
  double (*get)(const Limits&);
  void (*set)(Limits&, double);
};

template <auto Member>
constexpr LimitField Field(const char* name) {
  return {name, [](const Limits& limits) { return static_cast<double>(limits.*Member); },
          [](Limits& limits, double value) {
            limits.*Member = static_cast<std::remove_reference_t<decltype(limits.*Member)>>(value);
          }};
}

constexpr LimitField kLimitFields[] = {
    Field<&Limits::calls_per_second>("calls_per_second"),         Field<&Limits::burst>("burst"),
    Field<&Limits::mutations_per_second>("mutations_per_second"), Field<&Limits::mutation_burst>("mutation_burst"),
    Field<&Limits::concurrent_calls>("concurrent_calls"),         Field<&Limits::streams>("streams"),
    Field<&Limits::max_request_bytes>("max_request_bytes"),
};

const LimitField* FindLimit(absl::string_view name) {
  for (const LimitField& field : kLimitFields) {
    if (name == field.name) return &field;
  }
  return nullptr;
}

absl::Status CheckLimit(absl::string_view name, double value) {
  const bool is_count = name == "concurrent_calls" || name == "streams" || name == "max_request_bytes";
  // Written so that it refuses what is no number at all.
  if (!(value >= (is_count ? 1 : kMinRate) && value <= kMaxLimit)) {
    return absl::InvalidArgumentError(absl::StrCat(name, " must be from ", is_count ? 1 : kMinRate, " to 1073741824"));
  }
  return absl::OkStatus();
}

class FirstError final : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int line, google::protobuf::io::ColumnNumber column, const std::string& message) override {
    if (text_.empty()) text_ = absl::StrCat(line + 1, ":", column + 1, ": ", message);
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

// `membership.seats.*` and `*` become those of `all` that begin so.
absl::Status Expand(const std::string& permission, const std::vector<std::string>& all,
                    std::vector<std::string>& into) {
  static const RE2 form("\\*|[a-z][A-Za-z0-9_]*(\\.[a-z][A-Za-z0-9_]*)*(\\.\\*)?");
  if (!RE2::FullMatch(permission, form)) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", permission, "\" is no permission: write membership.seats.get, membership.seats.* or *"));
  }
  absl::string_view prefix = permission;
  if (!absl::ConsumeSuffix(&prefix, "*")) {
    into.push_back(permission);
    return absl::OkStatus();
  }
  for (const std::string& known : all) {
    if (absl::StartsWith(known, prefix)) into.push_back(known);
  }
  return absl::OkStatus();
}

Limits Largest(const Limits& a, const Limits& b) {
  Limits limits;
  for (const LimitField& field : kLimitFields) field.set(limits, std::max(field.get(a), field.get(b)));
  return limits;
}

absl::Status ReadLimits(const auth::v1::RoleLimits& file, Limits& limits) {
  const auto* descriptor = file.GetDescriptor();
  const auto& reflection = *file.GetReflection();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const auto* field = descriptor->field(i);
    if (!reflection.HasField(file, field)) continue;
    const double value = field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_DOUBLE
                             ? reflection.GetDouble(file, field)
                             : static_cast<double>(reflection.GetInt64(file, field));
    RETURN_IF_ERROR(CheckLimit(field->name(), value));
    FindLimit(field->name())->set(limits, value);
  }
  return absl::OkStatus();
}

absl::Status CheckPattern(absl::string_view pattern) {
  // With a sample in place of each wildcard it must be an identity.
  std::string sample(pattern);
  for (size_t at; (at = sample.find(kAny)) != std::string::npos;) sample.replace(at, sizeof(kAny) - 1, "any");
  if (ParseSpiffeUri(sample).ok() && sample.find('{') == std::string::npos) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("the principal \"", pattern,
                   "\" is neither spiffe://<domain>/svc/<name> nor "
                   "spiffe://<domain>/org/<organization id>/sys/<name>; {any} stands for one part"));
}

bool Matches(const std::vector<std::string>& pattern, const std::vector<absl::string_view>& parts) {
  return pattern.size() == parts.size() &&
         std::equal(pattern.begin(), pattern.end(), parts.begin(),
                    [](const std::string& a, absl::string_view b) { return a == kAny ? !b.empty() : a == b; });
}

}  // namespace

absl::StatusOr<LimitOverride> ParseLimitOverride(absl::string_view text) {
  const size_t colon = text.find(':');
  const size_t equals = text.find('=', colon == absl::string_view::npos ? 0 : colon);
  if (colon == absl::string_view::npos || colon == 0 || equals == absl::string_view::npos) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", text, "\" is no limit: write role:limit=number, such as reader:calls_per_second=50"));
  }
  LimitOverride limit;
  limit.role = std::string(text.substr(0, colon));
  limit.limit = std::string(text.substr(colon + 1, equals - colon - 1));
  if (FindLimit(limit.limit) == nullptr) {
    const auto names = absl::StrJoin(kLimitFields, ", ", [](std::string* out, const LimitField& f) { *out += f.name; });
    return absl::InvalidArgumentError(absl::StrCat("there is no limit \"", limit.limit, "\"; there are ", names));
  }
  if (!absl::SimpleAtod(text.substr(equals + 1), &limit.value)) {
    return absl::InvalidArgumentError(absl::StrCat("\"", text.substr(equals + 1), "\" in \"", text, "\" is no number"));
  }
  RETURN_IF_ERROR(CheckLimit(limit.limit, limit.value));
  return limit;
}

absl::StatusOr<std::unique_ptr<RoleTable>> RoleTable::Parse(const Authenticator::Options& options,
                                                            absl::string_view file_name, absl::string_view text) {
  auth::v1::RoleFile file;
  FirstError error;
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&error);
  if (!parser.ParseFromString(std::string(text), &file)) {
    return absl::InvalidArgumentError(absl::StrCat(file_name, ":", error.text()));
  }
  auto table = std::make_unique<RoleTable>();
  absl::Status status;
  for (const auth::v1::Role& role : file.roles()) status.Update(table->AddRole(options, role));
  for (const LimitOverride& limit : options.limits) {
    const auto role = table->roles_.find(limit.role);
    if (role == table->roles_.end()) {
      status.Update(
          absl::InvalidArgumentError(absl::StrCat("a limit is set for the role ", limit.role, ", which is not there")));
    } else {
      FindLimit(limit.limit)->set(role->second.limits, limit.value);
    }
  }
  for (const auth::v1::Binding& binding : file.bindings()) status.Update(table->AddBinding(options, binding));
  if (status.ok() && file.bindings().empty()) {
    status = absl::InvalidArgumentError("it binds nobody: every call would be refused");
  }
  if (!status.ok()) return absl::InvalidArgumentError(absl::StrCat(file_name, ": ", status.message()));
  return table;
}

absl::Status RoleTable::AddRole(const Authenticator::Options& options, const auth::v1::Role& role) {
  if (role.name().empty()) return absl::InvalidArgumentError("a role has no name");
  Role added;
  added.all_organizations = role.all_organizations();
  absl::Status status = ReadLimits(role.limits(), added.limits);
  for (const std::string& permission : role.permissions()) {
    status.Update(Expand(permission, options.permissions, added.permissions));
  }
  if (!status.ok()) return absl::InvalidArgumentError(absl::StrCat("role ", role.name(), ": ", status.message()));
  if (!roles_.emplace(role.name(), std::move(added)).second) {
    return absl::InvalidArgumentError(absl::StrCat("the role ", role.name(), " stands there twice"));
  }
  return absl::OkStatus();
}

absl::Status RoleTable::AddBinding(const Authenticator::Options& options, const auth::v1::Binding& binding) {
  RETURN_IF_ERROR(CheckPattern(binding.principal()));
  Binding added;
  added.pattern = absl::StrSplit(binding.principal(), '/');
  added.roles.assign(binding.roles().begin(), binding.roles().end());
  if (added.roles.empty() && binding.permissions().empty()) {
    return absl::InvalidArgumentError(absl::StrCat("the binding of ", binding.principal(), " gives nothing"));
  }
  for (const std::string& role : added.roles) {
    if (roles_.contains(role)) continue;
    return absl::InvalidArgumentError(
        absl::StrCat(binding.principal(), " is bound to the role ", role, ", which is not there"));
  }
  for (const std::string& permission : binding.permissions()) {
    RETURN_IF_ERROR(Expand(permission, options.permissions, added.permissions));
  }
  bindings_.push_back(std::move(added));
  return absl::OkStatus();
}

std::shared_ptr<const Caller> RoleTable::Find(const std::string& uri) const {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    const auto found = callers_.find(uri);
    if (found != callers_.end()) return found->second;
  }
  std::shared_ptr<const Caller> caller = Build(uri);
  if (caller == nullptr) return nullptr;
  std::lock_guard<std::mutex> lock(mutex_);
  if (callers_.size() < kMaxCallers) callers_.emplace(uri, caller);
  return caller;
}

std::shared_ptr<const Caller> RoleTable::Build(const std::string& uri) const {
  auto identity = ParseSpiffeUri(uri);
  if (!identity.ok()) return nullptr;
  const std::vector<absl::string_view> parts = absl::StrSplit(uri, '/');
  auto caller = std::make_shared<Caller>();
  caller->principal.uri = uri;
  caller->principal.identity = *std::move(identity);
  absl::flat_hash_set<std::string> permissions;
  bool bound = false, has_role = false;
  for (const Binding& binding : bindings_) {
    if (!Matches(binding.pattern, parts)) continue;
    bound = true;
    permissions.insert(binding.permissions.begin(), binding.permissions.end());
    for (const std::string& name : binding.roles) {
      auto& names = caller->principal.roles;
      if (std::find(names.begin(), names.end(), name) != names.end()) continue;
      const Role& role = roles_.at(name);
      names.push_back(name);
      permissions.insert(role.permissions.begin(), role.permissions.end());
      caller->principal.all_organizations |= role.all_organizations;
      caller->limits = has_role ? Largest(caller->limits, role.limits) : role.limits;
      has_role = true;
    }
  }
  if (!bound) return nullptr;
  caller->principal.permissions = PermissionSet(std::move(permissions));
  return caller;
}

}  // namespace partnerskap
