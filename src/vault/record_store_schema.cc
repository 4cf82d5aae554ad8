#include "src/vault/record_store_schema.h"

#include "src/recipients/recipient_registry.h"
#include "src/store/outbox.h"

namespace subrosa {
namespace {

// Small columns stand before the envelope, so that reading facts does not touch
// its overflow pages. A rowid table with a unique index appends about four
// times faster than one clustered by random references.
constexpr Migration kMigrations[] = {{R"sql(
  CREATE TABLE installation(id BLOB NOT NULL);
  CREATE TABLE word(number INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE);
  CREATE TABLE record(
    row INTEGER PRIMARY KEY,
    entity INTEGER NOT NULL,
    data_ref BLOB NOT NULL,
    record_ref BLOB NOT NULL,
    revision INTEGER NOT NULL,
    schema INTEGER NOT NULL,
    source INTEGER NOT NULL,
    purpose INTEGER NOT NULL,
    categories INTEGER NOT NULL,
    labels INTEGER NOT NULL,
    collected_day INTEGER NOT NULL,
    effective_day INTEGER NOT NULL,
    digest BLOB NOT NULL,
    row_tag BLOB NOT NULL,
    envelope BLOB NOT NULL);
  CREATE UNIQUE INDEX record_place
    ON record(entity, data_ref, record_ref, revision);
)sql"},
                                     kOutboxMigration,
                                     // Clustered by what is random, as there
                                     // are few: row numbers would keep an order
                                     // that the log's leaves have as well.
                                     {R"sql(
  CREATE TABLE evidence(
    entity INTEGER NOT NULL,
    year INTEGER NOT NULL,
    evidence_ref BLOB NOT NULL,
    item_ref BLOB NOT NULL,
    kind TEXT NOT NULL,
    clause TEXT NOT NULL,
    expires_day INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY(entity, year, evidence_ref, item_ref)) WITHOUT ROWID;
)sql"},
                                     {R"sql(
  CREATE TABLE choice_state(
    entity INTEGER NOT NULL,
    consumer_ref BLOB NOT NULL,
    choices INTEGER NOT NULL,
    ask_again INTEGER NOT NULL,
    PRIMARY KEY(entity, consumer_ref)) WITHOUT ROWID;
)sql"},
                                     // The tables of the rooms above, which
                                     // choices, grants and records share a
                                     // transaction with.
                                     {R"sql(
  ALTER TABLE choice_state ADD COLUMN standing BLOB NOT NULL DEFAULT '';
  CREATE TABLE choice(
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    entity INTEGER NOT NULL,
    consumer_ref BLOB NOT NULL,
    number INTEGER NOT NULL,
    sealed BLOB NOT NULL);
  CREATE UNIQUE INDEX choice_place ON choice(entity, consumer_ref, number);
  CREATE TABLE disclosure(
    row INTEGER PRIMARY KEY,
    entity INTEGER NOT NULL,
    consumer_ref BLOB NOT NULL,
    number INTEGER NOT NULL,
    recipient TEXT NOT NULL,
    day INTEGER NOT NULL,
    sealed BLOB NOT NULL);
  CREATE UNIQUE INDEX disclosure_place
    ON disclosure(entity, consumer_ref, number);
  CREATE INDEX disclosure_recipient
    ON disclosure(entity, recipient, consumer_ref);
)sql"},
                                     kRecipientMigration,
                                     // Clustered by what is random, as
                                     // evidence: an erasure queues some, and
                                     // row numbers would tell in which order.
                                     {R"sql(
  CREATE TABLE due_notice(
    entity INTEGER NOT NULL,
    notice_ref BLOB NOT NULL,
    year INTEGER NOT NULL,
    recipient TEXT NOT NULL,
    day INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY(entity, notice_ref)) WITHOUT ROWID;
)sql"},
                                     // Clustered by what is random, for the
                                     // same reason. Those that are open are
                                     // found by what is due first.
                                     {R"sql(
  CREATE TABLE request(
    entity INTEGER NOT NULL,
    request_ref BLOB NOT NULL,
    revision INTEGER NOT NULL,
    is_open INTEGER NOT NULL,
    due_day INTEGER NOT NULL,
    year INTEGER NOT NULL,
    consumer_tag BLOB NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY(entity, request_ref)) WITHOUT ROWID;
  CREATE INDEX request_due ON request(entity, due_day) WHERE is_open = 1;
  CREATE INDEX request_consumer ON request(entity, year, consumer_tag);
)sql"},
                                     {R"sql(
  CREATE TABLE policy_version(
    entity INTEGER NOT NULL,
    number INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    day INTEGER NOT NULL,
    PRIMARY KEY(entity, number)) WITHOUT ROWID;
)sql"},
                                     // Clustered by what is random, for the
                                     // same reason.
                                     {R"sql(
  CREATE TABLE erasure(
    entity INTEGER NOT NULL,
    erasure_ref BLOB NOT NULL,
    year INTEGER NOT NULL,
    state INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY(entity, erasure_ref)) WITHOUT ROWID;
  CREATE INDEX erasure_open ON erasure(entity, state, erasure_ref)
    WHERE state < 3;
)sql"},
                                     // Each choice names the one before it, in
                                     // place of an index that each had to be
                                     // put into at random.
                                     {R"sql(
  ALTER TABLE choice RENAME TO choice_by_place;
  CREATE TABLE choice(
    row INTEGER PRIMARY KEY,
    entity INTEGER NOT NULL,
    consumer_ref BLOB NOT NULL,
    number INTEGER NOT NULL,
    previous INTEGER NOT NULL,
    sealed BLOB NOT NULL);
  INSERT INTO choice SELECT row, entity, consumer_ref, number,
    coalesce((SELECT before.row FROM choice_by_place before
      WHERE before.entity = c.entity AND before.consumer_ref = c.consumer_ref
        AND before.number < c.number ORDER BY before.number DESC LIMIT 1), 0),
    sealed FROM choice_by_place c;
  CREATE TABLE choice_issued(last_row INTEGER NOT NULL);
  INSERT INTO choice_issued
    SELECT coalesce(max(row), 0) FROM choice_by_place;
  ALTER TABLE choice_state ADD COLUMN last_row INTEGER NOT NULL DEFAULT 0;
  UPDATE choice_state SET last_row = coalesce(
    (SELECT row FROM choice_by_place c
      WHERE c.entity = choice_state.entity
        AND c.consumer_ref = choice_state.consumer_ref
      ORDER BY c.number DESC LIMIT 1), 0);
  DROP TABLE choice_by_place;
)sql"},
                                     // Members are found by what is random: a
                                     // row a consumer, small, and read whole.
                                     {R"sql(
  CREATE TABLE aggregate_answer(
    entity INTEGER NOT NULL,
    question TEXT NOT NULL,
    measure TEXT NOT NULL,
    day INTEGER NOT NULL,
    answer TEXT NOT NULL,
    PRIMARY KEY(entity, question)) WITHOUT ROWID;
  CREATE TABLE aggregate_member(
    entity INTEGER NOT NULL,
    tag BLOB NOT NULL,
    atom INTEGER NOT NULL,
    PRIMARY KEY(entity, tag)) WITHOUT ROWID;
)sql"},
                                     // Of each shape, how many records are
                                     // held: from here on kept as they are
                                     // written.
                                     {R"sql(
  CREATE TABLE record_count(
    entity INTEGER NOT NULL,
    schema INTEGER NOT NULL,
    source INTEGER NOT NULL,
    purpose INTEGER NOT NULL,
    categories INTEGER NOT NULL,
    labels INTEGER NOT NULL,
    records INTEGER NOT NULL,
    PRIMARY KEY(entity, schema, source, purpose, categories, labels))
    WITHOUT ROWID;
  INSERT INTO record_count
    SELECT entity, schema, source, purpose, categories, labels, count(*)
    FROM record AS held WHERE NOT EXISTS (SELECT 1 FROM record AS later
      WHERE later.entity = held.entity AND later.data_ref = held.data_ref
        AND later.record_ref = held.record_ref
        AND later.revision > held.revision)
    GROUP BY entity, schema, source, purpose, categories, labels;
)sql"},
                                     // Requests likewise. Those that stand are
                                     // sealed: who has the keys counts them.
                                     {R"sql(
  CREATE TABLE request_count(
    entity INTEGER NOT NULL,
    received_year INTEGER NOT NULL,
    year INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    residence TEXT NOT NULL,
    is_open INTEGER NOT NULL,
    answer INTEGER NOT NULL,
    ground TEXT NOT NULL,
    days INTEGER NOT NULL,
    extended INTEGER NOT NULL,
    appeals INTEGER NOT NULL,
    granted INTEGER NOT NULL,
    requests INTEGER NOT NULL,
    PRIMARY KEY(entity, received_year, year, kind, residence, is_open, answer,
      ground, days, extended, appeals, granted)) WITHOUT ROWID;
  CREATE TABLE request_uncounted(entity INTEGER PRIMARY KEY);
  INSERT INTO request_uncounted SELECT DISTINCT entity FROM request;
)sql"},
                                     // Who was given data last is found without
                                     // reading what each was given.
                                     {R"sql(
  CREATE INDEX disclosure_day ON disclosure(entity, recipient, day);
)sql"},
                                     // In order, as a batch appends many, and
                                     // each is too large for an index's page.
                                     {R"sql(
  DROP INDEX erasure_open;
  ALTER TABLE erasure RENAME TO erasure_by_ref;
  CREATE TABLE erasure(
    row INTEGER PRIMARY KEY,
    entity INTEGER NOT NULL,
    erasure_ref BLOB NOT NULL,
    year INTEGER NOT NULL,
    state INTEGER NOT NULL,
    sealed BLOB NOT NULL);
  INSERT INTO erasure(entity, erasure_ref, year, state, sealed)
    SELECT entity, erasure_ref, year, state, sealed FROM erasure_by_ref
    ORDER BY entity, erasure_ref;
  DROP TABLE erasure_by_ref;
  CREATE UNIQUE INDEX erasure_place ON erasure(entity, erasure_ref);
  CREATE INDEX erasure_open ON erasure(entity, state, row) WHERE state < 3;
  CREATE INDEX erasure_year ON erasure(entity, year);
)sql"},
                                     // Signals likewise. Those that an older
                                     // store took are in the log, whatever
                                     // became of their rows: from which day on
                                     // they are counted, the first use says.
                                     {R"sql(
  CREATE TABLE signal_count(
    entity INTEGER NOT NULL,
    year INTEGER NOT NULL,
    jurisdiction TEXT NOT NULL,
    signals INTEGER NOT NULL,
    PRIMARY KEY(entity, year, jurisdiction)) WITHOUT ROWID;
  CREATE TABLE signal_count_from(
    one INTEGER PRIMARY KEY CHECK(one = 1),
    day INTEGER NOT NULL);
  INSERT INTO signal_count_from SELECT DISTINCT 1, 0 FROM installation;
)sql"},
                                     // An answer's days are found in its text,
                                     // and so is of which number it told.
                                     {R"sql(
  ALTER TABLE aggregate_answer ADD COLUMN first_day INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE aggregate_answer ADD COLUMN last_day INTEGER NOT NULL DEFAULT 0;
  UPDATE aggregate_answer
    SET measure = CASE measure WHEN '' THEN '' ELSE told.of_number END,
      first_day = julianday(told.first) - julianday('1970-01-01'),
      last_day = julianday(told.first, told.length)
        - julianday('1970-01-01') - 1
    FROM (SELECT entity AS of_entity, question AS of_question,
        json_extract(answer, '$.type') || ' '
          || json_extract(answer, '$.mean_of') AS of_number,
        substr(period, 1, 4) || '-' || CASE
          WHEN length(period) = 4 THEN '01'
          WHEN substr(period, 6, 1) = 'Q'
            THEN printf('%02d', 3 * substr(period, 7, 1) - 2)
          ELSE substr(period, 6, 2) END || '-01' AS first,
        CASE
          WHEN length(period) = 4 THEN '+12 months'
          WHEN substr(period, 6, 1) = 'Q' THEN '+3 months'
          ELSE '+1 month' END AS length
      FROM (SELECT entity, question, answer,
          json_extract(answer, '$.period') AS period
        FROM aggregate_answer)) AS told
    WHERE entity = told.of_entity AND question = told.of_question;
  CREATE TABLE aggregate_lost(
    one INTEGER PRIMARY KEY CHECK(one = 1),
    answers INTEGER NOT NULL,
    last_day INTEGER NOT NULL,
    is_settled INTEGER NOT NULL);
)sql"}};

}  // namespace

absl::Span<const Migration> RecordStoreMigrations() { return kMigrations; }

}  // namespace subrosa
