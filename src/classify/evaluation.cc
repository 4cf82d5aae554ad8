#include "src/classify/evaluation.h"

#include <algorithm>
#include <iterator>
#include <random>
#include <tuple>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/status/statusor.h"
#include "src/base/status_macros.h"

namespace subrosa {
std::string Evaluation::KeptText(const LabelledText& text,
                                 ByteSpan span) const {
  return options_.keep_texts ? text.text.substr(span.offset, span.length)
                             : std::string();
}

absl::Status Evaluation::Add(const LabelledText& text,
                             absl::Span<const FoundSpan> found) {
  SUBROSA_ASSIGN_OR_RETURN(const SpanMatches matches,
                           MatchSpans(text, found, types_));
  Document document;
  document.id = text.id;
  document.source =
      sources_.emplace(text.source, static_cast<int>(sources_.size()))
          .first->second;
  labelled_types_.resize(sources_.size());
  for (size_t i = 0; i < text.labels.size(); ++i) {
    const LabelMatch& match = matches.labels[i];
    if (match.type == SpanTypes::kPass) continue;
    labelled_types_[document.source].insert(match.type);
    const ByteSpan span = text.labels[i].span;
    SpanTally& tally = document.tallies[match.type];
    ++tally.labelled;
    tally.covered += match.is_covered;
    tally.paired += match.is_paired;
    tally.exact += match.is_exact;
    tally.labelled_words += match.words;
    tally.covered_words += match.covered_words;
    tally.labelled_bytes += static_cast<int64_t>(span.length);
    tally.covered_bytes += static_cast<int64_t>(match.covered_bytes);
    if (!match.is_covered) {
      document.misses.push_back({match.type, span,
                                 span.length - match.covered_bytes,
                                 KeptText(text, span)});
    }
  }
  for (size_t j = 0; j < found.size(); ++j) {
    const FindMatch& match = matches.finds[j];
    if (match.is_right) {
      SpanTally& tally = document.tallies[match.type];
      ++tally.found;
      ++tally.right;
      tally.found_words += match.words;
      tally.right_words += match.right_words;
    } else if (match.type >= 0 || !match.meets_passed) {
      // What is found under a label that is passed over is no alarm.
      document.alarms.push_back({match, found[j].rule_id, found[j].span,
                                 found[j].score,
                                 KeptText(text, found[j].span)});
    }
  }
  templates_.Add(text);
  documents_.push_back(std::move(document));
  return absl::OkStatus();
}

int Evaluation::TypeOfAlarm(const Alarm& alarm, int source) const {
  if (alarm.match.type >= 0) return alarm.match.type;
  for (const int type : types_.OfRule(alarm.rule_id)) {
    if (labelled_types_[source].count(type) != 0) return type;
  }
  return -1;
}

Evaluation::Tallies Evaluation::TalliesOf(const Document& document,
                                          int64_t* not_judged) const {
  Tallies tallies = document.tallies;
  for (const Alarm& alarm : document.alarms) {
    const int type = TypeOfAlarm(alarm, document.source);
    if (type < 0) {
      ++*not_judged;
    } else {
      SpanTally& tally = tallies[type];
      ++tally.found;
      tally.found_words += alarm.match.words;
      tally.right_words += alarm.match.right_words;
    }
  }
  return tallies;
}

void Evaluation::ListErrors(const std::vector<const Document*>& documents,
                            EvaluationReport* report) const {
  std::vector<EvaluationError> misses;
  std::vector<EvaluationError> alarms;
  for (const Document* document : documents) {
    for (const Miss& miss : document->misses) {
      EvaluationError error;
      error.id = document->id;
      error.span = miss.span;
      error.type = types_.types()[miss.type].name;
      error.is_missed = true;
      error.bare_bytes = miss.bare_bytes;
      error.text = miss.text;
      misses.push_back(std::move(error));
    }
    for (const Alarm& alarm : document->alarms) {
      const int type = TypeOfAlarm(alarm, document->source);
      if (type < 0) continue;
      EvaluationError error;
      error.id = document->id;
      error.span = alarm.span;
      error.type = types_.types()[type].name;
      error.rule_id = alarm.rule_id;
      error.score = alarm.score;
      error.text = alarm.text;
      alarms.push_back(std::move(error));
    }
  }
  // A miss is worse the more it leaves bare, an alarm the surer it was.
  const auto keep_worst = [this](std::vector<EvaluationError>* errors) {
    std::stable_sort(errors->begin(), errors->end(),
                     [](const EvaluationError& a, const EvaluationError& b) {
                       return std::tie(a.bare_bytes, a.score) >
                              std::tie(b.bare_bytes, b.score);
                     });
    if (errors->size() > options_.max_errors) {
      errors->resize(options_.max_errors);
    }
  };
  keep_worst(&misses);
  keep_worst(&alarms);
  report->errors = std::move(misses);
  absl::c_move(alarms, std::back_inserter(report->errors));
}

// Resamples documents, with replacement, as many as there are. Only the
// documents that hold something are drawn one by one; how many draws fall on
// them is drawn as a whole.
void Evaluation::AddIntervals(const std::vector<Tallies>& documents,
                              EvaluationReport* report) const {
  std::vector<const Tallies*> busy;
  for (const Tallies& tallies : documents) {
    if (!tallies.empty()) busy.push_back(&tallies);
  }
  if (busy.empty() || options_.resamples == 0) return;
  const size_t type_count = types_.types().size();
  const size_t rows = type_count + 3;  // And structured, names, all.
  std::vector<std::vector<double>> f2(rows);
  std::vector<std::vector<double>> recall(rows);
  std::mt19937_64 random(options_.seed);
  std::binomial_distribution<int64_t> draws(
      static_cast<int64_t>(documents.size()),
      static_cast<double>(busy.size()) / static_cast<double>(documents.size()));
  std::uniform_int_distribution<size_t> which(0, busy.size() - 1);
  for (int i = 0; i < options_.resamples; ++i) {
    std::vector<SpanTally> sums(rows);
    for (int64_t left = draws(random); left > 0; --left) {
      for (const auto& [type, tally] : *busy[which(random)]) {
        const bool is_name = types_.types()[type].group == SpanGroup::kNames;
        sums[type] += tally;
        sums[type_count + (is_name ? 1 : 0)] += tally;
        sums[type_count + 2] += tally;
      }
    }
    for (size_t row = 0; row < rows; ++row) {
      const SpanScore score = CoverScore(sums[row]);
      f2[row].push_back(score.f2);
      recall[row].push_back(score.recall);
    }
  }
  const auto set = [&](size_t row, EvaluationRow* out) {
    out->f2_interval = MiddleOf(std::move(f2[row]));
    out->recall_interval = MiddleOf(std::move(recall[row]));
  };
  for (EvaluationRow& row : report->types) {
    const auto type = absl::c_find_if(
        types_.types(),
        [&row](const SpanType& known) { return known.name == row.name; });
    set(static_cast<size_t>(type - types_.types().begin()), &row);
  }
  set(type_count, &report->structured);
  set(type_count + 1, &report->names);
  set(type_count + 2, &report->all);
}

EvaluationReport Evaluation::Report(EvaluationPart part) const {
  EvaluationReport report;
  report.templates = templates_.count();
  const std::vector<bool> held_out = templates_.HeldOut();
  std::vector<const Document*> documents;
  std::vector<Tallies> tallies;
  Tallies sums;
  for (size_t i = 0; i < documents_.size(); ++i) {
    if (part != EvaluationPart::kAll &&
        held_out[i] != (part == EvaluationPart::kHeldOut)) {
      continue;
    }
    documents.push_back(&documents_[i]);
    tallies.push_back(TalliesOf(documents_[i], &report.not_judged));
    for (const auto& [type, tally] : tallies.back()) sums[type] += tally;
  }
  report.texts = documents.size();

  const auto finish = [](std::string name, EvaluationRow* row) {
    row->name = std::move(name);
    row->cover = CoverScore(row->tally);
    row->words = WordScore(row->tally);
    row->paired = PairScore(row->tally);
    row->exact = ExactScore(row->tally);
  };
  std::vector<SpanTally> structured;
  std::vector<SpanTally> names;
  for (const auto& [type, tally] : sums) {
    EvaluationRow row;
    row.tally = tally;
    finish(types_.types()[type].name, &row);
    report.types.push_back(row);
    const bool is_name = types_.types()[type].group == SpanGroup::kNames;
    (is_name ? report.names : report.structured).tally += tally;
    report.all.tally += tally;
    (is_name ? names : structured).push_back(tally);
  }
  finish("structured", &report.structured);
  finish("names, organisations, places", &report.names);
  finish("all", &report.all);
  report.structured_macro = MacroScore(structured);
  report.names_macro = MacroScore(names);
  structured.insert(structured.end(), names.begin(), names.end());
  report.all_macro = MacroScore(structured);
  AddIntervals(tallies, &report);
  ListErrors(documents, &report);
  return report;
}

}  // namespace subrosa
