#include "src/classify/span_match.h"

#include <algorithm>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

size_t EndOf(ByteSpan span) { return span.offset + span.length; }

// A label and a find that overlap.
struct Pair {
  size_t label;
  size_t find;
  ByteSpan shared;
  size_t weight;  // Of what they share.
};

// What stands in any part of a text, in constant time: a text may have many
// labels, each as long as itself.
class Extent {
 public:
  explicit Extent(absl::string_view text)
      : letters_(text.size() + 1), starts_(text.size() + 1) {
    bool in_word = false;
    for (size_t i = 0; i < text.size(); ++i) {
      const bool is_letter =
          absl::ascii_isalnum(text[i]) || static_cast<uint8_t>(text[i]) >= 0x80;
      letters_[i + 1] = letters_[i] + (is_letter ? 1 : 0);
      starts_[i + 1] = starts_[i] + (is_letter && !in_word ? 1 : 0);
      in_word = is_letter;
    }
  }

  // Bytes of letters and digits.
  size_t Letters(ByteSpan span) const {
    return letters_[EndOf(span)] - letters_[span.offset];
  }

  // Words of `whole` that begin in `part` of it. What `whole` has of a word
  // that began before it is a word of it.
  int64_t Words(ByteSpan whole, ByteSpan part) const {
    const bool cut = part.offset == whole.offset &&
                     letters_[part.offset + 1] > letters_[part.offset] &&
                     starts_[part.offset + 1] == starts_[part.offset];
    return starts_[EndOf(part)] - starts_[part.offset] + (cut ? 1 : 0);
  }

  // How much of `whole` the part is: in letters and digits, or where it has
  // none, in bytes.
  size_t Weight(ByteSpan whole, ByteSpan part) const {
    return Letters(whole) > 0 ? Letters(part) : part.length;
  }

 private:
  std::vector<uint32_t> letters_;
  std::vector<uint32_t> starts_;
};

absl::StatusOr<std::vector<Pair>> PairsOf(const LabelledText& text,
                                          absl::Span<const FoundSpan> found,
                                          const Extent& extent) {
  std::vector<Pair> pairs;
  for (size_t i = 0; i < text.labels.size(); ++i) {
    const ByteSpan label = text.labels[i].span;
    auto find = absl::c_lower_bound(found, label.offset,
                                    [](const FoundSpan& span, size_t offset) {
                                      return EndOf(span.span) <= offset;
                                    });
    for (; find != found.end() && find->span.offset < EndOf(label); ++find) {
      if (pairs.size() == kMaxSpanPairs) {
        return absl::InvalidArgumentError(
            absl::StrCat("spans: want at most ", kMaxSpanPairs,
                         " overlaps with what is found, got more"));
      }
      ByteSpan shared;
      shared.offset = std::max(label.offset, find->span.offset);
      shared.length = std::min(EndOf(label), EndOf(find->span)) - shared.offset;
      pairs.push_back({i, static_cast<size_t>(find - found.begin()), shared,
                       extent.Weight(label, shared)});
    }
  }
  return pairs;
}

}  // namespace

absl::StatusOr<SpanMatches> MatchSpans(const LabelledText& text,
                                       absl::Span<const FoundSpan> found,
                                       const SpanTypes& types) {
  SpanMatches matches;
  matches.labels.resize(text.labels.size());
  matches.finds.resize(found.size());
  const Extent extent(text.text);
  for (size_t i = 0; i < text.labels.size(); ++i) {
    const absl::StatusOr<int> type = types.OfLabel(text.labels[i].type);
    if (!type.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("spans[", i, "].", type.status().message()));
    }
    const ByteSpan span = text.labels[i].span;
    matches.labels[i].type = *type;
    matches.labels[i].words = extent.Words(span, span);
  }
  SUBROSA_ASSIGN_OR_RETURN(std::vector<Pair> pairs,
                           PairsOf(text, found, extent));
  std::vector<size_t> over_label(text.labels.size());
  std::vector<size_t> under_find(found.size());
  std::vector<size_t> passed_letters(found.size());
  std::vector<int64_t> passed_words(found.size());
  std::vector<bool> find_paired(found.size());
  // The largest overlap is paired first, and gives a find its type.
  std::stable_sort(
      pairs.begin(), pairs.end(),
      [](const Pair& a, const Pair& b) { return a.weight > b.weight; });
  for (const Pair& pair : pairs) {
    const FoundSpan& find = found[pair.find];
    const ByteSpan span = text.labels[pair.label].span;
    LabelMatch& label_match = matches.labels[pair.label];
    FindMatch& find_match = matches.finds[pair.find];
    label_match.covered_bytes += pair.shared.length;
    if (label_match.type == SpanTypes::kPass) {
      find_match.meets_passed = true;
      passed_letters[pair.find] += extent.Weight(find.span, pair.shared);
      passed_words[pair.find] += extent.Words(find.span, pair.shared);
      continue;
    }
    if (!absl::c_linear_search(types.OfRule(find.rule_id), label_match.type)) {
      continue;
    }
    over_label[pair.label] += pair.weight;
    under_find[pair.find] += extent.Weight(find.span, pair.shared);
    label_match.covered_words += extent.Words(span, pair.shared);
    find_match.right_words += extent.Words(find.span, pair.shared);
    if (find_match.type < 0) find_match.type = label_match.type;
    if (label_match.is_paired || find_paired[pair.find]) continue;
    find_paired[pair.find] = label_match.is_paired = true;
    find_match.type = label_match.type;
    label_match.is_exact =
        span.offset == find.span.offset && span.length == find.span.length;
  }
  for (size_t i = 0; i < text.labels.size(); ++i) {
    const ByteSpan span = text.labels[i].span;
    matches.labels[i].is_covered =
        over_label[i] > 0 && 2 * over_label[i] >= extent.Weight(span, span);
  }
  for (size_t j = 0; j < found.size(); ++j) {
    FindMatch& match = matches.finds[j];
    const ByteSpan span = found[j].span;
    // What lies over a label that is passed over is neither right nor wrong.
    const size_t letters = extent.Weight(span, span);
    match.is_right =
        under_find[j] > 0 &&
        2 * under_find[j] + std::min(passed_letters[j], letters) >= letters;
    match.words = extent.Words(span, span);
    match.words -= std::min(passed_words[j], match.words);
    // Labels that overlap are counted once.
    match.right_words = std::min(match.right_words, match.words);
  }
  return matches;
}

}  // namespace subrosa
