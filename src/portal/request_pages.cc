#include "src/portal/request_pages.h"

#include <algorithm>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/civil_time.h"
#include "src/base/html_text.h"
#include "src/portal/form_body.h"
#include "src/portal/request_form.h"
#include "src/request/letter_phrases.h"
#include "src/request/request_clocks.h"
#include "src/request/request_ledger.h"
#include "src/request/request_machine.h"
#include "subrosa/v1/request.pb.h"

namespace subrosa {
namespace {

constexpr char kReferenceForm[] =
    "<form method=\"post\" action=\"/requests/status\">\n"
    "<p><label for=\"reference\">The reference of your request</label>\n"
    "<input id=\"reference\" name=\"reference\" maxlength=\"64\" required "
    "autocomplete=\"off\"></p>\n"
    "<p><button type=\"submit\">Where does it stand?</button></p>\n</form>\n";

// Where a request stands, in words for who made it.
absl::string_view StatusWords(v1::RequestStatus status) {
  switch (status) {
    case v1::REQUEST_STATUS_RECEIVED:
      return "We have it, and have to find out first who asks. We write to the "
             "address that you gave.";
    case v1::REQUEST_STATUS_WORKING:
      return "We are working on it.";
    case v1::REQUEST_STATUS_COMPLETED:
      return "It is done.";
    case v1::REQUEST_STATUS_COMPLETED_IN_PART:
      return "It is done in part. Our letter says what is not, and why.";
    case v1::REQUEST_STATUS_DENIED:
      return "We did not do it. Our letter says why, and how to have it looked "
             "at again.";
    case v1::REQUEST_STATUS_APPEALED:
      return "We are looking at it again, as you asked.";
    case v1::REQUEST_STATUS_CLOSED:
      return "It is closed.";
    default:
      return "We cannot say.";
  }
}

bool IsDone(v1::RequestStatus status) {
  return status == v1::REQUEST_STATUS_COMPLETED ||
         status == v1::REQUEST_STATUS_COMPLETED_IN_PART;
}

bool IsForm(const HttpRequest& request) {
  const auto type = FindHeader(request.headers, "Content-Type");
  if (!type.has_value()) return false;
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(*type, absl::MaxSplits(';', 1));
  return absl::EqualsIgnoreCase(absl::StripAsciiWhitespace(parts.first),
                                "application/x-www-form-urlencoded");
}

// The reference that somebody typed, spaces and case aside; empty if it is
// none.
std::string RefOf(absl::string_view typed) {
  std::string digits = absl::AsciiStrToLower(typed);
  digits.erase(std::remove(digits.begin(), digits.end(), ' '), digits.end());
  const bool is_hex =
      digits.size() == 2 * kRequestRefBytes &&
      std::all_of(digits.begin(), digits.end(),
                  [](unsigned char c) { return absl::ascii_isxdigit(c); });
  return is_hex ? absl::HexStringToBytes(digits) : "";
}

// As the letters and the clocks have it.
std::string DayText(absl::Time at, absl::TimeZone zone) {
  return absl::FormatTime("%Y-%m-%d", at, zone);
}

}  // namespace

std::string RequestPages::EntityName() const {
  return HtmlText(policy_.name().empty() ? policy_.entity() : policy_.name());
}

HttpResponse RequestPages::Page(int status, absl::string_view title,
                                absl::string_view content) const {
  HttpResponse response;
  response.status = status;
  response.content_type = "text/html; charset=utf-8";
  response.headers = {
      {"Cache-Control", "no-store"},
      {"Content-Security-Policy",
       "default-src 'none'; form-action 'self'; frame-ancestors 'none'; "
       "base-uri 'none'"},
      {"Referrer-Policy", "no-referrer"},
      {"X-Content-Type-Options", "nosniff"}};
  response.body = absl::StrCat(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width\">\n<title>",
      HtmlText(title), " - ", EntityName(),
      "</title>\n</head>\n<body>\n<main>\n<h1>", HtmlText(title), "</h1>\n",
      content, "</main>\n</body>\n</html>\n");
  return response;
}

HttpResponse RequestPages::FormPage(const FormFields& filled,
                                    const absl::Status& why) const {
  std::string content;
  if (!why.ok()) {
    // In the words of form_body.h and request_form.h.
    absl::StrAppend(&content, "<p role=\"alert\">Nothing was sent yet: ",
                    HtmlText(why.message()), ".</p>\n");
  }
  absl::StrAppend(
      &content, "<p>Ask ", EntityName(),
      " about the data that it has of you, or of somebody whom you act for. "
      "You need no account. We write to you to find out who asks, where the "
      "law has us.</p>\n",
      RequestFormHtml(kRequestFormPath, filled),
      "<p>You asked already? <a href=\"/requests/status\">See where it stands"
      "</a>.</p>\n");
  return Page(why.ok() ? 200 : 400, "Your request about your data", content);
}

HttpResponse RequestPages::StatusForm(int status, absl::string_view why) const {
  return Page(status, "Where your request stands",
              why.empty() ? std::string(kReferenceForm)
                          : absl::StrCat("<p role=\"alert\">", HtmlText(why),
                                         "</p>\n", kReferenceForm));
}

bool RequestPages::TakesOneMore() {
  const absl::Time now = clock_.Now();
  if (now < minute_ || now >= minute_ + absl::Minutes(1)) {
    minute_ = now;
    taken_in_minute_ = 0;
  }
  return ++taken_in_minute_ <= kMaxFormsAMinute;
}

HttpResponse RequestPages::Receive(absl::string_view body) {
  const absl::StatusOr<FormFields> fields = ParseFormBody(body);
  if (!fields.ok()) return FormPage({}, fields.status());
  const absl::StatusOr<v1::Request> request =
      RequestOfForm(*fields, clock_.Now());
  if (!request.ok()) return FormPage(*fields, request.status());
  absl::StatusOr<RequestView> view = absl::UnavailableError("not now");
  {
    const std::unique_lock<std::timed_mutex> lock(mutex_, kPatience);
    if (lock.owns_lock() && TakesOneMore()) view = desk_.Receive(*request);
  }
  if (absl::IsInvalidArgument(view.status())) {
    // The desk says it in words for who runs it.
    return FormPage(*fields,
                    absl::InvalidArgumentError(
                        "form: please look once more at what you wrote; "
                        "something in it cannot be taken"));
  }
  if (!view.ok()) {
    return Page(503, "Not now",
                "<p>Your request was not taken in. Please try again in a few "
                "minutes.</p>\n");
  }
  const RequestClock* due = StrictestOf(view->clocks);
  return Page(
      200, "We have your request",
      absl::StrCat(
          "<p>You ask ",
          HtmlText(LetterPhrases::BuiltIn().Kind(view->machine.kind())),
          ".</p>\n<p>Its reference is <strong><code>",
          absl::BytesToHexString(view->kept.request_ref),
          "</code></strong>. Please keep it: it is shown this once, "
          "and with it you can <a href=\"/requests/status\">see where "
          "it stands</a>.</p>\n",
          due == nullptr
              ? std::string()
              : absl::StrCat("<p>You hear from us by ",
                             absl::FormatCivilTime(due->last_day), ".</p>\n")));
}

HttpResponse RequestPages::ShowStatus(absl::string_view body) {
  constexpr absl::string_view kNone =
      "There is no request with this reference, or none any more.";
  const absl::StatusOr<FormFields> fields = ParseFormBody(body);
  if (!fields.ok() || fields->count("reference") == 0) {
    return StatusForm(400, "Please give the reference of your request.");
  }
  const std::string ref = RefOf(fields->at("reference"));
  if (ref.empty()) return StatusForm(404, kNone);
  absl::StatusOr<RequestView> view = absl::UnavailableError("not now");
  {
    const std::unique_lock<std::timed_mutex> lock(mutex_, kPatience);
    if (lock.owns_lock()) view = desk_.Read(ref);
  }
  if (absl::IsNotFound(view.status())) return StatusForm(404, kNone);
  if (!view.ok()) {
    return StatusForm(503, "We cannot say now. Please try again later.");
  }
  const RequestClock* due = StrictestOf(view->clocks);
  const absl::TimeZone zone = desk_.law().ZoneFor(view->request());
  std::string content = absl::StrCat(
      "<p>You asked ",
      HtmlText(LetterPhrases::BuiltIn().Kind(view->machine.kind())), " on ",
      DayText(view->machine.received_at(), zone), ".</p>\n<p>",
      HtmlText(StatusWords(view->machine.status())), "</p>\n");
  if (IsDone(view->machine.status())) {
    absl::StrAppend(&content, "<p>It was carried out on ",
                    DayText(view->machine.answered_at(), zone), ".</p>\n");
  }
  if (due != nullptr) {
    absl::StrAppend(&content, "<p>You hear from us by ",
                    absl::FormatCivilTime(due->last_day), ".</p>\n");
  }
  return Page(200, "Where your request stands", content);
}

HttpResponse RequestPages::Handle(const HttpRequest& request) {
  const bool is_form = request.path == kRequestFormPath;
  if (!is_form && request.path != kRequestStatusPath) {
    return Page(404, "No such page",
                "<p><a href=\"/requests\">Ask about your data</a></p>\n");
  }
  if (request.method == "GET" || request.method == "HEAD") {
    return is_form ? FormPage({}, absl::OkStatus()) : StatusForm(200, "");
  }
  if (request.method != "POST") {
    HttpResponse response = Page(405, "Not so", "");
    response.headers.push_back({"Allow", "GET, HEAD, POST"});
    return response;
  }
  if (!IsForm(request)) return Page(415, "Not so", "");
  if (request.body.size() > kMaxFormBytes) return Page(413, "Too much", "");
  return is_form ? Receive(request.body) : ShowStatus(request.body);
}

}  // namespace subrosa
