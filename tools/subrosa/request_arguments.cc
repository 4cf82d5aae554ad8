#include "tools/subrosa/request_arguments.h"

#include <cstdio>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/time/clock.h"
#include "src/base/clock.h"
#include "src/base/file.h"
#include "src/base/new_file.h"
#include "src/base/status_macros.h"
#include "src/crypto/secret_buffer.h"
#include "src/disclosure/disclosure_ledger.h"
#include "src/erasure/owed_parts.h"
#include "src/request/letter_fields.h"
#include "src/request/request_ledger.h"
#include "src/steward/home_policy.h"
#include "src/vault/vault.h"
#include "tools/subrosa/request_view_text.h"
#include "tools/subrosa/typed_again.h"

namespace subrosa {
namespace {

const Clock& MachineClock() {
  static const SystemClock clock;
  return clock;
}

// What the statutes or the request's state do not allow is an answer.
ExitCode FailOrRefused(const absl::Status& status, const Streams& streams) {
  const ExitCode failed = Fail(status, streams);
  return absl::IsFailedPrecondition(status) || absl::IsAlreadyExists(status) ||
                 absl::IsNotFound(status)
             ? ExitCode::kNo
             : failed;
}

}  // namespace

absl::StatusOr<OpenDesk> OpenRequestDesk(const HomeArguments& arguments) {
  OpenDesk open;
  SUBROSA_ASSIGN_OR_RETURN(const SecretBuffer passphrase,
                           arguments.ReadPassphrase());
  SUBROSA_ASSIGN_OR_RETURN(
      open.home,
      OpenHomeFolder(arguments.folder(), passphrase, MachineClock()));
  SUBROSA_ASSIGN_OR_RETURN(LawBook law, LawBook::BuiltIn());
  open.law = std::make_unique<const LawBook>(std::move(law));
  SUBROSA_ASSIGN_OR_RETURN(
      Policy policy,
      ReadHomePolicy(arguments.folder(), open.home.vault->entity(), *open.law));
  open.policy = std::make_unique<const Policy>(std::move(policy));
  SUBROSA_ASSIGN_OR_RETURN(
      open.desk,
      RequestDesk::Open(std::move(open.home.vault), *open.law,
                        open.policy->proto(), MachineClock(), ReadOwedParts));
  return open;
}

absl::StatusOr<LetterAnswer> ReadLetterAnswer(const HomeArguments& arguments,
                                              const OpenDesk& open,
                                              absl::string_view consumer) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Vault> vault,
      OpenVault(arguments.folder(), *open.home.provider, MachineClock()));
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<DisclosureLedger> ledger,
                           DisclosureLedger::Open(*vault, MachineClock()));
  LetterAnswer answer;
  const absl::StatusOr<int64_t> rows = vault->CountRows(consumer);
  // Never known, or known no more.
  if (absl::IsNotFound(rows.status())) return answer;
  SUBROSA_RETURN_IF_ERROR(rows.status());
  answer.is_known = true;
  answer.records = *rows;
  SUBROSA_ASSIGN_OR_RETURN(answer.received, ledger->ReadRecipients(consumer));
  return answer;
}

absl::StatusOr<std::string> ParseRequestRef(const std::string& text) {
  bool is_hex = text.size() == 2 * kRequestRefBytes;
  for (const char c : text) {
    is_hex = is_hex && absl::ascii_isxdigit(static_cast<unsigned char>(c));
  }
  if (is_hex) return absl::HexStringToBytes(text);
  return absl::InvalidArgumentError(
      "reference: want the 32 hexadecimal digits of a request's, got another");
}

absl::StatusOr<std::optional<absl::Time>> ParseWhen(const std::string& text) {
  if (text.empty()) return std::optional<absl::Time>();
  absl::Time at;
  std::string error;
  if (absl::ParseTime(absl::RFC3339_full, text, &at, &error)) {
    return std::optional<absl::Time>(at);
  }
  return absl::InvalidArgumentError(
      "--at: want a time as 2026-12-01T09:30:00-08:00, got another");
}

