#include "src/vault/sealed_row.h"

#include <cstdint>

#include "src/base/status_macros.h"
#include "src/crypto/row_tag.h"

namespace subrosa {
namespace {

EnvelopeContext ContextOf(absl::string_view entity, const RecordRow& row) {
  EnvelopeContext context;
  context.entity = entity;
  context.data_ref = row.place.data_ref;
  context.record_ref = row.place.record_ref;
  context.revision = row.place.revision;
  context.schema = row.facts.schema;
  context.purpose = row.facts.purpose;
  return context;
}

// A row's clear columns as its tag covers them.
struct Columns {
  explicit Columns(const RowFacts& facts, uint32_t key_version)
      : days{facts.collected_day, facts.effective_day} {
    row.key_version = key_version;
    row.categories = facts.categories;
    row.labels = facts.labels;
    row.told = facts.told;
    row.source = facts.source;
    row.days = days;
  }
  Columns(const Columns&) = delete;
  Columns& operator=(const Columns&) = delete;

  int32_t days[2];
  RowColumns row;
};

absl::Status LostRow() {
  return absl::DataLossError(
      "record store: a record does not open at its place; the file was changed "
      "or damaged");
}

}  // namespace

absl::Status SealRow(absl::string_view entity, const SecretKey& key,
                     const KeyRef& key_ref, absl::string_view plaintext,
                     RecordRow* row) {
  const EnvelopeContext context = ContextOf(entity, *row);
  const Columns columns(row->facts, key_ref.version);
  const auto tag = RowTag(key, context, columns.row);
  row->row_tag.assign(reinterpret_cast<const char*>(tag.data()), tag.size());
  return Seal(key, key_ref, context, plaintext, SealOptions{}, &row->envelope);
}

absl::Status OpenRow(absl::string_view entity, const SecretKey& key,
                     const RecordRow& row, std::string* plaintext) {
  const EnvelopeContext context = ContextOf(entity, row);
  const absl::StatusOr<EnvelopeHeader> header =
      ParseEnvelopeHeader(row.envelope);
  if (!header.ok()) return LostRow();
  const Columns columns(row.facts, header->key.version);
  if (!CheckRowTag(key, context, columns.row, row.row_tag).ok() ||
      !Open(key, context, row.envelope, plaintext).ok()) {
    return LostRow();
  }
  return absl::OkStatus();
}

}  // namespace subrosa
