#include "src/request/request_authentication.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "src/base/slug.h"
#include "src/base/status_macros.h"
#include "src/request/request_time.h"

namespace subrosa {
namespace {

constexpr int kMaxDataPoints = 16;

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
  const int at_least = std::max(wanted.data_points, 1);
  return checked.matched_size() >= at_least &&
         (checked.signed_declaration() || !wanted.signed_declaration);
}

}  // namespace

AuthenticationWanted WantedOf(const RequestLaw& law,
                              const v1::Request& request) {
  AuthenticationWanted wanted;
  for (const DatedRule* rule :
       law.RulesFor(request, RequestTimeOf(request.received_at()))) {
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
  return wanted;
}

std::string WantedText(const AuthenticationWanted& wanted) {
  if (wanted.needed == Authenticating::kNotNeeded) return "nothing";
  std::string text = wanted.account_login_is_enough
                         ? "a fresh log-in to the account; or "
                         : "";
  absl::StrAppend(&text, std::max(wanted.data_points, 1),
                  wanted.data_points > 1 ? " matching data points"
                                         : " matching data point");
  if (wanted.signed_declaration) {
    absl::StrAppend(&text, " and a signed declaration");
  }
  return text;
}

absl::Status CheckAuthentication(const AuthenticationWanted& wanted,
                                 v1::RequesterKind requester,
                                 const v1::RequestAuthentication& checked) {
  SUBROSA_RETURN_IF_ERROR(CheckDataPoints(checked));
  if (requester == v1::REQUESTER_KIND_AGENT) {
    if (!checked.permission_seen()) {
      return absl::FailedPreconditionError(absl::StrCat(
          "request.event.authentication: want the permission that the consumer "
          "signed for the agent, got none that was seen",
          RulesText(wanted)));
    }
    if (checked.permission_confirmed()) return absl::OkStatus();
  } else if (checked.permission_seen() || checked.permission_confirmed()) {
    return absl::InvalidArgumentError(
        "request.event.authentication: want a permission of an agent alone, "
        "got one of another");
  }
  if (IsEnough(wanted, checked)) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      "request.event.authentication: want ", WantedText(wanted),
      requester == v1::REQUESTER_KIND_AGENT
          ? " of the consumer, or their confirmation of the permission"
          : "",
      ", got ", checked.account_login() ? "a log-in and " : "",
      checked.matched_size(), " matching and ",
      checked.signed_declaration() ? "a" : "no", " declaration",
      RulesText(wanted)));
}

}  // namespace subrosa
