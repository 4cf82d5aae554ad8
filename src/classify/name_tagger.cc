#include "src/classify/name_tagger.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "src/base/status_macros.h"
#include "src/classify/name_model/built_in.h"

namespace subrosa {
namespace {

bool IsContinuation(absl::string_view text, size_t i) {
  return i < text.size() && (static_cast<uint8_t>(text[i]) & 0xC0) == 0x80;
}

bool IsReported(NameLabel label) {
  return label != NameLabel::kNone && label != NameLabel::kStreet;
}

absl::Status WeightsError(size_t line, absl::string_view want) {
  return absl::InvalidArgumentError(
      absl::StrCat("weights: line ", line, ": want ", want, ", got another"));
}

}  // namespace

absl::StatusOr<NameTagger> NameTagger::BuiltIn() {
  return Parse(kBuiltInNameLists, kBuiltInNameWeights);
}

absl::StatusOr<NameTagger> NameTagger::Parse(absl::string_view lists,
                                             absl::string_view weights) {
  auto parsed = NameLists::Parse(lists);
  if (!parsed.ok()) return Annotate(parsed.status(), "lists");
  NameTagger tagger(*std::move(parsed));
  tagger.weights_.resize(size_t{1} << kNameRowBits);
  size_t number = 0;
  for (const absl::string_view line : absl::StrSplit(weights, '\n')) {
    ++number;
    if (line.empty() || line[0] == '#') continue;
    const std::vector<absl::string_view> cells = absl::StrSplit(line, ' ');
    if (cells[0] == "none-penalty") {
      if (cells.size() != 2 ||
          !absl::SimpleAtoi(cells[1], &tagger.none_penalty_) ||
          std::abs(tagger.none_penalty_) > 1000) {
        return WeightsError(number, "a penalty up to 1000");
      }
      continue;
    }
    size_t row = 0;
    if (cells.size() != 1 + kNameLabels || !absl::SimpleAtoi(cells[0], &row) ||
        row >= tagger.weights_.size()) {
      return WeightsError(number, "a row and five weights");
    }
    for (size_t label = 0; label < kNameLabels; ++label) {
      int weight = 0;
      if (!absl::SimpleAtoi(cells[1 + label], &weight) ||
          std::abs(weight) > 127) {
        return WeightsError(number, "weights from -127 to 127");
      }
      tagger.weights_[row][label] = static_cast<int8_t>(weight);
    }
  }
  return tagger;
}

NameTagger::Scores NameTagger::ScoresOf(const NameFeatures& rows) const {
  // At most kNameFeatures * 127: fits. All labels are added at once.
  Scores scores{};
  for (const uint32_t row : rows) {
    scores += __builtin_convertvector(weights_[row], Scores);
  }
  return scores;
}

NameTagger::Decision NameTagger::Decide(const NameFeatures& rows) const {
  Scores scores = ScoresOf(rows);
  scores[0] = static_cast<int16_t>(scores[0] - none_penalty_);
  Decision decision;
  for (size_t label = 1; label < kNameLabels; ++label) {
    if (scores[label] > scores[static_cast<size_t>(decision.label)]) {
      decision.label = static_cast<NameLabel>(label);
    }
  }
  decision.lead = scores[static_cast<size_t>(decision.label)] - scores[0];
  return decision;
}

void NameTagger::Tag(absl::string_view text, size_t begin, size_t end,
                     Scratch* scratch, std::vector<FoundName>* matches) const {
  // Whole characters of context, so that cuts make no words of their own.
  size_t from = begin - std::min(begin, kContextBytes);
  while (from < begin && IsContinuation(text, from)) ++from;
  size_t until = std::min(text.size(), end + kContextBytes);
  for (int i = 0; i < 3 && IsContinuation(text, until); ++i) ++until;
  std::vector<NameToken>& tokens = scratch->tokens_;
  TokenizeForNames(text.substr(from, until - from), &tokens);
  lists_.Mark(&tokens);

  NameLabel last = NameLabel::kNone;
  NameLabel last_but_one = NameLabel::kNone;
  NameRun run;
  NameFeatures rows;
  FoundName current;
  int lead = 0;
  const auto finish = [&] {
    if (IsReported(current.label) && current.begin >= begin &&
        current.begin < end) {
      const float sure = static_cast<float>(std::max(lead, 0));
      current.score = 0.5f + 0.49f * sure / (sure + 100.0f);
      matches->push_back(current);
    }
    current = FoundName();
    lead = 0;
  };
  for (size_t i = 0; i < tokens.size(); ++i) {
    const NameToken& token = tokens[i];
    if (from + token.begin >= end && current.label == NameLabel::kNone) break;
    Decision decision;
    if (MayBeName(tokens, i, last)) {
      if (i >= run.end) run = NameRunAt(tokens, i);
      FeaturesOfName(tokens, i, run, last, last_but_one, false, &rows);
      decision = Decide(rows);
    }
    if (decision.label != current.label || token.begins_line) finish();
    if (decision.label != NameLabel::kNone) {
      if (current.label == NameLabel::kNone) current.begin = from + token.begin;
      current.label = decision.label;
      current.end = from + token.end;
      lead = std::max(lead, decision.lead);
    }
    last_but_one = last;
    last = decision.label;
  }
  finish();
}

}  // namespace subrosa
