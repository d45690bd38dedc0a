// The rules of the contract that linters do not know, over every linked descriptor of our packages.
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "google/api/annotations.pb.h"
#include "google/api/field_info.pb.h"
#include "gtest/gtest.h"
#include "re2/re2.h"
#include "tests/contract/contract.h"

namespace partnerskap {
namespace {

using google::api::HttpRule;

std::string PathOf(const HttpRule& rule) {
  switch (rule.pattern_case()) {
    case HttpRule::kGet:
      return rule.get();
    case HttpRule::kPost:
      return rule.post();
    case HttpRule::kPatch:
      return rule.patch();
    case HttpRule::kDelete:
      return rule.delete_();
    default:
      return "";
  }
}
// `networks/{network}/seats/{seat}` as `networks/*/seats/*`.
std::string Wildcards(std::string pattern) {
  RE2::GlobalReplace(&pattern, R"(\{[^}]*\})", "*");
  return pattern;
}
const FieldDescriptor* Field(const Descriptor& message, const std::string& name) {
  return message.FindFieldByName(name);
}

// Resolves `seat.name`; null if there is no such path.
const FieldDescriptor* Resolve(const Descriptor& message, const std::string& path) {
  const Descriptor* at = &message;
  const FieldDescriptor* field = nullptr;
  for (const absl::string_view step : absl::StrSplit(path, '.')) {
    if (at == nullptr) return nullptr;
    field = at->FindFieldByName(std::string(step));
    if (field == nullptr) return nullptr;
    at = field->message_type();
  }
  return field;
}

// Messages that a caller can send, and what they hold.
std::set<const Descriptor*> Sendable() {
  std::set<const Descriptor*> found;
  const std::function<void(const Descriptor*)> add = [&](const Descriptor* message) {
    if (!absl::StartsWith(message->full_name(), "partnerskap.") || !found.insert(message).second) return;
    for (int i = 0; i < message->field_count(); ++i) {
      if (message->field(i)->message_type() != nullptr) add(message->field(i)->message_type());
    }
  };
  ForEachMethod([&](const MethodDescriptor& method) { add(method.input_type()); });
  return found;
}

std::map<std::string, const Descriptor*> ResourcesByType() {
  std::map<std::string, const Descriptor*> resources;
  ForEachMessage([&](const Descriptor& message) {
    if (IsResource(message)) {
      EXPECT_TRUE(resources.emplace(Resource(message).type(), &message).second) << message.full_name();
    }
  });
  return resources;
}

TEST(Contract, IsThere) {
  int methods = 0;
  ForEachMethod([&](const MethodDescriptor&) { ++methods; });
  EXPECT_GT(methods, 90);
  EXPECT_GT(ResourcesByType().size(), 18u);
}

TEST(Methods, EachDeclaresWhoMayCallIt) {
  ForEachMethod([](const MethodDescriptor& method) {
    ASSERT_TRUE(method.options().HasExtension(common::v1::auth)) << method.full_name();
    const auto& auth = Auth(method);
    EXPECT_NE(auth.scope(), common::v1::MethodAuth::SCOPE_UNSPECIFIED) << method.full_name();
    EXPECT_TRUE(RE2::FullMatch(auth.permission(), "[a-z_]+\\.[a-zA-Z]+\\.[a-zA-Z]+")) << method.full_name();
    if (!auth.object().empty()) {
      EXPECT_NE(Resolve(*method.input_type(), auth.object()), nullptr) << method.full_name() << " " << auth.object();
    }
    if (!auth.org_field().empty()) {
      EXPECT_NE(Resolve(*method.input_type(), auth.org_field()), nullptr)
          << method.full_name() << " " << auth.org_field();
    }
    if (auth.scope() == common::v1::MethodAuth::OWN_ORGANIZATION) {
      EXPECT_FALSE(auth.object().empty() && auth.org_field().empty()) << method.full_name();
    }
  });
}

TEST(Methods, PermissionIsOfTheirService) {
  const std::map<std::string, std::string> prefixes = {{"partnerskap.membership.v1", "membership."},
                                                       {"partnerskap.agreements.v1", "agreements."},
                                                       {"partnerskap.scheduling.v1", "scheduling."},
                                                       {"partnerskap.peerreview.v1", "peer_review."}};
  ForEachMethod([&](const MethodDescriptor& method) {
    EXPECT_TRUE(absl::StartsWith(Auth(method).permission(), prefixes.at(method.file()->package())))
        << method.full_name();
  });
}

TEST(Methods, EachThatReadsIsAGetOrComputes) {
  ForEachMethod([](const MethodDescriptor& method) {
    const HttpRule& http = method.options().GetExtension(google::api::http);
    const bool get = http.pattern_case() == HttpRule::kGet;
    // A plan's rules are too large for a URL.
    if (method.name() == "PlanReviews") return;
    EXPECT_EQ(get, !Auth(method).mutating()) << method.full_name();
  });
}

TEST(Methods, MutationsAreSafeToRepeatAndToTry) {
  ForEachMethod([](const MethodDescriptor& method) {
    const FieldDescriptor* request_id = Field(*method.input_type(), "request_id");
    const FieldDescriptor* validate_only = Field(*method.input_type(), "validate_only");
    if (!Auth(method).mutating()) {
      EXPECT_EQ(request_id, nullptr) << method.full_name();
      EXPECT_EQ(validate_only, nullptr) << method.full_name();
      return;
    }
    ASSERT_NE(request_id, nullptr) << method.full_name();
    EXPECT_EQ(request_id->options().GetExtension(google::api::field_info).format(), google::api::FieldInfo::UUID4)
        << method.full_name();
    EXPECT_TRUE(Has(*request_id, google::api::OPTIONAL)) << method.full_name();
    ASSERT_NE(validate_only, nullptr) << method.full_name();
    EXPECT_EQ(validate_only->type(), FieldDescriptor::TYPE_BOOL) << method.full_name();
  });
}

TEST(Methods, PathsAreThoseOfTheResources) {
  std::set<std::string> patterns;
  for (const auto& [type, message] : ResourcesByType()) {
    for (const std::string& pattern : Resource(*message).pattern()) patterns.insert(Wildcards(pattern));
  }
  ForEachMethod([&](const MethodDescriptor& method) {
    ASSERT_TRUE(method.options().HasExtension(google::api::http)) << method.full_name();
    const std::string path = PathOf(method.options().GetExtension(google::api::http));
    ASSERT_TRUE(absl::StartsWith(path, "/v1/")) << method.full_name();
    std::string field;
    std::string pattern;
    if (!RE2::PartialMatch(path, R"(\{([a-z_.]+)=([^}]+)\})", &field, &pattern)) return;
    EXPECT_EQ(patterns.count(pattern), 1u) << method.full_name() << " " << pattern;
    EXPECT_NE(Resolve(*method.input_type(), field), nullptr) << method.full_name() << " " << field;
  });
}

TEST(Methods, PathsAreUniqueInAPackage) {
  std::set<std::string> seen;
  ForEachMethod([&](const MethodDescriptor& method) {
    const HttpRule& http = method.options().GetExtension(google::api::http);
    std::string path = PathOf(http);
    RE2::GlobalReplace(&path, R"(\{[^=}]*=([^}]*)\})", R"(\1)");
    const std::string route = absl::StrCat(method.file()->package(), " ", http.pattern_case(), " ", path);
    EXPECT_TRUE(seen.insert(route).second) << method.full_name() << " " << route;
  });
}

TEST(Methods, StandardOnesHaveTheStandardShape) {
  ForEachMethod([](const MethodDescriptor& method) {
    const Descriptor& request = *method.input_type();
    const std::string& answer = method.output_type()->name();
    if (method.name() == "Get" + answer) {
      EXPECT_TRUE(IsResource(*method.output_type())) << method.full_name();
      ASSERT_NE(Field(request, "name"), nullptr) << method.full_name();
      EXPECT_TRUE(Has(*Field(request, "name"), google::api::REQUIRED)) << method.full_name();
    } else if (absl::StartsWith(method.name(), "List")) {
      EXPECT_EQ(answer, method.name() + "Response");
      ASSERT_NE(Field(request, "page_size"), nullptr) << method.full_name();
      ASSERT_NE(Field(request, "page_token"), nullptr) << method.full_name();
      ASSERT_NE(Field(*method.output_type(), "next_page_token"), nullptr) << method.full_name();
      EXPECT_TRUE(method.output_type()->field(0)->is_repeated()) << method.full_name();
      EXPECT_EQ(method.output_type()->field(0)->number(), 1) << method.full_name();
    } else if (method.name() == "Create" + answer) {
      const HttpRule& http = method.options().GetExtension(google::api::http);
      const FieldDescriptor* body = Field(request, http.body());
      ASSERT_NE(body, nullptr) << method.full_name();
      EXPECT_EQ(body->message_type(), method.output_type()) << method.full_name();
      EXPECT_NE(Field(request, http.body() + "_id"), nullptr) << method.full_name();
    } else if (method.name() == "Update" + answer) {
      const HttpRule& http = method.options().GetExtension(google::api::http);
      EXPECT_EQ(http.pattern_case(), HttpRule::kPatch) << method.full_name();
      const FieldDescriptor* body = Field(request, http.body());
      ASSERT_NE(body, nullptr) << method.full_name();
      EXPECT_EQ(body->message_type(), method.output_type()) << method.full_name();
      ASSERT_NE(Field(request, "update_mask"), nullptr) << method.full_name();
      EXPECT_EQ(TypeOf(*Field(request, "update_mask")), "google.protobuf.FieldMask");
    }
  });
}

TEST(Methods, TransitionsNeedTheEtag) {
  ForEachMethod([](const MethodDescriptor& method) {
    const bool standard = absl::StartsWith(method.name(), "Create") || absl::StartsWith(method.name(), "Update") ||
                          absl::StartsWith(method.name(), "Import");
    if (!Auth(method).mutating() || standard) return;
    const FieldDescriptor* etag = Field(*method.input_type(), "etag");
    ASSERT_NE(etag, nullptr) << method.full_name();
    EXPECT_TRUE(Has(*etag, google::api::REQUIRED)) << method.full_name();
    EXPECT_TRUE(IsResource(*method.output_type())) << method.full_name();
  });
}

TEST(Methods, EachResourceCanBeReadAndListed) {
  std::set<std::string> methods;
  ForEachMethod([&](const MethodDescriptor& method) {
    methods.insert(
        absl::StrCat(absl::StartsWith(method.name(), "List") ? "List " : "Get ",
                     absl::StartsWith(method.name(), "List") && method.output_type()->field(0)->message_type()
                         ? method.output_type()->field(0)->message_type()->full_name()
                         : method.output_type()->full_name()));
  });
  for (const auto& [type, message] : ResourcesByType()) {
    EXPECT_EQ(methods.count("Get " + message->full_name()), 1u) << type;
    const bool singleton = !absl::EndsWith(Resource(*message).pattern(0), "}");
    if (!singleton) {
      EXPECT_EQ(methods.count("List " + message->full_name()), 1u) << type;
    }
  }
}

TEST(Fields, OfRequestsSayHowTheyBehave) {
  for (const Descriptor* message : Sendable()) {
    for (int i = 0; i < message->field_count(); ++i) {
      EXPECT_FALSE(Behaviors(*message->field(i)).empty()) << message->field(i)->full_name();
    }
  }
}

TEST(Fields, OfAnswersSayHowTheyBehave) {
  ForEachMessage([](const Descriptor& message) {
    if (message.file()->name() == "partnerskap/common/v1/options.proto") return;
    for (int i = 0; i < message.field_count(); ++i) {
      EXPECT_FALSE(Behaviors(*message.field(i)).empty()) << message.field(i)->full_name();
    }
  });
}

TEST(Fields, ThatEndInDateAreDates) {
  ForEachMessage([](const Descriptor& message) {
    for (int i = 0; i < message.field_count(); ++i) {
      const FieldDescriptor& field = *message.field(i);
      EXPECT_EQ(absl::EndsWith(field.name(), "_date"), TypeOf(field) == "google.type.Date") << field.full_name();
      if (absl::EndsWith(field.name(), "_time")) {
        EXPECT_EQ(TypeOf(field), "google.protobuf.Timestamp") << field.full_name();
      }
    }
  });
}

TEST(Fields, OfRequestsHoldNothingUntyped) {
  const std::set<std::string> banned = {"google.protobuf.Any", "google.protobuf.Struct", "google.protobuf.Value",
                                        "google.protobuf.ListValue"};
  ForEachMessage([&](const Descriptor& message) {
    for (int i = 0; i < message.field_count(); ++i) {
      EXPECT_EQ(banned.count(TypeOf(*message.field(i))), 0u) << message.field(i)->full_name();
    }
  });
}

TEST(Fields, StatesAreSetByTheServer) {
  ForEachMessage([](const Descriptor& message) {
    for (int i = 0; i < message.field_count(); ++i) {
      const FieldDescriptor& field = *message.field(i);
      if (field.enum_type() == nullptr || field.enum_type()->name() != "State") continue;
      // History is entered with the state that its source attests, by a method of its own.
      if (field.full_name() == "partnerskap.agreements.v1.AdoptionHistory.attested_state") continue;
      EXPECT_EQ(Behaviors(field), std::vector<google::api::FieldBehavior>{google::api::OUTPUT_ONLY})
          << field.full_name();
    }
  });
}

TEST(Fields, PersonalDataStandsInPersonsAlone) {
  ForEachMessage([](const Descriptor& message) {
    const bool person = IsResource(message) && absl::StartsWith(Resource(message).pattern(0), "persons/");
    if (person || message.file()->name() == "partnerskap/common/v1/options.proto") return;
    for (int i = 0; i < message.field_count(); ++i) {
      const auto& rules = message.field(i)->options().GetExtension(common::v1::rules);
      EXPECT_FALSE(rules.personal() || rules.restricted()) << message.field(i)->full_name();
    }
  });
}

TEST(Fields, PersonsAreMarkedPersonal) {
  for (const char* name : {"display_name", "party"}) {
    EXPECT_TRUE(
        Field(*membership::v1::Person::descriptor(), name)->options().GetExtension(common::v1::rules).personal())
        << name;
  }
  for (const char* name : {"email", "phone", "postal_address"}) {
    const auto& rules =
        Field(*membership::v1::PersonContact::descriptor(), name)->options().GetExtension(common::v1::rules);
    EXPECT_TRUE(rules.personal() && rules.restricted()) << name;
  }
}

TEST(Fields, RulesAreOfTheirType) {
  ForEachMessage([](const Descriptor& message) {
    for (int i = 0; i < message.field_count(); ++i) {
      const FieldDescriptor& field = *message.field(i);
      const auto& rules = field.options().GetExtension(common::v1::rules);
      if (!rules.pattern().empty()) {
        EXPECT_EQ(field.type(), FieldDescriptor::TYPE_STRING) << field.full_name();
        EXPECT_TRUE(RE2(rules.pattern()).ok()) << field.full_name();
      }
      if (rules.max_length() != 0) {
        EXPECT_EQ(field.cpp_type(), FieldDescriptor::CPPTYPE_STRING) << field.full_name();
      }
      if (rules.max_items() != 0) {
        EXPECT_TRUE(field.is_repeated()) << field.full_name();
      }
      if (rules.has_range()) {
        EXPECT_LE(rules.minimum(), rules.maximum()) << field.full_name();
      }
      if (rules.date_precision() == common::v1::FieldRules::DAY) {
        EXPECT_EQ(TypeOf(field), "google.type.Date") << field.full_name();
      }
    }
  });
}

TEST(Resources, HaveNameUidTimesAndEtag) {
  for (const auto& [type, message] : ResourcesByType()) {
    ASSERT_NE(Field(*message, "name"), nullptr) << type;
    EXPECT_EQ(Field(*message, "name")->number(), 1) << type;
    EXPECT_TRUE(Has(*Field(*message, "name"), google::api::IDENTIFIER)) << type;
    ASSERT_NE(Field(*message, "uid"), nullptr) << type;
    EXPECT_TRUE(Has(*Field(*message, "uid"), google::api::OUTPUT_ONLY)) << type;
    EXPECT_EQ(Field(*message, "uid")->options().GetExtension(google::api::field_info).format(),
              google::api::FieldInfo::UUID4);
    for (const char* name : {"create_time", "update_time"}) {
      ASSERT_NE(Field(*message, name), nullptr) << type << " " << name;
      EXPECT_TRUE(Has(*Field(*message, name), google::api::OUTPUT_ONLY)) << type << " " << name;
    }
    ASSERT_NE(Field(*message, "etag"), nullptr) << type;
  }
}

TEST(Resources, TypesAreOfTheirPackage) {
  for (const auto& [type, message] : ResourcesByType()) {
    const std::vector<std::string> package = absl::StrSplit(message->file()->package(), '.');
    EXPECT_EQ(type, absl::StrCat(package[1], ".partnerskap/", message->name()));
  }
}

TEST(Resources, ReferencesNameKnownTypes) {
  const auto resources = ResourcesByType();
  ForEachMessage([&](const Descriptor& message) {
    for (int i = 0; i < message.field_count(); ++i) {
      const auto& reference = message.field(i)->options().GetExtension(google::api::resource_reference);
      for (const std::string& type : {reference.type(), reference.child_type()}) {
        if (!type.empty() && type != "*") {
          EXPECT_EQ(resources.count(type), 1u) << message.field(i)->full_name() << " " << type;
        }
      }
    }
  });
}

TEST(Resources, DeclaredElsewhereAreDeclaredAlike) {
  const auto resources = ResourcesByType();
  for (const FileDescriptor* file : Files()) {
    for (int i = 0; i < file->options().ExtensionSize(google::api::resource_definition); ++i) {
      const auto& definition = file->options().GetExtension(google::api::resource_definition, i);
      ASSERT_EQ(resources.count(definition.type()), 1u) << file->name() << " " << definition.type();
      EXPECT_EQ(definition.pattern(0), Resource(*resources.at(definition.type())).pattern(0)) << file->name();
    }
  }
}

// A process links its own package and what is shared, no other: it must know every type that its fields name.
TEST(Resources, EachPackageKnowsTheTypesThatItNames) {
  std::map<std::string, std::set<std::string>> known;
  for (const FileDescriptor* file : Files()) {
    for (int i = 0; i < file->options().ExtensionSize(google::api::resource_definition); ++i) {
      known[file->package()].insert(file->options().GetExtension(google::api::resource_definition, i).type());
    }
  }
  for (const auto& [type, message] : ResourcesByType()) known[message->file()->package()].insert(type);
  ForEachMessage([&](const Descriptor& message) {
    const std::string& package = message.file()->package();
    // What is shared is known by each package that links it; `agreements.partnerskap/Decision` is in all that cite one.
    if (package == "partnerskap.common.v1") return;
    for (int i = 0; i < message.field_count(); ++i) {
      const auto& reference = message.field(i)->options().GetExtension(google::api::resource_reference);
      for (const std::string& type : {reference.type(), reference.child_type()}) {
        if (!type.empty() && type != "*") {
          EXPECT_EQ(known[package].count(type), 1u) << message.field(i)->full_name() << " " << type;
        }
      }
    }
  });
}

TEST(Packages, RefersToNoOtherService) {
  for (const FileDescriptor* file : Files()) {
    for (int i = 0; i < file->dependency_count(); ++i) {
      const std::string& package = file->dependency(i)->package();
      if (!absl::StartsWith(package, "partnerskap.")) continue;
      EXPECT_TRUE(package == file->package() || package == "partnerskap.common.v1")
          << file->name() << " imports " << package;
    }
  }
}

TEST(Packages, HaveTheirJavaNames) {
  for (const FileDescriptor* file : Files()) {
    EXPECT_EQ(file->options().java_package(), "se." + file->package()) << file->name();
    EXPECT_TRUE(file->options().java_multiple_files()) << file->name();
    EXPECT_TRUE(absl::EndsWith(file->options().java_outer_classname(), "Proto")) << file->name();
  }
}

}  // namespace
}  // namespace partnerskap
