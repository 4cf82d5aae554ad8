#include "src/classify/health_evaluation.h"

#include <algorithm>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "src/base/status_macros.h"
#include "src/classify/taxonomy_facts.h"

namespace subrosa {
namespace {

double Share(uint64_t part, uint64_t whole) {
  return whole == 0 ? 0
                    : static_cast<double>(part) / static_cast<double>(whole);
}

absl::Status CheckOneOf(absl::string_view column,
                        std::initializer_list<absl::string_view> values,
                        absl::string_view value) {
  if (std::find(values.begin(), values.end(), value) != values.end()) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat(column, ": want a value of the guide's, got another"));
}

}  // namespace

absl::StatusOr<HealthLine> ParseHealthLine(absl::string_view line) {
  const std::vector<absl::string_view> columns = absl::StrSplit(line, '\t');
  if (columns.size() != 2 && columns.size() != 6) {
    return absl::InvalidArgumentError(
        absl::StrCat("columns: want 2 or 6, got ", columns.size()));
  }
  const bool is_short = columns.size() == 2;
  const absl::string_view label = columns[is_short ? 0 : 1];
  HealthLine read;
  SUBROSA_RETURN_IF_ERROR(
      CheckOneOf("label", {"health", "not", "nonhealth"}, label));
  read.is_health = label == "health";
  read.text = std::string(columns.back());
  if (is_short) {
    read.half = "all";
    return read;
  }
  SUBROSA_RETURN_IF_ERROR(CheckOneOf("half", {"tune", "held"}, columns[0]));
  SUBROSA_RETURN_IF_ERROR(CheckOneOf(
      "experiencer", {"", "self", "family", "other", "nobody"}, columns[3]));
  SUBROSA_RETURN_IF_ERROR(CheckOneOf("assertion",
                                     {"", "present", "negated", "uncertain",
                                      "hypothetical", "history", "topic"},
                                     columns[4]));
  if (!columns[2].empty()) {
    absl::StatusOr<v1::HealthLabel> finer =
        ParseSlug<v1::HealthLabel>(columns[2]);
    if (!finer.ok()) return Annotate(finer.status(), "finer label");
    read.finer = *finer;
  }
  read.half = std::string(columns[0]);
  read.experiencer = std::string(columns[3]);
  read.assertion = std::string(columns[4]);
  return read;
}

double HealthTally::recall() const { return Share(found, health); }
double HealthTally::alarm_rate() const { return Share(alarms, not_health); }
double HealthTally::accuracy() const {
  return Share(found + (not_health - alarms), health + not_health);
}

void HealthEvaluation::Add(const HealthReader& reader, const HealthLine& line) {
  HealthTally& tally = tallies_[line.half];
  const std::vector<HealthMention> mentions = reader.Read(line.text);
  if (!line.is_health) {
    ++tally.not_health;
    tally.alarms += mentions.empty() ? 0 : 1;
    return;
  }
  ++tally.health;
  if (mentions.empty()) return;
  ++tally.found;
  const HealthMention* about = &mentions.front();
  if (line.finer != v1::HEALTH_LABEL_UNSPECIFIED) {
    ++tally.with_finer;
    const auto labelled = std::find_if(
        mentions.begin(), mentions.end(), [&line](const HealthMention& m) {
          return m.rule->kinds.labels.Has(line.finer);
        });
    if (labelled != mentions.end()) {
      ++tally.right_finer;
      about = &*labelled;
    }
  }
  if (!line.experiencer.empty()) {
    ++tally.with_experiencer;
    tally.right_experiencer +=
        ExperiencerText(about->experiencer) == line.experiencer ? 1 : 0;
  }
  // A topic asserts nothing.
  if (!line.assertion.empty() && line.assertion != "topic") {
    ++tally.with_assertion;
    tally.right_assertion +=
        AssertionText(about->assertion) == line.assertion ? 1 : 0;
  }
}

}  // namespace subrosa
