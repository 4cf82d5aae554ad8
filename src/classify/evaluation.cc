#include "src/classify/evaluation.h"

#include <algorithm>
#include <iterator>
#include <random>
#include <tuple>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

size_t EndOf(ByteSpan span) { return span.offset + span.length; }

size_t SharedBytes(ByteSpan a, ByteSpan b) {
  const size_t begin = std::max(a.offset, b.offset);
  const size_t end = std::min(EndOf(a), EndOf(b));
  return end > begin ? end - begin : 0;
}

// A label and a find that overlap.
struct Pair {
  size_t label;
  size_t find;
  size_t shared;
};

absl::StatusOr<std::vector<Pair>> PairsOf(const LabelledText& text,
                                          absl::Span<const FoundSpan> found) {
  std::vector<Pair> pairs;
  for (size_t i = 0; i < text.labels.size(); ++i) {
    const ByteSpan label = text.labels[i].span;
    auto find = absl::c_lower_bound(found, label.offset,
                                    [](const FoundSpan& span, size_t offset) {
                                      return EndOf(span.span) <= offset;
                                    });
    for (; find != found.end() && find->span.offset < EndOf(label); ++find) {
      if (pairs.size() == Evaluation::kMaxPairs) {
        return absl::InvalidArgumentError(
            absl::StrCat("spans: want at most ", Evaluation::kMaxPairs,
                         " overlaps with what is found, got more"));
      }
      pairs.push_back({i, static_cast<size_t>(find - found.begin()),
                       SharedBytes(label, find->span)});
    }
  }
  return pairs;
}

}  // namespace

std::string Evaluation::KeptText(const LabelledText& text,
                                 ByteSpan span) const {
  return options_.keep_texts ? text.text.substr(span.offset, span.length)
                             : std::string();
}

absl::Status Evaluation::Add(const LabelledText& text,
                             absl::Span<const FoundSpan> found) {
  std::vector<int> types;
  for (size_t i = 0; i < text.labels.size(); ++i) {
    const absl::StatusOr<int> type = types_.OfLabel(text.labels[i].type);
    if (!type.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("spans[", i, "].", type.status().message()));
    }
    types.push_back(*type);
  }
  SUBROSA_ASSIGN_OR_RETURN(std::vector<Pair> pairs, PairsOf(text, found));

  Document document;
  document.id = text.id;
  document.source =
      sources_.emplace(text.source, static_cast<int>(sources_.size()))
          .first->second;
  labelled_types_.resize(sources_.size());
  std::vector<size_t> covered(text.labels.size());
  std::vector<bool> label_done(text.labels.size());
  std::vector<bool> find_done(found.size());
  for (const Pair& pair : pairs) {
    covered[pair.label] += pair.shared;
    // What is found under a label that is passed over is no alarm.
    if (types[pair.label] == SpanTypes::kPass) find_done[pair.find] = true;
  }
  // The largest overlap is paired first.
  std::stable_sort(
      pairs.begin(), pairs.end(),
      [](const Pair& a, const Pair& b) { return a.shared > b.shared; });
  std::vector<bool> find_paired(found.size());
  for (const Pair& pair : pairs) {
    const int type = types[pair.label];
    const std::vector<int>& of_rule = types_.OfRule(found[pair.find].rule_id);
    if (type == SpanTypes::kPass || label_done[pair.label] ||
        find_paired[pair.find] || !absl::c_linear_search(of_rule, type)) {
      continue;
    }
    label_done[pair.label] = find_paired[pair.find] = true;
    SpanTally& tally = document.tallies[type];
    ++tally.matched;
    ++tally.found;
    const ByteSpan label = text.labels[pair.label].span;
    const ByteSpan find = found[pair.find].span;
    tally.exact += label.offset == find.offset && label.length == find.length;
  }
  for (size_t i = 0; i < text.labels.size(); ++i) {
    if (types[i] == SpanTypes::kPass) continue;
    labelled_types_[document.source].insert(types[i]);
    const ByteSpan span = text.labels[i].span;
    SpanTally& tally = document.tallies[types[i]];
    ++tally.labelled;
    tally.labelled_bytes += static_cast<int64_t>(span.length);
    tally.covered_bytes += static_cast<int64_t>(covered[i]);
    if (!label_done[i]) {
      document.misses.push_back(
          {types[i], span, span.length - covered[i], KeptText(text, span)});
    }
  }
  for (size_t j = 0; j < found.size(); ++j) {
    if (find_done[j] || find_paired[j]) continue;
    document.alarms.push_back({found[j].rule_id, found[j].span, found[j].score,
                               KeptText(text, found[j].span)});
  }
  templates_.Add(text);
  documents_.push_back(std::move(document));
  return absl::OkStatus();
}

int Evaluation::TypeOfAlarm(const Alarm& alarm, int source) const {
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
      ++tallies[type].found;
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
      const SpanScore score = OverlapScore(sums[row]);
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
    row->overlap = OverlapScore(row->tally);
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
