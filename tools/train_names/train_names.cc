// Trains the weights of the name tagger and writes them to stdout: an averaged
// perceptron over the tagger's own features. One thread, integers only until
// the end: the same texts give the same bytes.
//
// Usage: train_names LISTS TEXTS > name_weights.tsv
// TEXTS is what tools/train_names/prepare.py writes.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "src/classify/name_features.h"
#include "src/classify/name_lists.h"
#include "src/classify/name_tokens.h"

namespace subrosa {
namespace {

constexpr int kRounds = 16;
// What a row saw fewer times than this is forgotten: it tells of single texts.
constexpr int kLeastSeen = 5;
// A name that is missed costs more than a false alarm: it has to lead by more.
constexpr int kNameMargin = 12;
constexpr int kNoneMargin = 4;
// Taken from none when tagging.
constexpr int kNonePenalty = 100;
// In one of so many tokens the word itself is hidden.
constexpr uint32_t kHideOneIn = 3;
// Of each token's features so many are left out, so that none is trusted alone.
constexpr uint32_t kLeaveOutPercent = 60;

struct Example {
  std::vector<NameToken> tokens;
  std::vector<NameLabel> labels;
  bool has_organizations = true;
};

struct Row {
  std::array<int32_t, kNameLabels> weight{};
  std::array<int64_t, kNameLabels> sum{};  // Of steps times changes.
  int seen = 0;                            // In so many texts of the training.
  const void* last_text = nullptr;
};

class Draws {
 public:
  uint32_t Below(uint32_t limit) {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<uint32_t>(state_ >> 33) % limit;
  }

 private:
  uint64_t state_ = 1;
};

[[noreturn]] void Fail(const char* what) {
  std::fprintf(stderr, "train_names: error: %s\n", what);
  std::exit(1);
}

std::string ReadFile(const char* path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) Fail("want a file that can be read, got none");
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::string Unescaped(absl::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    ++i;
    out += text[i] == 'n' ? '\n' : text[i] == 't' ? '\t' : text[i];
  }
  return out;
}

NameLabel LabelOf(absl::string_view letter) {
  return letter == "P"   ? NameLabel::kPerson
         : letter == "L" ? NameLabel::kPlace
         : letter == "O" ? NameLabel::kOrganization
                         : NameLabel::kStreet;
}

Example ReadExample(absl::string_view line, const NameLists& lists) {
  const std::vector<absl::string_view> cells = absl::StrSplit(line, '\t');
  if (cells.size() != 3) Fail("want lines of three cells, got another");
  Example example;
  example.has_organizations = cells[0] == "1";
  TokenizeForNames(Unescaped(cells[1]), &example.tokens);
  lists.Mark(&example.tokens);
  example.labels.resize(example.tokens.size(), NameLabel::kNone);
  for (const absl::string_view span :
       absl::StrSplit(cells[2], ',', absl::SkipEmpty())) {
    const std::vector<absl::string_view> parts = absl::StrSplit(span, ':');
    uint32_t begin = 0, end = 0;
    if (parts.size() != 3 || !absl::SimpleAtoi(parts[0], &begin) ||
        !absl::SimpleAtoi(parts[1], &end)) {
      Fail("want spans as begin:end:label, got another");
    }
    for (size_t i = 0; i < example.tokens.size(); ++i) {
      if (example.tokens[i].begin < end && begin < example.tokens[i].end) {
        example.labels[i] = LabelOf(parts[2]);
      }
    }
  }
  return example;
}

class Trainer {
 public:
  Trainer() : rows_(size_t{1} << kNameRowBits) {}

  void Learn(const Example& example) {
    NameLabel last = NameLabel::kNone, last_but_one = NameLabel::kNone;
    NameRun run;
    NameFeatures features;
    for (size_t i = 0; i < example.tokens.size(); ++i) {
      NameLabel label = NameLabel::kNone;
      if (MayBeName(example.tokens, i, last)) {
        if (i >= run.end) run = NameRunAt(example.tokens, i);
        FeaturesOfName(example.tokens, i, run, last, last_but_one,
                       draws_.Below(kHideOneIn) == 0, &features);
        label =
            LearnToken(features, example.labels[i], example.has_organizations);
      }
      last_but_one = last;
      last = label;
    }
  }

  // Counts in how many texts each feature is; before anything is learned.
  void Count(const Example& example) {
    NameRun run;
    NameFeatures features;
    for (size_t i = 0; i < example.tokens.size(); ++i) {
      const NameLabel last = i > 0 ? example.labels[i - 1] : NameLabel::kNone;
      const NameLabel last_but_one =
          i > 1 ? example.labels[i - 2] : NameLabel::kNone;
      if (!MayBeName(example.tokens, i, last)) continue;
      if (i >= run.end) run = NameRunAt(example.tokens, i);
      FeaturesOfName(example.tokens, i, run, last, last_but_one, false,
                     &features);
      for (const uint32_t row : features) {
        if (rows_[row].last_text == &example) continue;
        rows_[row].last_text = &example;
        ++rows_[row].seen;
      }
    }
  }

