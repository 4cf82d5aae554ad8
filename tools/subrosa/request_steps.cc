// The steps of a request that an officer takes, or enters for the requester.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "src/base/file.h"
#include "src/request/letter_book.h"
#include "src/request/request_desk.h"
#include "src/request/request_text.h"
#include "subrosa/v1/request.pb.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/request_arguments.h"
#include "tools/subrosa/request_command.h"
#include "tools/subrosa/session.h"

namespace subrosa {
namespace {

constexpr size_t kMaxReasonFileBytes = 8192;

// --reason and --reason-file, for steps that tell the requester why.
class ReasonArgument {
 public:
  explicit ReasonArgument(CommandLine* line) {
    line->AddOption("--reason", &text_,
                    "The reason, as the requester is told it: no health data");
    line->AddOption("--reason-file", &file_, "File with the reason");
  }

  bool is_given() const { return !text_.empty() || !file_.empty(); }

  absl::StatusOr<std::string> Read() const {
    if (!text_.empty() == !file_.empty()) {
      return absl::InvalidArgumentError("want --reason or --reason-file");
    }
    if (!text_.empty()) return text_;
    absl::StatusOr<std::string> text = ReadFile(file_, kMaxReasonFileBytes);
    if (text.ok()) absl::StripTrailingAsciiWhitespace(&*text);
    return text;
  }

 private:
  std::string text_;
  std::string file_;
};

// --consumer and --consumer-file, for steps that may say whose data it is.
class AboutArgument {
 public:
  explicit AboutArgument(CommandLine* line) {
    line->AddOption("--consumer", &consumer_,
                    "Whose data it is about, if that was not known");
    line->AddOption("--consumer-file", &file_,
                    "The same from a file: keeps the id out of the list of "
                    "processes");
  }

  // Empty if neither was given.
  absl::StatusOr<std::string> Read() const {
    if (file_.empty()) return consumer_;
    if (!consumer_.empty()) {
      return absl::InvalidArgumentError("want --consumer or --consumer-file");
    }
    return ReadConsumerFile(file_);
  }

