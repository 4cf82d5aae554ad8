// Finds identifiers in a text, a pipe of any length included, and prints where
// they are, the text without them, or counts.
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "nlohmann/json.hpp"
#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "src/classify/classification.h"
#include "src/classify/match_stream.h"
#include "src/classify/redactor.h"
#include "src/classify/text_rules.h"
#include "src/classify/text_scanner.h"
#include "src/crypto/key_file.h"
#include "src/crypto/secret_key.h"
#include "tools/subrosa/classify_command.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/finding_text.h"
#include "tools/subrosa/health_text.h"
#include "tools/subrosa/suppression_argument.h"

namespace subrosa {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kChunkBytes = 256 * 1024;

enum class Redaction { kNone, kMarker, kPseudonym };

struct TextOptions {
  std::string path;
  std::string key_file;
  int redact = static_cast<int>(Redaction::kNone);
  int json = 0;
  bool counts = false;
  bool names = false;
  bool no_names = false;
  bool years = false;
  bool explain = false;

  bool redacts() const { return redact != static_cast<int>(Redaction::kNone); }
  // A text that goes out without its telephone numbers and with its names would
  // look safe.
  bool looks_for_names() const { return names || (redacts() && !no_names); }
};

// What makes pseudonyms: with the given key, or one that nobody keeps.
absl::StatusOr<Redactor> MakePseudonyms(const std::string& key_file) {
  SUBROSA_ASSIGN_OR_RETURN(SecretKey key, key_file.empty()
                                              ? SecretKey::Random()
                                              : ReadKeyFile(key_file));
  return Redactor::Pseudonyms(std::move(key));
}

// Prints what a text holds as it is read.
class TextPrinter {
 public:
  TextPrinter(const TextOptions& options, SuppressionArgument* suppressions,
              const Streams& streams)
      : options_(options), suppressions_(*suppressions), streams_(streams) {}

  absl::Status Run() {
    SUBROSA_RETURN_IF_ERROR(suppressions_.Read(options_.path));
    if (suppressions_.needs_pseudonyms() && options_.key_file.empty()) {
      return absl::InvalidArgumentError(
          "--key-file: want the key under which the suppressions name values");
    }
    if (!options_.key_file.empty() ||
        options_.redact == static_cast<int>(Redaction::kPseudonym)) {
      SUBROSA_ASSIGN_OR_RETURN(pseudonyms_, MakePseudonyms(options_.key_file));
    }
    TextScanner::Options settings;
    settings.names = options_.looks_for_names();
    settings.years = options_.years;
    settings.this_year = static_cast<int>(
        absl::ToCivilYear(absl::Now(), absl::UTCTimeZone()).year());
    SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<TextScanner> scanner,
                             TextScanner::Create(settings));
    SUBROSA_ASSIGN_OR_RETURN(
        MatchStream stream,
        MatchStream::Create(
            *scanner, {[this](const TextMatch& match, absl::string_view value) {
                         OnMatch(match, value);
                       },
                       [this](absl::string_view bytes) {
                         if (options_.redacts()) Hold(bytes);
                       }}));
    SUBROSA_RETURN_IF_ERROR(Annotate(Read(&stream), options_.path));
    if (options_.counts) HoldCounts();
    return Write();
  }

  // True once standard output failed, which was told then.
  bool print_failed() const { return print_failed_; }

 private:
  absl::Status Read(MatchStream* stream) {
    UniqueFd file;
    int fd = fileno(streams_.in);
    if (options_.path != "-") {
      SUBROSA_ASSIGN_OR_RETURN(file, OpenForReading(options_.path));
      fd = file.get();
    }
    const auto buffer = std::make_unique<char[]>(kChunkBytes);
    for (;;) {
      const ssize_t size = read(fd, buffer.get(), kChunkBytes);
      if (size < 0 && errno == EINTR) continue;
      if (size < 0) return ErrnoStatus(errno, "read");
      if (size == 0) break;
      SUBROSA_RETURN_IF_ERROR(
          stream->Append({buffer.get(), static_cast<size_t>(size)}));
      // A pipe's reader sees what is certain at once.
      SUBROSA_RETURN_IF_ERROR(Write());
    }
    return stream->Finish();
  }

  void OnMatch(const TextMatch& match, absl::string_view value) {
    const char* const rule_id = TextRules()[match.rule].id;
    std::string pseudonym;
    if (!options_.key_file.empty()) {
      pseudonym = pseudonyms_->Pseudonym(rule_id, value);
    }
    if (suppressions_.Holds(rule_id, "", pseudonym)) {
      if (options_.redacts()) Hold(value);
    } else if (options_.counts) {
      ++counts_[match.rule];
    } else if (options_.redact == static_cast<int>(Redaction::kMarker)) {
      Hold(Redactor::Markers().Replacement(rule_id, value));
    } else if (options_.redacts()) {
      Hold(pseudonyms_->Replacement(rule_id, value));
    } else {
      HoldFinding(FindingOf(match, ""), pseudonym);
    }
  }

