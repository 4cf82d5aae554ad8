// Classifies a file of records without taking it into a home: a look before
// `ingest`, in constant memory.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "google/protobuf/descriptor.h"
#include "nlohmann/json.hpp"
#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "src/classify/classification.h"
#include "src/classify/classifier.h"
#include "src/classify/code_table.h"
#include "src/classify/facility_list.h"
#include "src/classify/free_text_reader.h"
#include "src/classify/health_reader.h"
#include "src/classify/health_record_reader.h"
#include "src/classify/inference_reader.h"
#include "src/classify/pattern_reader.h"
#include "src/classify/text_scanner.h"
#include "src/ingest/message_types.h"
#include "src/ingest/open_reader.h"
#include "src/ingest/reader.h"
#include "src/ingest/reader_options.h"
#include "subrosa/v1/record.pb.h"
#include "tools/subrosa/classify_command.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/finding_text.h"
#include "tools/subrosa/record_redaction.h"
#include "tools/subrosa/suppression_argument.h"

namespace subrosa {
namespace {

using Json = nlohmann::ordered_json;

// Most kinds and rules that --counts keeps apart; rules are finite, but a
// service's own messages may have many fields.
constexpr size_t kMaxCounts = 100000;

// Enough for as many places as a list may hold.
constexpr size_t kMaxFacilitiesBytes = 64 << 20;

struct RecordsOptions {
  std::string path;
  std::string facilities;
  bool json = false;
  bool counts = false;
  bool names = false;
  bool no_names = false;
  bool years = false;
  RecordRedactionOptions redaction;
  ReaderOptions reader;

  bool redacts() const {
    return redaction.style != RecordRedactionStyle::kNone;
  }
  // A record that goes out without its telephone numbers and with its names
  // would look safe.
  bool looks_for_names() const { return names || (redacts() && !no_names); }
};

// Tells one record, or why it cannot be told: INVALID_ARGUMENT.
using TellRecord = absl::FunctionRef<absl::Status(
    const ReadOutcome& outcome, const v1::HealthRecord& record)>;

class RecordClassification {
 public:
  RecordClassification(const RecordsOptions& options,
                       SuppressionArgument* suppressions,
                       const Streams& streams)
      : options_(options), suppressions_(*suppressions), streams_(streams) {}

  // Reads everything, prints the findings as it goes.
  absl::Status Run(const Classifier& classifier, FreeTextReader* free_text,
                   HealthRecordReader* health, PatternReader* patterns) {
    SUBROSA_RETURN_IF_ERROR(ReadAll(
        [&](const ReadOutcome& outcome, const v1::HealthRecord& record) {
          absl::StatusOr<std::vector<Finding>> findings =
              classifier.Explain(record);
          if (!findings.ok()) return findings.status();
          // What Explain took, the readers of its text take too.
          SUBROSA_RETURN_IF_ERROR(free_text->Read(record, &*findings));
          SUBROSA_RETURN_IF_ERROR(health->Read(record, &*findings));
          patterns->Read(record, &*findings);
          Suppress(&*findings);
          return Take(outcome, *findings);
        }));
    return options_.counts ? PrintCounts() : absl::OkStatus();
  }

  // Reads everything, prints the records without what is found.
  absl::Status Redact(RecordRedaction* redaction) {
    return ReadAll([&](const ReadOutcome&,
                       const v1::HealthRecord& record) -> absl::Status {
      SUBROSA_ASSIGN_OR_RETURN(const std::string line, redaction->Line(record));
      return Write(line);
    });
  }

  bool has_rejects() const { return rejected_ > 0; }
  // True once standard output failed, which was told then.
  bool print_failed() const { return print_failed_; }

 private:
  absl::Status ReadAll(TellRecord tell) {
    SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<RecordReader> reader,
                             OpenReader(options_.path, options_.reader));
    unit_ = std::string(reader->unit());
    v1::HealthRecord record;
    for (;;) {
      SUBROSA_ASSIGN_OR_RETURN(const ReadOutcome outcome,
                               reader->Next(&record));
      switch (outcome.step) {
        case ReadStep::kEnd:
          return absl::OkStatus();
        case ReadStep::kReject:
          Reject(outcome.number, outcome.reject);
          break;
        case ReadStep::kNotAboutConsumer:
          break;
        case ReadStep::kRecord: {
          const absl::Status told = tell(outcome, record);
          if (absl::IsInvalidArgument(told)) {
            Reject(outcome.number, told);
          } else if (!told.ok()) {
            return told;
          }
        }
      }
    }
  }

  void Reject(uint64_t number, const absl::Status& reason) {
    ++rejected_;
    const std::string message(reason.message());
    std::fprintf(streams_.err, "%s: %s %llu: %s\n", options_.path.c_str(),
                 unit_.c_str(), static_cast<unsigned long long>(number),
                 message.c_str());
  }

