#include "src/classify/health_reader.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "src/classify/health_language/built_in.h"
#include "src/classify/health_vocabulary.h"
#include "src/classify/help_model.h"
#include "src/classify/taxonomy_facts.h"

namespace subrosa {
namespace {

constexpr absl::string_view kSeekingHelp = "language/seeking-help";

// Words say it; a request for advice only suggests it.
constexpr float kWordsScore = 0.9f;
constexpr float kSeekingHelpScore = 0.5f;

// Above this the model alone tells a request for help: the lowest hundredth at
// which it alarms on no more than 3 % of the lines of each source that is not
// about health (docs/help_model.md). Below the other not even cues do.
constexpr double kHelpScore = 0.72;
constexpr double kNoHelpScore = -1.5;

// In what people write, one word of so many at least is of the vocabulary,
// which has those that nobody does without. Lines of logs and of markup have
// fewer, and ask for nothing.
constexpr size_t kSpeechWords = 4;

// So many bytes' words stay in a processor's nearest memory.
constexpr size_t kPartBytes = 4096;

// Whether a text without a word about health asks for help with its feelings
// or with those near: what it tells, and that it asks, each stand there.
bool SeeksHelp(const std::vector<LexiconHit>& hits) {
  int people = 0;
  bool trouble = false;
  bool feeling = false;
  bool asking = false;
  for (const LexiconHit& hit : hits) {
    people += hit.cue == HealthCue::kPerson ? 1 : 0;
    trouble |= hit.cue == HealthCue::kTrouble;
    feeling |= hit.cue == HealthCue::kFeeling;
    asking |= hit.cue == HealthCue::kAsking;
  }
  if (!asking) return false;
  return (trouble && feeling) || (people > 0 && (trouble || feeling)) ||
         people > 1;
}

}  // namespace

struct HealthReader::Rep {
  Rep() : splitter(&vocabulary), context(&vocabulary) {}

  // Adds what the words [begin, end) of `text`, a line's, say.
  void ReadLine(absl::string_view text, size_t begin, size_t end,
                Scratch* scratch, std::vector<HealthMention>* mentions) const;
  // And what those of a part of it say, which begins at `offset`.
  void ReadPart(absl::string_view part, size_t offset,
                HealthWordSplitter::Lines lines, Scratch* scratch,
                std::vector<HealthMention>* mentions) const;

