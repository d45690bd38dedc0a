#include "common/audit/audit.h"

#include <functional>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace partnerskap {
namespace {

using common::v1::AuditEntry;

std::vector<AuditEntry> Chain(int rows) {
  std::vector<AuditEntry> chain;
  std::string previous;
  for (int i = 1; i <= rows; ++i) {
    AuditEntry entry;
    entry.set_sequence(i);
    entry.mutable_commit_time()->set_seconds(1'700'000'000 + i);
    entry.set_principal("spiffe://example/svc/test");
    entry.set_method("/Test/Write");
    entry.set_object(absl::StrCat("things/", i));
    entry.set_request_id(absl::StrCat("id-", i));
    entry.set_salt("salt");
    entry.set_digest(AuditDigest("salt", "content"));
    entry.set_code(i % 2 == 0 ? google::rpc::NOT_FOUND : google::rpc::OK);
    entry.set_reason(i % 2 == 0 ? "RESOURCE_NOT_FOUND" : "");
    entry.set_count(1);
    entry.set_change_sequence(i);
    entry.set_previous_hash(previous);
    entry.set_hash(AuditHash(entry));
    previous = entry.hash();
    chain.push_back(entry);
  }
  return chain;
}

absl::Status Verify(const std::vector<AuditEntry>& chain) {
  ChainVerifier verifier;
  absl::Status status;
  for (const AuditEntry& entry : chain) status = verifier.Add(entry);
  return status;
}

// A row's hash is put right after the change, as a forger would.
void Rehash(AuditEntry& entry) { entry.set_hash(AuditHash(entry)); }

TEST(AuditHashTest, IsTheDocumentedEncoding) {
  // Computed with another program from the encoding in audit.h.
  EXPECT_EQ(absl::BytesToHexString(AuditHash(AuditEntry())),
            "0c3fd313a122cb864d8b63a02e0ebd9955e8f577e44b06fd0b1603ac6a0393f1");
  EXPECT_EQ(absl::BytesToHexString(AuditHash(Chain(1)[0])),
            "78820dc78ba137d9848b07127cb4fc6f57b6732779eec73f0c3aeb2c27c0ab23");
}

TEST(AuditHashTest, DependsOnEveryFieldButSaltAndHash) {
  const AuditEntry entry = Chain(2)[1];
  std::vector<std::function<void(AuditEntry&)>> changes = {
      [](AuditEntry& e) { e.set_sequence(9); },
      [](AuditEntry& e) { e.mutable_commit_time()->set_nanos(1000); },
      [](AuditEntry& e) { e.set_principal("other"); },
      [](AuditEntry& e) { e.set_method("other"); },
      [](AuditEntry& e) { e.set_object("other"); },
      [](AuditEntry& e) { e.set_request_id("other"); },
      [](AuditEntry& e) { e.set_digest("other"); },
      [](AuditEntry& e) { e.set_code(google::rpc::ABORTED); },
      [](AuditEntry& e) { e.set_reason("OTHER"); },
      [](AuditEntry& e) { e.set_count(2); },
      [](AuditEntry& e) { e.set_change_sequence(9); },
      [](AuditEntry& e) { e.set_previous_hash("other"); },
      // Bytes that move from one field to the next.
      [](AuditEntry& e) { e.set_method("/Test/Writ"), e.set_object(absl::StrCat("e", e.object())); },
  };
  for (size_t i = 0; i < changes.size(); ++i) {
    AuditEntry changed = entry;
    changes[i](changed);
    EXPECT_NE(AuditHash(changed), AuditHash(entry)) << i;
  }
  AuditEntry erased = entry;
  erased.clear_salt();
  erased.set_hash("anything");
  EXPECT_EQ(AuditHash(erased), AuditHash(entry));
}

TEST(AuditDigestTest, DependsOnSaltAndContent) {
  EXPECT_EQ(AuditDigest("salt", "content").size(), 32u);
  EXPECT_NE(AuditDigest("salt", "content"), AuditDigest("salt", "contents"));
  EXPECT_NE(AuditDigest("salt", "content"), AuditDigest("salz", "content"));
}

TEST(ChainVerifierTest, AcceptsAWholeChainAlsoFromAKnownRow) {
  std::vector<AuditEntry> chain = Chain(5);
  EXPECT_TRUE(Verify(chain).ok());
  EXPECT_TRUE(Verify({}).ok());
  ChainVerifier later(2, chain[1].hash());
  for (size_t i = 2; i < chain.size(); ++i) EXPECT_TRUE(later.Add(chain[i]).ok());
  EXPECT_EQ(later.sequence(), 5);
  EXPECT_EQ(later.hash(), chain[4].hash());
}

TEST(ChainVerifierTest, FindsAnyEdit) {
  for (bool rehash : {false, true}) {
    for (size_t row = 0; row < 4; ++row) {
      std::vector<AuditEntry> chain = Chain(5);
      chain[row].set_principal("spiffe://example/svc/somebody-else");
      if (rehash) Rehash(chain[row]);
      absl::Status status = Verify(chain);
      EXPECT_TRUE(absl::IsDataLoss(status)) << row;
      // Once the hash is put right, it is the next row that contradicts it.
      EXPECT_TRUE(absl::StrContains(status.message(), absl::StrCat("row ", row + (rehash ? 2 : 1), " "))) << status;
    }
  }
}

TEST(ChainVerifierTest, FindsAnyRemovalExceptAtTheEndWhichOnlyAKeptHeadShows) {
  for (size_t row = 0; row < 4; ++row) {
    std::vector<AuditEntry> chain = Chain(5);
    chain.erase(chain.begin() + static_cast<std::ptrdiff_t>(row));
    EXPECT_TRUE(absl::IsDataLoss(Verify(chain))) << row;
    // Renumbered, it is found too.
    for (size_t i = row; i < chain.size(); ++i) {
      chain[i].set_sequence(static_cast<int64_t>(i) + 1);
      Rehash(chain[i]);
    }
    EXPECT_TRUE(absl::IsDataLoss(Verify(chain))) << row;
  }
}

TEST(ChainVerifierTest, FindsAHoleInTheNumbersOfAChainThatIsWholeOtherwise) {
  std::vector<AuditEntry> chain = Chain(2);
  chain[1].set_sequence(3);
  Rehash(chain[1]);
  EXPECT_TRUE(absl::IsDataLoss(Verify(chain)));
}

TEST(ChainVerifierTest, FindsAnyReorderAndInsertion) {
  std::vector<AuditEntry> chain = Chain(5);
  std::swap(chain[1], chain[2]);
  EXPECT_TRUE(absl::IsDataLoss(Verify(chain)));
  chain = Chain(5);
  chain.insert(chain.begin() + 2, chain[2]);
  EXPECT_TRUE(absl::IsDataLoss(Verify(chain)));
}

TEST(ChainVerifierTest, AContradictedHeadIsFoundThoughTheWholeChainWasRewritten) {
  std::vector<AuditEntry> chain = Chain(5);
  ChainVerifier from_head(3, chain[2].hash());
  std::string previous;
  for (AuditEntry& entry : chain) {
    entry.set_principal("forged");
    entry.set_previous_hash(previous);
    Rehash(entry);
    previous = entry.hash();
  }
  EXPECT_TRUE(Verify(chain).ok());
  EXPECT_TRUE(absl::IsDataLoss(from_head.Add(chain[3])));
  EXPECT_TRUE(absl::IsDataLoss(from_head.Add(Chain(5)[3])));
}

}  // namespace
}  // namespace partnerskap