  void Suppress(std::vector<Finding>* findings) {
    findings->erase(std::remove_if(findings->begin(), findings->end(),
                                   [this](const Finding& finding) {
                                     return suppressions_.Holds(
                                         finding.rule_id, finding.field_path,
                                         "");
                                   }),
                    findings->end());
  }

  absl::Status Take(const ReadOutcome& outcome,
                    const std::vector<Finding>& findings) {
    if (options_.counts) {
      for (const Finding& finding : findings) Count(finding);
      return absl::OkStatus();
    }
    std::string text;
    for (const Finding& finding : findings) {
      if (options_.json) {
        Json json = {{unit_, outcome.number},
                     {"byte_offset", outcome.byte_offset}};
        json.update(FindingJson(finding));
        absl::StrAppend(
            &text, json.dump(-1, ' ', false, Json::error_handler_t::replace),
            "\n");
      } else {
        absl::StrAppend(&text, unit_, " ", outcome.number, ": ",
                        finding.field_path, ": ", FindingText(finding), "\n");
      }
    }
    return Write(text);
  }

  void Count(const Finding& finding) {
    const auto key = std::make_pair(KindText(finding), finding.rule_id);
    const auto known = counts_.find(key);
    if (known != counts_.end()) {
      ++known->second;
    } else if (counts_.size() < kMaxCounts) {
      counts_[key] = 1;
    } else {
      ++uncounted_;
    }
  }

  absl::Status PrintCounts() {
    std::string text;
    for (const auto& [key, count] : counts_) {
      if (options_.json) {
        const Json json = {
            {"kind", key.first}, {"rule", key.second}, {"count", count}};
        absl::StrAppend(&text, json.dump(), "\n");
      } else {
        absl::StrAppend(&text, count, "\t", key.first, "\t", key.second, "\n");
      }
    }
    if (uncounted_ > 0) {
      std::fprintf(streams_.err, "%s: and %llu findings by other rules\n",
                   options_.path.c_str(),
                   static_cast<unsigned long long>(uncounted_));
    }
    return Write(text);
  }

  absl::Status Write(const std::string& text) {
    print_failed_ = Print(text, streams_) != ExitCode::kDone;
    return print_failed_
               ? absl::UnavailableError("standard output: cannot be written")
               : absl::OkStatus();
  }

  const RecordsOptions& options_;
  SuppressionArgument& suppressions_;
  const Streams& streams_;
  std::string unit_ = "entry";
  std::map<std::pair<std::string, std::string>, uint64_t> counts_;
  uint64_t uncounted_ = 0;
  uint64_t rejected_ = 0;
  bool print_failed_ = false;
};

absl::Status RunRecords(RecordsOptions* options,
                        const std::string& descriptor_set,
                        SuppressionArgument* suppressions,
                        RecordClassification* run) {
  std::unique_ptr<MessageTypes> types;
  if (!descriptor_set.empty()) {
    SUBROSA_ASSIGN_OR_RETURN(types,
                             MessageTypes::LoadDescriptorSet(descriptor_set));
    options->reader.types = types.get();
  }
  TextScanner::Options settings;
  settings.names = options->looks_for_names();
  settings.years = options->years;
  settings.this_year = static_cast<int>(
      absl::ToCivilYear(absl::Now(), absl::UTCTimeZone()).year());
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<TextScanner> scanner,
                           TextScanner::Create(settings));
  SUBROSA_RETURN_IF_ERROR(suppressions->Read(options->path));
  if (options->redacts()) {
    SUBROSA_ASSIGN_OR_RETURN(
        const std::unique_ptr<RecordRedaction> redaction,
        RecordRedaction::Create(options->redaction, *scanner,
                                *options->reader.types, suppressions));
    return Annotate(run->Redact(redaction.get()), options->path);
  }
  SUBROSA_ASSIGN_OR_RETURN(CodeTable codes, CodeTable::BuiltIn());
  const google::protobuf::DescriptorPool& pool =
      options->reader.types->loaded();
  SUBROSA_ASSIGN_OR_RETURN(const CodeTable text_codes, CodeTable::BuiltIn());
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<FreeTextReader> free_text,
                           FreeTextReader::Create(*scanner, text_codes, pool));
  FacilityList facilities;
  if (!options->facilities.empty()) {
    SUBROSA_ASSIGN_OR_RETURN(
        const std::string list,
        ReadFile(options->facilities, kMaxFacilitiesBytes));
    absl::StatusOr<FacilityList> parsed = FacilityList::Parse(list);
    if (!parsed.ok()) return Annotate(parsed.status(), options->facilities);
    facilities = *std::move(parsed);
  }
  SUBROSA_ASSIGN_OR_RETURN(const HealthReader health, HealthReader::Create());
  SUBROSA_ASSIGN_OR_RETURN(
      const InferenceReader inference,
      InferenceReader::Create(health, std::move(facilities)));
  HealthRecordReader health_records(health, inference, text_codes, pool);
  PatternReader patterns(inference.rules());
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Classifier> classifier,
                           Classifier::Create(std::move(codes), pool));
  return Annotate(
      run->Run(*classifier, free_text.get(), &health_records, &patterns),
      options->path);
}

}  // namespace

