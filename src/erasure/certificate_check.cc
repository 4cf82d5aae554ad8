#include "src/erasure/certificate_check.h"

#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "src/base/slug.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

constexpr size_t kTagBytes = 16;
constexpr size_t kMaxOriginBytes = 255;
constexpr size_t kMaxRuleBytes = 129;  // Two slugs and a slash.

absl::Status Wrong(absl::string_view field, absl::string_view want,
                   absl::string_view got) {
  return absl::InvalidArgumentError(
      absl::StrCat("certificate.", field, ": want ", want, ", got ", got));
}

// A day that something was, or will be, on.
absl::Status CheckDay(absl::string_view field, int32_t day) {
  if (day > 0 && day <= kMaxCertificateDay) return absl::OkStatus();
  return Wrong(field, absl::StrCat("a day of 1 to ", kMaxCertificateDay),
               absl::StrCat(day));
}

// A day where there is to be one, and 0 where not.
absl::Status CheckDayIf(bool has_day, absl::string_view field, int32_t day) {
  if (has_day) return CheckDay(field, day);
  return day == 0 ? absl::OkStatus() : Wrong(field, "no day", "one");
}

absl::Status CheckTag(absl::string_view field, absl::string_view tag) {
  if (tag.size() == kTagBytes) return absl::OkStatus();
  return Wrong(field, absl::StrCat(kTagBytes, " bytes"),
               absl::StrCat(tag.size()));
}

absl::Status CheckCount(absl::string_view field, int count, int most) {
  if (count <= most) return absl::OkStatus();
  return Wrong(field, absl::StrCat("at most ", most), absl::StrCat(count));
}

absl::Status CheckPrintable(absl::string_view field, absl::string_view text,
                            size_t most_bytes) {
  if (text.empty() || text.size() > most_bytes) {
    return Wrong(field, absl::StrCat("1 to ", most_bytes, " bytes"),
                 absl::StrCat(text.size()));
  }
  return std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return absl::ascii_isprint(c); })
             ? absl::OkStatus()
             : Wrong(field, "printable ASCII", "another byte");
}

// "wa-mhmda/delete-backups".
absl::Status CheckRule(absl::string_view field, absl::string_view rule) {
  const size_t slash = std::min(rule.find('/'), rule.size());
  if (rule.size() > kMaxRuleBytes || slash == rule.size() ||
      !CheckSlug(field, rule.substr(0, slash)).ok() ||
      !CheckSlug(field, rule.substr(slash + 1)).ok()) {
    return Wrong(field, "PACK/RULE", "another text");
  }
  return absl::OkStatus();
}

absl::Status CheckParty(const v1::CertificateParty& party) {
  SUBROSA_RETURN_IF_ERROR(CheckSlug("certificate.party.id", party.id()));
  if (party.kind() != v1::PARTY_KIND_RECIPIENT &&
      party.kind() != v1::PARTY_KIND_STORE) {
    return Wrong("party.kind", "a recipient or a store", "another");
  }
  const v1::PartyState state = party.state();
  if (state < v1::PARTY_STATE_DONE || state > v1::PARTY_STATE_UNTOLD) {
    return Wrong("party.state", "a known one", absl::StrCat(state));
  }
  SUBROSA_RETURN_IF_ERROR(CheckDayIf(state != v1::PARTY_STATE_UNTOLD,
                                     "party.told_day", party.told_day()));
  const bool is_over =
      state == v1::PARTY_STATE_DONE || state == v1::PARTY_STATE_REFUSED;
  SUBROSA_RETURN_IF_ERROR(
      CheckDayIf(is_over || state == v1::PARTY_STATE_ACCEPTED,
                 "party.answered_day", party.answered_day()));
  return CheckDayIf(!is_over, "party.due_day", party.due_day());
}

