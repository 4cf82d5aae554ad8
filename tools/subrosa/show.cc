#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "nlohmann/json.hpp"
#include "src/base/status_macros.h"
#include "src/classify/classification.h"
#include "src/classify/pattern_reader.h"
#include "src/classify/taxonomy_facts.h"
#include "src/exports/message_json.h"
#include "src/exports/payload_text.h"
#include "src/steward/steward.h"
#include "src/vault/record_row.h"
#include "src/vault/vault.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/finding_text.h"
#include "tools/subrosa/index_argument.h"
#include "tools/subrosa/session.h"
#include "tools/subrosa/show_command.h"

namespace subrosa {
namespace {

using Json = nlohmann::ordered_json;

std::string WhenOf(const v1::HealthRecord& record) {
  const auto& timestamp = record.effective().has_start()
                              ? record.effective().start()
                              : record.collected_at();
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ",
                          absl::FromUnixSeconds(timestamp.seconds()),
                          absl::UTCTimeZone());
}

// How sure one can be that a record has a category, and of whose: nothing for
// what marks or codes say.
absl::string_view Proviso(const RowFacts& facts, v1::HealthCategory category) {
  if (CategorySet::FromBits(OthersCategories(facts)).Has(category)) {
    return " (by words alone, of somebody else)";
  }
  return CategorySet::FromBits(ToldCategories(facts)).Has(category)
             ? " (by words alone)"
             : "";
}

Json Slugs(uint32_t categories) {
  Json slugs = Json::array();
  for (const v1::HealthCategory category :
       CategorySet::FromBits(categories).Values()) {
    slugs.push_back(std::string(Slug(category)));
  }
  return slugs;
}

class Shower {
 public:
  Shower(Steward& steward, bool json, bool values, bool reasons,
         bool all_reasons, bool names_consumers, const Streams& streams)
      : steward_(steward),
        json_(json),
        values_(values),
        reasons_(reasons),
        all_reasons_(all_reasons),
        names_consumers_(names_consumers),
        streams_(streams),
        patterns_(steward.kinds().NewPatterns()) {}

  absl::Status ShowRecord(const v1::HealthRecord& record,
                          const RowFacts& facts) {
    SUBROSA_ASSIGN_OR_RETURN(
        const std::unique_ptr<google::protobuf::Message> payload,
        ParsePayload(record, steward_.types()));
    std::vector<Finding> findings;
    if (reasons_) {
      SUBROSA_ASSIGN_OR_RETURN(findings, steward_.kinds().Explain(record));
      if (patterns_ != nullptr) patterns_->Read(record, &findings);
    }
    ++count_;
    return json_ ? ShowJson(record, facts, *payload, findings)
                 : ShowText(record, facts, *payload, findings);
  }

  int64_t count() const { return count_; }
  // True once standard output failed, which was told then.
  bool print_failed() const { return print_failed_; }

 private:
  absl::Status Write(const std::string& text) {
    print_failed_ = Print(text, streams_) != ExitCode::kDone;
    return print_failed_
               ? absl::UnavailableError("standard output: cannot be written")
               : absl::OkStatus();
  }

  absl::Status ShowText(const v1::HealthRecord& record, const RowFacts& facts,
                        const google::protobuf::Message& payload,
                        const std::vector<Finding>& findings) {
    std::string text = absl::StrCat(
        names_consumers_ ? absl::StrCat("consumer ", record.consumer(), ": ")
                         : "",
        TypeTitle(*payload.GetDescriptor()), ", ", WhenOf(record), ", source ",
        facts.source, ", purpose ", facts.purpose, "\n");
    if (values_) {
      SUBROSA_RETURN_IF_ERROR(VisitValues(
          payload, [&text](absl::string_view path, absl::string_view value) {
            absl::StrAppend(&text, "  ", path, " = ", value, "\n");
            return absl::OkStatus();
          }));
    }
    std::string kinds;
    for (const v1::HealthCategory category :
         CategorySet::FromBits(facts.categories).Values()) {
      absl::StrAppend(&kinds, kinds.empty() ? "" : ", ", Slug(category),
                      Proviso(facts, category));
    }
    absl::StrAppend(&text, "  counts as: ",
                    kinds.empty() ? "personal, no health category" : kinds,
                    "\n");
    // Why it is health data is told in full; what else it is, on one line.
    std::set<std::string> others;
    for (const Finding& finding : findings) {
      if (all_reasons_ || finding.category != v1::HEALTH_CATEGORY_UNSPECIFIED) {
        absl::StrAppend(&text, "    ", FindingText(finding), "\n");
      } else {
        others.insert(KindText(finding));
      }
    }
    if (!others.empty()) {
      absl::StrAppend(&text, "    also: ", absl::StrJoin(others, "; "), "\n");
    }
    return Write(text);
  }

