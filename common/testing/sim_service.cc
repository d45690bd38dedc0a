#include "common/testing/sim_service.h"

#include <openssl/evp.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/sql/statement.h"
#include "common/sql/store_file.h"
#include "common/status/refusal.h"
#include "partnerskap/common/v1/reasons.pb.h"

namespace partnerskap {
namespace {

void DieUnlessOk(const absl::Status& status, absl::string_view doing) {
  if (status.ok()) return;
  std::fprintf(stderr, "%s: %s\n", std::string(doing).c_str(), status.ToString().c_str());
  std::abort();
}

// Length before content, so that two rows never look like one.
void Add(EVP_MD_CTX* digest, absl::string_view value) {
  const uint64_t size = value.size();
  EVP_DigestUpdate(digest, &size, sizeof(size));
  EVP_DigestUpdate(digest, value.data(), value.size());
}

absl::StatusOr<std::string> TableDigest(ReadTx& tx, const std::string& table) {
  const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> digest(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  EVP_DigestInit_ex(digest.get(), EVP_sha256(), nullptr);
  // By rowid or primary key, whichever the table is stored by.
  Rows rows = tx.Query(absl::StrCat("SELECT *\n  FROM ", table));
  while (rows.Next()) {
    for (int column = 0; column < rows.columns(); ++column) {
      Add(digest.get(), rows.IsNull(column) ? "null" : "value");
      Add(digest.get(), rows.Bytes(column));
    }
  }
  if (!rows.status().ok()) return rows.status();
  std::array<unsigned char, 32> hash;
  EVP_DigestFinal_ex(digest.get(), hash.data(), nullptr);
  return absl::BytesToHexString(absl::string_view(reinterpret_cast<const char*>(hash.data()), hash.size()));
}

}  // namespace

SimService::SimService(SimLoop& loop, const ServiceDefinition& definition)
    : loop_(loop), definition_(definition), directory_(files_ / "store"), host_(loop) {
  Methods methods;
  definition_.register_methods(methods);
  paths_ = std::make_shared<const MethodPaths>(PathsOf(methods));
}

SimService::~SimService() {
  if (running()) Stop();
}

void SimService::Connect(SimService& other, const LinkFaults* faults) {
  peers_[other.name()] = NewLocalPeer(loop_, other.host_, TestServiceUri(name()), faults);
}

void SimService::Start() {
  Env base;
  base.clock = &loop_.clock();
  base.random = &loop_.random();
  base.executor = &loop_;
  for (const auto& [name, peer] : peers_) base.peers[name] = peer.get();
  auto service = TestService::Open(definition_, base, directory_);
  DieUnlessOk(service.status(), absl::StrCat("start of ", name(), " in ", directory_));
  service_ = *std::move(service);
  host_.Up(service_->gate());
}

void SimService::Stop() {
  service_->gate().Drain();
  host_.Down(Refuse(common::v1::SHUTTING_DOWN));
  service_.reset();
}

void SimService::Kill() {
  host_.Down(absl::UnavailableError("the process is gone"));
  // The life that ends here may finish what it has begun, in a directory that nobody looks at again.
  const std::string left = absl::StrCat(files_.path(), "/after_kill_", ++copies_);
  CopyStateDirectory(directory_, left);
  service_.reset();
  directory_ = left;
}

std::string SimService::Backup() {
  std::string backup = absl::StrCat(files_.path(), "/backup_", ++copies_);
  CopyStateDirectory(directory_, backup);
  return backup;
}

void SimService::RestoreFrom(const std::string& backup) {
  directory_ = absl::StrCat(files_.path(), "/restored_", ++copies_);
  CopyStateDirectory(backup, directory_);
  auto connection = Connection::Open(absl::StrCat(directory_, "/store.db"), Connection::Mode::kWriter, "");
  DieUnlessOk(connection.status(), "restore");
  std::array<uint8_t, 8> epoch;
  loop_.random().Fill(epoch.data(), epoch.size());
  DieUnlessOk(SetStoreText(
                  **connection, "epoch",
                  absl::BytesToHexString(absl::string_view(reinterpret_cast<const char*>(epoch.data()), epoch.size()))),
              "restore");
}

TestCaller SimService::Caller(absl::string_view uri, const LinkFaults* faults) {
  return TestCaller(
      NewLocalPeer(loop_, host_, uri, faults), loop_.clock(),
      [this](const std::function<bool()>& done) { return loop_.RunUntil(done); }, paths_);
}

std::map<std::string, std::string> TableDigests(Database& database) {
  std::map<std::string, std::string> digests;
  DieUnlessOk(database.Read([&digests](ReadTx& tx) -> absl::Status {
    std::vector<std::string> tables;
    {
      Rows rows = tx.Query(
          "SELECT name\n  FROM sqlite_master\n WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> ?\n"
          " ORDER BY name",
          "audit");
      while (rows.Next()) tables.emplace_back(rows.Text(0));
      if (!rows.status().ok()) return rows.status();
    }
    for (const std::string& table : tables) {
      auto digest = TableDigest(tx, table);
      if (!digest.ok()) return digest.status();
      digests[table] = *std::move(digest);
    }
    return absl::OkStatus();
  }),
              "digests");
  return digests;
}

}  // namespace partnerskap
