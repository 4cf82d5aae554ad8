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

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
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
  ReaderOptions reader;
};

class RecordClassification {
 public:
  RecordClassification(const RecordsOptions& options,
                       SuppressionArgument* suppressions,
                       const Streams& streams)
      : options_(options), suppressions_(*suppressions), streams_(streams) {}

  // Reads everything and prints as it goes.
  absl::Status Run(const Classifier& classifier, FreeTextReader* free_text,
                   HealthRecordReader* health, PatternReader* patterns) {
    SUBROSA_RETURN_IF_ERROR(suppressions_.Read(options_.path));
    SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<RecordReader> reader,
                             OpenReader(options_.path, options_.reader));
    unit_ = std::string(reader->unit());
    v1::HealthRecord record;
    for (;;) {
      SUBROSA_ASSIGN_OR_RETURN(const ReadOutcome outcome,
                               reader->Next(&record));
      switch (outcome.step) {
        case ReadStep::kEnd:
          return options_.counts ? PrintCounts() : absl::OkStatus();
        case ReadStep::kReject:
          Reject(outcome.number, outcome.reject);
          break;
        case ReadStep::kNotAboutConsumer:
          break;
        case ReadStep::kRecord: {
          absl::StatusOr<std::vector<Finding>> findings =
              classifier.Explain(record);
          if (!findings.ok()) {
            Reject(outcome.number, findings.status());
            break;
          }
          // What Explain took, the reader of its text takes too.
          SUBROSA_RETURN_IF_ERROR(free_text->Read(record, &*findings));
          SUBROSA_RETURN_IF_ERROR(health->Read(record, &*findings));
          patterns->Read(record, &*findings);
          Suppress(&*findings);
          SUBROSA_RETURN_IF_ERROR(Take(outcome, *findings));
        }
      }
    }
  }

  bool has_rejects() const { return rejected_ > 0; }
  // True once standard output failed, which was told then.
  bool print_failed() const { return print_failed_; }

 private:
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
                        RecordClassification* run) {
  std::unique_ptr<MessageTypes> types;
  if (!descriptor_set.empty()) {
    SUBROSA_ASSIGN_OR_RETURN(types,
                             MessageTypes::LoadDescriptorSet(descriptor_set));
    options->reader.types = types.get();
  }
  SUBROSA_ASSIGN_OR_RETURN(CodeTable codes, CodeTable::BuiltIn());
  const google::protobuf::DescriptorPool& pool =
      options->reader.types->loaded();
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<TextScanner> scanner,
                           TextScanner::Create({}));
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
  CommandLine line(
      "classify records",
      "Says for each record of a file what kinds of data it holds, by which "
      "rule and clause, one finding a line; in free text, which identifiers "
      "and what of health; and what may be inferred of health from the rest, "
      "also of many records of one consumer together. Takes nothing into a "
      "home and "
      "prints no value. Records that cannot be read are told on standard "
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
  line.AddFlag("--counts", &options.counts,
               "Only count the findings, by kind and rule");
  line.AddChoice("--format", &output, {{"text", 0}, {"json", 1}},
                 "How to print the result [text]");
  SuppressionArgument suppressions(&line);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if (files.size() != 1) {
    return UsageError("classify records", "file: want one", streams);
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
  const absl::Status status = RunRecords(&options, descriptor_set, &run);
  if (run.print_failed()) return ExitCode::kFailed;
  if (!status.ok()) return Fail(status, streams);
  suppressions.Tell(streams);
  return run.has_rejects() ? ExitCode::kNo : ExitCode::kDone;
}

}  // namespace subrosa
