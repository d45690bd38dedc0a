#include "services/agreements/store/tables.h"

namespace partnerskap::agreements {

const ResourceTable<v1::Agreement>& Agreements() {
  static const auto& table = *new ResourceTable<v1::Agreement>({"agreements", nullptr});
  return table;
}

const ResourceTable<v1::AgreementVersion>& AgreementVersions() {
  static const auto& table = *new ResourceTable<v1::AgreementVersion>({"agreement_versions", nullptr});
  return table;
}

const ResourceTable<v1::Clause>& Clauses() {
  static const auto& table = *new ResourceTable<v1::Clause>({"clauses", nullptr});
  return table;
}

const ResourceTable<v1::Decision>& Decisions() {
  static const auto& table = *new ResourceTable<v1::Decision>({"decisions", nullptr});
  return table;
}

const ResourceTable<v1::Adoption>& Adoptions() {
  static const auto& table = *new ResourceTable<v1::Adoption>({"adoptions", nullptr});
  return table;
}

const ResourceTable<v1::Signature>& Signatures() {
  static const auto& table = *new ResourceTable<v1::Signature>({"signatures", nullptr});
  return table;
}

std::vector<const ResourceTableBase*> Tables() {
  return {&Agreements(), &AgreementVersions(), &Clauses(), &Decisions(), &Adoptions(), &Signatures()};
}

}  // namespace partnerskap::agreements
