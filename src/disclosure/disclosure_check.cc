#include "src/disclosure/disclosure_check.h"

#include <set>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "simdjson.h"
#include "src/base/slug.h"
#include "src/base/status_macros.h"
#include "src/crypto/sha256.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/taxonomy.pb.h"

namespace subrosa {
namespace {

constexpr size_t kMaxConsumerBytes = 256;
constexpr size_t kMaxNameBytes = 256;
constexpr size_t kMaxContactBytes = 2048;
constexpr size_t kMaxRuleBytes = 64;

absl::Status Wrong(absl::string_view field, absl::string_view want,
                   absl::string_view got) {
  return absl::InvalidArgumentError(
      absl::StrCat("disclosure.", field, ": want ", want, ", got ", got));
}

absl::Status CheckLine(absl::string_view field, absl::string_view text,
                       size_t most) {
  if (text.size() > most) {
    return Wrong(field, absl::StrCat("at most ", most, " bytes"),
                 absl::StrCat(text.size()));
  }
  bool is_line = simdjson::validate_utf8(text.data(), text.size());
  for (const char c : text) {
    is_line = is_line && !absl::ascii_iscntrl(static_cast<unsigned char>(c));
  }
  return is_line ? absl::OkStatus()
                 : Wrong(field, "one line of UTF-8", "something else");
}

absl::Status CheckTexts(const v1::Disclosure& disclosure) {
  SUBROSA_RETURN_IF_ERROR(
      CheckLine("recipient_name", disclosure.recipient_name(), kMaxNameBytes));
  SUBROSA_RETURN_IF_ERROR(CheckLine(
      "recipient_contact", disclosure.recipient_contact(), kMaxContactBytes));
  SUBROSA_RETURN_IF_ERROR(CheckLine("pseudonym", disclosure.pseudonym(),
                                    kMaxDisclosurePseudonymBytes));
  SUBROSA_RETURN_IF_ERROR(
      CheckLine("note", disclosure.note(), kMaxDisclosureNoteBytes));
  if (disclosure.rule_size() > kMaxDisclosureRules) {
    return Wrong("rule", absl::StrCat("at most ", kMaxDisclosureRules),
                 absl::StrCat(disclosure.rule_size()));
  }
  for (const std::string& rule : disclosure.rule()) {
    SUBROSA_RETURN_IF_ERROR(CheckLine("rule", rule, 2 * kMaxRuleBytes));
  }
  return absl::OkStatus();
}

absl::Status CheckTime(const v1::Disclosure& disclosure, absl::Time now) {
  // Before 10000-01-01, so that the sum below has a meaning.
  const bool is_time = disclosure.has_at() && disclosure.at().seconds() >= 0 &&
                       disclosure.at().seconds() < 253402300800 &&
                       disclosure.at().nanos() >= 0 &&
                       disclosure.at().nanos() < 1'000'000'000;
  if (!is_time) return Wrong("at", "a time of 1970 or later", "none");
  return absl::FromUnixSeconds(disclosure.at().seconds()) <=
                 now + kMaxDisclosureSkew
             ? absl::OkStatus()
             : Wrong("at", "a time that has been", "one that is to come");
}

absl::Status CheckCategories(const v1::Disclosure& disclosure) {
  std::set<int> seen;
  for (const int category : disclosure.category()) {
    if (!v1::HealthCategory_IsValid(category) ||
        category == v1::HEALTH_CATEGORY_UNSPECIFIED) {
      return Wrong("category", "categories of health data", "another number");
    }
    if (!seen.insert(category).second) {
      return Wrong("category", "each once", "one twice");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckDisclosure(const v1::Disclosure& disclosure, absl::Time now) {
  const size_t id = disclosure.consumer().size();
  if (id == 0 || id > kMaxConsumerBytes) {
    return Wrong("consumer", absl::StrCat("1 to ", kMaxConsumerBytes, " bytes"),
                 absl::StrCat(id));
  }
  const v1::DisclosureKind kind = disclosure.kind();
  if (!v1::DisclosureKind_IsValid(kind) ||
      kind == v1::DISCLOSURE_KIND_UNSPECIFIED) {
    return Wrong("kind", "grant, declared or revocation", "another");
  }
  SUBROSA_RETURN_IF_ERROR(
      CheckSlug("disclosure.recipient", disclosure.recipient()));
  SUBROSA_RETURN_IF_ERROR(CheckTexts(disclosure));
  SUBROSA_RETURN_IF_ERROR(CheckCategories(disclosure));
  SUBROSA_RETURN_IF_ERROR(CheckTime(disclosure, now));
  if (disclosure.records() < 0) return Wrong("records", "0 or more", "less");
  const size_t digest = disclosure.content_sha256().size();
  if (digest != 0 && digest != Sha256::kDigestBytes) {
    return Wrong("content_sha256",
                 absl::StrCat(Sha256::kDigestBytes, " bytes, or none"),
                 absl::StrCat(digest));
  }
  if (kind == v1::DISCLOSURE_KIND_REVOCATION) {
    return disclosure.purpose().empty()
               ? absl::OkStatus()
               : CheckSlug("disclosure.purpose", disclosure.purpose());
  }
  if (disclosure.action() != v1::ACTION_SHARE &&
      disclosure.action() != v1::ACTION_SELL) {
    return Wrong("action", "share or sell", "another");
  }
  SUBROSA_RETURN_IF_ERROR(
      CheckSlug("disclosure.purpose", disclosure.purpose()));
  if (kind != v1::DISCLOSURE_KIND_GRANT) return absl::OkStatus();
  if (digest == 0) return Wrong("content_sha256", "one, of a grant", "none");
  return disclosure.pseudonym().empty()
             ? Wrong("pseudonym", "one, of a grant", "none")
             : absl::OkStatus();
}

}  // namespace subrosa
