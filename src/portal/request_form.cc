#include "src/portal/request_form.h"

#include <optional>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "src/base/html_text.h"
#include "src/law/law_file.h"
#include "src/request/letter_phrases.h"
#include "src/request/request_check.h"
#include "src/request/request_text.h"
#include "subrosa/v1/law.pb.h"

namespace subrosa {
namespace {

struct Place {
  absl::string_view code;
  absl::string_view name;
};

constexpr Place kPlaces[] = {
    {"US-AL", "Alabama"},
    {"US-AK", "Alaska"},
    {"US-AZ", "Arizona"},
    {"US-AR", "Arkansas"},
    {"US-CA", "California"},
    {"US-CO", "Colorado"},
    {"US-CT", "Connecticut"},
    {"US-DE", "Delaware"},
    {"US-DC", "District of Columbia"},
    {"US-FL", "Florida"},
    {"US-GA", "Georgia"},
    {"US-HI", "Hawaii"},
    {"US-ID", "Idaho"},
    {"US-IL", "Illinois"},
    {"US-IN", "Indiana"},
    {"US-IA", "Iowa"},
    {"US-KS", "Kansas"},
    {"US-KY", "Kentucky"},
    {"US-LA", "Louisiana"},
    {"US-ME", "Maine"},
    {"US-MD", "Maryland"},
    {"US-MA", "Massachusetts"},
    {"US-MI", "Michigan"},
    {"US-MN", "Minnesota"},
    {"US-MS", "Mississippi"},
    {"US-MO", "Missouri"},
    {"US-MT", "Montana"},
    {"US-NE", "Nebraska"},
    {"US-NV", "Nevada"},
    {"US-NH", "New Hampshire"},
    {"US-NJ", "New Jersey"},
    {"US-NM", "New Mexico"},
    {"US-NY", "New York"},
    {"US-NC", "North Carolina"},
    {"US-ND", "North Dakota"},
    {"US-OH", "Ohio"},
    {"US-OK", "Oklahoma"},
    {"US-OR", "Oregon"},
    {"US-PA", "Pennsylvania"},
    {"US-RI", "Rhode Island"},
    {"US-SC", "South Carolina"},
    {"US-SD", "South Dakota"},
    {"US-TN", "Tennessee"},
    {"US-TX", "Texas"},
    {"US-UT", "Utah"},
    {"US-VT", "Vermont"},
    {"US-VA", "Virginia"},
    {"US-WA", "Washington"},
    {"US-WV", "West Virginia"},
    {"US-WI", "Wisconsin"},
    {"US-WY", "Wyoming"},
};

struct Asker {
  v1::RequesterKind kind;
  absl::string_view slug;
  absl::string_view words;
};

constexpr Asker kAskers[] = {
    {v1::REQUESTER_KIND_SELF, "self", "about my own data"},
    {v1::REQUESTER_KIND_AGENT, "agent",
     "for somebody who gave me a signed permission"},
    {v1::REQUESTER_KIND_GUARDIAN, "guardian",
     "for a child, or a person whose guardian I am"},
};

constexpr absl::string_view kNames[] = {
    "ask", "contact", "from", "permission", "residence", "to", "who"};

absl::Status Please(absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("form: please say ", what));
}

absl::string_view ValueOf(const FormFields& fields, absl::string_view name) {
  const auto found = fields.find(name);
  return found == fields.end() ? absl::string_view()
                               : absl::string_view(found->second);
}

absl::Status CheckNames(const FormFields& fields) {
  for (const auto& [name, value] : fields) {
    bool is_known = false;
    for (const absl::string_view known : kNames) is_known |= name == known;
    if (!is_known) {
      return absl::InvalidArgumentError(
          "form: want the fields of this form, got another");
    }
  }
  return absl::OkStatus();
}

// The days of collection that are asked about, where some are given.
absl::Status AddDays(const FormFields& fields, v1::Request* request) {
  const absl::string_view from = ValueOf(fields, "from");
  const absl::string_view to = ValueOf(fields, "to");
  if (from.empty() && to.empty()) return absl::OkStatus();
  if (request->kind() != v1::REQUEST_KIND_KNOW &&
      request->kind() != v1::REQUEST_KIND_ACCESS) {
    return absl::InvalidArgumentError(
        "form: please leave the days empty, unless you ask what we have of "
        "you");
  }
  for (const absl::string_view day : {from, to}) {
    if (!day.empty() && !ParseLawDay(day).ok()) {
      return Please("each day as 2026-12-31");
    }
  }
  // As text: both are YYYY-MM-DD.
  if (!from.empty() && !to.empty() && to < from) {
    return Please("a last day that is not before the first");
  }
  request->set_from_day(std::string(from));
  request->set_to_day(std::string(to));
  return absl::OkStatus();
}

bool IsPlace(absl::string_view code) {
  for (const Place& place : kPlaces) {
    if (place.code == code) return true;
  }
  return code.empty();
}

// `chosen` is the value that was chosen before.
void AppendOption(absl::string_view value, absl::string_view words,
                  absl::string_view chosen, std::string* html) {
  absl::StrAppend(html, "<option value=\"", HtmlText(value), "\"",
                  value == chosen && !value.empty() ? " selected" : "", ">",
                  HtmlText(words), "</option>\n");
}

std::string ValueAttribute(const FormFields& filled, absl::string_view name) {
  const absl::string_view value = ValueOf(filled, name);
  return value.empty() ? "" : absl::StrCat(" value=\"", HtmlText(value), "\"");
}

}  // namespace

