#include "src/classify/health_reader.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
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

// Above this the model alone tells a request for help, and below the other not
// even cues do. Set on texts that it was not trained on (docs/help_model.md).
constexpr double kHelpScore = 0.75;
constexpr double kNoHelpScore = -1.5;

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

void HealthReader::Read(absl::string_view text, Scratch* scratch,
                        std::vector<HealthMention>* mentions) const {
  mentions->clear();
  std::vector<HealthWord>& words = scratch->words;
  rep_->splitter.Split(text, &words);
  rep_->lexicon.Match(HealthLexicon::kHealthKind, text, words, &scratch->hits);
  for (const LexiconHit& hit : scratch->hits) {
    if (hit.cue != HealthCue::kHealth) continue;
    const HealthContext context =
        rep_->context.Read(text, words, hit.begin, hit.end);
    if (context.is_animal) continue;
    const size_t begin = words[hit.begin].begin;
    mentions->push_back({{begin, words[hit.end - 1].end - begin},
                         &rep_->lexicon.rules()[hit.rule],
                         context.experiencer,
                         context.assertion,
                         kWordsScore});
  }
  if (!mentions->empty() || words.empty()) return;
  const double help = rep_->help.Score(words);
  if (help < kNoHelpScore) return;
  if (help < kHelpScore) {
    rep_->lexicon.Match(HealthLexicon::kOtherKind, text, words, &scratch->hits);
    if (!SeeksHelp(scratch->hits)) return;
  }
  // Nothing says whose trouble it is but the one who asks.
  mentions->push_back(
      {{words.front().begin, words.back().end - words.front().begin},
       rep_->seeking_help,
       HealthExperiencer::kSelf,
       HealthAssertion::kUncertain,
       kSeekingHelpScore});
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
