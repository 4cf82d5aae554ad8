#include "src/classify/text_scanner.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/classify/byte_pattern.h"
#include "src/classify/name_features.h"
#include "src/classify/name_tagger.h"
#include "src/classify/pattern_index.h"
#include "src/classify/shape_masks.h"
#include "src/classify/taxonomy_facts.h"
#include "src/classify/text_fold.h"
#include "src/classify/text_places.h"
#include "src/classify/text_resolve.h"
#include "src/classify/text_shapes.h"
#include "src/classify/text_window.h"

namespace subrosa {
namespace {

// Places are looked for in blocks that lie at multiples of this many folded
// bytes from the text's beginning, whatever its chunks were.
constexpr size_t kBlockBytes = 64 * 1024;

bool IsContinuation(char c) { return (c & 0xc0) == 0x80; }

// Where the character begins that byte `i` lies inside of; `i` if it lies in
// none, or begins one. In bytes that are no UTF-8 a character is what its first
// byte says.
size_t CharacterBegin(absl::string_view bytes, size_t i) {
  if (i >= bytes.size() || !IsContinuation(bytes[i])) return i;
  for (size_t back = 1; back <= 3 && back <= i; ++back) {
    const auto first = static_cast<unsigned char>(bytes[i - back]);
    if (IsContinuation(bytes[i - back])) continue;
    const size_t size = first >= 0xf8   ? 1
                        : first >= 0xf0 ? 4
                        : first >= 0xe0 ? 3
                        : first >= 0xc2 ? 2
                                        : 1;
    return size > back ? i - back : i;
  }
  return i;
}

// Where the character ends that byte `i` lies inside of; `i` if in none.
size_t CharacterEnd(absl::string_view bytes, size_t i) {
  while (CharacterBegin(bytes, i) != i) ++i;
  return i;
}

TextRuleId RuleOfName(NameLabel label) {
  switch (label) {
    case NameLabel::kPlace:
      return TextRuleId::kPlaceName;
    case NameLabel::kOrganization:
      return TextRuleId::kOrganization;
    default:
      return TextRuleId::kPersonName;
  }
}

}  // namespace

struct TextScanner::Scratch::Rep {
  FoldedText text;
  size_t done = 0;  // Places up to here, in folded bytes, were looked at.
  TextPlaces places;
  std::vector<size_t> looked_at;  // For each group of shapes.
  std::vector<TextCandidate> found;
  CandidateResolver resolver;
  NameTagger::Scratch names;
  std::vector<FoundName> names_found;
  // Null unless someone asked why things are not found.
  std::vector<TextRefusal>* refusals = nullptr;
  std::vector<TextRefusal> refused;  // Of one finder, as it counts.

  // Takes what was refused, which counts from folded byte `base` on.
  void TellRefused(size_t base);
};

void TextScanner::Scratch::Rep::TellRefused(size_t base) {
  for (TextRefusal& refusal : refused) {
    const size_t begin = std::max(base + refusal.span.offset, text.base());
    const size_t end =
        std::min(base + refusal.span.offset + refusal.span.length, text.end());
    if (begin >= end) continue;
    refusal.span.offset = text.OriginBegin(begin);
    refusal.span.length = text.OriginEnd(end - 1) - refusal.span.offset;
    // The frame is no byte of the text.
    if (refusal.span.length > 0) refusals->push_back(std::move(refusal));
  }
  refused.clear();
}

class TextScanner::Rep {
 public:
  Options options;
  // What looks at a shape's places. Shapes of one finder and one list are one
  // group: their places come in order, and they share how far it has looked.
  struct Look {
    ShapeFinder finder;
    size_t group;
  };
  // Patterns of one side, and by their numbers what looks at where they meet.
  struct Patterns {
    PatternIndex index;
    std::vector<Look> looks;
  };
  Patterns words;
  Patterns numbers;
  std::vector<Look> mask_looks;  // By MaskShape.
  size_t groups = 0;
  std::unique_ptr<const NameTagger> names;  // Null: not looked for.

  // Looks at every block of `state.text` that is whole, or at all that is left
  // if no more text comes.
  void Advance(bool is_last, Scratch::Rep* state,
               std::vector<TextMatch>* matches) const;

