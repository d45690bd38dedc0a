-- One table per resource: `message` is the truth, every other column is derived from it at write (common/sql/README.md).
CREATE TABLE organizations (
  name TEXT NOT NULL PRIMARY KEY,
  parent TEXT NOT NULL,
  uid TEXT NOT NULL UNIQUE,
  kind TEXT,
  display_name TEXT,
  full_name TEXT,
  code TEXT,
  organization_number TEXT,
  county_code TEXT,
  county TEXT,
  parent_organization TEXT REFERENCES organizations (name),
  start_date TEXT,
  end_date TEXT,
  create_time INTEGER,
  update_time INTEGER,
  etag TEXT,
  sort_key BLOB NOT NULL,
  message BLOB NOT NULL
) STRICT;
CREATE INDEX organizations_by_order ON organizations (parent, sort_key, name);
CREATE INDEX organizations_by_code ON organizations (kind, code, name);

CREATE TABLE networks (
  name TEXT NOT NULL PRIMARY KEY,
  parent TEXT NOT NULL,
  uid TEXT NOT NULL UNIQUE,
  kind TEXT,
  display_name TEXT,
  founding_date TEXT,
  parent_network TEXT REFERENCES networks (name),
  create_time INTEGER,
  update_time INTEGER,
  etag TEXT,
  sort_key BLOB NOT NULL,
  message BLOB NOT NULL
) STRICT;
CREATE INDEX networks_by_order ON networks (parent, sort_key, name);

CREATE TABLE partners (
  name TEXT NOT NULL PRIMARY KEY,
  parent TEXT NOT NULL REFERENCES networks (name),
  uid TEXT NOT NULL UNIQUE,
  display_name TEXT,
  organization TEXT REFERENCES organizations (name),
  start_date TEXT,
  end_date TEXT,
  create_time INTEGER,
  update_time INTEGER,
  etag TEXT,
  message BLOB NOT NULL
) STRICT;
CREATE INDEX partners_by_parent ON partners (parent, name);

CREATE TABLE seats (
  name TEXT NOT NULL PRIMARY KEY,
  parent TEXT NOT NULL REFERENCES networks (name),
  uid TEXT NOT NULL UNIQUE,
  display_name TEXT,
  kind TEXT,
  join_date TEXT,
  create_time INTEGER,
  update_time INTEGER,
  etag TEXT,
  sort_key BLOB NOT NULL,
  message BLOB NOT NULL
) STRICT;
CREATE INDEX seats_by_order ON seats (parent, sort_key, name);

-- Parties of seats, for "whose seat is this" and "where does this organization sit".
CREATE TABLE seat_parties (
  seat TEXT NOT NULL REFERENCES seats (name),
  organization TEXT NOT NULL REFERENCES organizations (name),
  PRIMARY KEY (seat, organization)
) STRICT, WITHOUT ROWID;
CREATE INDEX seat_parties_by_organization ON seat_parties (organization, seat);

CREATE TABLE responsible_bodies (
  name TEXT NOT NULL PRIMARY KEY,
  parent TEXT NOT NULL REFERENCES seats (name),
  uid TEXT NOT NULL UNIQUE,
  display_name TEXT,
  start_date TEXT,
  end_date TEXT,
  basis TEXT,
  create_time INTEGER,
  update_time INTEGER,
  etag TEXT,
  message BLOB NOT NULL
) STRICT;
CREATE INDEX responsible_bodies_by_parent ON responsible_bodies (parent, name);

CREATE TABLE posts (
  name TEXT NOT NULL PRIMARY KEY,
  parent TEXT NOT NULL REFERENCES seats (name),
  uid TEXT NOT NULL UNIQUE,
  kind TEXT,
  display_name TEXT,
  capacity TEXT,
  substituted_post TEXT REFERENCES posts (name),
  appointing_body TEXT,
  mandate TEXT,
  create_time INTEGER,
  update_time INTEGER,
  etag TEXT,
  message BLOB NOT NULL
) STRICT;
CREATE INDEX posts_by_parent ON posts (parent, name);

CREATE TABLE persons (
  name TEXT NOT NULL PRIMARY KEY,
  parent TEXT NOT NULL,
  uid TEXT NOT NULL UNIQUE,
  display_name TEXT,
  party TEXT,
  protected_identity INTEGER,
  create_time INTEGER,
  update_time INTEGER,
  etag TEXT,
  message BLOB NOT NULL
) STRICT;
CREATE INDEX persons_by_parent ON persons (parent, name);

CREATE TABLE person_contacts (
  name TEXT NOT NULL PRIMARY KEY,
  parent TEXT NOT NULL REFERENCES persons (name),
  uid TEXT NOT NULL UNIQUE,
  email TEXT,
  phone TEXT,
  postal_address TEXT,
  create_time INTEGER,
  update_time INTEGER,
  etag TEXT,
  message BLOB NOT NULL
) STRICT;
CREATE INDEX person_contacts_by_parent ON person_contacts (parent, name);

CREATE TABLE appointments (
  name TEXT NOT NULL PRIMARY KEY,
  parent TEXT NOT NULL REFERENCES posts (name),
  uid TEXT NOT NULL UNIQUE,
  person TEXT REFERENCES persons (name),
  vacant INTEGER,
  start_date TEXT,
  end_date TEXT,
  release_date TEXT,
  release_reason TEXT,
  basis TEXT,
  appointer TEXT,
  delegation TEXT,
  create_time INTEGER,
  update_time INTEGER,
  etag TEXT,
  message BLOB NOT NULL
) STRICT;
CREATE INDEX appointments_by_parent ON appointments (parent, name);
CREATE INDEX appointments_by_person ON appointments (person, name);

-- What the feed of *agreements* says: a projection, rebuilt from that feed at any time.
CREATE TABLE known_agreements (
  name TEXT NOT NULL PRIMARY KEY,
  network TEXT NOT NULL,
  start_date TEXT,
  end_date TEXT,
  predecessor TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX known_agreements_by_network ON known_agreements (network, name);

CREATE TABLE known_adoptions (
  name TEXT NOT NULL PRIMARY KEY,
  agreement TEXT NOT NULL,
  seat TEXT NOT NULL,
  stage TEXT NOT NULL,
  decision_date TEXT,
  announcement_date TEXT,
  extract_date TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX known_adoptions_by_seat ON known_adoptions (seat, agreement);

CREATE TABLE known_signatures (
  name TEXT NOT NULL PRIMARY KEY,
  adoption TEXT NOT NULL,
  signature_date TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX known_signatures_by_adoption ON known_signatures (adoption, name);
