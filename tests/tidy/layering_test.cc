// Who may include whom (ARCHITECTURE.md, Layers):
//
//   proto <- domain <- store <- clients <- handlers, reactions <- service <- main
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "gtest/gtest.h"
#include "re2/re2.h"
#include "tests/tidy/source_tree.h"

namespace partnerskap::tidy {
namespace {

std::vector<std::string> Segments(absl::string_view path) { return absl::StrSplit(path, '/'); }

// `domain` for services/membership/domain/seats.cc; `service`, `main` for the files above the layers.
std::string LayerOf(absl::string_view path) {
  const std::vector<std::string> segments = Segments(path);
  if (segments.size() > 3) return segments[2];
  return segments.back().substr(0, segments.back().find('.'));
}

// Higher includes lower. Two layers of one rank do not include each other.
int RankOf(const std::string& layer) {
  static const auto& ranks = *new std::map<std::string, int>{
      {"domain", 1}, {"store", 2}, {"clients", 3}, {"handlers", 4}, {"reactions", 4}, {"service", 5}, {"main", 6}};
  const auto found = ranks.find(layer);
  return found == ranks.end() ? 0 : found->second;
}

std::string PackageOf(const std::string& service) {
  for (const Service& each : Services()) {
    if (each.folder == service) return each.package;
  }
  return "";
}

// The folders of common/ that a pure rule may use: none of them knows a clock, a store or a wire.
bool IsPure(const std::string& common_folder) {
  static const auto& pure = *new std::set<std::string>{"ids", "state", "status", "text", "time"};
  return pure.contains(common_folder);
}

// Headers that reach outside the process or ask for the time.
bool ReachesOutside(const std::string& include) {
  static const auto& headers = *new std::set<std::string>{"fstream",    "iostream", "thread",  "chrono",
                                                          "filesystem", "unistd.h", "fcntl.h", "absl/time/clock.h"};
  return headers.contains(include) || absl::StartsWith(include, "sys/");
}

bool IsGrpc(const std::string& include) {
  // The messages of health and reflection are protobuf alone.
  return absl::StartsWith(include, "grpcpp/") ||
         (absl::StartsWith(include, "grpc/") && !absl::EndsWith(include, ".pb.h"));
}

// What is wrong with a service's file including this; empty if nothing.
std::string JudgeService(const std::string& path, const std::string& include) {
  const std::string service = Segments(path)[1], layer = LayerOf(path);
  const std::vector<std::string> target = Segments(include);
  const bool test = IsTest(path);
  if (RankOf(layer) == 0) return "lies in no layer";
  if (target[0] == "services") {
    if (target[1] != service) return "another service's folder";
    if (!test && IsTest(include)) return "what only tests may use";
    const std::string other = LayerOf(include);
    const bool upward = RankOf(other) > RankOf(layer) || (RankOf(other) == RankOf(layer) && other != layer);
    if (upward && !test) return absl::StrCat(layer, " stands below or beside ", other);
  }
  if (target[0] == "partnerskap" && target[1] != "common" && target[1] != PackageOf(service) && !test &&
      layer != "clients" && layer != "reactions") {
    return "another service's proto, which is for clients and reactions";
  }
  if (target[0] == "common" && target[1] == "testing" && !test) return "what only tests may use";
  if (layer == "domain" && !test && target[0] == "common" && !IsPure(target[1]))
    return "a pure rule needs no such thing";
  if (layer == "domain" && !test && ReachesOutside(include)) return "a pure rule reaches outside";
  if (target[0] == "bench" || target[0] == "cli" || target[0] == "deploy" || target[0] == "tests") {
    return "an outer folder";
  }
  return "";
}

std::string JudgeCommon(const std::string& path, const std::string& include) {
  const std::vector<std::string> target = Segments(include);
  if (target[0] == "services" || target[0] == "cli" || target[0] == "tests" || target[0] == "bench") {
    return "common/ knows no service";
  }
  if (target[0] == "deploy" && !absl::StartsWith(path, "common/testing/")) return "common/ knows no deployment";
  if (target[0] == "partnerskap" && target[1] != "common") return "common/ knows no package of a service";
  if (absl::StartsWith(include, "common/testing/") && !IsTest(path)) return "what only tests may use";
  return "";
}

std::string JudgeOuter(const std::string& path, const std::string& include) {
  const std::string folder = Segments(path)[0];
  if (folder == "tests" || folder == "bench") return "";
  if (absl::StartsWith(include, "services/") && !IsTest(path)) return "the services are reached through their contract";
  if (absl::StartsWith(include, "tests/") || absl::StartsWith(include, "bench/")) return "an outer folder";
  return "";
}

// `grpc_files`: files of common/rpc without ending that belong to common_rpc_grpc.
std::string JudgeLibraries(const std::string& path, const std::string& include,
                           const std::set<std::string>& grpc_files) {
  // Measures each layer alone, and is part of no product.
  if (absl::StartsWith(path, "bench/")) return "";
  const std::string stem = path.substr(0, path.rfind('.'));
  if (IsGrpc(include) && !grpc_files.contains(stem) && !(absl::StartsWith(path, "common/rpc/") && IsTest(path))) {
    return "gRPC is for common_rpc_grpc alone";
  }
  if (include == "sqlite3.h" && !absl::StartsWith(path, "common/sql/") && !IsTest(path)) {
    return "SQLite is for common/sql alone";
  }
  return "";
}

std::string Judge(const std::string& path, const std::string& include, const std::set<std::string>& grpc_files) {
  const std::string library = JudgeLibraries(path, include, grpc_files);
  if (!library.empty()) return library;
  if (absl::StartsWith(path, "services/")) return JudgeService(path, include);
  if (absl::StartsWith(path, "common/")) return JudgeCommon(path, include);
  return JudgeOuter(path, include);
}

// The sources of the library, as its CMakeLists.txt lists them.
std::set<std::string> GrpcFiles() {
  std::set<std::string> files = {"common/rpc/grpc_log"};  // sends gRPC's own log lines to ours; a process links it
  std::string sources;
  EXPECT_TRUE(RE2::PartialMatch(TextOf("common/rpc/CMakeLists.txt"),
                                R"(partnerskap_library\(common_rpc_grpc\s+SRCS\s+([^)]*?)\s+DEPS)", &sources));
  for (absl::string_view source : absl::StrSplit(sources, absl::ByAnyChar(" \n"), absl::SkipEmpty())) {
    files.insert(absl::StrCat("common/rpc/", absl::StripSuffix(source, ".cc")));
  }
  return files;
}

TEST(Layering, EveryIncludePointsDown) {
  const std::set<std::string> grpc_files = GrpcFiles();
  size_t includes = 0;
  for (const File& file : AllFiles()) {
    if (!IsCode(file.path)) continue;
    for (const std::string& include : IncludesOf(file.text)) {
      ++includes;
      EXPECT_EQ(Judge(file.path, include, grpc_files), "") << file.path << " includes " << include;
    }
  }
  EXPECT_GT(includes, 1000U) << "the tree was not read whole";
}

TEST(Layering, TheSourcesOfTheGrpcLibraryAreFound) {
  EXPECT_TRUE(GrpcFiles().contains("common/rpc/door"));
  EXPECT_FALSE(GrpcFiles().contains("common/rpc/gate"));
}

struct Case {
  const char* path;
  const char* include;
};

TEST(Layering, RefusesWhatPointsUpOrAside) {
  constexpr Case kWrong[] = {
      {"services/membership/domain/seats.cc", "services/membership/store/facts.h"},
      {"services/membership/store/facts.cc", "services/membership/handlers/access.h"},
      {"services/membership/handlers/seats.cc", "services/membership/reactions/agreements.h"},
      {"services/membership/handlers/seats.cc", "services/membership/service.h"},
      {"services/membership/handlers/seats.cc", "services/agreements/store/facts.h"},
      {"services/membership/handlers/seats_test.cc", "services/agreements/store/facts.h"},
      {"services/membership/handlers/seats.cc", "services/membership/handlers/fixture.h"},
      {"services/membership/handlers/seats.cc", "partnerskap/agreements/v1/adoptions.pb.h"},
      {"services/membership/domain/seats.cc", "common/sql/database.h"},
      {"services/membership/domain/seats.cc", "common/rpc/call.h"},
      {"services/membership/domain/seats.cc", "common/env/env.h"},
      {"services/membership/domain/seats.cc", "absl/time/clock.h"},
      {"services/membership/store/facts.cc", "sqlite3.h"},
      {"services/membership/handlers/seats.cc", "grpcpp/server.h"},
      {"services/membership/handlers/seats.cc", "common/testing/sim.h"},
      {"services/membership/helpers/seats.cc", "vector"},
      {"common/rpc/gate.cc", "grpcpp/server.h"},
      {"common/rpc/gate.cc", "services/membership/service.h"},
      {"common/rpc/gate.cc", "partnerskap/membership/v1/service.pb.h"},
      {"common/testing/sim.cc", "partnerskap/membership/v1/service.pb.h"},
      {"common/sql/writer.h", "deploy/certs/authority.h"},
      {"common/sql/writer.h", "bench/rows.h"},
      {"cli/client.cc", "bench/load.h"},
      {"cli/client.cc", "grpcpp/channel.h"},
      {"cli/client.cc", "services/membership/service.h"},
      {"cli/client.cc", "tests/stories/world.h"},
  };
  for (const Case& wrong : kWrong) {
    EXPECT_NE(Judge(wrong.path, wrong.include, GrpcFiles()), "") << wrong.path << " includes " << wrong.include;
  }
}

TEST(Layering, TakesWhatPointsDown) {
  constexpr Case kRight[] = {
      {"services/membership/main.cc", "services/membership/service.h"},
      {"services/membership/service.cc", "services/membership/reactions/agreements.h"},
      {"services/membership/handlers/seats.cc", "services/membership/domain/seats.h"},
      {"services/membership/reactions/agreements.cc", "partnerskap/agreements/v1/adoptions.pb.h"},
      {"services/membership/reactions/agreements_test.cc", "services/membership/handlers/fixture.h"},
      {"services/peer_review/domain/states.cc", "partnerskap/peerreview/v1/resources.pb.h"},
      {"services/membership/domain/seats.cc", "common/status/refusal.h"},
      {"common/rpc/door.cc", "grpcpp/server.h"},
      {"common/rpc/health.cc", "grpc/health/v1/health.pb.h"},
      {"common/sql/statement.cc", "sqlite3.h"},
      {"cli/client.cc", "partnerskap/membership/v1/service.pb.h"},
      {"bench/run.cc", "services/membership/service.h"},
      {"bench/load.cc", "grpcpp/channel.h"},
      {"cli/apply_test.cc", "services/membership/service.h"},
      {"tests/stories/world.cc", "services/membership/service.h"},
  };
  for (const Case& right : kRight) {
    EXPECT_EQ(Judge(right.path, right.include, GrpcFiles()), "") << right.path << " includes " << right.include;
  }
}

}  // namespace
}  // namespace partnerskap::tidy