RequestArguments::RequestArguments(CommandLine* line, std::string command)
    : command_(std::move(command)), home_(line, Need::kRequired) {
  line->AddArguments("reference", &given_,
                     "The request's reference, as `request list` shows it");
  line->AddOption("--at", &at_text_,
                  "When it happened, as 2026-12-01T09:30:00-08:00 [now]");
  line->AddOption("--letter", &letter_path_,
                  "File to make with the letter to the requester; it must not "
                  "exist");
  line->AddOption("--letters", &letters_folder_,
                  "Folder with letters of your own, in place of ours: deny.txt "
                  "and so on");
}

void RequestArguments::TakeAnswer(CommandLine* line) {
  line->AddOption("--answer", &answer_path_,
                  "File with what the letter says of what is held and was "
                  "shared, in place of ours: where other stores of yours hold "
                  "data, or it was erased before");
}

void RequestArguments::TakeAskedFor(CommandLine* line) {
  line->AddOptions("--ask-for", &asked_for_,
                   "What the letter asks the requester for, in words, each by "
                   "itself: your date of birth");
}

std::optional<ExitCode> RequestArguments::Check(const Streams& streams) {
  if (given_.size() != 1) {
    return UsageError(command_, "want one reference", streams);
  }
  const absl::StatusOr<std::string> ref = ParseRequestRef(given_[0]);
  if (!ref.ok()) {
    return UsageError(command_, std::string(ref.status().message()), streams);
  }
  const absl::StatusOr<std::optional<absl::Time>> at = ParseWhen(at_text_);
  if (!at.ok()) {
    return UsageError(command_, std::string(at.status().message()), streams);
  }
  request_ref_ = *ref;
  at_ = *at;
  return std::nullopt;
}

v1::RequestEvent RequestArguments::EventOf(v1::RequestEventKind kind,
                                           v1::RequestActor actor) const {
  v1::RequestEvent event;
  event.set_kind(kind);
  event.set_by(actor);
  if (at_.has_value()) {
    event.mutable_at()->set_seconds(absl::ToUnixSeconds(*at_));
  }
  return event;
}

absl::Status RequestArguments::AddAnswerOf(const OpenDesk& open,
                                           const RequestView& view,
                                           const LetterBook& letters,
                                           LetterFields* fields) const {
  const std::string& consumer = view.request().consumer();
  if (consumer.empty() && answer_path_.empty()) return absl::OkStatus();
  LetterAnswer answer;
  if (!consumer.empty()) {
    SUBROSA_ASSIGN_OR_RETURN(answer, ReadLetterAnswer(home_, open, consumer));
  }
  if (!answer_path_.empty()) {
    SUBROSA_ASSIGN_OR_RETURN(answer.in_words,
                             ReadFile(answer_path_, kMaxLetterBytes));
    absl::StripTrailingAsciiWhitespace(&answer.in_words);
    if (answer.in_words.empty()) {
      return absl::InvalidArgumentError(
          "--answer: want a file with what the letter says, got an empty one");
    }
  }
  AddAnswer(answer, letters, fields);
  return absl::OkStatus();
}

struct RequestArguments::LetterPaper {
  LetterBook book;
  NewFile file;
};

absl::StatusOr<RequestArguments::LetterPaper> RequestArguments::GetPaper()
    const {
  SUBROSA_ASSIGN_OR_RETURN(LetterBook book,
                           letters_folder_.empty()
                               ? LetterBook::BuiltIn()
                               : LetterBook::FromFolder(letters_folder_));
  SUBROSA_ASSIGN_OR_RETURN(NewFile file, NewFile::Create(letter_path_));
  return LetterPaper{std::move(book), std::move(file)};
}

