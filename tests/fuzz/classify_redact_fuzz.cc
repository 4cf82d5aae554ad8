// Bytes from strangers, as what `classify text` and `evaluate` read: the first
// byte says which.
//
// What must hold: a text comes out of a MatchStream as it went in, and the same
// however it was cut; what replaces a value is printable; a labelled text that
// is taken can be measured, and no figure leaves 0 to 1; a file of suppressions
// or of types is taken, or refused as INVALID_ARGUMENT with its line.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "src/classify/evaluation.h"
#include "src/classify/labelled_text.h"
#include "src/classify/match_stream.h"
#include "src/classify/redactor.h"
#include "src/classify/span_score.h"
#include "src/classify/span_types.h"
#include "src/classify/suppressions.h"
#include "src/classify/text_rules.h"
#include "src/classify/text_scanner.h"

namespace subrosa {
namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

const TextScanner& TheScanner() {
  static const TextScanner* const scanner =
      std::move(TextScanner::Create({})).value().release();
  return *scanner;
}

// `text` with each match replaced, given in chunks of `chunk_bytes`.
std::string Redacted(absl::string_view text, size_t chunk_bytes) {
  const Redactor redactor = Redactor::Markers();
  std::string redacted;
  std::string joined;
  absl::StatusOr<MatchStream> stream = MatchStream::Create(
      TheScanner(),
      {[&](const TextMatch& match, absl::string_view value) {
         joined.append(value.data(), value.size());
         const std::string marker =
             redactor.Replacement(TextRules()[match.rule].id, value);
         Require(std::all_of(marker.begin(), marker.end(), [](char c) {
           return absl::ascii_isprint(static_cast<unsigned char>(c));
         }));
         redacted += marker;
       },
       [&](absl::string_view bytes) {
         joined.append(bytes.data(), bytes.size());
         redacted.append(bytes.data(), bytes.size());
       }});
  Require(stream.ok());
  for (size_t at = 0; at < text.size(); at += chunk_bytes) {
    Require(stream->Append(text.substr(at, chunk_bytes)).ok());
  }
  Require(stream->Finish().ok());
  Require(joined == text);
  return redacted;
}

void RunText(absl::string_view text) {
  Require(Redacted(text, std::max<size_t>(text.size(), 1)) ==
          Redacted(text, 1 + text.size() / 7));
}

void RequireScore(const SpanScore& score) {
  for (const double figure :
       {score.precision, score.recall, score.f1, score.f2}) {
    Require(figure >= 0 && figure <= 1);
  }
}

void RunLabelled(absl::string_view line) {
  static const SpanTypes* const types =
      new SpanTypes(std::move(SpanTypes::BuiltIn()).value());
  const absl::StatusOr<LabelledText> text = ParseLabelledText(line);
  if (!text.ok()) {
    Require(absl::IsInvalidArgument(text.status()));
    return;
  }
  const auto scratch = std::move(TheScanner().NewScratch()).value();
  std::vector<TextMatch> matches;
  Require(TheScanner().Scan(text->text, scratch.get(), &matches).ok());
  std::vector<FoundSpan> found;
  for (const TextMatch& match : matches) {
    found.push_back({match.span, TextRules()[match.rule].id, match.score});
  }
  Evaluation::Options options;
  options.resamples = 3;
  Evaluation evaluation(*types, options);
  const absl::Status added = evaluation.Add(*text, found);
  Require(added.ok() || absl::IsInvalidArgument(added));
  const EvaluationReport report = evaluation.Report(EvaluationPart::kAll);
  RequireScore(report.all.cover);
  RequireScore(report.all.exact);
  RequireScore(report.all_macro);
  for (const EvaluationRow& row : report.types) {
    RequireScore(row.cover);
    RequireScore(row.words);
    RequireScore(row.paired);
    Require(row.tally.exact <= row.tally.paired);
    Require(row.tally.paired <= std::min(row.tally.found, row.tally.labelled));
  }
}

void RequireNamedLine(const absl::Status& status) {
  Require(status.ok() || (absl::IsInvalidArgument(status) &&
                          absl::StartsWith(status.message(), "line ")));
}

void RunSuppressions(const std::string& text) {
  absl::StatusOr<Suppressions> list =
      Suppressions::Parse(text, absl::CivilDay(2026, 11, 25));
  RequireNamedLine(list.status());
  if (!list.ok()) return;
  list->BeginFile("logs/a.txt");
  bool held = list->Suppresses("text/phone", "payload.note[3]", "abcdefghi234");
  uint64_t used = 0;
  for (const Suppression& entry : list->entries()) used += entry.used;
  Require(used == (held ? 1 : 0));
}

}  // namespace
}  // namespace subrosa

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const absl::string_view rest(reinterpret_cast<const char*>(data) + 1,
                               size - 1);
  switch (data[0] % 4) {
    case 0:
      subrosa::RunText(rest);
      break;
    case 1:
      subrosa::RunLabelled(rest);
      break;
    case 2:
      subrosa::RunSuppressions(std::string(rest));
      break;
    default:
      subrosa::RequireNamedLine(subrosa::SpanTypes::Parse(rest).status());
  }
  return 0;
}
