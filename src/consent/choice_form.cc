#include "src/consent/choice_form.h"

#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/repeated_field.h"
#include "google/protobuf/timestamp.pb.h"
#include "src/base/slug.h"
#include "src/base/status_macros.h"
#include "src/consent/choice_time.h"
#include "src/consent/gpc_signal.h"
#include "src/law/place.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/taxonomy.pb.h"

namespace subrosa {
namespace {

using google::protobuf::RepeatedField;
using google::protobuf::RepeatedPtrField;

absl::Status Wrong(absl::string_view path, absl::string_view want,
                   absl::string_view got) {
  return absl::InvalidArgumentError(
      absl::StrCat(path, ": want ", want, ", got ", got));
}

absl::Status CheckAtMost(absl::string_view path, absl::string_view text,
                         size_t most) {
  return text.size() <= most
             ? absl::OkStatus()
             : Wrong(path, absl::StrCat("at most ", most, " bytes"),
                     absl::StrCat(text.size()));
}

absl::Status CheckText(absl::string_view path, absl::string_view text,
                       size_t most) {
  return !text.empty() && text.size() <= most
             ? absl::OkStatus()
             : Wrong(path, absl::StrCat("1 to ", most, " bytes"),
                     absl::StrCat(text.size()));
}

absl::Status CheckSha256(absl::string_view path, absl::string_view text) {
  const bool ok =
      text.size() == 64 && std::all_of(text.begin(), text.end(), [](char c) {
        return absl::ascii_isdigit(static_cast<unsigned char>(c)) ||
               (c >= 'a' && c <= 'f');
      });
  return ok ? absl::OkStatus()
            : Wrong(path, "64 digits of lower-case hexadecimal",
                    text.empty() ? "none" : "something else");
}

absl::Status CheckTime(absl::string_view path,
                       const google::protobuf::Timestamp& time) {
  return IsTimestamp(time)
             ? absl::OkStatus()
             : Wrong(path, "a time of the years 1 to 9999", "one outside them");
}

// "purpose[2]".
std::string PlaceIn(absl::string_view path, int i) {
  return absl::StrCat(path, "[", i, "]");
}

// No value is unset, unknown or there twice.
template <typename IsValid>
absl::Status CheckEnums(absl::string_view path,
                        const RepeatedField<int>& values, IsValid is_valid) {
  if (values.size() > kMaxChoiceListItems) {
    return Wrong(path, absl::StrCat("at most ", kMaxChoiceListItems),
                 absl::StrCat(values.size()));
  }
  for (int i = 0; i < values.size(); ++i) {
    if (values[i] == 0 || !is_valid(values[i])) {
      return Wrong(PlaceIn(path, i), "one that this version knows", "another");
    }
    if (std::find(values.begin(), values.begin() + i, values[i]) !=
        values.begin() + i) {
      return Wrong(PlaceIn(path, i), "one that is there once",
                   "one that is there twice");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckSlugs(absl::string_view path,
                        const RepeatedPtrField<std::string>& slugs) {
  if (slugs.size() > kMaxChoiceListItems) {
    return Wrong(path, absl::StrCat("at most ", kMaxChoiceListItems),
                 absl::StrCat(slugs.size()));
  }
  for (int i = 0; i < slugs.size(); ++i) {
    // What is good, as almost all is, is not named.
    if (!CheckSlug("", slugs[i]).ok()) {
      return CheckSlug(PlaceIn(path, i), slugs[i]);
    }
    if (std::find(slugs.begin(), slugs.begin() + i, slugs[i]) !=
        slugs.begin() + i) {
      return Wrong(PlaceIn(path, i), "one that is there once",
                   "one that is there twice");
    }
  }
  return absl::OkStatus();
}

bool Has(const RepeatedField<int>& values, int value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

absl::Status CheckLists(const v1::Choice& choice) {
  SUBROSA_RETURN_IF_ERROR(
      CheckEnums("action", choice.action(), v1::Action_IsValid));
  SUBROSA_RETURN_IF_ERROR(CheckSlugs("purpose", choice.purpose()));
  SUBROSA_RETURN_IF_ERROR(
      CheckEnums("category", choice.category(), v1::HealthCategory_IsValid));
  SUBROSA_RETURN_IF_ERROR(CheckSlugs("recipient", choice.recipient()));
  if (choice.kind() == v1::CHOICE_KIND_SIGNAL &&
      !(Has(choice.action(), v1::ACTION_SHARE) &&
        Has(choice.action(), v1::ACTION_SELL))) {
    return Wrong("action", "share and sell, which a signal speaks of",
                 "others");
  }
  if (!IsYes(choice.kind())) return absl::OkStatus();
  if (choice.category().empty()) {
    return Wrong("category", "what is agreed to", "none");
  }
  if (choice.kind() == v1::CHOICE_KIND_AUTHORIZATION &&
      choice.recipient_size() != 1) {
    return Wrong("recipient", "exactly one for an authorization",
                 absl::StrCat(choice.recipient_size()));
  }
  const bool gives_out = Has(choice.action(), v1::ACTION_SHARE) ||
                         Has(choice.action(), v1::ACTION_SELL);
  return gives_out || choice.recipient().empty()
             ? absl::OkStatus()
             : Wrong("recipient", "none unless something is shared or sold",
                     absl::StrCat(choice.recipient_size()));
}

absl::Status CheckTimes(const v1::Choice& choice, absl::Time now) {
  if (!choice.has_given_at()) {
    return Wrong("given_at", "when it was given", "none");
  }
  SUBROSA_RETURN_IF_ERROR(CheckTime("given_at", choice.given_at()));
  const absl::Time given_at = TimeOf(choice.given_at());
  if (given_at > now + kMaxClockSkew) {
    return Wrong("given_at", "a time that has come", "one in the future");
  }
  if (choice.has_confirmed_at()) {
    SUBROSA_RETURN_IF_ERROR(CheckTime("confirmed_at", choice.confirmed_at()));
    const absl::Time confirmed_at = TimeOf(choice.confirmed_at());
    if (confirmed_at < given_at) {
      return Wrong("confirmed_at", "a time after given_at", "an earlier one");
    }
    if (confirmed_at > now + kMaxClockSkew) {
      return Wrong("confirmed_at", "a time that has come", "one in the future");
    }
  }
  if (!choice.has_expires_at()) return absl::OkStatus();
  if (!IsYes(choice.kind())) {
    return Wrong("expires_at", "none: a no stands until the consumer says yes",
                 "one");
  }
  SUBROSA_RETURN_IF_ERROR(CheckTime("expires_at", choice.expires_at()));
  const absl::Time expires_at = TimeOf(choice.expires_at());
  if (expires_at <= given_at) {
    return Wrong("expires_at", "a time after given_at", "one that is not");
  }
  return expires_at > now
             ? absl::OkStatus()
             : Wrong("expires_at", "a time to come", "one that is past");
}

absl::Status CheckActorForm(const v1::Actor& actor) {
  const bool is_parent = actor.kind() == v1::ACTOR_KIND_PARENT;
  const bool is_agent = actor.kind() == v1::ACTOR_KIND_AGENT;
  if (!is_parent && !is_agent && actor.kind() != v1::ACTOR_KIND_SELF) {
    return Wrong("actor.kind", "self, parent or agent", "another");
  }
  if (is_parent) {
    SUBROSA_RETURN_IF_ERROR(
        CheckText("actor.account", actor.account(), kMaxConsumerBytes));
  } else if (!actor.account().empty()) {
    return Wrong("actor.account", "none but a parent's", "one");
  }
  if (is_agent) {
    return CheckText("actor.permission", actor.permission(),
                     kMaxChoiceTextBytes);
  }
  return actor.permission().empty()
             ? absl::OkStatus()
             : Wrong("actor.permission", "none but an agent's", "one");
}

absl::Status CheckNoticeForm(const v1::Choice& choice) {
  const v1::NoticeShown& notice = choice.notice();
  if (choice.kind() != v1::CHOICE_KIND_CONSENT && !choice.has_notice()) {
    return absl::OkStatus();
  }
  SUBROSA_RETURN_IF_ERROR(CheckSlug("notice.id", notice.id()));
  SUBROSA_RETURN_IF_ERROR(
      CheckText("notice.version", notice.version(), kMaxChoiceTextBytes));
  SUBROSA_RETURN_IF_ERROR(CheckSha256("notice.sha256", notice.sha256()));
  SUBROSA_RETURN_IF_ERROR(
      CheckText("notice.locale", notice.locale(), kMaxChoiceTextBytes));
  return CheckText("notice.interface", notice.interface(), kMaxChoiceTextBytes);
}

absl::Status CheckDocumentForm(const v1::Choice& choice, absl::Time now) {
  const v1::Authorization& document = choice.authorization();
  if (choice.kind() != v1::CHOICE_KIND_AUTHORIZATION) {
    return !choice.has_authorization()
               ? absl::OkStatus()
               : Wrong("authorization", "none with another kind of choice",
                       "one");
  }
  for (const std::string* text :
       {&document.data(), &document.purpose_of_sale(), &document.how_gathered(),
        &document.how_used(), &document.revocation_means(),
        &document.copy_means(), &document.seller().name(),
        &document.seller().contact(), &document.purchaser().name(),
        &document.purchaser().contact(), &document.signature()}) {
    SUBROSA_RETURN_IF_ERROR(
        CheckAtMost("authorization", *text, kMaxDocumentTextBytes));
  }
  SUBROSA_RETURN_IF_ERROR(
      CheckSha256("authorization.document_sha256", document.document_sha256()));
  SUBROSA_RETURN_IF_ERROR(
      CheckTime("authorization.signed_at", document.signed_at()));
  SUBROSA_RETURN_IF_ERROR(
      CheckTime("authorization.expires_at", document.expires_at()));
  SUBROSA_RETURN_IF_ERROR(
      CheckTime("authorization.copy_given_at", document.copy_given_at()));
  if (TimeOf(document.signed_at()) > TimeOf(choice.given_at())) {
    return Wrong("authorization.signed_at", "a time not after given_at",
                 "a later one");
  }
  if (TimeOf(document.copy_given_at()) > now + kMaxClockSkew) {
    return Wrong("authorization.copy_given_at", "a time that has come",
                 "one in the future");
  }
  // What stands ends when the document does.
  return TimeOf(choice.expires_at()) == TimeOf(document.expires_at())
             ? absl::OkStatus()
             : Wrong("expires_at", "authorization.expires_at", "another time");
}

absl::Status CheckSignalForm(const v1::Choice& choice) {
  if (choice.kind() != v1::CHOICE_KIND_SIGNAL) {
    return !choice.has_signal()
               ? absl::OkStatus()
               : Wrong("signal", "none with another kind of choice", "one");
  }
  if (!IsPreferenceSignal(choice.signal().header())) {
    return Wrong("signal.header", "the line `Sec-GPC: 1`", "another");
  }
  return CheckAtMost("signal.device", choice.signal().device(),
                     kMaxSignalDeviceBytes);
}

}  // namespace

bool IsYes(v1::ChoiceKind kind) {
  return kind == v1::CHOICE_KIND_CONSENT ||
         kind == v1::CHOICE_KIND_AUTHORIZATION;
}

absl::Status CheckChoiceForm(const v1::Choice& choice, absl::Time now) {
  SUBROSA_RETURN_IF_ERROR(
      CheckText("consumer", choice.consumer(), kMaxConsumerBytes));
  if (choice.kind() == v1::CHOICE_KIND_UNSPECIFIED ||
      !v1::ChoiceKind_IsValid(choice.kind())) {
    return Wrong("kind", "one that this version knows", "another");
  }
  SUBROSA_RETURN_IF_ERROR(CheckLists(choice));
  SUBROSA_RETURN_IF_ERROR(CheckSlug("method", choice.method()));
  SUBROSA_RETURN_IF_ERROR(CheckTimes(choice, now));
  SUBROSA_RETURN_IF_ERROR(CheckActorForm(choice.actor()));
  if (!choice.jurisdiction().empty() || IsYes(choice.kind())) {
    SUBROSA_RETURN_IF_ERROR(CheckPlace("jurisdiction", choice.jurisdiction()));
  }
  SUBROSA_RETURN_IF_ERROR(CheckNoticeForm(choice));
  SUBROSA_RETURN_IF_ERROR(CheckDocumentForm(choice, now));
  return CheckSignalForm(choice);
}

}  // namespace subrosa
