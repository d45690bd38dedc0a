-- One table per resource: `message` is the truth, every other column is derived from it at write (common/sql/README.md).
CREATE TABLE agreements (
  name TEXT NOT NULL PRIMARY KEY,
  parent TEXT NOT NULL,
  uid TEXT NOT NULL UNIQUE,
  display_name TEXT,
  kind TEXT,
  start_date TEXT,
  end_date TEXT,
  predecessor TEXT REFERENCES agreements (name),
  term_reason TEXT,
  sunset_review_date TEXT,
  create_time INTEGER,
  update_time INTEGER,
  etag TEXT,
  message BLOB NOT NULL
) STRICT;
CREATE INDEX agreements_by_parent ON agreements (parent, name);

CREATE TABLE agreement_versions (
  name TEXT NOT NULL PRIMARY KEY,
  parent TEXT NOT NULL REFERENCES agreements (name),
  uid TEXT NOT NULL UNIQUE,
  display_name TEXT,
  custody TEXT,
  sha256 TEXT,
  media_type TEXT,
  text_size INTEGER,
  document_date TEXT,
  create_time INTEGER,
  update_time INTEGER,
  etag TEXT,
  message BLOB NOT NULL
) STRICT;
CREATE INDEX agreement_versions_by_parent ON agreement_versions (parent, name);

-- Texts of wordings that are HELD, apart from the resource: in no list and not in the feed.
CREATE TABLE agreement_texts (
  version TEXT NOT NULL PRIMARY KEY REFERENCES agreement_versions (name),
  text BLOB NOT NULL
) STRICT;

CREATE TABLE clauses (
  name TEXT NOT NULL PRIMARY KEY,
  parent TEXT NOT NULL REFERENCES agreements (name),
  uid TEXT NOT NULL UNIQUE,
  number TEXT,
  kind TEXT,
  force TEXT,
  debtor TEXT,
  origin TEXT,
  text TEXT,
  text_en TEXT,
  version TEXT REFERENCES agreement_versions (name),
  create_time INTEGER,
  update_time INTEGER,
  etag TEXT,
  message BLOB NOT NULL
) STRICT;
CREATE INDEX clauses_by_parent ON clauses (parent, name);

CREATE TABLE decisions (
  name TEXT NOT NULL PRIMARY KEY,
  parent TEXT NOT NULL,
  uid TEXT NOT NULL UNIQUE,
  display_name TEXT,
  body TEXT,
  preparing_body TEXT,
  decision_date TEXT,
  paragraph TEXT,
  diary_number TEXT,
  method TEXT,
  create_time INTEGER,
  update_time INTEGER,
  etag TEXT,
  message BLOB NOT NULL
) STRICT;
CREATE INDEX decisions_by_parent ON decisions (parent, name);

CREATE TABLE adoptions (
  name TEXT NOT NULL PRIMARY KEY,
  parent TEXT NOT NULL REFERENCES agreements (name),
  uid TEXT NOT NULL UNIQUE,
  seat TEXT,
  version TEXT REFERENCES agreement_versions (name),
  state TEXT,
  outcome TEXT,
  body TEXT,
  diary_number TEXT,
  decision TEXT REFERENCES decisions (name),
  adopted_version TEXT REFERENCES agreement_versions (name),
  circulation_date TEXT,
  preparation_date TEXT,
  proposal_date TEXT,
  decision_date TEXT,
  adjustment_date TEXT,
  announcement_date TEXT,
  annulment_date TEXT,
  extract_date TEXT,
  fee_minor INTEGER,
  funding TEXT,
  imported INTEGER,
  create_time INTEGER,
  update_time INTEGER,
  etag TEXT,
  message BLOB NOT NULL
) STRICT;
CREATE INDEX adoptions_by_parent ON adoptions (parent, name);
CREATE INDEX adoptions_by_seat ON adoptions (seat, name);
CREATE INDEX adoptions_by_decision ON adoptions (decision, name);

CREATE TABLE signatures (
  name TEXT NOT NULL PRIMARY KEY,
  parent TEXT NOT NULL REFERENCES adoptions (name),
  uid TEXT NOT NULL UNIQUE,
  slot INTEGER,
  capacity TEXT,
  post TEXT,
  person TEXT,
  place TEXT,
  sign_date TEXT,
  form TEXT,
  sha256 TEXT,
  create_time INTEGER,
  update_time INTEGER,
  etag TEXT,
  message BLOB NOT NULL
) STRICT;
CREATE INDEX signatures_by_parent ON signatures (parent, name);

-- What the feed of *membership* says: a projection, rebuilt from that feed at any time.
CREATE TABLE known_networks (
  name TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TABLE known_organizations (
  name TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TABLE known_seats (
  name TEXT NOT NULL PRIMARY KEY,
  network TEXT NOT NULL,
  display_name TEXT NOT NULL,
  kind TEXT NOT NULL,
  join_date TEXT,
  exit_date TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX known_seats_by_network ON known_seats (network, name);

CREATE TABLE known_seat_parties (
  seat TEXT NOT NULL,
  organization TEXT NOT NULL,
  PRIMARY KEY (seat, organization)
) STRICT, WITHOUT ROWID;
CREATE INDEX known_seat_parties_by_organization ON known_seat_parties (organization, seat);

CREATE TABLE known_posts (
  name TEXT NOT NULL PRIMARY KEY,
  seat TEXT NOT NULL,
  capacity TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE known_appointments (
  name TEXT NOT NULL PRIMARY KEY,
  post TEXT NOT NULL,
  person TEXT NOT NULL,
  start_date TEXT,
  end_date TEXT,
  release_date TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX known_appointments_by_post ON known_appointments (post, name);