  HealthVocabulary vocabulary;
  HealthWordSplitter splitter;
  HealthContextReader context;
  HealthLexicon lexicon;
  HelpModel help;
  const HealthRule* seeking_help = nullptr;  // Of the lexicon.
};

absl::StatusOr<HealthReader> HealthReader::Create() {
  auto rep = std::make_unique<Rep>();
  absl::StatusOr<HealthLexicon> lexicon =
      HealthLexicon::Parse(kBuiltInHealthLexicon, &rep->vocabulary);
  if (!lexicon.ok()) {
    return absl::InternalError(
        absl::StrCat("health lexicon: ", lexicon.status().message()));
  }
  rep->lexicon = *std::move(lexicon);
  absl::StatusOr<HelpModel> help = HelpModel::Parse(kBuiltInHelpWeights);
  if (!help.ok()) {
    return absl::InternalError(
        absl::StrCat("help model: ", help.status().message()));
  }
  rep->help = *std::move(help);
  for (const HealthRule& rule : rep->lexicon.rules()) {
    if (rule.id == kSeekingHelp) rep->seeking_help = &rule;
  }
  if (rep->seeking_help == nullptr) {
    return absl::InternalError(absl::StrCat("health lexicon: want the rule ",
                                            kSeekingHelp, ", got none"));
  }
  return HealthReader(std::move(rep));
}

HealthReader::HealthReader(std::unique_ptr<const Rep> rep)
    : rep_(std::move(rep)) {}
HealthReader::HealthReader(HealthReader&&) = default;
HealthReader& HealthReader::operator=(HealthReader&&) = default;
HealthReader::~HealthReader() = default;

const std::vector<HealthRule>& HealthReader::rules() const {
  return rep_->lexicon.rules();
}

void HealthReader::Rep::ReadLine(absl::string_view text, size_t begin,
                                 size_t end, Scratch* scratch,
                                 std::vector<HealthMention>* mentions) const {
  const absl::Span<const HealthWord> words =
      scratch->words.all().subspan(begin, end - begin);
  HealthLexicon::Places& places = scratch->places;
  std::vector<LexiconHit>& hits = scratch->hits;
  const size_t before = mentions->size();
  lexicon.FindPlaces(HealthLexicon::kHealthKind, words, &places);
  if (!places.empty()) {
    lexicon.Match(HealthLexicon::kHealthKind, text, words, places, &hits);
    if (!hits.empty()) context.BeginLine(words, &scratch->context);
    for (const LexiconHit& hit : hits) {
      if (hit.cue != HealthCue::kHealth) continue;
      const HealthContext told =
          context.Read(text, words, hit.begin, hit.end, &scratch->context);
      if (told.is_animal) continue;
      const size_t at = words[hit.begin].begin;
      mentions->push_back({{at, words[hit.end - 1].end - at},
                           &lexicon.rules()[hit.rule],
                           told.experiencer,
                           told.assertion,
                           kWordsScore});
    }
    if (mentions->size() > before) return;
  }
  size_t known = 0;
  size_t without_hash = 0;
  for (const HealthWord& word : words) {
    known += word.id > HealthVocabulary::kMayHaveAffix ? 1 : 0;
    without_hash += word.hash == 0 ? 1 : 0;
  }
  if (kSpeechWords * known < words.size()) return;
  if (without_hash > 0) scratch->words.HashNumbers(text, begin, end);
  const double score = help.Score(words);
  if (score < kNoHelpScore) return;
  if (score < kHelpScore) {
    lexicon.FindPlaces(HealthLexicon::kOtherKind, words, &places);
    if (places.empty()) return;
    lexicon.Match(HealthLexicon::kOtherKind, text, words, places, &hits);
    if (!SeeksHelp(hits)) return;
  }
  // Nothing says whose trouble it is but the one who asks.
  mentions->push_back(
      {{words.front().begin, words.back().end - words.front().begin},
       seeking_help,
       HealthExperiencer::kSelf,
       HealthAssertion::kUncertain,
       kSeekingHelpScore});
}

void HealthReader::Rep::ReadPart(absl::string_view part, size_t offset,
                                 HealthWordSplitter::Lines lines,
                                 Scratch* scratch,
                                 std::vector<HealthMention>* mentions) const {
  const size_t before = mentions->size();
  splitter.Split(part, lines, &scratch->words);
  const std::vector<uint32_t>& begins = scratch->words.lines;
  for (size_t line = 0; line < begins.size(); ++line) {
    const size_t end =
        line + 1 < begins.size() ? begins[line + 1] : scratch->words.count;
    ReadLine(part, begins[line], end, scratch, mentions);
  }
  for (size_t i = before; i < mentions->size(); ++i) {
    (*mentions)[i].span.offset += offset;
  }
}

void HealthReader::Read(absl::string_view text, Scratch* scratch,
                        std::vector<HealthMention>* mentions) const {
  mentions->clear();
  for (size_t at = 0; at < text.size(); at += HealthWordSplitter::kMaxBytes) {
    rep_->ReadPart(text.substr(at, HealthWordSplitter::kMaxBytes), at,
                   HealthWordSplitter::kOneLine, scratch, mentions);
  }
}

void HealthReader::ReadLines(absl::string_view text, Scratch* scratch,
                             std::vector<HealthMention>* mentions) const {
  mentions->clear();
  for (size_t at = 0; at < text.size();) {
    // Whole lines, as many as the part takes, or one that is longer.
    const absl::string_view rest = text.substr(at);
    size_t size = rest.size();
    if (size > kPartBytes) {
      size_t last = rest.rfind('\n', kPartBytes - 1);
      if (last == rest.npos) last = rest.find('\n', kPartBytes);
      if (last != rest.npos) size = last + 1;
      size = std::min(size, HealthWordSplitter::kMaxBytes);
    }
    rep_->ReadPart(rest.substr(0, size), at, HealthWordSplitter::kManyLines,
                   scratch, mentions);
    at += size;
  }
}

std::vector<HealthMention> HealthReader::Read(absl::string_view text) const {
  Scratch scratch;
  std::vector<HealthMention> mentions;
  Read(text, &scratch, &mentions);
  return mentions;
}

std::vector<Finding> FindingsOf(const HealthMention& mention,
                                absl::string_view field_path) {
  std::vector<Finding> findings;
  for (const v1::HealthCategory category :
       mention.rule->kinds.categories.Values()) {
    Finding finding;
    finding.field_path = std::string(field_path);
    finding.span = mention.span;
    finding.category = category;
    finding.labels = mention.rule->kinds.labels;
    finding.basis = FindingBasis::kLanguage;
    finding.rule_id = mention.rule->id;
    finding.clause = FactsOf(category).clause();
    finding.score = mention.score;
    finding.reason =
        mention.is_state()
            ? absl::StrCat("its words speak of ", mention.rule->title,
                           " (whose: ", ExperiencerText(mention.experiencer),
                           "; ", AssertionText(mention.assertion), ")")
            : absl::StrCat("its words speak of ", mention.rule->title,
                           " as a topic, of nobody's");
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace subrosa
