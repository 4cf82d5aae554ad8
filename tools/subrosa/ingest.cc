#include <sys/stat.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "nlohmann/json.hpp"
#include "src/base/new_file.h"
#include "src/base/status_macros.h"
#include "src/ingest/open_reader.h"
#include "src/ingest/reader.h"
#include "src/ingest/reader_options.h"
#include "src/ingest/row_mapping.h"
#include "src/steward/feed.h"
#include "src/steward/steward.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/consumer_source.h"
#include "tools/subrosa/ingest_command.h"
#include "tools/subrosa/ingest_summary.h"
#include "tools/subrosa/progress.h"
#include "tools/subrosa/session.h"

namespace subrosa {
namespace {

using Json = nlohmann::ordered_json;

// How many kinds of rejects of a file are told on stderr, each by its first;
// --rejects lists every one.
constexpr size_t kToldReasons = 20;

struct IngestOptions {
  std::vector<std::string> files;
  std::string rejects_path;
  bool json = false;
  ReaderOptions reader;
};

// The time of a file stands for when its records were collected, where they do
// not say; for a pipe it is now.
absl::Time TimeOfFile(const std::string& path) {
  struct stat status;
  if (path == "-" || stat(path.c_str(), &status) != 0) return absl::Now();
  return absl::FromUnixSeconds(status.st_mtime);
}

uint64_t SizeOfFile(const std::string& path) {
  struct stat status;
  return path == "-" || stat(path.c_str(), &status) != 0
             ? 0
             : static_cast<uint64_t>(status.st_size);
}

// Takes one file; tells rejects and progress as it goes.
class FileIngest {
 public:
  FileIngest(const std::string& path, const IngestOptions& options,
             NewFile* rejects, const Streams& streams)
      : path_(path),
        options_(options),
        rejects_(rejects),
        streams_(streams),
        progress_(streams),
        size_(SizeOfFile(path)) {}

  absl::Status Run(Steward& steward) {
    ReaderOptions reader_options = options_.reader;
    if (reader_options.defaults.collected_at == absl::InfinitePast()) {
      reader_options.defaults.collected_at = TimeOfFile(path_);
    }
    SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<RecordReader> reader,
                             OpenReader(path_, reader_options));
    unit_ = std::string(reader->unit());
    const absl::Status fed =
        Feed(*reader, steward,
             {[this](const RejectedEntry& entry) { OnReject(entry); },
              [this](const FeedSummary& summary, uint64_t bytes_read) {
                OnProgress(summary, bytes_read);
              }},
             &summary_);
    progress_.End();
    if (rejects_ == nullptr) TellRejects();
    SUBROSA_RETURN_IF_ERROR(Annotate(fed, path_));
    return rejects_status_;
  }

  const FeedSummary& summary() const { return summary_; }

