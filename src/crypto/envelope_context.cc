#include "src/crypto/envelope_context.h"

#include "absl/strings/str_cat.h"

namespace subrosa {
namespace {

absl::Status CheckSize(absl::string_view field, absl::string_view value,
                       size_t least, size_t most) {
  if (value.size() >= least && value.size() <= most) return absl::OkStatus();
  return absl::InvalidArgumentError(
      least == most ? absl::StrCat("context.", field, ": want ", least,
                                   " bytes, got ", value.size())
                    : absl::StrCat("context.", field, ": want ", least, " to ",
                                   most, " bytes, got ", value.size()));
}

}  // namespace

absl::Status CheckEnvelopeContext(const EnvelopeContext& context) {
  absl::Status status = CheckSize("entity", context.entity, 1, kMaxEntityBytes);
  status.Update(CheckSize("data_ref", context.data_ref, kReferenceBytes,
                          kReferenceBytes));
  status.Update(CheckSize("record_ref", context.record_ref, kReferenceBytes,
                          kReferenceBytes));
  status.Update(CheckSize("schema", context.schema, 1, kMaxSchemaBytes));
  status.Update(CheckSize("purpose", context.purpose, 0, kMaxPurposeBytes));
  return status;
}

}  // namespace subrosa