 private:
  void FindShapes(size_t end, Scratch::Rep* state) const;
  void FindNames(size_t end, Scratch::Rep* state) const;
  void LookAt(size_t anchor, const Look& look, Scratch::Rep* state) const;
  void Settle(size_t limit, Scratch::Rep* state,
              std::vector<TextMatch>* matches) const;
};

void TextScanner::Rep::FindShapes(size_t end, Scratch::Rep* state) const {
  const absl::string_view text = state->text.bytes();
  const size_t base = state->text.base();
  TextPlaces& places = state->places;
  FindPlaces(text, state->done - base, end - base, words.index, numbers.index,
             PlaceVectors::Fastest(), state->refusals != nullptr, &places);
  for (const MaskHit& hit : places.shapes) {
    LookAt(base + hit.end, mask_looks[static_cast<size_t>(hit.shape)], state);
  }
  const auto look_at_all = [&](const Patterns& patterns,
                               const std::vector<WordPlace>& found) {
    for (const WordPlace& place : found) {
      patterns.index.Meet(
          text, place.offset, place.digits, [&](size_t pattern, size_t anchor) {
            LookAt(base + anchor, patterns.looks[pattern], state);
          });
    }
  };
  look_at_all(words, places.words);
  look_at_all(numbers, places.spaces);
}

void TextScanner::Rep::FindNames(size_t end, Scratch::Rep* state) const {
  const size_t base = state->text.base();
  state->names_found.clear();
  names->Tag(state->text.bytes(), state->done - base, end - base, &state->names,
             &state->names_found);
  for (const FoundName& name : state->names_found) {
    if (name.score < options.min_score) continue;
    TextCandidate candidate;
    candidate.begin = base + name.begin;
    candidate.end = base + name.end;
    candidate.rule = RuleOfName(name.label);
    candidate.score = name.score;
    state->resolver.Add(candidate);
  }
}

void TextScanner::Rep::LookAt(size_t anchor, const Look& look,
                              Scratch::Rep* state) const {
  size_t& looked_at = state->looked_at[look.group];
  if (anchor <= looked_at) return;
  const absl::string_view bytes = state->text.bytes();
  const size_t base = state->text.base();
  const size_t at = anchor - base;
  const size_t begin = at - std::min(at, kReachBack);
  const TextWindow window{
      bytes.substr(begin, at - begin + kReachAhead), at - begin,
      state->refusals != nullptr ? &state->refused : nullptr};
  state->found.clear();
  const size_t end =
      look.finder.find(window, look.finder.argument, &state->found);
  if (end != 0) looked_at = base + begin + end;
  if (!state->refused.empty()) state->TellRefused(base + begin);
  for (TextCandidate& candidate : state->found) {
    if (candidate.score < options.min_score) continue;
    candidate.begin += begin;
    candidate.end += begin;
    candidate.begin = CharacterBegin(bytes, candidate.begin);
    candidate.end = CharacterEnd(bytes, candidate.end);
    candidate.begin += base;
    candidate.end += base;
    state->resolver.Add(candidate);
  }
}

void TextScanner::Rep::Settle(size_t limit, Scratch::Rep* state,
                              std::vector<TextMatch>* matches) const {
  state->found.clear();
  state->resolver.Settle(
      limit, &state->found,
      state->refusals != nullptr ? &state->refused : nullptr);
  if (!state->refused.empty()) state->TellRefused(0);
  for (const TextCandidate& candidate : state->found) {
    TextMatch match;
    match.span.offset = state->text.OriginBegin(candidate.begin);
    match.span.length =
        state->text.OriginEnd(candidate.end - 1) - match.span.offset;
    match.rule = static_cast<uint16_t>(candidate.rule);
    match.identifier = RuleOf(candidate.rule).identifier;
    match.score = candidate.score;
    matches->push_back(match);
  }
}

void TextScanner::Rep::Advance(bool is_last, Scratch::Rep* state,
                               std::vector<TextMatch>* matches) const {
  // A pattern at the block's last byte, and what its finder sees, lie before
  // it.
  constexpr size_t kAhead = BytePattern::kMaxBytes + kReachAhead;
  const size_t available = state->text.end();
  while (is_last ? state->done < available
                 : available - state->done >= kBlockBytes + kAhead) {
    const size_t end = std::min(available, state->done + kBlockBytes);
    FindShapes(end, state);
    if (names != nullptr) FindNames(end, state);
    state->done = end;
    const size_t back = end - std::min(end, kReachBack);
    Settle(back, state, matches);
    // What is not settled ends after `back`, and is no longer than this.
    state->text.DropBefore(back -
                           std::min(back, kReachAhead + 2 * kReachBack + 1024));
  }
  if (is_last) Settle(available, state, matches);
}

TextScanner::Scratch::Scratch(std::unique_ptr<Rep> rep)
    : rep_(std::move(rep)) {}
TextScanner::Scratch::~Scratch() = default;
TextScanner::TextScanner(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}
TextScanner::~TextScanner() = default;

absl::StatusOr<std::unique_ptr<TextScanner>> TextScanner::Create(
    const Options& options) {
  auto rep = std::make_unique<Rep>();
  rep->options = options;
  if (options.names) {
    auto names = NameTagger::BuiltIn();
    if (!names.ok()) return Annotate(names.status(), "names");
    rep->names = std::make_unique<const NameTagger>(*std::move(names));
  }
  std::vector<TextFinder> finders;
  size_t first = 0;  // Of the finders of the present list of shapes.
  const auto look_of = [&](const ShapeFinder& shape) {
    auto finder = std::find(finders.begin() + first, finders.end(), shape.find);
    if (finder == finders.end()) finder = finders.insert(finder, shape.find);
    return Rep::Look{shape, static_cast<size_t>(finder - finders.begin())};
  };
  const auto fill = [&](const std::vector<TextShape>& shapes,
                        BytePattern::Direction key,
                        Rep::Patterns* patterns) -> absl::Status {
    first = finders.size();
    std::vector<PlacedPattern> placed;
    for (const TextShape& shape : shapes) {
      if (shape.finder.find == FindYear && !options.years) continue;
      ShapeFinder finder = shape.finder;
      if (finder.find == FindBirth) finder.argument = options.this_year;
      placed.push_back(shape.pattern);
      patterns->looks.push_back(look_of(finder));
    }
    SUBROSA_ASSIGN_OR_RETURN(patterns->index,
                             PatternIndex::Create(placed, key));
    return absl::OkStatus();
  };
  for (int i = 0; i < static_cast<int>(MaskShape::kCount); ++i) {
    rep->mask_looks.push_back(look_of(FinderOf(static_cast<MaskShape>(i))));
  }
  SUBROSA_RETURN_IF_ERROR(
      fill(WordShapes(), BytePattern::Direction::kForwards, &rep->words));
  SUBROSA_RETURN_IF_ERROR(
      fill(NumberShapes(), BytePattern::Direction::kBackwards, &rep->numbers));
  rep->groups = finders.size();
  return std::unique_ptr<TextScanner>(new TextScanner(std::move(rep)));
}

absl::StatusOr<std::unique_ptr<TextScanner::Scratch>> TextScanner::NewScratch()
    const {
  auto made =
      std::unique_ptr<Scratch>(new Scratch(std::make_unique<Scratch::Rep>()));
  Begin(made.get());
  return made;
}

absl::Status TextScanner::Scan(absl::string_view text, Scratch* scratch,
                               std::vector<TextMatch>* matches) const {
  matches->clear();
  Begin(scratch);
  SUBROSA_RETURN_IF_ERROR(Append(text, scratch, matches));
  return Finish(scratch, matches);
}

void TextScanner::Begin(Scratch* scratch) const {
  Scratch::Rep& state = *scratch->rep_;
  state.text.Clear();
  // Newlines before the text and after it, so that no pattern has to know of
  // its ends; they are no bytes of it.
  state.text.AppendFrame();
  state.done = 0;
  state.refusals = nullptr;
  state.looked_at.assign(rep_->groups, 0);
  state.resolver.Clear();
}

absl::Status TextScanner::Explain(absl::string_view text, Scratch* scratch,
                                  std::vector<TextMatch>* matches,
                                  std::vector<TextRefusal>* refusals) const {
  matches->clear();
  refusals->clear();
  Begin(scratch);
  scratch->rep_->refusals = refusals;
  SUBROSA_RETURN_IF_ERROR(Append(text, scratch, matches));
  const absl::Status finished = Finish(scratch, matches);
  scratch->rep_->refusals = nullptr;
  return finished;
}

size_t TextScanner::CertainBefore(const Scratch& scratch) const {
  // What was dropped can neither begin a match nor be looked at any more.
  const FoldedText& text = scratch.rep_->text;
  return text.OriginBegin(text.base());
}

absl::Status TextScanner::Append(absl::string_view chunk, Scratch* scratch,
                                 std::vector<TextMatch>* matches) const {
  // In pieces, so that a text of any size takes constant memory.
  while (!chunk.empty()) {
    const absl::string_view piece = chunk.substr(0, kBlockBytes);
    chunk.remove_prefix(piece.size());
    scratch->rep_->text.Append(piece);
    rep_->Advance(false, scratch->rep_.get(), matches);
  }
  return absl::OkStatus();
}

absl::Status TextScanner::Finish(Scratch* scratch,
                                 std::vector<TextMatch>* matches) const {
  // Two newlines: a pattern has three bytes or more, and "92y" may be the last.
  scratch->rep_->text.Flush();
  scratch->rep_->text.AppendFrame();
  scratch->rep_->text.AppendFrame();
  rep_->Advance(true, scratch->rep_.get(), matches);
  return absl::OkStatus();
}

Finding FindingOf(const TextMatch& match, absl::string_view field_path) {
  const TextRule& rule = TextRules()[match.rule];
  Finding finding;
  finding.field_path = std::string(field_path);
  finding.span = match.span;
  finding.identifier = rule.identifier;
  finding.personal = rule.personal;
  finding.sensitive = rule.sensitive;
  finding.basis = FindingBasis::kIdentifier;
  finding.rule_id = rule.id;
  finding.clause = rule.identifier != v1::IDENTIFIER_UNSPECIFIED
                       ? FactsOf(rule.identifier).clause()
                   : rule.personal != v1::PERSONAL_CATEGORY_UNSPECIFIED
                       ? FactsOf(rule.personal).clause()
                       : FactsOf(rule.sensitive).clause();
  finding.score = match.score;
  finding.reason = absl::StrCat("it reads like ", TitleWithArticle(rule), ": ",
                                rule.reason, " (", rule.source, ")");
  return finding;
}

}  // namespace subrosa
