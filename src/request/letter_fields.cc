#include "src/request/letter_fields.h"

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "src/base/clock.h"
#include "src/base/status_macros.h"
#include "src/law/law_text.h"
#include "src/request/request_authentication.h"
#include "src/request/request_clocks.h"
#include "src/request/request_counting.h"
#include "src/request/request_text.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/request.pb.h"

namespace subrosa {
namespace {

constexpr absl::string_view kStatementWords = "statement-words";

// "15 January 2027".
std::string DayText(absl::CivilDay day) {
  return absl::FormatTime("%-d %B %Y",
                          absl::FromCivil(day, absl::UTCTimeZone()),
                          absl::UTCTimeZone());
}

std::string TimeText(absl::Time at) { return DayText(CivilDayOf(DayOf(at))); }

std::string ContactText(const v1::Policy& policy) {
  std::string text;
  for (const std::string& line : {policy.contact_email(), policy.contact_url(),
                                  policy.contact_postal()}) {
    if (!line.empty()) absl::StrAppend(&text, text.empty() ? "" : "\n", line);
  }
  return text;
}

// By when the request itself is answered: the strictest clock that runs, of
// those that are about more than a first word.
void AddDue(const RequestView& view, LetterFields* fields) {
  for (const RequestClock& clock : view.clocks) {
    if (clock.state == ClockState::kElsewhere) {
      (*fields)["backups"] = DayText(clock.last_day);
    }
    if (clock.step == v1::CLOCK_STEP_ACKNOWLEDGE ||
        clock.step == v1::CLOCK_STEP_DELETE_BACKUPS) {
      continue;
    }
    if (clock.state == ClockState::kRunning && fields->count("due_on") == 0) {
      (*fields)["due_on"] = DayText(clock.last_day);
    }
    if (clock.state == ClockState::kWaiting &&
        !view.machine.is_authenticated()) {
      (*fields)["waits"] = "yes";
    }
  }
}

void AddParts(const RequestView& view, LetterFields* fields) {
  int refused = 0;
  int told = 0;
  std::string names;
  for (const auto& [slug, part] : view.machine.parts()) {
    told += part.kind == v1::REQUEST_PART_KIND_RECIPIENT ? 1 : 0;
    if (part.status != v1::REQUEST_PART_STATUS_REFUSED) continue;
    ++refused;
    absl::StrAppend(&names, names.empty() ? "" : ", ", slug);
  }
  if (told > 0) (*fields)["told"] = absl::StrCat(told);
  if (view.machine.status() != v1::REQUEST_STATUS_COMPLETED_IN_PART) return;
  (*fields)["in_part"] = "yes";
  (*fields)["refused"] = absl::StrCat(refused);
  (*fields)["refused_names"] = names;
}

// What the last step of each kind says.
void AddSteps(const RequestView& view, LetterFields* fields) {
  for (const v1::RequestEvent& event : view.request().event()) {
    if (!event.reason().empty()) (*fields)["reason"] = event.reason();
    if (event.kind() == v1::REQUEST_EVENT_KIND_DENIED) {
      (*fields)["denial"] = std::string(DenialReasonWords(event.denial()));
    }
    (*fields)["granted"] =
        event.kind() == v1::REQUEST_EVENT_KIND_APPEAL_GRANTED ? "yes" : "";
    (*fields)["denied"] =
        event.kind() == v1::REQUEST_EVENT_KIND_APPEAL_DENIED ? "yes" : "";
  }
}

// What statutes have a letter say.
void AddByLaw(const RequestLaw& law, const RequestView& view,
              const LetterBook& letters, LetterFields* fields) {
  for (const DatedRule* rule :
       law.RulesFor(view.request(), view.machine.received_at())) {
    const v1::LawRule& demand = rule->rule();
    if (demand.has_deadline() &&
        NamesKind(demand.deadline().request(), v1::REQUEST_KIND_APPEAL)) {
      (*fields)["appeal"] = "yes";
      (*fields)["appeal_within"] =
          absl::StrCat(" within ", PeriodText(demand.deadline().within()),
                       " of our receiving it");
    }
    if (demand.has_contents() &&
        demand.contents().document() == "appeal-decision") {
      (*fields)["regulator"] =
          letters.RegulatorOf(rule->entry->pack->jurisdiction());
    }
    if (demand.has_contents() &&
        demand.contents().document() == "access-answer" &&
        IsAnsweredInWords(view.machine.kind())) {
      (*fields)["answers"] = "yes";
    }
    if (demand.has_threshold() &&
        demand.threshold().duty() == kStatementWords &&
        view.machine.kind() == v1::REQUEST_KIND_CORRECT) {
      (*fields)["statement_words"] = absl::StrCat(demand.threshold().value());
    }
    // The offer that goes with a deletion that is denied (11 CCR 7022(f)).
    if (demand.has_contents() && demand.contents().document() == "denial" &&
        view.machine.kind() == v1::REQUEST_KIND_DELETE) {
      (*fields)["opt_out"] = "yes";
    }
  }
  if (view.machine.kind() == v1::REQUEST_KIND_DELETE) {
    (*fields)["deletion"] = "yes";
  }
}

}  // namespace

bool IsAnsweredInWords(v1::RequestKind kind) {
  return kind == v1::REQUEST_KIND_KNOW || kind == v1::REQUEST_KIND_ACCESS ||
         kind == v1::REQUEST_KIND_THIRD_PARTIES;
}

absl::StatusOr<LetterFields> LetterFieldsOf(const RequestLaw& law,
                                            const v1::Policy& policy,
                                            const RequestView& view,
                                            const LetterBook& letters,
                                            absl::CivilDay today) {
  LetterFields fields;
  fields["entity"] = policy.name().empty() ? policy.entity() : policy.name();
  fields["contact"] = ContactText(policy);
  fields["reference"] = absl::BytesToHexString(view.kept.request_ref);
  fields["kind"] = std::string(RequestKindWords(view.machine.kind()));
  fields["received_on"] = TimeText(view.machine.received_at());
  if (view.machine.answered_at() != absl::Time()) {
    fields["answered_on"] = TimeText(view.machine.answered_at());
  }
  const AuthenticationWanted wanted = WantedOf(law, view.request());
  if (wanted.needed == Authenticating::kNotNeeded) {
    fields["nobody_is_asked"] = "yes";
  } else if (!view.machine.is_authenticated()) {
    fields["wanted"] = WantedText(wanted);
  }
  AddDue(view, &fields);
  AddParts(view, &fields);
  AddSteps(view, &fields);
  AddByLaw(law, view, letters, &fields);
  SUBROSA_ASSIGN_OR_RETURN(const RecordKeeping keeping,
                           KeepingOf(law, view.request(), today));
  // The key that the record is sealed under goes when the year is over.
  if (keeping.rule != nullptr) {
    fields["record"] = absl::StrCat(keeping.until.year());
  }
  return fields;
}

void AddAnswer(const LetterAnswer& answer, LetterFields* fields) {
  bool is_sold = false;
  bool is_shared = false;
  std::string recipients;
  for (const ReceivedByOne& one : answer.received) {
    (one.sold ? is_sold : is_shared) = true;
    absl::StrAppend(&recipients, recipients.empty() ? "" : "\n",
                    one.name.empty() ? one.recipient : one.name, ", ",
                    one.contact, one.sold ? " (sold)" : "");
  }
  (*fields)["confirmation"] = absl::StrCat(
      answer.records > 0 ? "We collect and hold data about you."
                         : "We hold no data about you.",
      is_shared ? " We shared some of it." : " We did not share it.",
      is_sold ? " We sold some of it." : " We did not sell it.");
  (*fields)["recipients"] = recipients;
}

}  // namespace subrosa