ExitCode ClassifyRecords(absl::Span<const std::string> arguments,
                         const Streams& streams) {
  RecordsOptions options;
  std::vector<std::string> files;
  std::string descriptor_set;
  int format = static_cast<int>(Format::kDetect);
  int output = 0;
  int redact = static_cast<int>(RecordRedactionStyle::kNone);
  CommandLine line(
      "classify records",
      "Says for each record of a file what kinds of data it holds, by which "
      "rule and clause, one finding a line; in free text, which identifiers "
      "and what of health; and what may be inferred of health from the rest, "
      "also of many records of one consumer together. With --redact, prints "
      "the records instead, with each find in their free text replaced and "
      "every other field as it was. Takes nothing into a home and prints no "
      "value that it found. Records that cannot be read are told on standard "
      "error, and the exit code is then 3.");
  line.AddArguments("file", &files, "A file of records, or - for a pipe");
  line.AddChoice("--as", &format,
                 {{"detect", static_cast<int>(Format::kDetect)},
                  {"ndjson", static_cast<int>(Format::kNdjson)},
                  {"protobuf", static_cast<int>(Format::kDelimited)},
                  {"fhir", static_cast<int>(Format::kFhirNdjson)}},
                 "How the file is written [detect]");
  line.AddOption("--message", &options.reader.message_type,
                 "The message that a file holds bare, by its full name; "
                 "without it a file holds HealthRecords");
  line.AddOption("--descriptor-set", &descriptor_set,
                 "Your own messages, by protoc --include_imports "
                 "--descriptor_set_out");
  line.AddOption("--facilities", &options.facilities,
                 "Places of care, a line each of latitude, longitude and kind "
                 "with tabs between: visits near one are told");
  line.AddChoice(
      "--redact", &redact,
      {{"marker", static_cast<int>(RecordRedactionStyle::kMarker)},
       {"pseudonym", static_cast<int>(RecordRedactionStyle::kPseudonym)}},
      "Print the records with [PHONE] in place of a telephone number in their "
      "free text, or with a pseudonym that is the same for equal values; names "
      "are looked for too");
  line.AddOption("--key-file", &options.redaction.key_file,
                 "With --redact: key of the pseudonyms, 64 hexadecimal digits "
                 "[a new one, which nobody keeps]");
  line.AddFlag("--names", &options.names,
               "Look for names of people, places and organizations too, as "
               "--redact does by itself; slower");
  line.AddFlag("--no-names", &options.no_names,
               "With --redact: leave names in the text");
  line.AddFlag("--years", &options.years,
               "Look for years alone too, which Safe Harbor leaves");
  line.AddFlag("--counts", &options.counts,
               "Only count the findings, by kind and rule");
  line.AddChoice("--format", &output, {{"text", 0}, {"json", 1}},
                 "How to print the result [text]");
  SuppressionArgument suppressions(&line);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if (files.size() != 1) {
    return UsageError("classify records", "file: want one", streams);
  }
  options.redaction.style = static_cast<RecordRedactionStyle>(redact);
  if (options.redacts() && options.counts) {
    return UsageError("classify records", "--counts: want no --redact with it",
                      streams);
  }
  if (!options.redacts() && !options.redaction.key_file.empty()) {
    return UsageError("classify records", "--key-file: want --redact with it",
                      streams);
  }
  if (options.no_names && (!options.redacts() || options.names)) {
    return UsageError("classify records",
                      "--no-names: want --redact with it, and no --names",
                      streams);
  }
  options.path = files.front();
  options.json = output == 1;
  options.reader.format = static_cast<Format>(format);
  // What a bare record must say of itself to be taken into a home does not
  // matter for what it holds.
  RecordDefaults& defaults = options.reader.defaults;
  defaults.source = "unstated";
  defaults.purpose = "unstated";
  defaults.basis = v1::BASIS_CONSENT;
  defaults.collection = v1::COLLECTION_CONSUMER;
  defaults.collected_at = absl::Now();

  RecordClassification run(options, &suppressions, streams);
  const absl::Status status =
      RunRecords(&options, descriptor_set, &suppressions, &run);
  if (run.print_failed()) return ExitCode::kFailed;
  if (!status.ok()) return Fail(status, streams);
  suppressions.Tell(streams);
  return run.has_rejects() ? ExitCode::kNo : ExitCode::kDone;
}

}  // namespace subrosa
