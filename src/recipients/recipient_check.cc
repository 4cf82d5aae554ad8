#include "src/recipients/recipient_check.h"

#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/repeated_field.h"
#include "simdjson.h"
#include "src/base/slug.h"
#include "src/base/status_macros.h"
#include "src/crypto/age_x25519.h"
#include "src/law/law_file.h"
#include "src/law/place.h"
#include "src/recipients/contact_check.h"
#include "src/recipients/contract_items.h"
#include "subrosa/v1/taxonomy.pb.h"

namespace subrosa {
namespace {

using ::google::protobuf::RepeatedPtrField;

absl::Status Wrong(absl::string_view path, absl::string_view want,
                   absl::string_view got) {
  return absl::InvalidArgumentError(
      absl::StrCat(path, ": want ", want, ", got ", got));
}

// Text that people read, of `least` to `most` bytes; on one line unless
// `lines`.
absl::Status CheckText(absl::string_view path, absl::string_view text,
                       size_t least, size_t most, bool lines) {
  if (text.size() < least || text.size() > most) {
    return Wrong(path, absl::StrCat(least, " to ", most, " bytes"),
                 absl::StrCat(text.size()));
  }
  bool is_text = simdjson::validate_utf8(text.data(), text.size());
  for (const char c : text) {
    is_text = is_text && (!absl::ascii_iscntrl(static_cast<unsigned char>(c)) ||
                          (lines && c == '\n'));
  }
  return is_text ? absl::OkStatus()
                 : Wrong(path, lines ? "lines of UTF-8" : "one line of UTF-8",
                         "something else");
}

// `list` has `least` to `most` values, each of which is well formed by `check`
// and stands there once.
template <typename Check>
absl::Status CheckList(absl::string_view path,
                       const RepeatedPtrField<std::string>& list, int least,
                       int most, Check check) {
  if (list.size() < least || list.size() > most) {
    return Wrong(path, absl::StrCat(least, " to ", most, " values"),
                 absl::StrCat(list.size()));
  }
  std::set<absl::string_view> seen;
  for (int i = 0; i < list.size(); ++i) {
    const std::string at = absl::StrCat(path, "[", i, "]");
    SUBROSA_RETURN_IF_ERROR(check(at, list[i]));
    if (!seen.insert(list[i]).second) {
      return Wrong(at, "a value that is not there yet", "one twice");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckDay(absl::string_view path, absl::string_view day) {
  return Annotate(ParseLawDay(day).status(), path);
}

absl::Status CheckContact(const v1::RecipientContact& contact,
                          absl::CivilDay today) {
  if (contact.email().empty() && contact.url().empty()) {
    return Wrong("contact", "an email or a url", "neither");
  }
  if (!contact.email().empty()) {
    SUBROSA_RETURN_IF_ERROR(CheckEmail("contact.email", contact.email()));
  }
  if (!contact.url().empty()) {
    SUBROSA_RETURN_IF_ERROR(CheckHttpsUrl("contact.url", contact.url()));
  }
  SUBROSA_RETURN_IF_ERROR(
      CheckText("contact.postal", contact.postal(), 0, kMaxPostalBytes, true));
  const absl::StatusOr<absl::CivilDay> checked =
      ParseLawDay(contact.checked_on());
  if (!checked.ok()) return Annotate(checked.status(), "contact.checked_on");
  return *checked <= today ? absl::OkStatus()
                           : Wrong("contact.checked_on", "today or before",
                                   "a day that is not yet");
}

absl::Status CheckContract(const v1::RecipientContract& contract,
                           const LawBook& law) {
  SUBROSA_RETURN_IF_ERROR(CheckText("contract.reference", contract.reference(),
                                    1, kMaxContractReferenceBytes, false));
  SUBROSA_RETURN_IF_ERROR(CheckDay("contract.from", contract.from()));
  if (!contract.until().empty()) {
    SUBROSA_RETURN_IF_ERROR(CheckDay("contract.until", contract.until()));
    // Of one form, so that they compare as text.
    if (contract.until() <= contract.from()) {
      return Wrong("contract.until", "a day after `from`", "one that is not");
    }
  }
  return CheckList(
      "contract.item", contract.item(), 0, kMaxContractItems,
      [&](absl::string_view path, absl::string_view name) {
        return FindContractItem(name, law).rule != nullptr
                   ? absl::OkStatus()
                   : Wrong(path,
                           "RULE#KEY of a rule on contracts with recipients, "
                           "as wa-mhmda/processor-contract#limits",
                           "another");
      });
}

absl::Status CheckCategories(const v1::Recipient& recipient) {
  std::set<int> seen;
  for (int i = 0; i < recipient.category_allowed_size(); ++i) {
    const int category = recipient.category_allowed(i);
    const std::string path = absl::StrCat("category_allowed[", i, "]");
    if (!v1::HealthCategory_IsValid(category) ||
        category == v1::HEALTH_CATEGORY_UNSPECIFIED) {
      return Wrong(path, "a category of health data", "another number");
    }
    if (!seen.insert(category).second) {
      return Wrong(path, "a value that is not there yet", "one twice");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckRecipient(const v1::Recipient& recipient, const LawBook& law,
                            absl::CivilDay today) {
  SUBROSA_RETURN_IF_ERROR(CheckSlug("id", recipient.id()));
  SUBROSA_RETURN_IF_ERROR(
      CheckText("name", recipient.name(), 1, kMaxRecipientNameBytes, false));
  if (RecipientRoleName(recipient.role()).empty()) {
    return Wrong("role", "processor, contractor, affiliate or third party",
                 "another");
  }
  // Notices name affiliates, and others by category (RCW 19.373.020(1)(a)).
  const size_t least = recipient.role() == v1::RECIPIENT_ROLE_AFFILIATE ? 0 : 1;
  SUBROSA_RETURN_IF_ERROR(CheckText("category", recipient.category(), least,
                                    kMaxRecipientCategoryBytes, false));
  SUBROSA_RETURN_IF_ERROR(CheckContact(recipient.contact(), today));
  if (recipient.has_contract()) {
    SUBROSA_RETURN_IF_ERROR(CheckContract(recipient.contract(), law));
  }
  SUBROSA_RETURN_IF_ERROR(CheckList("purpose", recipient.purpose(), 1,
                                    kMaxRecipientPurposes, CheckSlug));
  SUBROSA_RETURN_IF_ERROR(CheckCategories(recipient));
  SUBROSA_RETURN_IF_ERROR(CheckList("location", recipient.location(), 1,
                                    kMaxRecipientLocations, CheckPlace));
  if (!recipient.age_recipient().empty()) {
    SUBROSA_RETURN_IF_ERROR(
        Annotate(X25519Recipient::Parse(recipient.age_recipient()).status(),
                 "age_recipient"));
  }
  return recipient.ended_on().empty()
             ? absl::OkStatus()
             : CheckDay("ended_on", recipient.ended_on());
}

}  // namespace subrosa
