#include "src/ingest/validate_record.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/timestamp.pb.h"
#include "simdjson.h"
#include "src/base/slug.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

using ::google::protobuf::Timestamp;

constexpr size_t kMaxIdBytes = 256;
constexpr size_t kMaxNameBytes = 128;
constexpr size_t kMaxGivenTimeBytes = 64;
constexpr size_t kConsentRefBytes = 16;
constexpr size_t kDigestBytes = 32;
constexpr int32_t kMaxOffsetMinutes = 1080;
// 1900-01-01 and 2201-01-01, in seconds since 1970.
constexpr int64_t kFirstSecond = -2208988800;
constexpr int64_t kEndSecond = 7289654400;

absl::Status Wrong(absl::string_view path, absl::string_view want,
                   absl::string_view got) {
  return absl::InvalidArgumentError(
      absl::StrCat(path, ": want ", want, ", got ", got));
}

bool IsAscii(absl::string_view text) {
  bool is_high = false;
  for (const char c : text) is_high |= static_cast<signed char>(c) < 0;
  return !is_high;
}

absl::Status CheckText(absl::string_view path, absl::string_view value,
                       size_t min, size_t max) {
  if (value.size() < min || value.size() > max) {
    return Wrong(path, absl::StrCat(min, " to ", max, " bytes"),
                 absl::StrCat(value.size()));
  }
  // Nearly every one is short and ASCII, which is told without a call.
  if (!IsAscii(value) && !simdjson::validate_utf8(value.data(), value.size())) {
    return Wrong(path, "UTF-8", "other bytes");
  }
  return absl::OkStatus();
}

absl::Status CheckTime(absl::string_view path, const Timestamp& time) {
  if (time.seconds() < kFirstSecond || time.seconds() >= kEndSecond) {
    return Wrong(path, "a time in 1900 to 2200", "one outside");
  }
  if (time.nanos() < 0 || time.nanos() > 999999999) {
    return Wrong(absl::StrCat(path, ".nanos"), "0 to 999999999",
                 "a number outside");
  }
  return absl::OkStatus();
}

bool IsBefore(const Timestamp& a, const Timestamp& b) {
  if (a.seconds() != b.seconds()) return a.seconds() < b.seconds();
  return a.nanos() < b.nanos();
}

absl::Status CheckEffective(const v1::Effective& effective) {
  if (!effective.has_start()) {
    return Wrong("effective.start", "a time", "none");
  }
  SUBROSA_RETURN_IF_ERROR(CheckTime("effective.start", effective.start()));
  if (effective.has_end()) {
    SUBROSA_RETURN_IF_ERROR(CheckTime("effective.end", effective.end()));
    if (IsBefore(effective.end(), effective.start())) {
      return Wrong("effective.end", "a time not before `start`",
                   "an earlier one");
    }
  }
  if (effective.utc_offset_minutes() < -kMaxOffsetMinutes ||
      effective.utc_offset_minutes() > kMaxOffsetMinutes) {
    return Wrong("effective.utc_offset_minutes", "-1080 to 1080",
                 "a number outside");
  }
  SUBROSA_RETURN_IF_ERROR(CheckText(
      "effective.given_start", effective.given_start(), 0, kMaxGivenTimeBytes));
  return CheckText("effective.given_end", effective.given_end(), 0,
                   kMaxGivenTimeBytes);
}

absl::Status CheckOrigin(const v1::Origin& origin) {
  SUBROSA_RETURN_IF_ERROR(CheckSlug("origin.system", origin.system()));
  SUBROSA_RETURN_IF_ERROR(
      CheckText("origin.type", origin.type(), 0, kMaxIdBytes));
  SUBROSA_RETURN_IF_ERROR(CheckText("origin.id", origin.id(), 0, kMaxIdBytes));
  const size_t digest_bytes = origin.raw_digest().size();
  if (digest_bytes != 0 && digest_bytes != kDigestBytes) {
    return Wrong("origin.raw_digest", "32 bytes or none",
                 absl::StrCat(digest_bytes));
  }
  return absl::OkStatus();
}

absl::Status CheckProvenance(const v1::HealthRecord& record) {
  const v1::Provenance& provenance = record.provenance();
  if (provenance.collection() == v1::COLLECTION_UNSPECIFIED ||
      !v1::Collection_IsValid(provenance.collection())) {
    return Wrong("provenance.collection", "one of the known ways",
                 "none or an unknown one");
  }
  SUBROSA_RETURN_IF_ERROR(CheckText(
      "provenance.application", provenance.application(), 0, kMaxNameBytes));
  return CheckText("provenance.inference_rule", provenance.inference_rule(), 0,
                   kMaxNameBytes);
}

absl::Status CheckBasis(const v1::HealthRecord& record) {
  if (record.basis() == v1::BASIS_UNSPECIFIED ||
      !v1::Basis_IsValid(record.basis())) {
    return Wrong("basis", "one of the known grounds", "none or an unknown one");
  }
  const size_t ref_bytes = record.consent_ref().size();
  if (ref_bytes != 0 && ref_bytes != kConsentRefBytes) {
    return Wrong("consent_ref", "16 bytes or none", absl::StrCat(ref_bytes));
  }
  return absl::OkStatus();
}

absl::Status CheckPayload(const v1::HealthRecord& record) {
  if (!record.has_payload()) return Wrong("payload", "a message", "none");
  const absl::string_view url = record.payload().type_url();
  const size_t slash = url.rfind('/');
  if (slash == absl::string_view::npos || slash + 1 == url.size()) {
    return Wrong("payload.@type", "type.googleapis.com/ and a message's name",
                 url.empty() ? "none" : "another form");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ValidateRecord(const v1::HealthRecord& record) {
  SUBROSA_RETURN_IF_ERROR(
      CheckText("consumer", record.consumer(), 1, kMaxIdBytes));
  SUBROSA_RETURN_IF_ERROR(CheckText("id", record.id(), 0, kMaxIdBytes));
  SUBROSA_RETURN_IF_ERROR(CheckSlug("source", record.source()));
  if (record.has_origin()) {
    SUBROSA_RETURN_IF_ERROR(CheckOrigin(record.origin()));
  }
  if (!record.has_collected_at()) {
    return Wrong("collected_at", "a time", "none");
  }
  SUBROSA_RETURN_IF_ERROR(CheckTime("collected_at", record.collected_at()));
  if (record.has_effective()) {
    SUBROSA_RETURN_IF_ERROR(CheckEffective(record.effective()));
  }
  SUBROSA_RETURN_IF_ERROR(CheckSlug("purpose", record.purpose()));
  SUBROSA_RETURN_IF_ERROR(CheckBasis(record));
  SUBROSA_RETURN_IF_ERROR(CheckProvenance(record));
  return CheckPayload(record);
}

}  // namespace subrosa
