-- One table per resource: `message` is the truth, every other column is derived from it at write (common/sql/README.md).
CREATE TABLE challenges (
  name TEXT NOT NULL PRIMARY KEY,
  parent TEXT NOT NULL,
  uid TEXT NOT NULL UNIQUE,
  seat TEXT,
  display_name TEXT,
  description TEXT,
  agreement TEXT,
  state TEXT,
  proposal_date TEXT,
  answer_date TEXT,
  answer TEXT,
  create_time INTEGER,
  update_time INTEGER,
  etag TEXT,
  message BLOB NOT NULL
) STRICT;
CREATE INDEX challenges_by_parent ON challenges (parent, name);

CREATE TABLE review_rounds (
  name TEXT NOT NULL PRIMARY KEY,
  parent TEXT NOT NULL,
  uid TEXT NOT NULL UNIQUE,
  display_name TEXT,
  agreement TEXT,
  start_date TEXT,
  end_date TEXT,
  state TEXT,
  release_date TEXT,
  create_time INTEGER,
  update_time INTEGER,
  etag TEXT,
  message BLOB NOT NULL
) STRICT;
CREATE INDEX review_rounds_by_parent ON review_rounds (parent, name);
-- One round at a time that is not closed: the rule ROUND_OVERLAPS, held here as well.
CREATE UNIQUE INDEX review_rounds_open_by_agreement ON review_rounds (agreement) WHERE state <> 'CLOSED';

CREATE TABLE reviews (
  name TEXT NOT NULL PRIMARY KEY,
  parent TEXT NOT NULL REFERENCES review_rounds (name),
  uid TEXT NOT NULL UNIQUE,
  seat TEXT,
  state TEXT,
  question TEXT,
  create_time INTEGER,
  update_time INTEGER,
  etag TEXT,
  message BLOB NOT NULL
) STRICT;
CREATE INDEX reviews_by_parent ON reviews (parent, name);

-- What the feeds of *membership* and *scheduling* have told: projections, written by reactions only. They refer to nothing,
-- for a resynchronisation empties them.
CREATE TABLE known_networks (
  name TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TABLE known_seats (
  name TEXT NOT NULL PRIMARY KEY,
  network TEXT NOT NULL,
  display_name TEXT NOT NULL,
  join_date TEXT NOT NULL,
  exit_date TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX known_seats_by_network ON known_seats (network, name);

CREATE TABLE known_seat_parties (
  seat TEXT NOT NULL,
  organization TEXT NOT NULL,
  PRIMARY KEY (seat, organization)
) STRICT, WITHOUT ROWID;

CREATE TABLE known_posts (
  name TEXT NOT NULL PRIMARY KEY,
  seat TEXT NOT NULL,
  kind TEXT NOT NULL,
  substituted_post TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE known_host_orders (
  network TEXT NOT NULL,
  place INTEGER NOT NULL,
  seat TEXT NOT NULL,
  PRIMARY KEY (network, place)
) STRICT, WITHOUT ROWID;
