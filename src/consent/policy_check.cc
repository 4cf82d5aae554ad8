#include "src/consent/policy_check.h"

#include <cstddef>
#include <set>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/repeated_field.h"
#include "simdjson.h"
#include "src/base/slug.h"
#include "src/base/status_macros.h"
#include "src/law/law_file.h"
#include "src/law/place.h"

namespace subrosa {
namespace {

constexpr size_t kMaxTextBytes = 256;
constexpr size_t kMaxVersionBytes = 32;
constexpr size_t kMaxLocaleBytes = 35;
constexpr size_t kSha256HexDigits = 64;
constexpr int kMaxNoticeTexts = 100;
constexpr int kMaxNoticeItems = 1'000;
constexpr int kMaxAge = 150;
constexpr int kMaxStorageLocations = 100;
constexpr int kMaxGraceDays = 30;

absl::Status Wrong(absl::string_view path, absl::string_view want,
                   absl::string_view got) {
  return absl::InvalidArgumentError(
      absl::StrCat(path, ": want ", want, ", got ", got));
}

// A line of text that people read.
absl::Status CheckLine(absl::string_view path, absl::string_view text) {
  if (text.empty() || text.size() > kMaxTextBytes) {
    return Wrong(path, absl::StrCat("1 to ", kMaxTextBytes, " bytes"),
                 absl::StrCat(text.size()));
  }
  bool is_line = simdjson::validate_utf8(text.data(), text.size());
  for (const char c : text) {
    is_line = is_line && !absl::ascii_iscntrl(static_cast<unsigned char>(c));
  }
  return is_line ? absl::OkStatus()
                 : Wrong(path, "one line of UTF-8", "something else");
}

bool IsVersionShape(absl::string_view version) {
  if (version.empty() || version.size() > kMaxVersionBytes) return false;
  for (const char c : version) {
    if (!absl::ascii_isalnum(static_cast<unsigned char>(c)) && c != '.' &&
        c != '-' && c != '_') {
      return false;
    }
  }
  return true;
}

// Of BCP 47: a language of two to eight letters, and subtags after hyphens.
bool IsLocaleShape(absl::string_view locale) {
  if (locale.empty() || locale.size() > kMaxLocaleBytes) return false;
  bool is_first = true;
  for (const absl::string_view tag : absl::StrSplit(locale, '-')) {
    if (tag.empty() || tag.size() > 8 || (is_first && tag.size() < 2)) {
      return false;
    }
    for (const char c : tag) {
      const auto byte = static_cast<unsigned char>(c);
      if (is_first ? !absl::ascii_isalpha(byte) : !absl::ascii_isalnum(byte)) {
        return false;
      }
    }
    is_first = false;
  }
  return true;
}

bool IsSha256Hex(absl::string_view text) {
  if (text.size() != kSha256HexDigits) return false;
  for (const char c : text) {
    if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) return false;
  }
  return true;
}

// At least one, each known and named once.
template <typename IsValid>
absl::Status CheckValues(absl::string_view path,
                         const google::protobuf::RepeatedField<int>& values,
                         IsValid is_valid) {
  if (values.empty()) return Wrong(path, "at least one", "none");
  std::set<int> seen;
  for (const int value : values) {
    if (value == 0 || !is_valid(value)) {
      return Wrong(path, "what this version knows", "something else");
    }
    if (!seen.insert(value).second) {
      return Wrong(path, "each once", "one twice");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckContact(const v1::Policy& policy) {
  const absl::string_view email = policy.contact_email();
  const absl::string_view url = policy.contact_url();
  if (!email.empty()) {
    SUBROSA_RETURN_IF_ERROR(CheckLine("contact_email", email));
    const size_t at = email.find('@');
    if (at == 0 || at == absl::string_view::npos || at != email.rfind('@') ||
        at + 1 == email.size() || absl::StrContains(email, ' ')) {
      return Wrong("contact_email", "an e-mail address", "something else");
    }
  }
  if (!url.empty()) {
    SUBROSA_RETURN_IF_ERROR(CheckLine("contact_url", url));
    if (!absl::StartsWith(url, "https://") || absl::StrContains(url, ' ')) {
      return Wrong("contact_url", "an https:// URL", "something else");
    }
  }
  return email.empty() && url.empty() && !policy.purpose().empty()
             ? Wrong("contact_email",
                     "how consumers reach the entity, here or in contact_url",
                     "neither")
             : absl::OkStatus();
}

absl::Status CheckNeed(const v1::Purpose& purpose) {
  if (purpose.need() == v1::NEED_UNSPECIFIED ||
      !v1::Need_IsValid(purpose.need())) {
    return Wrong("purpose.need", "one, or NEED_NONE", "nothing");
  }
  if (purpose.need() != v1::NEED_NONE) {
    return CheckLine("purpose.need_reason", purpose.need_reason());
  }
  return purpose.need_reason().empty()
             ? absl::OkStatus()
             : Wrong("purpose.need_reason", "none beside NEED_NONE", "one");
}

absl::Status CheckNoticeText(const v1::Notice::Text& text) {
  if (!IsLocaleShape(text.locale())) {
    return Wrong("notice.text.locale", "a language tag, as en-US",
                 "something else");
  }
  return IsSha256Hex(text.sha256())
             ? absl::OkStatus()
             : Wrong("notice.text.sha256",
                     "64 hexadecimal digits in lower case", "something else");
}

// "PACK/RULE#KEY".
absl::Status CheckItem(absl::string_view item, const LawBook& book) {
  const size_t hash = item.find('#');
  if (hash != absl::string_view::npos) {
    const LawEntry* const entry = book.Find(item.substr(0, hash));
    if (entry != nullptr) {
      for (const v1::ContentItem& known : entry->rule->contents().item()) {
        if (known.key() == item.substr(hash + 1)) return absl::OkStatus();
      }
    }
  }
  return Wrong("notice.item", "RULE#KEY of a pack's list of contents",
               "what no pack has");
}

absl::Status CheckShownDays(const v1::Notice& notice) {
  SUBROSA_RETURN_IF_ERROR(
      Annotate(ParseLawDay(notice.from()).status(), "notice.from"));
  if (notice.until().empty()) return absl::OkStatus();
  SUBROSA_RETURN_IF_ERROR(
      Annotate(ParseLawDay(notice.until()).status(), "notice.until"));
  // Of one form, so that they compare as text.
  return notice.until() > notice.from()
             ? absl::OkStatus()
             : Wrong("notice.until", "a day after `from`", "one that is not");
}

}  // namespace

absl::Status CheckPolicyHead(const v1::Policy& policy) {
  SUBROSA_RETURN_IF_ERROR(CheckSlug("entity", policy.entity()));
  SUBROSA_RETURN_IF_ERROR(CheckLine("name", policy.name()));
  SUBROSA_RETURN_IF_ERROR(CheckContact(policy));
  SUBROSA_RETURN_IF_ERROR(CheckSubdivision("residence_unless_known",
                                           policy.residence_unless_known()));
  if (!policy.contact_postal().empty()) {
    SUBROSA_RETURN_IF_ERROR(
        CheckLine("contact_postal", policy.contact_postal()));
  }
  if (policy.storage_location_size() > kMaxStorageLocations) {
    return Wrong("storage_location",
                 absl::StrCat("at most ", kMaxStorageLocations),
                 absl::StrCat(policy.storage_location_size()));
  }
  for (const std::string& place : policy.storage_location()) {
    SUBROSA_RETURN_IF_ERROR(CheckPlace("storage_location", place));
  }
  if (policy.erasure_grace_days() < 0 ||
      policy.erasure_grace_days() > kMaxGraceDays) {
    return Wrong("erasure_grace_days", absl::StrCat("0 to ", kMaxGraceDays),
                 absl::StrCat(policy.erasure_grace_days()));
  }
  return policy.age_unless_known() >= 0 && policy.age_unless_known() <= kMaxAge
             ? absl::OkStatus()
             : Wrong("age_unless_known", absl::StrCat("0 to ", kMaxAge),
                     absl::StrCat(policy.age_unless_known()));
}

absl::Status CheckPurpose(const v1::Purpose& purpose, int limit_purposes) {
  SUBROSA_RETURN_IF_ERROR(CheckSlug("purpose.id", purpose.id()));
  SUBROSA_RETURN_IF_ERROR(CheckLine("purpose.title", purpose.title()));
  SUBROSA_RETURN_IF_ERROR(
      CheckValues("purpose.action", purpose.action(), v1::Action_IsValid));
  SUBROSA_RETURN_IF_ERROR(CheckValues("purpose.category", purpose.category(),
                                      v1::HealthCategory_IsValid));
  SUBROSA_RETURN_IF_ERROR(CheckNeed(purpose));
  if (!purpose.retention().empty()) {
    SUBROSA_RETURN_IF_ERROR(
        CheckLine("purpose.retention", purpose.retention()));
  }
  if (purpose.served_when_limited() >= 0 &&
      purpose.served_when_limited() <= limit_purposes) {
    return absl::OkStatus();
  }
  return Wrong("purpose.served_when_limited",
               limit_purposes == 0
                   ? "0, for no pack of the policy lists what is still served"
                   : absl::StrCat("0 to ", limit_purposes),
               absl::StrCat(purpose.served_when_limited()));
}

absl::Status CheckNotice(const v1::Notice& notice, const LawBook& book) {
  SUBROSA_RETURN_IF_ERROR(CheckSlug("notice.id", notice.id()));
  if (!IsVersionShape(notice.version())) {
    return Wrong("notice.version",
                 absl::StrCat("1 to ", kMaxVersionBytes,
                              " letters, digits, dots and hyphens"),
                 "something else");
  }
  if (notice.text().empty() || notice.text_size() > kMaxNoticeTexts) {
    return Wrong("notice.text", absl::StrCat("1 to ", kMaxNoticeTexts),
                 absl::StrCat(notice.text_size()));
  }
  std::set<absl::string_view> locales;
  for (const v1::Notice::Text& text : notice.text()) {
    SUBROSA_RETURN_IF_ERROR(CheckNoticeText(text));
    if (!locales.insert(text.locale()).second) {
      return Wrong("notice.text.locale", "each language once", "one twice");
    }
  }
  SUBROSA_RETURN_IF_ERROR(CheckShownDays(notice));
  if (notice.item_size() > kMaxNoticeItems) {
    return Wrong("notice.item", absl::StrCat("at most ", kMaxNoticeItems),
                 absl::StrCat(notice.item_size()));
  }
  for (const std::string& item : notice.item()) {
    SUBROSA_RETURN_IF_ERROR(CheckItem(item, book));
  }
  return absl::OkStatus();
}

}  // namespace subrosa
