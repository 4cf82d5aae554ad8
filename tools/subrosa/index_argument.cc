#include "tools/subrosa/index_argument.h"

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "src/vault/index_keys.h"
#include "src/vault/indexed_field.h"

namespace subrosa {
namespace {

constexpr size_t kMostValueBytes = 4096;

// How often a person wants to be told.
constexpr int64_t kToldEvery = 1000;

// Four figures: no more can be made of an estimate.
double Rounded(double number) {
  double rounded = 0;
  (void)absl::SimpleAtod(absl::StrFormat("%.4g", number), &rounded);
  return rounded;
}

}  // namespace

absl::StatusOr<IndexFieldName> ParseFieldName(absl::string_view text) {
  const size_t colon = text.find(':');
  IndexFieldName name;
  if (colon != absl::string_view::npos) {
    name.schema = std::string(text.substr(0, colon));
    name.field = std::string(text.substr(colon + 1));
  }
  if (name.schema.empty() || name.field.empty()) {
    return absl::InvalidArgumentError(
        "field: want `message.full.Name:path.to.field`, got another text");
  }
  return name;
}

FieldArgument::FieldArgument(CommandLine* line) {
  line->AddArguments("field", &given_,
                     "The field: subrosa.v1.MoodCheckIn:device_id");
}

absl::StatusOr<IndexFieldName> FieldArgument::Read() const {
  if (given_.size() != 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("field: want one `message.full.Name:path.to.field`, got ",
                     given_.size()));
  }
  return ParseFieldName(given_.front());
}

absl::StatusOr<std::string> ReadValueFile(const std::string& path) {
  SUBROSA_ASSIGN_OR_RETURN(
      std::string value,
      ReadFile(path == "-" ? "/dev/stdin" : path, kMostValueBytes));
  while (!value.empty() && (value.back() == '\n' || value.back() == '\r')) {
    value.pop_back();
  }
  if (value.empty()) {
    return absl::InvalidArgumentError(
        "value: want one in the file, got an empty line");
  }
  return value;
}

LimitArguments::LimitArguments(CommandLine* line) {
  line->AddNumber("--most-bits", &most_bits_,
                  "Give it no more bits than this: fewer tell less, and find "
                  "more others");
  line->AddNumber("--most-partitions", &most_partitions_,
                  "Spread a value over no more tokens than this: each costs a "
                  "search");
  line->AddFlag("--slow", &wants_slow_,
                "Let each value cost Argon2id, also where nothing asks for it");
}

absl::StatusOr<IndexLimits> LimitArguments::Read() const {
  if (most_bits_ < 1 || most_bits_ > kMostIndexBits) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--most-bits: want 1 to ", kMostIndexBits, ", got ", most_bits_));
  }
  if (most_partitions_ < 1 || most_partitions_ > kMostIndexPartitions) {
    return absl::InvalidArgumentError(
        absl::StrCat("--most-partitions: want 1 to ", kMostIndexPartitions,
                     ", got ", most_partitions_));
  }
  IndexLimits limits;
  limits.most_bits = static_cast<int>(most_bits_);
  limits.most_partitions = static_cast<int>(most_partitions_);
  limits.wants_slow = wants_slow_;
  return limits;
}

IndexKeeper::OnProgress TellConsumers(Progress& progress,
                                      absl::string_view what) {
  return [&progress, what](int64_t consumers) {
    if (consumers % kToldEvery != 0) return;
    progress.Show(absl::StrCat(what, ": ", consumers, " consumers"));
  };
}

absl::StatusOr<IndexVerdict> PlanField(Steward& steward,
                                       const IndexFieldName& field,
                                       const IndexLimits& limits,
                                       const Streams& streams) {
  SUBROSA_ASSIGN_OR_RETURN(
      const IndexedField indexed,
      IndexedField::Resolve(field.schema, field.field, steward.types()));
  Progress progress(streams);
  return steward.Indexes().Plan(indexed, limits,
                                TellConsumers(progress, "counting"));
}

std::string VerdictText(const IndexFieldName& field,
                        const IndexVerdict& verdict) {
  const IndexFigures& figures = verdict.figures;
  std::string text = absl::StrFormat(
      "%s: %d values of %d consumers, the most frequent with %.3g %% of %d "
      "entries.\n",
      field.Text(), figures.distinct_values, figures.consumers,
      100 * figures.largest_value_share, figures.entries);
  if (verdict.bits > 0) {
    absl::StrAppendFormat(
        &text,
        "%s tokens of %d bits in %d partition%s:\n"
        "  a search also looks at   %.3g consumers with another value\n"
        "  the most frequent token  %.3g %% of the entries\n"
        "  an intruder guesses      %.3g %% more values right than without "
        "it\n"
        "  it divides consumers as  %.3g bits do\n",
        verdict.kind == IndexKind::kSlow ? "Slow" : "Plain", verdict.bits,
        verdict.partitions, verdict.partitions == 1 ? "" : "s",
        figures.false_matches, 100 * figures.largest_token_share,
        100 * figures.guess_advantage, figures.distinguishable_bits);
  }
  if (verdict.ok()) return text;
  return absl::StrCat(text, "Refused (", IndexRefusalSlug(verdict.refusal),
                      "): ", verdict.reason, ".\n");
}

nlohmann::ordered_json VerdictJson(const IndexFieldName& field,
                                   const IndexVerdict& verdict) {
  const IndexFigures& figures = verdict.figures;
  nlohmann::ordered_json json = {{"field", field.Text()},
                                 {"allowed", verdict.ok()}};
  if (verdict.ok()) {
    json["refusal"] = nullptr;
    json["reason"] = nullptr;
  } else {
    json["refusal"] = std::string(IndexRefusalSlug(verdict.refusal));
    json["reason"] = verdict.reason;
  }
  json["bits"] = verdict.bits;
  json["partitions"] = verdict.partitions;
  json["kind"] = std::string(IndexKindName(verdict.kind));
  json["consumers"] = figures.consumers;
  json["entries"] = figures.entries;
  json["distinct_values"] = figures.distinct_values;
  json["largest_value_share"] = Rounded(figures.largest_value_share);
  json["largest_token_share"] = Rounded(figures.largest_token_share);
  json["false_matches"] = Rounded(figures.false_matches);
  json["guess_advantage"] = Rounded(figures.guess_advantage);
  json["distinguishable_bits"] = Rounded(figures.distinguishable_bits);
  return json;
}

}  // namespace subrosa
