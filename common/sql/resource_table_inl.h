// The typed half of ResourceTable; included by resource_table.h.
#ifndef PARTNERSKAP_COMMON_SQL_RESOURCE_TABLE_INL_H_
#define PARTNERSKAP_COMMON_SQL_RESOURCE_TABLE_INL_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/sql/resource_table.h"

namespace partnerskap {

template <typename M>
absl::StatusOr<M> ResourceTable<M>::Get(ReadTx& tx, absl::string_view name) const {
  ASSIGN_OR_RETURN(std::string bytes, GetBytes(tx, name));
  M message;
  RETURN_IF_ERROR(ParseStored(bytes, name, message));
  return message;
}

template <typename M>
absl::StatusOr<std::optional<M>> ResourceTable<M>::Find(ReadTx& tx, absl::string_view name) const {
  ASSIGN_OR_RETURN(std::optional<std::string> bytes, FindBytes(tx, name));
  if (!bytes.has_value()) return std::optional<M>();
  M message;
  RETURN_IF_ERROR(ParseStored(*bytes, name, message));
  return std::optional<M>(std::move(message));
}

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_SQL_RESOURCE_TABLE_INL_H_
