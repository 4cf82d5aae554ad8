#include "src/request/request_authentication.h"

#include <algorithm>
#include <cstddef>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "src/base/slug.h"
#include "src/base/status_macros.h"
#include "src/request/request_time.h"

namespace subrosa {
namespace {

constexpr int kMaxDataPoints = 16;
constexpr size_t kMaxAskedBytes = 128;
constexpr int kMatchesForACopy = 2;

// What a pack calls a document, and an item of it.
constexpr absl::string_view kAgentPermission = "agent-permission";
constexpr absl::string_view kPowerOfAttorney = "power-of-attorney";

std::string RulesText(const AuthenticationWanted& wanted) {
  std::string text;
  for (const LawEntry* rule : wanted.rules) {
    absl::StrAppend(&text, text.empty() ? " (" : ", ", rule->id);
  }
  return text.empty() ? text : text + ")";
}

absl::Status CheckDataPoints(const v1::RequestAuthentication& checked) {
  if (checked.matched_size() > kMaxDataPoints) {
    return absl::InvalidArgumentError(
        absl::StrCat("request.event.authentication.matched: want at most ",
                     kMaxDataPoints, ", got ", checked.matched_size()));
  }
  std::set<std::string> seen;
  for (int i = 0; i < checked.matched_size(); ++i) {
    const std::string field =
        absl::StrCat("request.event.authentication.matched[", i, "]");
    SUBROSA_RETURN_IF_ERROR(CheckSlug(field, checked.matched(i)));
    if (!seen.insert(checked.matched(i)).second) {
      return absl::InvalidArgumentError(
          absl::StrCat(field, ": want each once, got one twice"));
    }
  }
  return absl::OkStatus();
}

bool IsEnough(const AuthenticationWanted& wanted,
              const v1::RequestAuthentication& checked) {
  // Where no statute speaks of accounts, the log-in to one is evidence as well.
  if (checked.account_login() &&
      (wanted.account_login_is_enough || wanted.data_points == 0)) {
    return true;
  }
  return checked.matched_size() >= wanted.at_least &&
         (checked.signed_declaration() || !wanted.signed_declaration);
}

bool HasPowerOfAttorney(const v1::Contents& contents) {
  return contents.document() == kAgentPermission &&
         std::any_of(contents.item().begin(), contents.item().end(),
                     [](const v1::ContentItem& item) {
                       return item.key() == kPowerOfAttorney;
                     });
}

// Whether an agent showed what the consumer gave them.
bool IsPermissionSeen(const v1::RequestAuthentication& checked) {
  return checked.permission_seen() || checked.power_of_attorney();
}

absl::Status CheckAsked(const AuthenticationWanted& wanted,
                        absl::Span<const std::string> asked_for) {
  const auto want = [](absl::string_view what) {
    return absl::InvalidArgumentError(
        absl::StrCat("letter.asked_for: want ", what));
  };
  if (asked_for.empty()) return absl::OkStatus();
  const int asked = static_cast<int>(asked_for.size());
  if (asked < wanted.at_least || asked > kMaxDataPoints) {
    return want(absl::StrCat(wanted.at_least, " to ", kMaxDataPoints, ", got ",
                             asked, RulesText(wanted)));
  }
  for (const std::string& each : asked_for) {
    const bool is_text =
        std::none_of(each.begin(), each.end(),
                     [](unsigned char c) { return absl::ascii_iscntrl(c); });
    if (each.empty() || each.size() > kMaxAskedBytes || !is_text) {
      return want(absl::StrCat("1 to ", kMaxAskedBytes,
                               " bytes without control characters, got ",
                               each.size()));
    }
  }
  return absl::OkStatus();
}

}  // namespace

AuthenticationWanted WantedOf(const RequestLaw& law,
                              const v1::Request& request) {
  AuthenticationWanted wanted;
  for (const DatedRule* rule :
       law.RulesFor(request, RequestTimeOf(request.received_at()))) {
    if (HasPowerOfAttorney(rule->rule().contents())) {
      wanted.power_of_attorney_is_enough = true;
    }
    if (!rule->rule().has_authentication()) continue;
    const v1::Authentication& demand = rule->rule().authentication();
    if (!NamesKind(demand.request(), request.kind())) continue;
    if (!demand.existing_account() && demand.data_points() == 0 &&
        !demand.signed_declaration()) {
      AuthenticationWanted nothing;
      nothing.needed = Authenticating::kNotNeeded;
      nothing.rules = {rule->entry};
      return nothing;
    }
    wanted.rules.push_back(rule->entry);
    wanted.account_login_is_enough |= demand.existing_account();
    wanted.data_points = std::max(wanted.data_points, demand.data_points());
    wanted.signed_declaration |= demand.signed_declaration();
  }
  wanted.at_least = std::max(
      wanted.data_points,
      request.kind() == v1::REQUEST_KIND_ACCESS ? kMatchesForACopy : 1);
  return wanted;
}

std::string WantedText(const AuthenticationWanted& wanted) {
  if (wanted.needed == Authenticating::kNotNeeded) return "nothing";
  std::string text = wanted.account_login_is_enough
                         ? "a fresh log-in to the account; or "
                         : "";
  absl::StrAppend(
      &text, wanted.at_least,
      wanted.at_least > 1 ? " matching data points" : " matching data point");
  if (wanted.signed_declaration) {
    absl::StrAppend(&text, " and a signed declaration");
  }
  return text;
}

absl::StatusOr<std::string> AskText(const AuthenticationWanted& wanted,
                                    absl::Span<const std::string> asked_for,
                                    const LetterPhrases& phrases) {
  SUBROSA_RETURN_IF_ERROR(CheckAsked(wanted, asked_for));
  std::string text;
  if (wanted.account_login_is_enough) text = phrases.Of("ask-login");
  absl::StrAppend(&text, !asked_for.empty() ? absl::StrJoin(asked_for, ", ")
                         : wanted.at_least == 1
                             ? phrases.Of("ask-one")
                             : phrases.WithCount("ask-many", wanted.at_least));
  if (wanted.signed_declaration) {
    absl::StrAppend(&text, phrases.Of("ask-declaration"));
  }
  return text;
}

absl::Status CheckAuthentication(const AuthenticationWanted& wanted,
                                 v1::RequesterKind requester,
                                 const v1::RequestAuthentication& checked) {
  SUBROSA_RETURN_IF_ERROR(CheckDataPoints(checked));
  const bool is_agent = requester == v1::REQUESTER_KIND_AGENT;
  const bool is_guardian = requester == v1::REQUESTER_KIND_GUARDIAN;
  if (!is_agent &&
      (IsPermissionSeen(checked) || checked.permission_confirmed())) {
    return absl::InvalidArgumentError(
        "request.event.authentication: want a permission of an agent alone, "
        "got one of another");
  }
  if (!is_guardian && checked.guardianship_seen()) {
    return absl::InvalidArgumentError(
        "request.event.authentication: want a guardianship of a guardian "
        "alone, got one of another");
  }
  if (is_guardian && !checked.guardianship_seen() &&
      !wanted.guardian_is_on_record) {
    return absl::FailedPreconditionError(
        "request.event.authentication: want what shows that the guardian is "
        "one seen, or a guardian who is on record (`consent facts`), got "
        "neither");
  }
  if (is_agent) {
    if (checked.power_of_attorney() && wanted.power_of_attorney_is_enough) {
      return absl::OkStatus();
    }
    if (!IsPermissionSeen(checked)) {
      return absl::FailedPreconditionError(absl::StrCat(
          "request.event.authentication: want the permission that the consumer "
          "signed for the agent, got none that was seen",
          RulesText(wanted)));
    }
    if (checked.permission_confirmed()) return absl::OkStatus();
  }
  if (IsEnough(wanted, checked)) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      "request.event.authentication: want ", WantedText(wanted),
      is_agent ? " of the consumer, or their confirmation of the permission"
               : "",
      ", got ", checked.account_login() ? "a log-in and " : "",
      checked.matched_size(), " matching and ",
      checked.signed_declaration() ? "a" : "no", " declaration",
      RulesText(wanted)));
}

}  // namespace subrosa
