#include "src/vault/key_store_schema.h"

#include "src/audit/log_state.h"
#include "src/store/outbox.h"

namespace subrosa {
namespace {

constexpr Migration kMigrations[] = {{R"sql(
  CREATE TABLE installation(id BLOB NOT NULL);
  CREATE TABLE entity(
    number INTEGER PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    erasures INTEGER NOT NULL);
  CREATE TABLE epoch(
    entity INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    opened_day INTEGER NOT NULL,
    working_key BLOB NOT NULL,
    inner_key BLOB NOT NULL,
    suppression_key BLOB NOT NULL);
  CREATE UNIQUE INDEX epoch_place ON epoch(entity, epoch);
  CREATE TABLE consumer_key(
    row INTEGER PRIMARY KEY,
    entity INTEGER NOT NULL,
    key_id BLOB NOT NULL,
    version INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    wrapped BLOB NOT NULL);
  CREATE UNIQUE INDEX consumer_key_place
    ON consumer_key(entity, key_id, version);
  CREATE TABLE directory(
    row INTEGER PRIMARY KEY,
    entity INTEGER NOT NULL,
    token BLOB NOT NULL,
    pointer BLOB NOT NULL);
  CREATE UNIQUE INDEX directory_place ON directory(entity, token);
  CREATE TABLE suppression(
    entity INTEGER NOT NULL,
    token BLOB NOT NULL,
    day INTEGER NOT NULL);
  CREATE UNIQUE INDEX suppression_place ON suppression(entity, token);
  CREATE TABLE due_deletion(
    entity INTEGER NOT NULL,
    data_ref BLOB NOT NULL,
    day INTEGER NOT NULL);
  CREATE UNIQUE INDEX due_deletion_place ON due_deletion(entity, data_ref);
)sql"},
                                     kOutboxMigration,
                                     kLogStateMigration,
                                     {R"sql(
  ALTER TABLE entity ADD COLUMN key_backup_days INTEGER NOT NULL DEFAULT 30;
  ALTER TABLE epoch ADD COLUMN state INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE epoch ADD COLUMN destroy_day INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE epoch ADD COLUMN moved_row INTEGER NOT NULL DEFAULT 0;
  DROP INDEX directory_place;
  ALTER TABLE directory RENAME TO directory_odd;
  CREATE UNIQUE INDEX directory_odd_place ON directory_odd(entity, token);
  CREATE TABLE directory_even(
    row INTEGER PRIMARY KEY,
    entity INTEGER NOT NULL,
    token BLOB NOT NULL,
    pointer BLOB NOT NULL);
  CREATE UNIQUE INDEX directory_even_place ON directory_even(entity, token);
)sql"},
                                     {R"sql(
  ALTER TABLE consumer_key ADD COLUMN carried BLOB NOT NULL DEFAULT x'';
)sql"},
                                     {R"sql(
  CREATE TABLE evidence_key(
    entity INTEGER NOT NULL,
    year INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    wrapped BLOB NOT NULL);
  CREATE UNIQUE INDEX evidence_key_place ON evidence_key(entity, year);
)sql"},
                                     // Clustered by what is random: row numbers
                                     // would keep the order of the erasures,
                                     // and the log's leaves have it too.
                                     {R"sql(
  DROP INDEX suppression_place;
  ALTER TABLE suppression RENAME TO suppression_in_order;
  CREATE TABLE suppression(
    entity INTEGER NOT NULL,
    token BLOB NOT NULL,
    day INTEGER NOT NULL,
    PRIMARY KEY(entity, token)) WITHOUT ROWID;
  INSERT INTO suppression
    SELECT entity, token, day FROM suppression_in_order ORDER BY entity, token;
  DROP TABLE suppression_in_order;
  DROP INDEX due_deletion_place;
  ALTER TABLE due_deletion RENAME TO due_deletion_in_order;
  CREATE TABLE due_deletion(
    entity INTEGER NOT NULL,
    data_ref BLOB NOT NULL,
    day INTEGER NOT NULL,
    PRIMARY KEY(entity, data_ref)) WITHOUT ROWID;
  INSERT INTO due_deletion
    SELECT entity, data_ref, day FROM due_deletion_in_order
    ORDER BY entity, data_ref;
  DROP TABLE due_deletion_in_order;
)sql"},
                                     {R"sql(
  ALTER TABLE entity ADD COLUMN index_changes INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE epoch ADD COLUMN moved_index_row INTEGER NOT NULL DEFAULT 0;
  CREATE TABLE blind_index(
    entity INTEGER NOT NULL,
    number INTEGER NOT NULL,
    schema TEXT NOT NULL,
    field TEXT NOT NULL,
    bits INTEGER NOT NULL,
    partitions INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    state INTEGER NOT NULL,
    built_to BLOB NOT NULL DEFAULT x'');
  CREATE UNIQUE INDEX blind_index_place ON blind_index(entity, number);
  CREATE UNIQUE INDEX blind_index_field ON blind_index(entity, schema, field);
  CREATE TABLE blind_entry_odd(
    row INTEGER PRIMARY KEY,
    entity INTEGER NOT NULL,
    blind_index INTEGER NOT NULL,
    token BLOB NOT NULL,
    owner BLOB NOT NULL,
    pointer BLOB NOT NULL);
  CREATE UNIQUE INDEX blind_entry_odd_place
    ON blind_entry_odd(entity, blind_index, token, owner);
  CREATE INDEX blind_entry_odd_owner
    ON blind_entry_odd(entity, blind_index, owner);
  CREATE TABLE blind_entry_even(
    row INTEGER PRIMARY KEY,
    entity INTEGER NOT NULL,
    blind_index INTEGER NOT NULL,
    token BLOB NOT NULL,
    owner BLOB NOT NULL,
    pointer BLOB NOT NULL);
  CREATE UNIQUE INDEX blind_entry_even_place
    ON blind_entry_even(entity, blind_index, token, owner);
  CREATE INDEX blind_entry_even_owner
    ON blind_entry_even(entity, blind_index, owner);
)sql"},
                                     {R"sql(
  CREATE TABLE part_erasure(
    entity INTEGER NOT NULL,
    key_id BLOB NOT NULL,
    version INTEGER NOT NULL,
    begun_day INTEGER NOT NULL,
    destroy_day INTEGER NOT NULL,
    job BLOB NOT NULL,
    PRIMARY KEY(entity, key_id, version)) WITHOUT ROWID;
)sql"},
                                     // The newest day that is known of an older
                                     // store is that of its last rotation.
                                     {R"sql(
  ALTER TABLE entity ADD COLUMN clock_day INTEGER NOT NULL DEFAULT 0;
  UPDATE entity SET clock_day = coalesce(
    (SELECT max(opened_day) FROM epoch WHERE epoch.entity = entity.number), 0);
)sql"}};

}  // namespace

absl::Span<const Migration> KeyStoreMigrations() { return kMigrations; }

}  // namespace subrosa
