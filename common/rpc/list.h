// Answers of List methods: sealed page tokens around ResourceTable::List, and the response written from stored bytes.
#ifndef PARTNERSKAP_COMMON_RPC_LIST_H_
#define PARTNERSKAP_COMMON_RPC_LIST_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/rpc/call.h"
#include "common/rpc/service.h"
#include "common/sql/resource_table.h"

namespace partnerskap {

// Takes `page_size`, `page_token`, and where the request has them `read_time` and `effective_date` (google.type.Date),
// binds the token to all its other fields, the method and the store's epoch, and returns the serialized response:
// repeated field 1 from stored bytes, `next_page_token`. The token also names the store's sequence of the first page:
// all pages are of that snapshot. Errors: PAGE_TOKEN_INVALID; FEED_POSITION_EXPIRED when that is no longer kept.
absl::StatusOr<std::string> ListAnswerBytes(const Env& env, const Call& call, const google::protobuf::Message& request,
                                            ResourceTableBase::ListQuery query, const ResourceTableBase& table,
                                            ReadTx& tx);

// return ListAnswer<v1::ListSeatsResponse>(env, call, request, {.parent = request.parent()}, Seats(), tx);
template <typename Response>
absl::StatusOr<Answer<Response>> ListAnswer(const Env& env, const Call& call, const google::protobuf::Message& request,
                                            ResourceTableBase::ListQuery query, const ResourceTableBase& table,
                                            ReadTx& tx) {
  auto bytes = ListAnswerBytes(env, call, request, std::move(query), table, tx);
  if (!bytes.ok()) return bytes.status();
  return Answer<Response>::OfBytes(*std::move(bytes));
}

// return GetAnswer<v1::Seat>(request, Seats(), tx): by `name`, at `read_time` if the request has one and it is set.
absl::StatusOr<std::string> GetAnswerBytes(const google::protobuf::Message& request, const ResourceTableBase& table,
                                           ReadTx& tx);
template <typename M>
absl::StatusOr<Answer<M>> GetAnswer(const google::protobuf::Message& request, const ResourceTable<M>& table,
                                    ReadTx& tx) {
  auto bytes = GetAnswerBytes(request, table, tx);
  if (!bytes.ok()) return bytes.status();
  return Answer<M>::OfBytes(*std::move(bytes));
}

// return BatchGetAnswer<v1::BatchGetSeatsResponse>(request, Seats(), tx): repeated field 1 of the response holds the
// resources that `names` asks for, in that order, of one snapshot. Errors: RESOURCE_NOT_FOUND for the first that is not
// there; FIELD_VIOLATIONS for a name that does not stand under `parent`.
absl::StatusOr<std::string> BatchGetAnswerBytes(const google::protobuf::Message& request,
                                                const ResourceTableBase& table, ReadTx& tx);
template <typename Response>
absl::StatusOr<Answer<Response>> BatchGetAnswer(const google::protobuf::Message& request,
                                                const ResourceTableBase& table, ReadTx& tx) {
  auto bytes = BatchGetAnswerBytes(request, table, tx);
  if (!bytes.ok()) return bytes.status();
  return Answer<Response>::OfBytes(*std::move(bytes));
}

// A page of a list that is computed whole: elements `begin` to `end` of `size`, and the token that asks for the rest.
// Each page is of its own snapshot: the elements are computed anew.
struct Slice {
  size_t begin = 0, end = 0;
  std::string next_page_token;
  bool Holds(size_t index) const { return begin <= index && index < end; }
};
// Errors: PAGE_TOKEN_INVALID.
absl::StatusOr<Slice> SliceOf(const Env& env, const Call& call, const google::protobuf::Message& request, size_t size);

}  // namespace partnerskap

#endif  // PARTNERSKAP_COMMON_RPC_LIST_H_
