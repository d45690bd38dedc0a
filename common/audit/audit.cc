#include "common/audit/audit.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <array>

#include "absl/strings/str_cat.h"
#include "google/protobuf/util/time_util.h"

namespace partnerskap {
namespace {

using common::v1::AuditEntry;

constexpr int kNumberBytes = 8;

void AppendNumber(uint64_t number, std::string& out) {
  for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>((number >> shift) & 0xff));
}

void AppendBytes(int field, absl::string_view bytes, std::string& out) {
  out.push_back(static_cast<char>(field));
  AppendNumber(bytes.size(), out);
  out.append(bytes.data(), bytes.size());
}

void AppendInt(int field, int64_t value, std::string& out) {
  out.push_back(static_cast<char>(field));
  AppendNumber(kNumberBytes, out);
  AppendNumber(static_cast<uint64_t>(value), out);
}

std::string CanonicalBytes(const AuditEntry& entry) {
  std::string out;
  AppendInt(AuditEntry::kSequenceFieldNumber, entry.sequence(), out);
  AppendInt(AuditEntry::kCommitTimeFieldNumber,
            google::protobuf::util::TimeUtil::TimestampToMicroseconds(entry.commit_time()), out);
  AppendBytes(AuditEntry::kPrincipalFieldNumber, entry.principal(), out);
  AppendBytes(AuditEntry::kMethodFieldNumber, entry.method(), out);
  AppendBytes(AuditEntry::kObjectFieldNumber, entry.object(), out);
  AppendBytes(AuditEntry::kRequestIdFieldNumber, entry.request_id(), out);
  AppendBytes(AuditEntry::kDigestFieldNumber, entry.digest(), out);
  AppendInt(AuditEntry::kCodeFieldNumber, entry.code(), out);
  AppendBytes(AuditEntry::kReasonFieldNumber, entry.reason(), out);
  AppendInt(AuditEntry::kCountFieldNumber, entry.count(), out);
  AppendInt(AuditEntry::kChangeSequenceFieldNumber, entry.change_sequence(), out);
  AppendBytes(AuditEntry::kPreviousHashFieldNumber, entry.previous_hash(), out);
  return out;
}

}  // namespace

std::string AuditHash(const AuditEntry& entry) {
  std::string bytes = CanonicalBytes(entry);
  std::string hash(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
         reinterpret_cast<unsigned char*>(hash.data()));
  return hash;
}

std::string AuditDigest(absl::string_view salt, absl::string_view content) {
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  unsigned int size = 0;
  HMAC(EVP_sha256(), salt.data(), static_cast<int>(salt.size()), reinterpret_cast<const unsigned char*>(content.data()),
       content.size(), reinterpret_cast<unsigned char*>(digest.data()), &size);
  return digest;
}

absl::Status ChainVerifier::Check(const AuditEntry& entry) const {
  if (entry.sequence() != sequence_ + 1) {
    return absl::DataLossError(
        absl::StrCat("audit row ", sequence_ + 1, " is missing; ", entry.sequence(), " follows"));
  }
  if (entry.previous_hash() != hash_) {
    return absl::DataLossError(absl::StrCat("audit row ", entry.sequence(), " does not follow the row before it"));
  }
  if (entry.hash() != AuditHash(entry)) {
    return absl::DataLossError(absl::StrCat("audit row ", entry.sequence(), " was changed"));
  }
  return absl::OkStatus();
}

absl::Status ChainVerifier::Add(const AuditEntry& entry) {
  if (!status_.ok()) return status_;
  status_ = Check(entry);
  if (!status_.ok()) return status_;
  sequence_ = entry.sequence();
  hash_ = entry.hash();
  return absl::OkStatus();
}

}  // namespace partnerskap