 private:
  std::string consumer_;
  std::string file_;
};

// A step that needs nothing said.
ExitCode PlainStep(const std::string& name, const std::string& description,
                   v1::RequestEventKind kind, Letter letter,
                   absl::Span<const std::string> arguments,
                   const Streams& streams) {
  CommandLine line(name, description);
  RequestArguments request(&line, name);
  if (letter == Letter::kAcknowledge) request.TakeAskedFor(&line);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if (const auto exit = request.Check(streams)) return *exit;
  return request.Take(request.EventOf(kind, v1::REQUEST_ACTOR_OFFICER), letter,
                      streams);
}

// One after which what the requester said is kept no longer.
ExitCode LastStep(const std::string& name, const std::string& description,
                  v1::RequestEventKind kind, v1::RequestActor actor,
                  absl::Span<const std::string> arguments,
                  const Streams& streams) {
  CommandLine line(name, description);
  RequestArguments request(&line, name);
  request.AskBefore(&line);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if (const auto exit = request.Check(streams)) return *exit;
  return request.TakeForGood(request.EventOf(kind, actor), streams);
}

}  // namespace

ExitCode RequestAcknowledge(absl::Span<const std::string> arguments,
                            const Streams& streams) {
  return PlainStep("request acknowledge",
                   "Records that the requester was told that we have the "
                   "request, and writes the letter.",
                   v1::REQUEST_EVENT_KIND_ACKNOWLEDGED, Letter::kAcknowledge,
                   arguments, streams);
}

ExitCode RequestComplete(absl::Span<const std::string> arguments,
                         const Streams& streams) {
  int way = v1::CORRECTION_WAY_UNSPECIFIED;
  CommandLine line("request complete",
                   "Records that the request is done: in part, if a store or "
                   "recipient refused. Refused while one is silent, and of a "
                   "deletion while somebody of the account is held. Records "
                   "what was chosen, of a request to opt out, to limit, to "
                   "withdraw or to cease.");
  line.AddChoice("--corrected-by", &way,
                 {{"revision", v1::CORRECTION_WAY_REVISION},
                  {"statement", v1::CORRECTION_WAY_STATEMENT},
                  {"elsewhere", v1::CORRECTION_WAY_ELSEWHERE}},
                 "Of a correction: the record was put again by `ingest`, a "
                 "statement stands beside it, or it is in other stores alone");
  RequestArguments request(&line, "request complete");
  request.TakeAnswer(&line);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if (const auto exit = request.Check(streams)) return *exit;
  v1::RequestEvent event = request.EventOf(v1::REQUEST_EVENT_KIND_COMPLETED,
                                           v1::REQUEST_ACTOR_OFFICER);
  event.set_corrected_by(static_cast<v1::CorrectionWay>(way));
  return request.Take(event, Letter::kComplete, streams);
}

ExitCode RequestTakeBack(absl::Span<const std::string> arguments,
                         const Streams& streams) {
  return LastStep("request take-back",
                  "Records that the requester took the request back. What "
                  "was done already is not undone, and is completed instead.",
                  v1::REQUEST_EVENT_KIND_TAKEN_BACK,
                  v1::REQUEST_ACTOR_REQUESTER, arguments, streams);
}

ExitCode RequestClose(absl::Span<const std::string> arguments,
                      const Streams& streams) {
  return LastStep("request close",
                  "Closes an answered request for good: contact, account id, "
                  "reasons and what was checked go; what the log has to hold "
                  "stays. Close it once no appeal is to be expected.",
                  v1::REQUEST_EVENT_KIND_CLOSED, v1::REQUEST_ACTOR_OFFICER,
                  arguments, streams);
}

ExitCode RequestAuthenticate(absl::Span<const std::string> arguments,
                             const Streams& streams) {
  bool ask = false;
  v1::RequestAuthentication checked;
  bool log_in = false;
  bool declaration = false;
  bool seen = false;
  bool confirmed = false;
  bool power = false;
  bool guardianship = false;
  std::vector<std::string> matched;
  CommandLine line("request authenticate",
                   "Records by what it was established who asks: what was "
                   "checked, never its value. Refused if the statutes that "
                   "apply want more. With --ask nothing is recorded; --letter "
                   "writes what we ask for.");
  line.AddFlag("--ask", &ask, "Only write the letter that asks for it");
  line.AddFlag("--account-login", &log_in,
               "They logged in to their account anew");
  line.AddOptions("--matched", &matched,
                  "A data point that matched, as a slug: birth-date");
  line.AddFlag("--signed-declaration", &declaration,
               "They signed a declaration under penalty of perjury");
  line.AddFlag("--permission-seen", &seen,
               "The agent's permission was seen, signed by the consumer");
  line.AddFlag("--permission-confirmed", &confirmed,
               "The consumer confirmed that permission to us");
  line.AddFlag("--power-of-attorney", &power,
               "The agent's power of attorney was seen, such as the statute "
               "names");
  line.AddFlag("--guardianship-seen", &guardianship,
               "What shows that the guardian is one was seen; not needed of "
               "one who is on record (`consent facts`)");
  const AboutArgument about(&line);
  RequestArguments request(&line, "request authenticate");
  request.TakeAskedFor(&line);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if (const auto exit = request.Check(streams)) return *exit;
  const absl::StatusOr<std::string> consumer = about.Read();
  if (!consumer.ok()) {
    return UsageError("request authenticate",
                      std::string(consumer.status().message()), streams);
  }
  checked.set_account_login(log_in);
  checked.set_signed_declaration(declaration);
  checked.set_permission_seen(seen);
  checked.set_permission_confirmed(confirmed);
  checked.set_power_of_attorney(power);
  checked.set_guardianship_seen(guardianship);
  for (const std::string& point : matched) checked.add_matched(point);
  v1::RequestEvent event = request.EventOf(v1::REQUEST_EVENT_KIND_AUTHENTICATED,
                                           v1::REQUEST_ACTOR_OFFICER);
  *event.mutable_authentication() = checked;
  return request.TakeBy(
      [&](RequestDesk& desk, const std::string& ref,
          std::optional<absl::Time>) {
        return ask ? desk.Read(ref) : desk.Authenticate(ref, *consumer, event);
      },
      ask ? std::optional<Letter>(Letter::kAuthenticate) : std::nullopt,
      streams);
}

ExitCode RequestIdentify(absl::Span<const std::string> arguments,
                         const Streams& streams) {
  CommandLine line("request identify",
                   "Records whose data a request is about, where that was not "
                   "known: of an opt-out, for which nobody may be asked to "
                   "show who they are. What is on record of them sets clocks "
                   "too.");
  const AboutArgument about(&line);
  RequestArguments request(&line, "request identify");
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if (const auto exit = request.Check(streams)) return *exit;
  const absl::StatusOr<std::string> consumer = about.Read();
  if (!consumer.ok() || consumer->empty()) {
    return UsageError("request identify",
                      consumer.ok() ? "want --consumer or --consumer-file"
                                    : std::string(consumer.status().message()),
                      streams);
  }
  const v1::RequestEvent event = request.EventOf(
      v1::REQUEST_EVENT_KIND_IDENTIFIED, v1::REQUEST_ACTOR_OFFICER);
  return request.TakeBy(
      [&](RequestDesk& desk, const std::string& ref,
          std::optional<absl::Time>) {
        return desk.Identify(ref, *consumer, event);
      },
      std::nullopt, streams);
}

ExitCode RequestExtend(absl::Span<const std::string> arguments,
                       const Streams& streams) {
  CommandLine line("request extend",
                   "Records that the requester was told, with the reason, that "
                   "we need longer. Refused after the first period, a second "
                   "time, and where no statute allows it.");
  ReasonArgument reason(&line);
  RequestArguments request(&line, "request extend");
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if (const auto exit = request.Check(streams)) return *exit;
  const absl::StatusOr<std::string> text = reason.Read();
  if (!text.ok()) {
    return UsageError("request extend", std::string(text.status().message()),
                      streams);
  }
  v1::RequestEvent event = request.EventOf(v1::REQUEST_EVENT_KIND_EXTENDED,
                                           v1::REQUEST_ACTOR_OFFICER);
  event.set_reason(*text);
  return request.Take(event, Letter::kExtend, streams);
}

ExitCode RequestDeny(absl::Span<const std::string> arguments,
                     const Streams& streams) {
  std::string because;
  CommandLine line("request deny",
                   "Records a denial, and writes the letter with what the "
                   "statutes want it to say.");
  line.AddOption("--because", &because,
                 "not-authenticated, not-a-consumer, exempt, excessive, "
                 "repeated-correction, held-to-be-right, fraudulent, "
                 "no-such-right or refused-by-all",
                 Need::kRequired);
  ReasonArgument reason(&line);
  RequestArguments request(&line, "request deny");
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if (const auto exit = request.Check(streams)) return *exit;
  const std::optional<v1::DenialReason> code = DenialReasonOf(because);
  const absl::StatusOr<std::string> text = reason.Read();
  if (!code.has_value() || !text.ok()) {
    return UsageError("request deny",
                      code.has_value() ? std::string(text.status().message())
                                       : "--because: want one of the reasons "
                                         "that --help lists, got another",
                      streams);
  }
  v1::RequestEvent event =
      request.EventOf(v1::REQUEST_EVENT_KIND_DENIED, v1::REQUEST_ACTOR_OFFICER);
  event.set_denial(*code);
  event.set_reason(*text);
  return request.Take(event, Letter::kDeny, streams);
}

ExitCode RequestPartCommand(absl::Span<const std::string> arguments,
                            const Streams& streams) {
  std::string part;
  int kind = v1::REQUEST_PART_KIND_STORE;
  int status = v1::REQUEST_EVENT_KIND_UNSPECIFIED;
  bool late = false;
  CommandLine line("request part",
                   "Records what a store or recipient was asked, or said. "
                   "While one is silent the request stays open.");
  line.AddOption("--part", &part, "Its slug: records, or a recipient's id");
  line.AddChoice("--kind", &kind,
                 {{"store", v1::REQUEST_PART_KIND_STORE},
                  {"recipient", v1::REQUEST_PART_KIND_RECIPIENT}},
                 "What it is, when it is sent [store]");
  line.AddChoice("--status", &status,
                 {{"sent", v1::REQUEST_EVENT_KIND_PART_SENT},
                  {"acknowledged", v1::REQUEST_EVENT_KIND_PART_ACKNOWLEDGED},
                  {"overdue", v1::REQUEST_EVENT_KIND_PART_OVERDUE},
                  {"done", v1::REQUEST_EVENT_KIND_PART_DONE},
                  {"refused", v1::REQUEST_EVENT_KIND_PART_REFUSED}},
                 "What happened");
  line.AddFlag("--mark-late", &late,
               "Mark every silent part whose time is over as overdue");
  RequestArguments request(&line, "request part");
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if (const auto exit = request.Check(streams)) return *exit;
  const bool names_step =
      !part.empty() && status != v1::REQUEST_EVENT_KIND_UNSPECIFIED;
  if (late == names_step || (late && !part.empty())) {
    return UsageError("request part",
                      "want --part and --status, or --mark-late", streams);
  }
  v1::RequestEvent event = request.EventOf(
      static_cast<v1::RequestEventKind>(status), v1::REQUEST_ACTOR_OFFICER);
  event.set_part(part);
  if (status == v1::REQUEST_EVENT_KIND_PART_SENT) {
    event.set_part_kind(static_cast<v1::RequestPartKind>(kind));
  }
  return request.TakeBy(
      [&](RequestDesk& desk, const std::string& ref,
          std::optional<absl::Time>) {
        return late ? desk.MarkLateParts(ref) : desk.Take(ref, event);
      },
      std::nullopt, streams);
}

ExitCode RequestAppeal(absl::Span<const std::string> arguments,
                       const Streams& streams) {
  int decision = v1::REQUEST_EVENT_KIND_APPEALED;
  CommandLine line("request appeal",
                   "Records the requester's appeal of a refusal, or with "
                   "--decision and a reason what became of it.");
  line.AddChoice("--decision", &decision,
                 {{"granted", v1::REQUEST_EVENT_KIND_APPEAL_GRANTED},
                  {"denied", v1::REQUEST_EVENT_KIND_APPEAL_DENIED}},
                 "The decision on it");
  ReasonArgument reason(&line);
  RequestArguments request(&line, "request appeal");
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if (const auto exit = request.Check(streams)) return *exit;
  const auto kind = static_cast<v1::RequestEventKind>(decision);
  if (kind == v1::REQUEST_EVENT_KIND_APPEALED) {
    if (reason.is_given()) {
      return UsageError("request appeal",
                        "--reason: want it for a decision alone", streams);
    }
    const v1::RequestEvent event =
        request.EventOf(kind, v1::REQUEST_ACTOR_REQUESTER);
    return request.TakeBy(
        [&](RequestDesk& desk, const std::string& ref,
            std::optional<absl::Time>) { return desk.Take(ref, event); },
        std::nullopt, streams);
  }
  const absl::StatusOr<std::string> text = reason.Read();
  if (!text.ok()) {
    return UsageError("request appeal", std::string(text.status().message()),
                      streams);
  }
  v1::RequestEvent event = request.EventOf(kind, v1::REQUEST_ACTOR_OFFICER);
  event.set_reason(*text);
  return request.Take(event, Letter::kAppeal, streams);
}

}  // namespace subrosa