  absl::Status ShowJson(const v1::HealthRecord& record, const RowFacts& facts,
                        const google::protobuf::Message& payload,
                        const std::vector<Finding>& findings) {
    Json json = {{"type", TypeTitle(*payload.GetDescriptor())},
                 {"schema", facts.schema},
                 {"when", WhenOf(record)},
                 {"source", facts.source},
                 {"purpose", facts.purpose}};
    if (names_consumers_) json["consumer"] = record.consumer();
    json["categories"] = Slugs(facts.categories);
    json["by_words_alone"] = Slugs(ToldCategories(facts));
    json["of_somebody_else"] = Slugs(OthersCategories(facts));
    if (values_) {
      std::string content;
      SUBROSA_RETURN_IF_ERROR(AppendMessageJson(payload, &content));
      json["content"] = Json::parse(content);
    }
    if (reasons_) {
      json["findings"] = Json::array();
      for (const Finding& finding : findings) {
        json["findings"].push_back(FindingJson(finding));
      }
    }
    return Write(json.dump(-1, ' ', false, Json::error_handler_t::replace) +
                 "\n");
  }

  Steward& steward_;
  const bool json_;
  const bool values_;
  const bool reasons_;
  const bool all_reasons_;
  const bool names_consumers_;  // Records of several: say whose each is.
  const Streams& streams_;
  // What the consumer's records tell together. Null if no words are read.
  const std::unique_ptr<PatternReader> patterns_;
  int64_t count_ = 0;
  bool print_failed_ = false;
};

// Which records are meant: those of one consumer, or, by an index, those with
// one value.
class Chosen {
 public:
  explicit Chosen(CommandLine* line) : consumer_argument_(line) {
    line->AddOption("--field", &field_,
                    "Show the records with one value in a field, of whichever "
                    "consumer, by the field's index: "
                    "subrosa.v1.MoodCheckIn:device_id");
    line->AddOption("--value-file", &value_file_,
                    "Read that value from a file, or from standard input for "
                    "-");
  }

  bool is_by_value() const { return !field_.empty() || !value_file_.empty(); }

  absl::Status Read() {
    if (!is_by_value()) {
      SUBROSA_ASSIGN_OR_RETURN(consumer_, consumer_argument_.Read());
      return absl::OkStatus();
    }
    if (field_.empty() || value_file_.empty() ||
        consumer_argument_.is_given()) {
      return absl::InvalidArgumentError(
          "--field: want --value-file with it, and no consumer");
    }
    SUBROSA_ASSIGN_OR_RETURN(name_, ParseFieldName(field_));
    SUBROSA_ASSIGN_OR_RETURN(value_, ReadValueFile(value_file_));
    return absl::OkStatus();
  }

  absl::Status Visit(Steward& steward, Vault::RecordVisitor visit) const {
    return is_by_value() ? steward.FindForConsumer(name_.schema, name_.field,
                                                   value_, visit)
                         : steward.ScanForConsumer(consumer_, visit);
  }

 private:
  ConsumerArgument consumer_argument_;
  std::string field_;
  std::string value_file_;
  std::string consumer_;
  IndexFieldName name_;
  std::string value_;
};

}  // namespace

ExitCode Show(absl::Span<const std::string> arguments, const Streams& streams) {
  bool values = false;
  bool brief = false;
  bool all_reasons = false;
  CommandLine line("show",
                   "Lists what is held of one consumer, or with one value in "
                   "a field, and why each record counts as health data. With "
                   "--format=json, one JSON object a line.");
  Chosen chosen(&line);
  line.AddFlag("--values", &values,
               "Print the records' content too; without it nothing that the "
               "consumer wrote is shown");
  line.AddFlag(
      "--all-reasons", &all_reasons,
      "Tell in full why identifiers and other personal data count too");
  line.AddFlag("--brief", &brief, "Leave the reasons out");
  Session session(&line);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  const absl::Status read = chosen.Read();
  if (!read.ok()) {
    return UsageError("show", std::string(read.message()), streams);
  }

  const absl::StatusOr<Steward*> steward = session.Open();
  if (!steward.ok()) return Fail(steward.status(), streams);
  Shower shower(**steward, session.json(), values, !brief, all_reasons,
                chosen.is_by_value(), streams);
  const absl::Status shown = chosen.Visit(
      **steward,
      [&shower](const v1::HealthRecord& record, const RowFacts& facts) {
        return shower.ShowRecord(record, facts);
      });
  if (shower.print_failed()) return ExitCode::kFailed;
  if (!shown.ok()) return FailOrNo(shown, streams);
  if (chosen.is_by_value() && shower.count() == 0) {
    return FailOrNo(
        absl::NotFoundError("value: want one that is held here, got none"),
        streams);
  }
  if (session.json()) return ExitCode::kDone;
  return Print(absl::StrCat(shower.count(), " records.\n"), streams);
}

}  // namespace subrosa
