// Where a deployment keeps its authority and certificates, under the suite's state folder:
//
//   authority/ca.pem ca.key                    the authority; its key may be moved elsewhere once all is issued
//   <service>/tls/ca.pem cert.pem key.pem      what one service mounts: its own key and nobody else's; the folder of a
//                                              store is named as in code (peer_review), an identity as a host
//                                              (peer-review)
//   edge/tls/ca.pem cert.pem key.pem           likewise the edge, which answers clients and calls the services
//   clients/<name>/ca.pem cert.pem key.pem     what a person's or a member system's client uses
//
// Folders are 0700, keys 0400, certificates 0444. Files are replaced whole (written aside, synced, renamed), the key
// before its certificate: a process that dies between leaves a pair that the next run sees and replaces.
#ifndef PARTNERSKAP_DEPLOY_CERTS_FOLDER_H_
#define PARTNERSKAP_DEPLOY_CERTS_FOLDER_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "deploy/certs/authority.h"

namespace partnerskap::certs {

// The suite's services, by the names that their identities and containers have.
const std::vector<std::string>& Services();

// The name of the client that `Init` makes for the operator: `clients/admin`.
inline constexpr absl::string_view kAdmin = "admin";

// What was done about one certificate.
struct Outcome {
  enum class Action { kCreated, kRenewed, kKept };
  Action action = Action::kKept;
  std::string name;         // `authority`, `membership`, `admin`
  std::string uri;          // what it says
  std::string certificate;  // path of the file
  std::string why;          // of a renewal ("ends 2026-01-31"), else empty
  absl::Time not_after;
};

struct InitOptions {
  std::string state;         // the state folder, made if absent
  std::string domain;        // trust domain of the URIs
  std::string organization;  // id of the operator's organization, in the administrator's URI
  // Names and addresses beside localhost, 127.0.0.1 and the service's own name that each service is reached by.
  std::vector<std::string> dns_names;
  std::vector<std::string> addresses;
};

// Makes what is missing and renews what must be: the authority, a certificate for each service and the
// edge, and the administrator's. Repeating it changes nothing. FAILED_PRECONDITION: the folder belongs to another
// domain, or the authority's key is needed and absent. One process at a time: a second one waits.
absl::StatusOr<std::vector<Outcome>> Init(const InitOptions& options, absl::Time now);

struct IssueOptions {
  std::string state;
  Names names;
  // Where the three files go; empty means `clients/<common name>` in the state folder.
  std::string folder;
};

// One more certificate of the authority in `options.state`. FAILED_PRECONDITION: no authority there yet, or the target
// folder holds the certificate of another identity.
absl::StatusOr<Outcome> IssueTo(const IssueOptions& options, absl::Time now);

}  // namespace partnerskap::certs

#endif  // PARTNERSKAP_DEPLOY_CERTS_FOLDER_H_
