#include "src/vault/record_refs.h"

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "src/crypto/prf.h"

namespace subrosa {
namespace {

constexpr size_t kShortBytes = 16;

std::string Short(const std::array<uint8_t, kPrfBytes>& output) {
  return std::string(reinterpret_cast<const char*>(output.data()), kShortBytes);
}

}  // namespace

std::string RecordRefOfId(const SecretKey& key, absl::string_view source,
                          absl::string_view id) {
  return Short(Prf(key, "record ref", {source, id}));
}

std::string RecordRefOf(const SecretKey& key, const v1::HealthRecord& record,
                        absl::string_view digest) {
  if (record.id().empty()) {
    return Short(Prf(key, "content ref", {record.source(), digest}));
  }
  return RecordRefOfId(key, record.source(), record.id());
}

std::string ContentDigestOf(const SecretKey& key,
                            const v1::HealthRecord& record,
                            absl::string_view plaintext) {
  if (record.origin().raw_digest().empty()) {
    return Short(Prf(key, "content", {plaintext}));
  }
  return Short(Prf(key, "raw content",
                   {record.origin().raw_digest(), record.purpose(),
                    absl::StrCat(record.basis()), record.consent_ref()}));
}

}  // namespace subrosa
