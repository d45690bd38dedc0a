-- One table per resource: `message` is the truth, every other column is derived from it at write (common/sql/README.md).
-- Lists of meetings go by first day as far as known: that text is the sort key.
CREATE TABLE meetings (
  name TEXT NOT NULL PRIMARY KEY,
  parent TEXT NOT NULL,
  uid TEXT NOT NULL UNIQUE,
  display_name TEXT,
  kind TEXT,
  host TEXT,
  first_date TEXT,
  last_date TEXT,
  prepared_meeting TEXT REFERENCES meetings (name),
  agreement TEXT,
  state TEXT,
  calendar_sequence INTEGER,
  cancel_reason TEXT,
  create_time INTEGER,
  update_time INTEGER,
  etag TEXT,
  sort_key BLOB NOT NULL,
  message BLOB NOT NULL
) STRICT;
CREATE INDEX meetings_by_order ON meetings (parent, sort_key, name);
CREATE INDEX meetings_by_prepared ON meetings (prepared_meeting, name);

CREATE TABLE host_rotations (
  name TEXT NOT NULL PRIMARY KEY,
  parent TEXT NOT NULL,
  uid TEXT NOT NULL UNIQUE,
  create_time INTEGER,
  update_time INTEGER,
  etag TEXT,
  message BLOB NOT NULL
) STRICT;
CREATE INDEX host_rotations_by_parent ON host_rotations (parent, name);

-- What the feed of *membership* says: a projection, rebuilt from that feed at any time.
CREATE TABLE known_networks (
  name TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TABLE known_seats (
  name TEXT NOT NULL PRIMARY KEY,
  network TEXT NOT NULL,
  display_name TEXT NOT NULL,
  actor INTEGER NOT NULL,
  join_date TEXT NOT NULL,
  exit_date TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX known_seats_by_network ON known_seats (network, name);

CREATE TABLE known_seat_parties (
  seat TEXT NOT NULL,
  organization TEXT NOT NULL,
  PRIMARY KEY (seat, organization)
) STRICT, WITHOUT ROWID;

CREATE TABLE known_seat_holds (
  seat TEXT NOT NULL,
  number INTEGER NOT NULL,
  start_date TEXT NOT NULL,
  end_date TEXT NOT NULL,
  PRIMARY KEY (seat, number)
) STRICT, WITHOUT ROWID;

-- What the feed of *agreements* says: another one.
CREATE TABLE known_agreements (
  name TEXT NOT NULL PRIMARY KEY,
  network TEXT NOT NULL,
  start_date TEXT NOT NULL,
  end_date TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX known_agreements_by_network ON known_agreements (network, name);

-- Clauses on meetings that bind.
CREATE TABLE known_clauses (
  name TEXT NOT NULL PRIMARY KEY,
  agreement TEXT NOT NULL,
  rank INTEGER NOT NULL,
  meetings_per_year INTEGER NOT NULL,
  days_per_meeting INTEGER NOT NULL,
  officers_meetings_per_meeting INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX known_clauses_by_agreement ON known_clauses (agreement, name);
