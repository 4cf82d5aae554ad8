#include "src/exports/name_uuid.h"

#include <array>
#include <cstdint>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "src/crypto/sha256.h"

namespace subrosa {
namespace {

constexpr size_t kUuidChars = 36;

bool IsDashAt(size_t at) { return at == 8 || at == 13 || at == 18 || at == 23; }

}  // namespace

std::string NameUuid(std::initializer_list<absl::string_view> parts) {
  Sha256 sha256;
  sha256.Begin();
  for (const absl::string_view part : parts) {
    sha256.Add(absl::StrCat(part.size(), ":"));
    sha256.Add(part);
  }
  std::array<uint8_t, Sha256::kDigestBytes> digest = sha256.Finish();
  digest[6] = static_cast<uint8_t>(0x80 | (digest[6] & 0x0f));  // Version 8.
  digest[8] = static_cast<uint8_t>(0x80 | (digest[8] & 0x3f));  // Variant 10.
  const std::string hex = absl::BytesToHexString(absl::string_view(
      reinterpret_cast<const char*>(digest.data()), digest.size()));
  return absl::StrCat(hex.substr(0, 8), "-", hex.substr(8, 4), "-",
                      hex.substr(12, 4), "-", hex.substr(16, 4), "-",
                      hex.substr(20, 12));
}

std::string RecordUuid(absl::string_view subject,
                       const v1::HealthRecord& record,
                       const google::protobuf::Message& payload) {
  if (!record.id().empty()) {
    return NameUuid({subject, record.source(), record.id()});
  }
  v1::HealthRecord frame;
  frame.set_source(record.source());
  frame.set_purpose(record.purpose());
  *frame.mutable_collected_at() = record.collected_at();
  *frame.mutable_effective() = record.effective();
  *frame.mutable_provenance() = record.provenance();
  return NameUuid({subject, frame.SerializeAsString(),
                   payload.GetDescriptor()->full_name(),
                   payload.SerializePartialAsString()});
}

bool IsUuid(absl::string_view text) {
  if (text.size() != kUuidChars) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool is_hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    if (IsDashAt(i) ? c != '-' : !is_hex) return false;
  }
  return true;
}

}  // namespace subrosa