absl::StatusOr<v1::Request> RequestOfForm(const FormFields& fields,
                                          absl::Time now) {
  if (absl::Status named = CheckNames(fields); !named.ok()) return named;
  const std::optional<v1::RequestKind> kind =
      RequestKindOf(ValueOf(fields, "ask"));
  if (!kind.has_value() || *kind == v1::REQUEST_KIND_APPEAL) {
    return Please("what you ask for");
  }
  v1::Request request;
  request.set_kind(*kind);
  request.set_channel(v1::REQUEST_CHANNEL_FORM);
  request.mutable_received_at()->set_seconds(absl::ToUnixSeconds(now));
  const absl::string_view residence = ValueOf(fields, "residence");
  if (!IsPlace(residence)) return Please("where you live, from the list");
  request.set_residence(std::string(residence));
  if (absl::Status days = AddDays(fields, &request); !days.ok()) return days;
  v1::Requester& requester = *request.mutable_requester();
  for (const Asker& asker : kAskers) {
    if (ValueOf(fields, "who") == asker.slug) requester.set_kind(asker.kind);
  }
  if (requester.kind() == v1::REQUESTER_KIND_UNSPECIFIED) {
    return Please("for whom you ask");
  }
  if (ValueOf(fields, "contact").empty()) {
    return Please("how we reach you with the answer");
  }
  if (ValueOf(fields, "contact").size() > kMaxContactBytes) {
    return Please("how we reach you with the answer by a shorter address");
  }
  requester.set_contact(std::string(ValueOf(fields, "contact")));
  const bool is_self = requester.kind() == v1::REQUESTER_KIND_SELF;
  if (!is_self && ValueOf(fields, "permission").empty()) {
    return Please("what shows that you may act for somebody else");
  }
  if (ValueOf(fields, "permission").size() > kMaxPermissionBytes) {
    return Please("in fewer words what shows that you may");
  }
  if (!is_self) {
    requester.set_permission(std::string(ValueOf(fields, "permission")));
  }
  return request;
}

std::string RequestFormHtml(absl::string_view action,
                            const FormFields& filled) {
  std::string html =
      absl::StrCat("<form method=\"post\" action=\"", HtmlText(action),
                   "\">\n<p><label for=\"ask\">I ask</label>\n"
                   "<select id=\"ask\" name=\"ask\" required>\n");
  const absl::string_view ask = ValueOf(filled, "ask");
  AppendOption("", "choose one", ask, &html);
  for (int i = 1; i < v1::RequestKind_ARRAYSIZE; ++i) {
    const auto kind = static_cast<v1::RequestKind>(i);
    if (kind == v1::REQUEST_KIND_APPEAL) continue;
    AppendOption(RequestKindSlug(kind), LetterPhrases::BuiltIn().Kind(kind),
                 ask, &html);
  }
  absl::StrAppend(&html,
                  "</select></p>\n<p><label for=\"who\">I ask</label>\n"
                  "<select id=\"who\" name=\"who\" required>\n");
  for (const Asker& asker : kAskers) {
    AppendOption(asker.slug, asker.words, ValueOf(filled, "who"), &html);
  }
  absl::StrAppend(
      &html,
      "</select></p>\n<p><label for=\"residence\">The person whom the data is "
      "about lives in</label>\n<select id=\"residence\" name=\"residence\">\n");
  const absl::string_view residence = ValueOf(filled, "residence");
  AppendOption("", "another place", residence, &html);
  for (const Place& place : kPlaces) {
    AppendOption(place.code, place.name, residence, &html);
  }
  absl::StrAppend(
      &html,
      "</select></p>\n<p><label for=\"contact\">An e-mail or postal address "
      "for the answer</label>\n<input id=\"contact\" name=\"contact\" "
      "maxlength=\"500\" required autocomplete=\"email\"",
      ValueAttribute(filled, "contact"),
      "></p>\n"
      "<p><label for=\"permission\">If you ask for somebody else: what shows "
      "that you may</label>\n<input id=\"permission\" name=\"permission\" "
      "maxlength=\"250\" aria-describedby=\"permission-hint\"",
      ValueAttribute(filled, "permission"),
      "><br>\n"
      "<span id=\"permission-hint\">For example: power of attorney of 3 May. "
      "Please write nothing here about anybody's health.</span></p>\n"
      "<p><label for=\"from\">If you ask what we have of you: collected from "
      "this day on</label>\n<input id=\"from\" name=\"from\" type=\"date\" "
      "aria-describedby=\"days-hint\"",
      ValueAttribute(filled, "from"),
      "><br>\n<label for=\"to\">until this "
      "day</label>\n<input id=\"to\" name=\"to\" type=\"date\" "
      "aria-describedby=\"days-hint\"",
      ValueAttribute(filled, "to"),
      "><br>\n<span id=\"days-hint\">Leave both "
      "empty to ask for all of it.</span></p>\n"
      "<p><button type=\"submit\">Send</button></p>\n</form>\n");
  return html;
}

}  // namespace subrosa