ExitCode RequestArguments::WriteLetter(const OpenDesk& open,
                                       const RequestView& view, Letter letter,
                                       LetterPaper* paper,
                                       const Streams& streams) const {
  const auto write = [&]() -> absl::Status {
    SUBROSA_ASSIGN_OR_RETURN(
        LetterFields fields,
        LetterFieldsOf(open.desk->law(), open.policy->proto(), view,
                       paper->book, asked_for_,
                       CivilDayOf(DayOf(absl::Now()))));
    if (letter == Letter::kComplete && IsAnsweredInWords(view.machine.kind())) {
      SUBROSA_RETURN_IF_ERROR(AddAnswerOf(open, view, paper->book, &fields));
    }
    SUBROSA_ASSIGN_OR_RETURN(const std::string text,
                             paper->book.Write(letter, fields));
    SUBROSA_RETURN_IF_ERROR(paper->file.Append(text));
    return paper->file.Publish();
  };
  const absl::Status written = write();
  if (written.ok()) return ExitCode::kDone;
  const ExitCode failed = Fail(written, streams);
  std::fputs(
      "The step is taken; only its letter was not written. `request show "
      "--letter` writes it again.\n",
      streams.err);
  return failed;
}

ExitCode RequestArguments::TakeBy(const TakeStep& take,
                                  std::optional<Letter> letter,
                                  const Streams& streams) const {
  std::optional<LetterPaper> paper;
  if (!letter_path_.empty()) {
    if (!letter.has_value()) {
      return UsageError(command_, "--letter: want a step that has a letter",
                        streams);
    }
    absl::StatusOr<LetterPaper> got = GetPaper();
    if (!got.ok()) return Fail(got.status(), streams);
    paper.emplace(*std::move(got));
  }
  const absl::StatusOr<OpenDesk> open = OpenRequestDesk(home_);
  if (!open.ok()) return Fail(open.status(), streams);
  const absl::StatusOr<RequestView> view = take(*open->desk, request_ref_, at_);
  if (!view.ok()) return FailOrRefused(view.status(), streams);
  const ExitCode printed =
      Print(json() ? RequestJson(*view, absl::Now()).dump() + "\n"
                   : RequestText(*view, absl::Now()),
            streams);
  if (!paper.has_value()) return printed;
  const ExitCode written = WriteLetter(*open, *view, *letter, &*paper, streams);
  return printed == ExitCode::kDone ? written : printed;
}

void RequestArguments::AskBefore(CommandLine* line) {
  line->AddFlag("--dry-run", &dry_run_, "Only say whether it can be done");
  line->AddFlag("--yes", &yes_, "Do not ask for the reference again");
}

ExitCode RequestArguments::TakeForGood(const v1::RequestEvent& event,
                                       const Streams& streams) const {
  if (dry_run_ || !yes_) {
    const absl::StatusOr<OpenDesk> open = OpenRequestDesk(home_);
    if (!open.ok()) return Fail(open.status(), streams);
    const absl::StatusOr<RequestView> view =
        open->desk->CheckStep(request_ref_, event);
    if (!view.ok()) return FailOrRefused(view.status(), streams);
    const std::string text = RequestText(*view, absl::Now());
    if (dry_run_) {
      nlohmann::ordered_json shown = RequestJson(*view, absl::Now());
      shown["dry_run"] = true;
      return Print(json() ? shown.dump() + "\n"
                          : text + "Dry run: nothing was changed.\n",
                   streams);
    }
    std::fputs(text.c_str(), streams.err);
    if (!IsTypedAgain(
            "Contact, account id, reasons and what was checked go for "
            "good. Type the reference again: ",
            given_[0], streams)) {
      std::fputs("subrosa: error: the references differ; nothing was changed\n",
                 streams.err);
      return ExitCode::kNo;
    }
  }
  return TakeBy(
      [&](RequestDesk& desk, const std::string& ref,
          std::optional<absl::Time>) { return desk.Take(ref, event); },
      std::nullopt, streams);
}

ExitCode RequestArguments::Take(v1::RequestEvent event, Letter letter,
                                const Streams& streams) const {
  return TakeBy(
      [&](RequestDesk& desk, const std::string& ref,
          std::optional<absl::Time>) { return desk.Take(ref, event); },
      letter, streams);
}

}  // namespace subrosa
