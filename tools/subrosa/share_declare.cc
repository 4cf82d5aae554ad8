#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "src/base/status_macros.h"
#include "src/ingest/buffered_input.h"
#include "src/ingest/json_decoder.h"
#include "src/ingest/line_reader.h"
#include "src/ingest/message_plan.h"
#include "src/ingest/message_types.h"
#include "src/steward/sharing.h"
#include "src/steward/steward.h"
#include "subrosa/v1/disclosure.pb.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/session.h"
#include "tools/subrosa/share_command.h"
#include "tools/subrosa/share_text.h"

namespace subrosa {
namespace {

constexpr size_t kMaxLineBytes = size_t{64} << 10;
constexpr size_t kBatch = 1000;

struct Declared {
  int64_t recorded = 0;
  int64_t unchanged = 0;  // On record already.
  int64_t refused = 0;
  int64_t not_permitted = 0;  // Of those recorded.
};

// Reads lines, and records them a batch at a time.
class Declaration {
 public:
  Declaration(Sharing& sharing, DeclareMode mode, const Streams& streams)
      : sharing_(sharing),
        mode_(mode),
        streams_(streams),
        plans_(MessageTypes::Linked()),
        decoder_(&plans_),
        plan_(*plans_.For(v1::Disclosure::descriptor())) {}

  // Also after an error `declared` tells what was recorded before it.
  const Declared& declared() const { return declared_; }

  absl::Status Read(const std::string& path) {
    SUBROSA_ASSIGN_OR_RETURN(BufferedInput input, BufferedInput::Open(path));
    LineReader lines(std::move(input), kMaxLineBytes);
    for (;;) {
      SUBROSA_ASSIGN_OR_RETURN(const Line line, lines.Next());
      if (line.kind == Line::Kind::kEnd) break;
      if (line.kind == Line::Kind::kTooLong) {
        Refuse(line.number, lines.TooLong());
        continue;
      }
      v1::Disclosure entry;
      const absl::Status decoded = decoder_.Decode(line.text, plan_, &wire_);
      if (!decoded.ok() || !entry.ParseFromString(wire_)) {
        Refuse(line.number, decoded);
        continue;
      }
      batch_.push_back(std::move(entry));
      numbers_.push_back(line.number);
      if (batch_.size() == kBatch) SUBROSA_RETURN_IF_ERROR(Flush());
    }
    return Flush();
  }

 private:
  void Refuse(uint64_t number, const absl::Status& status) {
    ++declared_.refused;
    Tell(number, status);
  }
  void Tell(uint64_t number, const absl::Status& status) const {
    std::fprintf(streams_.err, "subrosa: line %llu: %s\n",
                 static_cast<unsigned long long>(number),
                 std::string(status.message()).c_str());
  }

  absl::Status Flush() {
    SUBROSA_ASSIGN_OR_RETURN(const std::vector<DeclaredResult> results,
                             sharing_.Declare(batch_, mode_));
    for (size_t i = 0; i < results.size(); ++i) {
      if (absl::IsAlreadyExists(results[i].entry.status)) {
        ++declared_.unchanged;
        continue;
      }
      if (!results[i].entry.status.ok()) {
        Refuse(numbers_[i], results[i].entry.status);
        continue;
      }
      ++declared_.recorded;
      if (results[i].decision.ok()) continue;
      ++declared_.not_permitted;
      Tell(numbers_[i], results[i].decision);
    }
    batch_.clear();
    numbers_.clear();
    return absl::OkStatus();
  }

  Sharing& sharing_;
  const DeclareMode mode_;
  const Streams& streams_;
  MessagePlans plans_;
  JsonDecoder decoder_;
  const MessagePlan& plan_;
  std::string wire_;
  std::vector<v1::Disclosure> batch_;
  std::vector<uint64_t> numbers_;
  Declared declared_;
};

}  // namespace

ExitCode ShareDeclare(absl::Span<const std::string> arguments,
                      const Streams& streams) {
  std::vector<std::string> files;
  bool dry_run = false;
  CommandLine line(
      "share declare",
      "Records disclosures that were made elsewhere, as by an interface of "
      "the service. What nothing allowed is recorded too, for it has happened, "
      "and told on standard error. What is on record already is not recorded "
      "again, so that a file may be taken in again after an error. The exit "
      "code is 3 if something was not permitted, or a line is no disclosure.");
  line.AddArguments("file", &files,
                    "One Disclosure in JSON a line; - for standard input");
  line.AddFlag("--dry-run", &dry_run, "Only say what would be recorded");
  const HomeArguments home(&line, Need::kRequired);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if (files.size() != 1) {
    return UsageError("share declare", "want one file", streams);
  }
  const absl::StatusOr<std::unique_ptr<Steward>> steward = OpenSteward(home);
  if (!steward.ok()) return Fail(steward.status(), streams);
  const absl::StatusOr<std::unique_ptr<Sharing>> sharing =
      (*steward)->OpenSharing();
  if (!sharing.ok()) return Fail(sharing.status(), streams);
  Declaration declaration(
      **sharing, dry_run ? DeclareMode::kTry : DeclareMode::kRecord, streams);
  const absl::Status read = declaration.Read(files[0]);
  const ExitCode failed = read.ok() ? ExitCode::kDone : Fail(read, streams);
  const Declared& declared = declaration.declared();
  const nlohmann::ordered_json json = {
      {"dry_run", dry_run},
      {"recorded", declared.recorded},
      {"unchanged", declared.unchanged},
      {"refused", declared.refused},
      {"not_permitted", declared.not_permitted}};
  const ExitCode printed = Print(
      home.json()
          ? json.dump() + "\n"
          : absl::StrCat(declared.recorded, " recorded, of which ",
                         declared.not_permitted, " were not permitted; ",
                         declared.unchanged, " on record already; ",
                         declared.refused, " refused\n",
                         dry_run ? "Dry run: nothing was recorded.\n" : ""),
      streams);
  if (failed != ExitCode::kDone) return failed;
  if (printed != ExitCode::kDone) return printed;
  return declared.refused + declared.not_permitted == 0 ? ExitCode::kDone
                                                        : ExitCode::kNo;
}

}  // namespace subrosa
