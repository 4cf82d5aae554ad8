// An Evaluation measures finds in text against labels that people set.
//
// The headline is how much of what is labelled is covered by finds of its type,
// and how much of what is found is right (src/classify/span_match.h has the
// rule and where it comes from). Beside it stand stricter measures: by words,
// by pairs of one find and one label, and by equal spans; and the share of
// labelled bytes that finds of any type cover.
//
// A find that is not right is a false alarm, unless labels that the types
// pass over lie under it, or its text's source never labels that type anywhere:
// then it is not judged, and counted apart.
//
// Thread-compatible. Memory grows with labels and finds, not with texts.
//
// Security: holds ids, types and places. It keeps the text of errors only if
// told to.
//
// Example:
//   Evaluation evaluation(types, {});
//   for (...) SUBROSA_RETURN_IF_ERROR(evaluation.Add(text, found));
//   const EvaluationReport report = evaluation.Report(EvaluationPart::kAll);
#ifndef SUBROSA_SRC_CLASSIFY_EVALUATION_H_
#define SUBROSA_SRC_CLASSIFY_EVALUATION_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/classify/classification.h"
#include "src/classify/labelled_text.h"
#include "src/classify/span_match.h"
#include "src/classify/span_score.h"
#include "src/classify/span_types.h"
#include "src/classify/text_template.h"

namespace subrosa {

// Which texts count. The halves share no template (text_template.h).
enum class EvaluationPart { kAll, kDevelop, kHeldOut };

struct EvaluationError {
  std::string id;  // Of the text.
  ByteSpan span;
  std::string type;
  bool is_missed = false;  // Else a false alarm.
  std::string rule_id;     // Of a false alarm.
  double score = 0;        // Of a false alarm.
  size_t bare_bytes = 0;   // Of a miss: how much no find covers.
  std::string text;        // Where texts are kept.
};

// One row of the report.
struct EvaluationRow {
  std::string name;
  SpanTally tally;
  SpanScore cover;
  SpanScore words;
  SpanScore paired;
  SpanScore exact;
  ScoreInterval f2_interval;      // Of cover.f2.
  ScoreInterval recall_interval;  // Of cover.recall.
};

struct EvaluationReport {
  size_t texts = 0;
  size_t templates = 0;  // In all parts.
  std::vector<EvaluationRow> types;
  // All types of a group together (micro), and their mean (macro).
  EvaluationRow structured, names, all;
  SpanScore structured_macro, names_macro, all_macro;
  int64_t not_judged = 0;
  std::vector<EvaluationError> errors;  // The worst first.
};

class Evaluation {
 public:
  struct Options {
    uint64_t seed = 1;       // Of the resampling.
    int resamples = 1000;    // 0: no intervals.
    size_t max_errors = 20;  // How many errors are listed of each kind.
    bool keep_texts = false;
  };

  // `types` must outlive it.
  Evaluation(const SpanTypes& types, const Options& options)
      : types_(types), options_(options) {}

  // Takes a text and what was found in it, in order and not overlapping.
  //
  // INVALID_ARGUMENT as MatchSpans; nothing was taken then.
  absl::Status Add(const LabelledText& text, absl::Span<const FoundSpan> found);

  EvaluationReport Report(EvaluationPart part) const;

 private:
  struct Miss {
    int type;
    ByteSpan span;
    size_t bare_bytes;
    std::string text;
  };
  struct Alarm {
    FindMatch match;
    std::string rule_id;
    ByteSpan span;
    double score;
    std::string text;
  };
  struct Document {
    std::string id;
    int source;
    std::map<int, SpanTally> tallies;
    std::vector<Miss> misses;
    std::vector<Alarm> alarms;
  };
  using Tallies = std::map<int, SpanTally>;

  std::string KeptText(const LabelledText& text, ByteSpan span) const;
  // The type that an alarm in a text of `source` is of, or -1.
  int TypeOfAlarm(const Alarm& alarm, int source) const;
  Tallies TalliesOf(const Document& document, int64_t* not_judged) const;
  void ListErrors(const std::vector<const Document*>& documents,
                  EvaluationReport* report) const;
  void AddIntervals(const std::vector<Tallies>& documents,
                    EvaluationReport* report) const;

  const SpanTypes& types_;
  const Options options_;
  std::map<std::string, int> sources_;
  std::vector<std::set<int>> labelled_types_;  // By source.
  std::vector<Document> documents_;
  TextTemplates templates_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_EVALUATION_H_
