#include "src/vault/index_planner.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace subrosa {
namespace {

// What of the figures depends on the values alone.
IndexFigures FiguresOf(const IndexHistogram& histogram) {
  IndexFigures figures;
  figures.consumers = histogram.consumers;
  for (const auto& [count, values] : histogram.values_by_count) {
    figures.entries += count * values;
    figures.distinct_values += values;
  }
  if (figures.entries > 0) {
    figures.largest_value_share =
        static_cast<double>(histogram.values_by_count.rbegin()->first) /
        static_cast<double>(figures.entries);
  }
  return figures;
}

// Adds what 2^`bits` tokens, chosen at random for values, show.
void AddTokens(const IndexHistogram& histogram, int bits, int partitions,
               IndexFigures* figures) {
  const double tokens = std::exp2(bits);
  const double entries = static_cast<double>(figures->entries);
  const double miss = 1 - 1 / tokens;
  // Who knows all says for each token its most frequent value. The value of
  // rank i is that if the i before it have other tokens.
  double rank = 0;
  double guessed = 0;
  double same_value = 0;  // That two entries have one value.
  for (auto at = histogram.values_by_count.rbegin();
       at != histogram.values_by_count.rend(); ++at) {
    const double share = static_cast<double>(at->first) / entries;
    const double values = static_cast<double>(at->second);
    guessed +=
        share * tokens * std::pow(miss, rank) * (1 - std::pow(miss, values));
    same_value += share * share * values;
    rank += values;
  }
  figures->guess_advantage =
      std::max(0.0, guessed - figures->largest_value_share);
  figures->distinguishable_bits =
      -std::log2(same_value + (1 - same_value) / tokens);
  figures->largest_token_share = (figures->largest_value_share +
                                  (1 - figures->largest_value_share) / tokens) /
                                 partitions;
  figures->false_matches =
      entries * (1 - 1 / static_cast<double>(figures->distinct_values)) /
      tokens;
}

std::string Percent(double share) {
  return absl::StrFormat("%.3g %%", 100 * share);
}

IndexVerdict Refuse(IndexRefusal refusal, std::string reason,
                    const IndexFigures& figures) {
  IndexVerdict verdict;
  verdict.refusal = refusal;
  verdict.reason = std::move(reason);
  verdict.figures = figures;
  return verdict;
}

IndexVerdict RefuseField(IndexRefusal refusal, absl::string_view reason,
                         const IndexHistogram& histogram) {
  return Refuse(refusal, std::string(reason), FiguresOf(histogram));
}

}  // namespace

absl::string_view IndexKindName(IndexKind kind) {
  return kind == IndexKind::kSlow ? "slow" : "plain";
}

absl::string_view IndexRefusalSlug(IndexRefusal refusal) {
  switch (refusal) {
    case IndexRefusal::kNone:
      return "none";
    case IndexRefusal::kFewValuesByType:
      return "few-values-by-type";
    case IndexRefusal::kNotExact:
      return "not-exact";
    case IndexRefusal::kUnmarked:
      return "unmarked";
    case IndexRefusal::kFreeText:
      return "free-text";
    case IndexRefusal::kDeniedByName:
      return "denied-by-name";
    case IndexRefusal::kTooFewValues:
      return "too-few-values";
    case IndexRefusal::kOneValueDominates:
      return "one-value-dominates";
    case IndexRefusal::kTellsTooMuch:
      return "tells-too-much";
  }
  return "";
}

IndexVerdict PlanIndex(const IndexHistogram& histogram,
                       const IndexFieldFacts& field,
                       const IndexLimits& limits) {
  if (field.has_few_values) {
    return RefuseField(
        IndexRefusal::kFewValuesByType,
        "a truth value or an enum has so few values that their frequencies "
        "give them away; go through the records, or index a field that names "
        "the consumer",
        histogram);
  }
  if (!field.is_exact) {
    return RefuseField(
        IndexRefusal::kNotExact,
        "only text, bytes and whole numbers are matched exactly; index a field "
        "of such a type",
        histogram);
  }
  if (!field.is_marked) {
    return RefuseField(
        IndexRefusal::kUnmarked,
        "the field has no mark, so that nobody knows what it holds; mark it in "
        "its .proto file",
        histogram);
  }
  if (field.is_free_text) {
    return RefuseField(
        IndexRefusal::kFreeText,
        "what people write themselves is hardly ever searched for as a whole, "
        "and may hold anything; index a field that names the consumer",
        histogram);
  }
  if (field.is_denied_by_name) {
    return RefuseField(
        IndexRefusal::kDeniedByName,
        "HIV status, sex, gender, pregnancy and ICD chapters have few values "
        "and harm who is found out; go through the records",
        histogram);
  }

  IndexFigures figures = FiguresOf(histogram);
  const auto values = static_cast<double>(figures.distinct_values);
  int least_bits = 1;
  while (std::exp2(least_bits) < std::sqrt(values)) ++least_bits;
  int most_bits = least_bits - 1;
  while (most_bits < limits.most_bits &&
         std::exp2(most_bits + 1) < values / 2) {
    ++most_bits;
  }
  if (figures.distinct_values < kLeastIndexedValues || most_bits < least_bits) {
    return Refuse(
        IndexRefusal::kTooFewValues,
        absl::StrCat("the records hold ", figures.distinct_values,
                     " values: at least ", kLeastIndexedValues,
                     " are wanted, and the square root of their number to be "
                     "no more than 2^",
                     limits.most_bits,
                     "; go through the records until there are more values, or "
                     "allow more bits"),
        figures);
  }
  const IndexBudget& budget =
      field.is_sensitive ? kSensitiveBudget : kPlainBudget;
  const absl::string_view whose =
      field.is_sensitive ? " for sensitive data" : "";
  if (figures.largest_value_share > budget.most_value_share) {
    return Refuse(
        IndexRefusal::kOneValueDominates,
        absl::StrCat("one value has ", Percent(figures.largest_value_share),
                     " of the entries, at most ",
                     Percent(budget.most_value_share), " are allowed", whose,
                     ": whoever has it is seen at a glance; index a field "
                     "whose values are spread more evenly"),
        figures);
  }

  IndexVerdict verdict;
  verdict.kind = field.is_enumerable || limits.wants_slow ? IndexKind::kSlow
                                                          : IndexKind::kPlain;
  for (int bits = most_bits; bits >= least_bits; --bits) {
    for (int partitions = 1; partitions <= limits.most_partitions;
         partitions *= 2) {
      verdict.bits = bits;
      verdict.partitions = partitions;
      verdict.figures = figures;
      AddTokens(histogram, bits, partitions, &verdict.figures);
      if (verdict.figures.guess_advantage <= budget.most_guess_advantage &&
          verdict.figures.largest_token_share <= budget.most_token_share) {
        return verdict;
      }
    }
  }
  verdict.refusal = IndexRefusal::kTellsTooMuch;
  verdict.reason = absl::StrCat(
      "even with ", least_bits, " bits and ", verdict.partitions,
      " partitions an intruder would guess right in ",
      Percent(verdict.figures.guess_advantage), " more of the cases (at most ",
      Percent(budget.most_guess_advantage), " are allowed", whose,
      "), and one token would stand for ",
      Percent(verdict.figures.largest_token_share), " of the entries (",
      Percent(budget.most_token_share),
      "); more values, spread more evenly, would help, or more partitions");
  return verdict;
}

}  // namespace subrosa