 private:
  void OnReject(const RejectedEntry& entry) {
    if (rejects_ == nullptr) return;
    const Json json = {{"file", path_},
                       {"unit", unit_},
                       {"number", entry.number},
                       {"byte_offset", entry.byte_offset},
                       {"code", absl::StatusCodeToString(entry.status.code())},
                       {"reason", std::string(entry.status.message())}};
    if (rejects_status_.ok()) {
      rejects_status_ = rejects_->Append(
          json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
    }
  }

  void TellRejects() {
    size_t told = 0;
    uint64_t untold = summary_.other_rejects;
    for (const auto& [reason, rejects] : summary_.rejects_by_reason) {
      if (++told > kToldReasons) {
        untold += rejects.count;
        continue;
      }
      std::fprintf(streams_.err, "%s: %s %llu: %s", path_.c_str(),
                   unit_.c_str(),
                   static_cast<unsigned long long>(rejects.first_number),
                   reason.c_str());
      if (rejects.count > 1) {
        std::fprintf(streams_.err, " (and %llu more)",
                     static_cast<unsigned long long>(rejects.count - 1));
      }
      std::fputc('\n', streams_.err);
    }
    if (untold > 0) {
      std::fprintf(streams_.err, "%s: and %llu other rejects\n", path_.c_str(),
                   static_cast<unsigned long long>(untold));
    }
    if (told > 0) {
      std::fputs("subrosa: hint: --rejects FILE lists every reject\n",
                 streams_.err);
    }
  }

  void OnProgress(const FeedSummary& summary, uint64_t bytes_read) {
    if (!progress_.is_shown()) return;
    std::string text = absl::StrCat(path_, ": ", summary.entries(), " entries");
    if (size_ > 0) {
      absl::StrAppend(&text, ", ", bytes_read * 100 / size_, " %");
    }
    progress_.Show(text);
  }

  const std::string path_;
  const IngestOptions& options_;
  NewFile* const rejects_;
  const Streams& streams_;
  Progress progress_;
  const uint64_t size_;
  std::string unit_ = "entry";
  FeedSummary summary_;
  absl::Status rejects_status_;
};

ExitCode RunIngest(const IngestOptions& options, Steward& steward,
                   const Streams& streams) {
  std::optional<NewFile> rejects;
  if (!options.rejects_path.empty()) {
    absl::StatusOr<NewFile> file = NewFile::Create(options.rejects_path);
    if (!file.ok()) return Fail(file.status(), streams);
    rejects.emplace(*std::move(file));
  }
  // A file that cannot be read does not stop the others.
  ExitCode exit = ExitCode::kDone;
  Json files = Json::array();
  std::string text;
  for (const std::string& path : options.files) {
    FileIngest file(path, options, rejects.has_value() ? &*rejects : nullptr,
                    streams);
    const absl::Status status = file.Run(steward);
    const FeedSummary& summary = file.summary();
    if (!status.ok()) {
      Fail(status, streams);
      exit = ExitCode::kFailed;
    }
    if (summary.rejected > 0 && exit == ExitCode::kDone) exit = ExitCode::kNo;
    Json json = IngestSummaryJson(summary);
    json["file"] = path;
    json["finished"] = status.ok();
    files.push_back(json);
    absl::StrAppend(&text, path, ": ", IngestSummaryText(summary),
                    status.ok() ? "" : "; not finished", "\n");
  }
  if (rejects.has_value()) {
    if (const absl::Status published = rejects->Publish(); !published.ok()) {
      exit = Fail(published, streams);
    }
  }
  const ExitCode printed = Print(
      options.json ? Json{{"files", files}}.dump() + "\n" : text, streams);
  return printed == ExitCode::kDone ? exit : printed;
}

}  // namespace

ExitCode Ingest(absl::Span<const std::string> arguments,
                const Streams& streams) {
  IngestOptions options;
  RecordDefaults& defaults = options.reader.defaults;
  int format = static_cast<int>(Format::kDetect);
  int basis = v1::BASIS_UNSPECIFIED;
  int collection = v1::COLLECTION_UNSPECIFIED;
  std::string collected_at;
  std::string mapping_path;
  std::string consumer_from = "file";
  CommandLine line(
      "ingest",
      "Takes records from files, or from standard input for -. What cannot be "
      "taken is listed with its place and the reason; the rest goes on, and "
      "the exit code is then 3. Taking a file again changes nothing.");
  line.AddArguments("file", &options.files, "Files of records");
  line.AddChoice("--as", &format,
                 {{"detect", static_cast<int>(Format::kDetect)},
                  {"ndjson", static_cast<int>(Format::kNdjson)},
                  {"protobuf", static_cast<int>(Format::kDelimited)},
                  {"fhir", static_cast<int>(Format::kFhirNdjson)},
                  {"fhir-bundle", static_cast<int>(Format::kFhirJson)},
                  {"apple-health", static_cast<int>(Format::kAppleHealth)},
                  {"cda", static_cast<int>(Format::kCda)},
                  {"csv", static_cast<int>(Format::kCsv)},
                  {"open-mhealth", static_cast<int>(Format::kOpenMHealth)},
                  {"health-connect", static_cast<int>(Format::kHealthConnect)}},
                 "How the files are written [detect]");
  line.AddOption("--message", &options.reader.message_type,
                 "The message that a file holds bare, by its full name; "
                 "without it a file holds HealthRecords");
  line.AddOption("--mapping", &mapping_path,
                 "File that says what the columns of a table are: for CSV, and "
                 "for NDJSON of flat objects");
  line.AddOption(
      "--consumer-from", &consumer_from,
      "Who the people of the files are: file, by their ids there; "
      "id-file:FILE, one person, whose id FILE holds; map:FILE, by a "
      "CSV of source,consumer. Who is not known is rejected [file]");
  line.AddOption("--source", &defaults.source,
                 "The collecting system, where a record does not say");
  line.AddOption("--purpose", &defaults.purpose,
                 "What it is held for, where a record does not say");
  line.AddChoice("--basis", &basis,
                 {{"consent", v1::BASIS_CONSENT},
                  {"necessary", v1::BASIS_NECESSARY},
                  {"law", v1::BASIS_LAW}},
                 "On which ground, where a record does not say");
  line.AddChoice("--collection", &collection,
                 {{"consumer", v1::COLLECTION_CONSUMER},
                  {"device", v1::COLLECTION_DEVICE},
                  {"provider", v1::COLLECTION_PROVIDER},
                  {"third-party", v1::COLLECTION_THIRD_PARTY},
                  {"inferred", v1::COLLECTION_INFERRED}},
                 "How the entity came by it, where a record does not say");
  line.AddOption("--collected-at", &collected_at,
                 "When, in RFC 3339, where a record does not say [the file's "
                 "time]");
  line.AddOption("--rejects", &options.rejects_path,
                 "File to make with every reject, one JSON object a line");
  Session session(&line);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if (options.files.empty()) {
    return UsageError("ingest", "file: want at least one, got none", streams);
  }
  std::string ignored;
  if (!collected_at.empty() &&
      !absl::ParseTime(absl::RFC3339_full, collected_at, &defaults.collected_at,
                       &ignored)) {
    return UsageError("ingest", "--collected-at: want a time in RFC 3339",
                      streams);
  }
  options.json = session.json();
  options.reader.format = static_cast<Format>(format);
  defaults.basis = static_cast<v1::Basis>(basis);
  defaults.collection = static_cast<v1::Collection>(collection);

  const absl::StatusOr<ConsumerSource> consumers =
      OpenConsumerSource(consumer_from);
  if (!consumers.ok()) return Fail(consumers.status(), streams);
  defaults.consumer = consumers->consumer;
  defaults.consumers = consumers->map.get();

  const absl::StatusOr<Steward*> steward = session.Open();
  if (!steward.ok()) return Fail(steward.status(), streams);
  options.reader.types = &(*steward)->types();
  std::unique_ptr<const RowMapping> mapping;
  if (!mapping_path.empty()) {
    auto loaded = RowMapping::Load(mapping_path, options.reader.types);
    if (!loaded.ok()) return Fail(loaded.status(), streams);
    mapping = *std::move(loaded);
    options.reader.mapping = mapping.get();
  }
  return RunIngest(options, **steward, streams);
}

}  // namespace subrosa
