#include "common/testing/notes/notes_service.h"

#include <atomic>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/auth/permit.h"
#include "common/feed/producer.h"
#include "common/rpc/list.h"
#include "common/status/macros.h"
#include "common/status/refusal.h"
#include "partnerskap/common/v1/reasons.pb.h"

namespace partnerskap::notes {
namespace {

constexpr char kNotesTables[] = R"sql(
CREATE TABLE notes (
  name TEXT PRIMARY KEY,
  parent TEXT NOT NULL,
  message BLOB NOT NULL,
  uid TEXT,
  create_time INTEGER,
  update_time INTEGER,
  etag TEXT,
  text TEXT,
  author TEXT
) STRICT;

CREATE TABLE secrets (
  name TEXT PRIMARY KEY,
  parent TEXT NOT NULL,
  message BLOB NOT NULL,
  uid TEXT,
  create_time INTEGER,
  update_time INTEGER,
  etag TEXT,
  text TEXT
) STRICT;
)sql";

constexpr char kCopiesTables[] = R"sql(
CREATE TABLE copies (
  name TEXT PRIMARY KEY,
  sequence INTEGER NOT NULL,
  message BLOB NOT NULL
) STRICT;

CREATE TABLE effects (
  epoch TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  times INTEGER NOT NULL,
  PRIMARY KEY (epoch, sequence)
) STRICT, WITHOUT ROWID;
)sql";

std::atomic<bool> refuse_poison = false;

const ResourceTable<v1::Secret>& Secrets() {
  static const auto& table = *new ResourceTable<v1::Secret>({"secrets", nullptr});
  return table;
}

absl::StatusOr<v1::Note> CreateNote(const Env&, const Call& call, const v1::CreateNoteRequest& request, WriteTx& tx) {
  v1::Note note = request.note();
  note.set_name(absl::StrCat(request.parent(), "/notes/", request.note_id()));
  ASSIGN_OR_RETURN(const Permit permit, Authorize(call, {.name = note.name()}));
  return Notes().Create(tx, permit, std::move(note));
}

absl::StatusOr<v1::Note> CreateNotes(const Env&, const Call& call, const v1::CreateNotesRequest& request, WriteTx& tx) {
  v1::Note last;
  for (const std::string& id : request.note_ids()) {
    v1::Note note;
    note.set_name(absl::StrCat(request.parent(), "/notes/", id));
    note.set_text(request.text());
    ASSIGN_OR_RETURN(const Permit permit, Authorize(call, {.name = note.name()}));
    ASSIGN_OR_RETURN(last, Notes().Create(tx, permit, std::move(note)));
  }
  return last;
}

absl::StatusOr<v1::Note> UpdateNote(const Env&, const Call& call, const v1::UpdateNoteRequest& request, WriteTx& tx) {
  ASSIGN_OR_RETURN(v1::Note note, Notes().Get(tx, request.note().name()));
  ASSIGN_OR_RETURN(const Permit permit, Authorize(call, {.name = note.name()}));
  note.set_text(request.note().text());
  return Notes().Update(tx, permit, std::move(note), request.note().etag(), "updated");
}

absl::StatusOr<v1::Secret> CreateSecret(const Env&, const Call& call, const v1::CreateSecretRequest& request,
                                        WriteTx& tx) {
  v1::Secret secret = request.secret();
  secret.set_name(absl::StrCat(request.parent(), "/secrets/", request.secret_id()));
  ASSIGN_OR_RETURN(const Permit permit, Authorize(call, {.name = secret.name()}));
  return Secrets().Create(tx, permit, std::move(secret));
}

absl::StatusOr<Answer<v1::Note>> GetNote(const Env&, const Call&, const v1::GetNoteRequest& request, ReadTx& tx) {
  return GetAnswer(request, Notes(), tx);
}

