#include "src/ingest/apple_zip_reader.h"

#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "simdjson.h"
#include "src/base/status_macros.h"
#include "src/ingest/apple_sample.h"
#include "src/ingest/json_padding.h"

namespace subrosa {
namespace {

ReadOutcome Rejected(const absl::Status& why) {
  ReadOutcome outcome;
  outcome.step = ReadStep::kReject;
  outcome.reject = why;
  return outcome;
}

// The parts of a member's path below "apple_health_export/".
std::vector<absl::string_view> PartsOf(absl::string_view name) {
  std::vector<absl::string_view> parts = absl::StrSplit(name, '/');
  if (parts.size() > 1) parts.erase(parts.begin());
  return parts;
}

// What macOS puts beside the files of a folder that it packs.
bool IsOfMac(absl::string_view name) {
  const size_t slash = name.rfind('/');
  const absl::string_view base =
      slash == absl::string_view::npos ? name : name.substr(slash + 1);
  return absl::StartsWith(name, "__MACOSX/") || absl::StartsWith(base, "._") ||
         base == ".DS_Store";
}

}  // namespace

AppleZipReader::AppleZipReader(BufferedInput input,
                               const ReaderOptions& options, size_t max_bytes)
    : members_(std::move(input)),
      options_(options),
      max_bytes_(max_bytes),
      finisher_(AppleReader::WithDevice(options.defaults)) {}

absl::StatusOr<std::unique_ptr<RecordReader>> AppleZipReader::Make(
    BufferedInput input, const ReaderOptions& options, size_t max_bytes) {
  SUBROSA_RETURN_IF_ERROR(AppleReader::CheckOptions(options));
  return std::unique_ptr<RecordReader>(
      new AppleZipReader(std::move(input), options, max_bytes));
}

absl::StatusOr<ReadOutcome> AppleZipReader::Next(v1::HealthRecord* record) {
  SUBROSA_ASSIGN_OR_RETURN(ReadOutcome outcome, Step(record));
  if (outcome.step != ReadStep::kEnd) ++entries_;
  outcome.number = entries_;
  outcome.byte_offset = members_.bytes_read();
  return outcome;
}

absl::StatusOr<ReadOutcome> AppleZipReader::Step(v1::HealthRecord* record) {
  for (;;) {
    if (samples_ != nullptr) {
      SUBROSA_ASSIGN_OR_RETURN(const ReadOutcome outcome,
                               samples_->Next(record));
      if (outcome.step != ReadStep::kEnd) return outcome;
      samples_ = nullptr;
    }
    SUBROSA_ASSIGN_OR_RETURN(const ZipMembers::Kind kind, members_.Next());
    switch (kind) {
      case ZipMembers::Kind::kEnd:
        if (!has_export_) {
          return absl::InvalidArgumentError(
              "zip archive: want an export of Apple Health with its "
              "export.xml, got another");
        }
        return ReadOutcome();
      case ZipMembers::Kind::kOther:
        continue;
      case ZipMembers::Kind::kOutside:
        return Rejected(absl::InvalidArgumentError(
            "archive member: want a file below the archive's root, got a link "
            "or a name that leads elsewhere"));
      case ZipMembers::Kind::kFile:
        break;
    }
    if (IsOfMac(members_.name())) continue;
    const std::vector<absl::string_view> parts = PartsOf(members_.name());
    const bool is_xml = parts.size() == 1 && absl::EndsWith(parts[0], ".xml");
    if (!is_xml) return TakeFile(record);
    if (absl::EndsWith(parts[0], "_cda.xml")) {
      ReadOutcome outcome;
      outcome.step = ReadStep::kNotAboutConsumer;
      outcome.type = "export_cda.xml, the same samples again";
      return outcome;
    }
    has_export_ = true;
    SUBROSA_ASSIGN_OR_RETURN(
        samples_, AppleReader::Make(members_.source(), options_, max_bytes_));
  }
}

absl::StatusOr<bool> AppleZipReader::ReadFile() {
  file_.clear();
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const absl::string_view next,
                             members_.source()->Next());
    if (next.empty()) return true;
    if (file_.size() + next.size() > max_bytes_) return false;
    file_.append(next.data(), next.size());
  }
}

absl::StatusOr<ReadOutcome> AppleZipReader::TakeFile(v1::HealthRecord* record) {
  const std::vector<absl::string_view> parts = PartsOf(members_.name());
  if (parts.size() < 2) {
    return Rejected(absl::InvalidArgumentError(
        "archive member: want export.xml, or a file in a folder of the export, "
        "got another"));
  }
  type_ = std::string(parts[0]);
  SUBROSA_ASSIGN_OR_RETURN(const bool is_whole, ReadFile());
  if (!is_whole) {
    return Rejected(absl::InvalidArgumentError(absl::StrCat(
        "archive member: want at most ", max_bytes_, " bytes, got more")));
  }
  const bool is_clinical = absl::StartsWith(type_, "clinical") &&
                           absl::EndsWith(members_.name(), ".json");
  record->Clear();
  const absl::Status filled =
      is_clinical ? FillClinical(record) : FillWhole(record);
  if (!filled.ok()) return Rejected(filled);
  ReadOutcome outcome;
  outcome.step = ReadStep::kRecord;
  return outcome;
}

absl::Status AppleZipReader::FillClinical(v1::HealthRecord* record) {
  file_.reserve(file_.size() + kJsonPaddingBytes);
  // The resource names its patient by the id of the care system that wrote it;
  // whose export it is, the caller knows.
  SUBROSA_RETURN_IF_ERROR(mapper_.Map(file_, record).status());
  record->clear_consumer();
  ReadOrigin origin;
  origin.system = "apple-health-fhir";
  origin.type = mapper_.type();
  origin.id = record->id();
  origin.raw = file_;
  SUBROSA_RETURN_IF_ERROR(finisher_.Finish(origin, record));
  // Two care systems may number alike.
  seen_.Take(record);
  return absl::OkStatus();
}

absl::Status AppleZipReader::FillWhole(v1::HealthRecord* record) {
  if (!simdjson::validate_utf8(file_.data(), file_.size()) ||
      absl::StrContains(file_, absl::string_view("\0", 1))) {
    return absl::InvalidArgumentError(
        "archive member: want text in UTF-8, got other bytes");
  }
  wire_.Clear();
  wire_.Type(kHealthKit, type_);
  wire_.Raw(file_);
  wire_.MoveInto(record);
  ReadOrigin origin;
  origin.system = "apple-health";
  origin.type = type_;
  origin.raw = file_;
  return finisher_.Finish(origin, record);
}

}  // namespace subrosa
