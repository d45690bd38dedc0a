#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/env/env.h"
#include "common/ids/ids.h"
#include "common/rpc/list.h"
#include "common/rpc/update_mask.h"
#include "common/sql/references.h"
#include "common/status/macros.h"
#include "services/membership/domain/posts.h"
#include "services/membership/handlers/access.h"
#include "services/membership/handlers/handlers.h"
#include "services/membership/store/tables.h"

namespace partnerskap::membership {
namespace {

// What stands instead of the name of somebody with protected personal data (skyddade personuppgifter).
constexpr char kMask[] = "(skyddade personuppgifter)";
// Whoever may read contact data may see the names of protected persons too.
constexpr char kRevealPermission[] = "membership.contacts.get";

void Mask(const Call& call, v1::Person& person) {
  if (!person.protected_identity() || call.principal.Holds(kRevealPermission)) return;
  person.set_display_name(kMask);
  person.clear_party();
}

std::string ContactName(const std::string& person) { return absl::StrCat(person, "/contact"); }

}  // namespace

absl::StatusOr<Answer<v1::Person>> GetPerson(const Env&, const Call& call, const v1::GetPersonRequest& request,
                                             ReadTx& tx) {
  ASSIGN_OR_RETURN(const Answer<v1::Person> stored, GetAnswer(request, Persons(), tx));
  v1::Person person = stored.message();
  Mask(call, person);
  return Answer<v1::Person>(person);
}

absl::StatusOr<Answer<v1::ListPersonsResponse>> ListPersons(const Env& env, const Call& call,
                                                            const v1::ListPersonsRequest& request, ReadTx& tx) {
  ASSIGN_OR_RETURN(const Answer<v1::ListPersonsResponse> stored,
                   ListAnswer<v1::ListPersonsResponse>(env, call, request, {}, Persons(), tx));
  v1::ListPersonsResponse response = stored.message();
  for (v1::Person& person : *response.mutable_persons()) Mask(call, person);
  return Answer<v1::ListPersonsResponse>(response);
}

absl::StatusOr<v1::Person> CreatePerson(const Env&, const Call& call, const v1::CreatePersonRequest& request,
                                        WriteTx& tx) {
  v1::Person person = request.person();
  const std::string id = request.person_id().empty() ? NewUuid(tx.random()) : request.person_id();
  person.set_name(absl::StrCat("persons/", id));
  RETURN_IF_ERROR(CheckPersonId(id));
  RETURN_IF_ERROR(CheckNoIdentityNumber("person.display_name", person.display_name()));
  RETURN_IF_ERROR(CheckNoIdentityNumber("person.party", person.party()));
  ASSIGN_OR_RETURN(const Permit permit, AuthorizeShared(call, person.name()));
  return Persons().Create(tx, permit, std::move(person));
}

absl::StatusOr<Answer<v1::PersonContact>> GetPersonContact(const Env&, const Call&,
                                                           const v1::GetPersonContactRequest& request, ReadTx& tx) {
  return GetAnswer(request, PersonContacts(), tx);
}

absl::StatusOr<v1::PersonContact> UpdatePersonContact(const Env&, const Call& call,
                                                      const v1::UpdatePersonContactRequest& request, WriteTx& tx) {
  const v1::PersonContact& wanted = request.person_contact();
  const std::string person(ParentName(wanted.name()));
  RETURN_IF_ERROR(MustExist(tx, Persons(), person));
  RETURN_IF_ERROR(CheckNoIdentityNumber("person_contact.postal_address", wanted.postal_address()));
  RETURN_IF_ERROR(CheckNoIdentityNumber("person_contact.email", wanted.email()));
  ASSIGN_OR_RETURN(const Permit permit, AuthorizeShared(call, wanted.name()));
  // A singleton exists with its person; its first update is what stores it.
  ASSIGN_OR_RETURN(auto stored, PersonContacts().Find(tx, ContactName(person)));
  v1::PersonContact contact = stored.value_or(v1::PersonContact());
  contact.set_name(ContactName(person));
  RETURN_IF_ERROR(ApplyMask(wanted, request.update_mask(), {"email", "phone", "postal_address"}, contact));
  if (!stored) return PersonContacts().Create(tx, permit, std::move(contact), "updated");
  return PersonContacts().Update(tx, permit, std::move(contact), wanted.etag(), "updated");
}

}  // namespace partnerskap::membership
