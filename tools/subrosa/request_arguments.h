// What every subcommand of `request` shares: which request, when, which letter,
// and the desk.
#ifndef SUBROSA_TOOLS_SUBROSA_REQUEST_ARGUMENTS_H_
#define SUBROSA_TOOLS_SUBROSA_REQUEST_ARGUMENTS_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "src/consent/policy.h"
#include "src/law/law_book.h"
#include "src/request/letter_book.h"
#include "src/request/letter_fields.h"
#include "src/request/request_desk.h"
#include "src/steward/home.h"
#include "subrosa/v1/request.pb.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/session.h"

namespace subrosa {

// A home with its desk open. What uses another part stands after it.
struct OpenDesk {
  OpenHome home;  // Without its vault, which the desk has.
  std::unique_ptr<const LawBook> law;
  std::unique_ptr<const Policy> policy;
  std::unique_ptr<RequestDesk> desk;
};
absl::StatusOr<OpenDesk> OpenRequestDesk(const HomeArguments& arguments);

// What the letter of an answer says of `consumer`.
absl::StatusOr<LetterAnswer> ReadLetterAnswer(const HomeArguments& arguments,
                                              const OpenDesk& open,
                                              absl::string_view consumer);

// 32 hexadecimal digits as the 16 bytes of a reference. INVALID_ARGUMENT else.
absl::StatusOr<std::string> ParseRequestRef(const std::string& text);

// "2026-12-01T09:30:00-08:00". INVALID_ARGUMENT else; nothing for nothing.
absl::StatusOr<std::optional<absl::Time>> ParseWhen(const std::string& text);

class RequestArguments {
 public:
  // Adds the reference, --at, --letter, --letters and those of a home.
  RequestArguments(CommandLine* line, std::string command);

  // Adds --answer, for what may write the letter of an answer.
  void TakeAnswer(CommandLine* line);
  // Adds --ask-for, for what may write a letter that asks who asks.
  void TakeAskedFor(CommandLine* line);

  bool json() const { return home_.json(); }
  // Empty if an argument is missing or wrong, and that was said.
  std::optional<ExitCode> Check(const Streams& streams);

  // Takes `event`, at the time that was given or now, and prints where the
  // request stands. Writes `letter` where a file for it was named: if there is
  // none, or no such file can be made, no step is taken. A refusal is kNo.
  ExitCode Take(v1::RequestEvent event, Letter letter,
                const Streams& streams) const;
  // The same through `take`, for what is more than one event.
  using TakeStep = std::function<absl::StatusOr<RequestView>(
      RequestDesk& desk, const std::string& request_ref,
      std::optional<absl::Time> at)>;
  ExitCode TakeBy(const TakeStep& take, std::optional<Letter> letter,
                  const Streams& streams) const;

  // Adds --dry-run and --yes, for TakeForGood.
  void AskBefore(CommandLine* line);
  // Takes `event`, which drops what cannot be had again: asks for the reference
  // again, unless told not to.
  ExitCode TakeForGood(const v1::RequestEvent& event,
                       const Streams& streams) const;

  // An event of `kind` by `actor`, at the time that was given or now.
  v1::RequestEvent EventOf(v1::RequestEventKind kind,
                           v1::RequestActor actor) const;

 private:
  // What the letter of an answer says, from the home and from --answer.
  absl::Status AddAnswerOf(const OpenDesk& open, const RequestView& view,
                           const LetterBook& letters,
                           LetterFields* fields) const;
  // What --letter is written on. It is had before the step, so that a step is
  // not taken whose letter could not be begun.
  struct LetterPaper;
  absl::StatusOr<LetterPaper> GetPaper() const;
  ExitCode WriteLetter(const OpenDesk& open, const RequestView& view,
                       Letter letter, LetterPaper* paper,
                       const Streams& streams) const;

  const std::string command_;
  std::vector<std::string> given_;
  std::string at_text_;
  std::string letter_path_;
  std::string letters_folder_;
  std::string answer_path_;
  std::vector<std::string> asked_for_;
  bool dry_run_ = false;
  bool yes_ = false;
  HomeArguments home_;
  std::string request_ref_;
  std::optional<absl::Time> at_;
};

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_REQUEST_ARGUMENTS_H_