  void Shuffle(std::vector<const Example*>* examples) {
    for (size_t i = examples->size(); i > 1; --i) {
      std::swap((*examples)[i - 1],
                (*examples)[draws_.Below(static_cast<uint32_t>(i))]);
    }
  }

  void Write() const {
    std::printf(
        "# Weights of the name tagger, made by tools/train_names/train (see\n"
        "# docs/name_model.md): a row of its table and what it adds to none,\n"
        "# person, place, organization and street.\n");
    std::printf("none-penalty %d\n", kNonePenalty);
    // Averages, in steps so fine that the largest is 127.
    std::vector<std::array<double, kNameLabels>> averages;
    std::vector<double> sizes;
    for (const Row& row : rows_) {
      std::array<double, kNameLabels> average{};
      for (size_t label = 0; label < kNameLabels; ++label) {
        average[label] = row.weight[label] -
                         static_cast<double>(row.sum[label]) / (step_ + 1);
        if (average[label] != 0) sizes.push_back(std::abs(average[label]));
      }
      averages.push_back(average);
    }
    std::sort(sizes.begin(), sizes.end());
    const double scale = 100 / sizes[sizes.size() * 999 / 1000];
    for (size_t row = 0; row < averages.size(); ++row) {
      std::array<int, kNameLabels> rounded{};
      bool is_empty = true;
      for (size_t label = 0; label < kNameLabels; ++label) {
        const double scaled = averages[row][label] * scale;
        rounded[label] = std::max(
            -127, std::min(127, static_cast<int>(scaled < 0 ? scaled - 0.5
                                                            : scaled + 0.5)));
        is_empty &= rounded[label] == 0;
      }
      if (is_empty) continue;
      std::printf("%zu", row);
      for (const int weight : rounded) std::printf(" %d", weight);
      std::printf("\n");
    }
  }

  int64_t mistakes() const { return mistakes_; }

 private:
  NameLabel LearnToken(const NameFeatures& features, NameLabel right,
                       bool has_organizations) {
    std::array<int32_t, kNameLabels> scores{};
    kept_.clear();
    for (const uint32_t row : features) {
      if (draws_.Below(100) < kLeaveOutPercent) continue;
      if (rows_[row].seen < kLeastSeen) continue;
      kept_.push_back(row);
      for (size_t label = 0; label < kNameLabels; ++label) {
        scores[label] += rows_[row].weight[label];
      }
    }
    size_t best = 0;
    for (size_t label = 1; label < kNameLabels; ++label) {
      if (scores[label] > scores[best]) best = label;
    }
    // The strongest rival of the right label.
    const size_t want = static_cast<size_t>(right);
    size_t rival = want == 0 ? 1 : 0;
    for (size_t label = 0; label < kNameLabels; ++label) {
      if (label == want) continue;
      // Unlabelled organizations and streets are no mistakes.
      if (!has_organizations && want == 0 && label >= 3) continue;
      const int bonus = want != 0 && label == 0 ? kNameMargin : 0;
      const int rival_bonus = want != 0 && rival == 0 ? kNameMargin : 0;
      if (scores[label] + bonus > scores[rival] + rival_bonus) rival = label;
    }
    if (!has_organizations && want == 0 && best >= 3) {
      return static_cast<NameLabel>(best);
    }
    ++step_;
    const int margin = want != 0 && rival == 0 ? kNameMargin : kNoneMargin;
    if (scores[want] < scores[rival] + margin) {
      mistakes_ += best != want;
      for (const uint32_t row : kept_) {
        Change(row, want, 1);
        Change(row, rival, -1);
      }
    }
    return static_cast<NameLabel>(best);
  }

  void Change(uint32_t row, size_t label, int by) {
    rows_[row].weight[label] += by;
    rows_[row].sum[label] += by * step_;
  }

  std::vector<Row> rows_;
  std::vector<uint32_t> kept_;
  Draws draws_;
  int64_t step_ = 0;
  int64_t mistakes_ = 0;
};

void Train(const char* lists_path, const char* texts_path) {
  const auto lists = NameLists::Parse(ReadFile(lists_path));
  if (!lists.ok()) Fail("want lists as in name_lists.tsv, got another");
  std::vector<Example> examples;
  for (const absl::string_view line :
       absl::StrSplit(ReadFile(texts_path), '\n', absl::SkipEmpty())) {
    examples.push_back(ReadExample(line, *lists));
  }
  std::vector<const Example*> order;
  for (const Example& example : examples) order.push_back(&example);
  Trainer trainer;
  for (const Example& example : examples) trainer.Count(example);
  for (int round = 0; round < kRounds; ++round) {
    const int64_t before = trainer.mistakes();
    trainer.Shuffle(&order);
    for (const Example* example : order) trainer.Learn(*example);
    std::fprintf(stderr, "round %d: %lld mistakes\n", round + 1,
                 static_cast<long long>(trainer.mistakes() - before));
  }
  trainer.Write();
}

}  // namespace
}  // namespace subrosa

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: train_names LISTS TEXTS\n");
    return 2;
  }
  subrosa::Train(argv[1], argv[2]);
}