absl::Status MayFollow(const Call& call, absl::string_view network, ReadTx&) {
  absl::string_view own = call.principal.identity.organization;
  if (absl::ConsumePrefix(&own, "organizations/") && network == absl::StrCat("networks/", own)) return absl::OkStatus();
  return Refuse(common::v1::OBJECT_NOT_YOURS, {{"object", std::string(network)}});
}

void RegisterNotes(Methods& methods) {
  ServiceMethods service(methods, "partnerskap.testing.notes.v1.NoteService");
  service.Write("CreateNote", &CreateNote);
  service.Write("CreateNotes", &CreateNotes);
  service.Write("UpdateNote", &UpdateNote);
  service.Write("CreateSecret", &CreateSecret);
  service.Read("GetNote", &GetNote);
  RegisterFeed(methods, "partnerskap.testing.notes.v1.NoteFeedService", "partnerskap.testing.notes.v1.NoteAuditService",
               {.hidden_types = {v1::Secret::descriptor()->full_name()}, .may_follow = &MayFollow});
}

absl::StatusOr<Answer<v1::Note>> GetCopy(const Env&, const Call&, const v1::GetNoteRequest& request, ReadTx& tx) {
  Rows rows = tx.Query("SELECT message\n  FROM copies\n WHERE name = ?", request.name());
  if (rows.Next()) return Answer<v1::Note>::OfBytes(std::string(rows.Bytes(0)));
  RETURN_IF_ERROR(rows.status());
  return Refuse(common::v1::RESOURCE_NOT_FOUND, {{"name", request.name()}});
}

void RegisterCopies(Methods& methods) {
  ServiceMethods service(methods, "partnerskap.testing.notes.v1.CopyService");
  service.Read("GetCopy", &GetCopy);
}

absl::Status React(const common::v1::Change& change, WriteTx& tx) {
  v1::Note note;
  if (!note.ParseFromString(change.message())) return absl::InternalError("not a note");
  if (refuse_poison && note.text() == "poison") return absl::FailedPreconditionError("poison");
  RETURN_IF_ERROR(
      tx.Execute("INSERT INTO effects (epoch, sequence, times)\nVALUES (?, ?, 1)\n"
                 "    ON CONFLICT (epoch, sequence) DO UPDATE SET times = times + 1",
                 change.epoch(), change.sequence()));
  return tx.Execute(
      "INSERT INTO copies (name, sequence, message)\nVALUES (?, ?, ?)\n"
      "    ON CONFLICT (name) DO UPDATE SET sequence = excluded.sequence, message = excluded.message",
      change.name(), change.sequence(), Blob{change.message()});
}

absl::Status Reset(WriteTx& tx) {
  RETURN_IF_ERROR(tx.Execute("DELETE FROM effects"));
  return tx.Execute("DELETE FROM copies");
}

}  // namespace

const ResourceTable<v1::Note>& Notes() {
  static const auto& table = *new ResourceTable<v1::Note>({"notes", nullptr});
  return table;
}

void RefusePoison(bool refuse) { refuse_poison = refuse; }

ServiceDefinition NotesDefinition() {
  ServiceDefinition service;
  service.name = "notes";
  service.package = "partnerskap.testing.notes.v1";
  service.application_id = 0x4E6F7465;  // "Note"
  service.default_port = 7491;
  service.migrations = {{1, "create_notes", kNotesTables}};
  service.tables = {&Notes(), &Secrets()};
  service.register_methods = &RegisterNotes;
  return service;
}

ServiceDefinition CopiesDefinition() {
  ServiceDefinition service;
  service.name = "copies";
  service.package = "partnerskap.testing.notes.v1";
  service.application_id = 0x436F7079;  // "Copy"
  service.default_port = 7492;
  service.migrations = {{1, "create_copies", kCopiesTables}};
  service.register_methods = &RegisterCopies;
  service.subscriptions = {{"notes", "partnerskap.testing.notes.v1.NoteFeedService", &React, &Reset}};
  return service;
}

}  // namespace partnerskap::notes