  void HoldFinding(const Finding& finding, const std::string& pseudonym) {
    if (options_.json != 0) {
      Json json = FindingJson(finding);
      if (!pseudonym.empty()) json["pseudonym"] = pseudonym;
      absl::StrAppend(&out_, json.dump(), "\n");
    } else {
      absl::StrAppend(&out_, finding.span.offset, "+", finding.span.length,
                      ": ", FindingText(finding), pseudonym.empty() ? "" : " ",
                      pseudonym, "\n");
    }
  }

  void Hold(absl::string_view bytes) {
    out_.append(bytes.data(), bytes.size());
  }

  void HoldCounts() {
    for (const auto& [rule, count] : counts_) {
      const TextRule& facts = TextRules()[rule];
      if (options_.json != 0) {
        const Json json = {
            {"rule", facts.id}, {"title", facts.title}, {"count", count}};
        absl::StrAppend(&out_, json.dump(), "\n");
      } else {
        absl::StrAppend(&out_, count, "\t", facts.id, "\t", facts.title, "\n");
      }
    }
  }

  absl::Status Write() {
    if (out_.empty()) return absl::OkStatus();
    print_failed_ = Print(out_, streams_) != ExitCode::kDone;
    out_.clear();
    return print_failed_
               ? absl::UnavailableError("standard output: cannot be written")
               : absl::OkStatus();
  }

  const TextOptions& options_;
  SuppressionArgument& suppressions_;
  const Streams& streams_;
  std::optional<Redactor> pseudonyms_;
  std::string out_;
  std::map<uint16_t, uint64_t> counts_;
  bool print_failed_ = false;
};

}  // namespace

ExitCode ClassifyText(absl::Span<const std::string> arguments,
                      const Streams& streams) {
  TextOptions options;
  std::vector<std::string> files;
  CommandLine line(
      "classify text",
      "Finds identifiers in a text: where each stands, by which rule and "
      "clause, one finding a line. Spans count bytes. With --redact, prints "
      "the text instead, with each find replaced and every other byte as it "
      "was. Prints no value that it found.");
  line.AddArguments("file", &files, "A file, or - for a pipe");
  line.AddChoice("--redact", &options.redact,
                 {{"marker", static_cast<int>(Redaction::kMarker)},
                  {"pseudonym", static_cast<int>(Redaction::kPseudonym)}},
                 "Print the text with [PHONE] in place of a telephone number, "
                 "or with a pseudonym that is the same for equal values; names "
                 "are looked for too");
  line.AddOption("--key-file", &options.key_file,
                 "Key of the pseudonyms, 64 hexadecimal digits; with it each "
                 "finding is listed with its value's pseudonym too [a new one, "
                 "which nobody keeps]");
  line.AddFlag("--counts", &options.counts, "Only count the findings, by rule");
  line.AddFlag("--names", &options.names,
               "Look for names of people, places and organizations too, as "
               "--redact does by itself; slower");
  line.AddFlag("--no-names", &options.no_names,
               "With --redact: leave names in the text, for logs and other "
               "texts that hold none");
  line.AddFlag("--years", &options.years,
               "Look for years alone too, which Safe Harbor leaves");
  line.AddFlag("--explain", &options.explain,
               "Tell instead where the text speaks of health, of what, of "
               "whose, and how surely");
  line.AddChoice("--format", &options.json, {{"text", 0}, {"json", 1}},
                 "How to print findings and counts [text]");
  SuppressionArgument suppressions(&line);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if (files.size() != 1) {
    return UsageError("classify text", "file: want one", streams);
  }
  if (options.redacts() && options.counts) {
    return UsageError("classify text", "--counts: want no --redact with it",
                      streams);
  }
  if (options.no_names && (!options.redacts() || options.names)) {
    return UsageError("classify text",
                      "--no-names: want --redact with it, and no --names",
                      streams);
  }
  options.path = files.front();
  if (options.explain) {
    if (options.redacts() || options.counts) {
      return UsageError("classify text",
                        "--explain: want no --redact or --counts with it",
                        streams);
    }
    return ExplainHealth(options.path, options.json != 0, streams);
  }

  TextPrinter printer(options, &suppressions, streams);
  const absl::Status status = printer.Run();
  if (printer.print_failed()) return ExitCode::kFailed;
  if (!status.ok()) return Fail(status, streams);
  suppressions.Tell(streams);
  return ExitCode::kDone;
}

}  // namespace subrosa