absl::Status CheckRules(const v1::ErasureCertificate& certificate) {
  SUBROSA_RETURN_IF_ERROR(
      CheckCount("limit", certificate.limit_size(), kMaxCertificateRules));
  for (const v1::CertificateLimit& limit : certificate.limit()) {
    SUBROSA_RETURN_IF_ERROR(CheckDay("limit.day", limit.day()));
    SUBROSA_RETURN_IF_ERROR(CheckRule("limit.rule", limit.rule()));
    SUBROSA_RETURN_IF_ERROR(
        CheckPrintable("limit.citation", limit.citation(), kMaxCitationBytes));
  }
  SUBROSA_RETURN_IF_ERROR(
      CheckCount("kept", certificate.kept_size(), kMaxCertificateRules));
  for (const v1::CertificateKept& kept : certificate.kept()) {
    SUBROSA_RETURN_IF_ERROR(CheckSlug("certificate.kept.what", kept.what()));
    SUBROSA_RETURN_IF_ERROR(
        CheckDayIf(kept.until_day() != 0, "kept.until_day", kept.until_day()));
    SUBROSA_RETURN_IF_ERROR(CheckRule("kept.rule", kept.rule()));
    SUBROSA_RETURN_IF_ERROR(
        CheckPrintable("kept.citation", kept.citation(), kMaxCitationBytes));
  }
  return absl::OkStatus();
}

absl::Status CheckEpochs(const v1::ErasureCertificate& certificate) {
  if (certificate.epoch().empty()) return Wrong("epoch", "at least 1", "none");
  SUBROSA_RETURN_IF_ERROR(
      CheckCount("epoch", certificate.epoch_size(), kMaxCertificateEpochs));
  uint32_t before = 0;
  for (const uint32_t epoch : certificate.epoch()) {
    if (epoch <= before || epoch > INT32_MAX) {
      return Wrong("epoch", "numbers that rise from 1", "others");
    }
    before = epoch;
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckCertificate(const v1::ErasureCertificate& certificate) {
  SUBROSA_RETURN_IF_ERROR(CheckTag("id", certificate.id()));
  if (certificate.issue() < 1 || certificate.issue() > INT32_MAX) {
    return Wrong("issue", "1 to 2^31 - 1", absl::StrCat(certificate.issue()));
  }
  const bool is_final = certificate.stage() == v1::CERTIFICATE_STAGE_FINAL;
  if (!is_final && certificate.stage() != v1::CERTIFICATE_STAGE_INTERIM) {
    return Wrong("stage", "interim or final", "another");
  }
  if (certificate.assurance() < v1::CERTIFICATE_ASSURANCE_A ||
      certificate.assurance() > v1::CERTIFICATE_ASSURANCE_C) {
    return Wrong("assurance", "A, B or C", "another");
  }
  SUBROSA_RETURN_IF_ERROR(
      CheckSlug("certificate.entity", certificate.entity()));
  SUBROSA_RETURN_IF_ERROR(
      CheckPrintable("log", certificate.log(), kMaxOriginBytes));
  SUBROSA_RETURN_IF_ERROR(CheckDay("issued_day", certificate.issued_day()));
  SUBROSA_RETURN_IF_ERROR(CheckDay("erased_day", certificate.erased_day()));
  SUBROSA_RETURN_IF_ERROR(CheckTag("erased_tag", certificate.erased_tag()));
  const bool is_requested = !certificate.requested_tag().empty();
  if (is_requested) {
    SUBROSA_RETURN_IF_ERROR(
        CheckTag("requested_tag", certificate.requested_tag()));
  }
  SUBROSA_RETURN_IF_ERROR(
      CheckDayIf(is_requested, "requested_day", certificate.requested_day()));
  SUBROSA_RETURN_IF_ERROR(CheckEpochs(certificate));
  SUBROSA_RETURN_IF_ERROR(CheckDayIf(is_final || certificate.backups_day() != 0,
                                     "backups_day", certificate.backups_day()));
  SUBROSA_RETURN_IF_ERROR(
      CheckCount("party", certificate.party_size(), kMaxCertificateParties));
  for (const v1::CertificateParty& party : certificate.party()) {
    SUBROSA_RETURN_IF_ERROR(CheckParty(party));
  }
  return CheckRules(certificate);
}

}  // namespace subrosa
