#include "src/request/letter_fields.h"

#include <set>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/time.h"
#include "src/base/status_macros.h"
#include "src/consent/entity_law.h"
#include "src/request/letter_phrases.h"
#include "src/request/request_authentication.h"
#include "src/request/request_clocks.h"
#include "src/request/request_counting.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/request.pb.h"

namespace subrosa {
namespace {

// What packs call duties and documents.
constexpr absl::string_view kStatementWords = "statement-words";
constexpr absl::string_view kException = "keep-for-the-exception-alone";
constexpr absl::string_view kDenial = "denial";
constexpr absl::string_view kAppealDecision = "appeal-decision";

std::string ContactText(const v1::Policy& policy) {
  std::string text;
  for (const std::string& line : {policy.contact_email(), policy.contact_url(),
                                  policy.contact_postal()}) {
    if (!line.empty()) absl::StrAppend(&text, text.empty() ? "" : "\n", line);
  }
  return text;
}

// By when the request itself is answered: by the strictest clock of an answer
// that runs; where none does, by the strictest of those that are about more
// than a first word.
void AddDue(const RequestView& view, const LetterPhrases& phrases,
            LetterFields* fields) {
  bool is_of_answer = false;
  for (const RequestClock& clock : view.clocks) {
    if (clock.state == ClockState::kElsewhere) {
      (*fields)["backups"] = phrases.Day(clock.last_day);
    }
    if (clock.step == v1::CLOCK_STEP_ACKNOWLEDGE ||
        clock.step == v1::CLOCK_STEP_DELETE_BACKUPS) {
      continue;
    }
    const bool answers = clock.step == v1::CLOCK_STEP_RESPOND;
    if (clock.state == ClockState::kRunning &&
        (fields->count("due_on") == 0 || (answers && !is_of_answer))) {
      (*fields)["due_on"] = phrases.Day(clock.last_day);
      is_of_answer = is_of_answer || answers;
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
void AddSteps(const RequestView& view, const LetterPhrases& phrases,
              LetterFields* fields) {
  for (const v1::RequestEvent& event : view.request().event()) {
    if (!event.reason().empty()) (*fields)["reason"] = event.reason();
    if (event.kind() == v1::REQUEST_EVENT_KIND_DENIED) {
      (*fields)["denial"] = phrases.Denial(event.denial());
    }
    (*fields)["granted"] =
        event.kind() == v1::REQUEST_EVENT_KIND_APPEAL_GRANTED ? "yes" : "";
    (*fields)["denied"] =
        event.kind() == v1::REQUEST_EVENT_KIND_APPEAL_DENIED ? "yes" : "";
  }
}

// Why the request was denied, the last time; unspecified if it was not.
v1::DenialReason DenialOf(const RequestView& view) {
  v1::DenialReason reason = v1::DENIAL_REASON_UNSPECIFIED;
  for (const v1::RequestEvent& event : view.request().event()) {
    if (event.kind() == v1::REQUEST_EVENT_KIND_DENIED) reason = event.denial();
  }
  return reason;
}

// Whether who was denied a correction for `reason` may have a statement
// recorded: it goes to the record of somebody who is known.
bool LeavesAStatement(v1::DenialReason reason) {
  return reason != v1::DENIAL_REASON_NOT_AUTHENTICATED &&
         reason != v1::DENIAL_REASON_NOT_A_CONSUMER &&
         reason != v1::DENIAL_REASON_FRAUDULENT;
}

// What a denial has to say besides its reason.
void AddOfDenial(const v1::LawRule& demand, const RequestView& view,
                 LetterFields* fields) {
  const v1::RequestKind kind = view.machine.kind();
  const v1::DenialReason reason = DenialOf(view);
  if (demand.has_threshold() && demand.threshold().duty() == kStatementWords &&
      kind == v1::REQUEST_KIND_CORRECT && LeavesAStatement(reason)) {
    (*fields)["statement_words"] = absl::StrCat(demand.threshold().value());
  }
  if (kind != v1::REQUEST_KIND_DELETE) return;
  // The offer that goes with a deletion that is denied (11 CCR 7022(g)).
  if (demand.contents().document() == kDenial) (*fields)["opt_out"] = "yes";
  // Nothing was deleted, or it would be completed in part: what an exception
  // keeps serves nothing else, and more is not promised.
  if (demand.duty().duty() == kException &&
      reason == v1::DENIAL_REASON_EXEMPT) {
    (*fields)["kept_for_exception"] = "yes";
  }
}

// The regulators of every statute that has a decision name one, in the order of
// the packs; empty while one of them is not known.
std::string RegulatorsText(const std::vector<const DatedRule*>& rules,
                           const LetterBook& letters) {
  std::set<std::string> seen;
  std::string text;
  for (const DatedRule* rule : rules) {
    if (rule->rule().contents().document() != kAppealDecision) continue;
    const std::string regulator =
        letters.RegulatorOf(rule->entry->pack->jurisdiction());
    if (regulator.empty()) return "";
    if (!seen.insert(regulator).second) continue;
    absl::StrAppend(&text, text.empty() ? "" : letters.phrases().Of("or-to"),
                    regulator);
  }
  return text;
}

// What statutes have a letter say.
void AddByLaw(const std::vector<const DatedRule*>& rules,
              const RequestView& view, const LetterBook& letters,
              LetterFields* fields) {
  (*fields)["regulator"] = RegulatorsText(rules, letters);
  for (const DatedRule* rule : rules) {
    const v1::LawRule& demand = rule->rule();
    if (demand.has_deadline() &&
        NamesKind(demand.deadline().request(), v1::REQUEST_KIND_APPEAL)) {
      (*fields)["appeal"] = "yes";
      (*fields)["appeal_within"] = absl::StrReplaceAll(
          letters.phrases().Of("appeal-within"),
          {{"{period}", letters.phrases().Period(demand.deadline().within())}});
    }
    if (demand.has_contents() &&
        demand.contents().document() == "access-answer" &&
        IsAnsweredInWords(view.machine.kind())) {
      (*fields)["answers"] = "yes";
    }
    AddOfDenial(demand, view, fields);
  }
}

}  // namespace

bool IsAnsweredInWords(v1::RequestKind kind) {
  return kind == v1::REQUEST_KIND_KNOW || kind == v1::REQUEST_KIND_ACCESS ||
         kind == v1::REQUEST_KIND_THIRD_PARTIES;
}

absl::StatusOr<LetterFields> LetterFieldsOf(
    const RequestLaw& law, const v1::Policy& policy, const RequestView& view,
    const LetterBook& letters, absl::Span<const std::string> asked_for,
    absl::CivilDay today) {
  const std::vector<const DatedRule*> rules =
      law.RulesFor(view.request(), view.machine.received_at());
  const LetterPhrases& phrases = letters.phrases();
  const auto day_of = [&, zone = law.ZoneFor(view.request())](absl::Time at) {
    return phrases.Day(absl::ToCivilDay(at, zone));
  };
  LetterFields fields;
  fields["entity"] = policy.name().empty() ? policy.entity() : policy.name();
  fields["contact"] = ContactText(policy);
  fields["reference"] = absl::BytesToHexString(view.kept.request_ref);
  fields["kind"] = phrases.Kind(view.machine.kind());
  fields["received_on"] = day_of(view.machine.received_at());
  if (view.machine.answered_at() != absl::Time()) {
    fields["answered_on"] = day_of(view.machine.answered_at());
  }
  const AuthenticationWanted wanted = WantedOf(law, view.request());
  if (wanted.needed == Authenticating::kNotNeeded) {
    fields["nobody_is_asked"] = "yes";
  } else if (!view.machine.is_authenticated()) {
    SUBROSA_ASSIGN_OR_RETURN(fields["wanted"],
                             AskText(wanted, asked_for, phrases));
  }
  AddDue(view, phrases, &fields);
  AddParts(view, &fields);
  AddSteps(view, phrases, &fields);
  AddByLaw(rules, view, letters, &fields);
  SUBROSA_ASSIGN_OR_RETURN(const RecordKeeping keeping,
                           KeepingOf(law, view.request(), today));
  // The key that the record is sealed under goes when the year is over.
  if (keeping.rule != nullptr) {
    fields["record"] = absl::StrCat(keeping.until.year());
  }
  return fields;
}

void AddAnswer(const LetterAnswer& answer, const LetterBook& letters,
               LetterFields* fields) {
  const LetterPhrases& phrases = letters.phrases();
  bool is_sold = false;
  bool is_shared = false;
  std::string recipients;
  for (const ReceivedByOne& one : answer.received) {
    (one.sold ? is_sold : is_shared) = true;
    absl::StrAppend(&recipients, recipients.empty() ? "" : "\n",
                    one.name.empty() ? one.recipient : one.name, ", ",
                    one.contact, one.sold ? phrases.Of("sold-to") : "");
  }
  (*fields)["recipients"] = recipients;
  if (!answer.in_words.empty()) {
    (*fields)["confirmation"] = answer.in_words;
  } else if (!answer.is_known) {
    (*fields)["confirmation"] = phrases.Of("not-known");
  } else {
    (*fields)["confirmation"] =
        absl::StrCat(phrases.Of(answer.records > 0 ? "held" : "not-held"),
                     phrases.Of(is_shared ? "shared" : "not-shared"),
                     phrases.Of(is_sold ? "sold" : "not-sold"));
  }
}

}  // namespace subrosa
