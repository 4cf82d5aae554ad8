#include "src/ingest/cda_reader.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/ingest/cda_time.h"

namespace subrosa {
namespace {

RecordDefaults WithProvider(RecordDefaults defaults) {
  if (defaults.collection == v1::COLLECTION_UNSPECIFIED) {
    defaults.collection = v1::COLLECTION_PROVIDER;
  }
  return defaults;
}

absl::Status Wrong(absl::string_view path, absl::string_view want,
                   absl::string_view got) {
  return absl::InvalidArgumentError(
      absl::StrCat(path, ": want ", want, ", got ", got));
}

constexpr absl::string_view kTime = "a time of HL7, as 20240501 or more exact";

}  // namespace

CdaReader::CdaReader(BufferedInput input, const ReaderOptions& options,
                     size_t max_item_bytes)
    : input_(std::move(input)),
      source_(&input_),
      items_(&source_, &visitor_, max_item_bytes, XmlText::kAsked),
      finisher_(WithProvider(options.defaults)),
      names_consumer_(!options.defaults.consumer.empty()),
      max_item_bytes_(max_item_bytes) {}

absl::StatusOr<ReadOutcome> CdaReader::Next(v1::HealthRecord* record) {
  absl::StatusOr<XmlItems::Step> step =
      next_.has_value() ? *std::move(next_) : items_.Next();
  next_.reset();
  SUBROSA_RETURN_IF_ERROR(step.status());
  ReadOutcome outcome;
  outcome.number = count_;
  outcome.byte_offset = items_.bytes_read();
  if (*step == XmlItems::Step::kEnd) return outcome;
  outcome.number = ++count_;
  outcome.byte_offset = items_.offset();
  outcome.step = ReadStep::kReject;
  outcome.reject = Judge(*step, record);
  if (visitor_.item().kind == CdaItem::Kind::kPatient) {
    next_ = items_.Next();
    if (outcome.reject.ok()) outcome.reject = CheckPatients();
  }
  if (outcome.reject.ok()) outcome.step = ReadStep::kRecord;
  return outcome;
}

absl::Status CdaReader::Judge(XmlItems::Step step, v1::HealthRecord* record) {
  switch (step) {
    case XmlItems::Step::kTooLong:
      return Wrong("entry", absl::StrCat("at most ", max_item_bytes_, " bytes"),
                   "more");
    case XmlItems::Step::kTooDeep:
      return Wrong("entry", absl::StrCat("at most ", kMaxDepth, " levels"),
                   "more");
    case XmlItems::Step::kItem:
    case XmlItems::Step::kEnd:
      break;
  }
  return Fill(record);
}

absl::Status CdaReader::Fill(v1::HealthRecord* record) {
  const CdaItem& item = visitor_.item();
  record->Clear();
  SUBROSA_RETURN_IF_ERROR(SetConsumer(record));
  record->set_id(item.id);
  SUBROSA_RETURN_IF_ERROR(SetTimes(record));
  v1::CdaEntry entry = item.entry;
  if (item.kind == CdaItem::Kind::kNarrative) entry.set_entry_class("text");
  const absl::string_view raw = items_.raw();
  entry.set_xml(std::string(raw));
  record->mutable_payload()->PackFrom(entry);
  ReadOrigin origin;
  origin.system = "c-cda";
  origin.type = entry.section();
  origin.id = item.id;
  origin.raw = raw;
  origin.beside = item.referred;
  SUBROSA_RETURN_IF_ERROR(finisher_.Finish(origin, record));
  seen_.Take(record);
  return absl::OkStatus();
}

absl::Status CdaReader::CheckPatients() const {
  if (visitor_.is_patient_dropped()) {
    return Wrong("recordTarget",
                 absl::StrCat("at most ", max_item_bytes_,
                              " bytes, to know the patient by"),
                 "more");
  }
  if (visitor_.patients() <= 1) return absl::OkStatus();
  return Wrong("recordTarget", "one patient", "several");
}

absl::Status CdaReader::SetConsumer(v1::HealthRecord* record) const {
  SUBROSA_RETURN_IF_ERROR(CheckPatients());
  if (visitor_.patient_id().empty()) {
    if (names_consumer_) return absl::OkStatus();
    return Wrong("recordTarget.patientRole.id", "the patient's id", "none");
  }
  const absl::string_view id = visitor_.patient_id();
  const size_t mark = id.find('^');
  record->set_consumer(
      std::string(mark == absl::string_view::npos ? id : id.substr(mark + 1)));
  return absl::OkStatus();
}

absl::Status CdaReader::SetTimes(v1::HealthRecord* record) const {
  const CdaItem& item = visitor_.item();
  if (!visitor_.document_time().empty()) {
    const std::optional<TextTime> time = ParseCdaTime(visitor_.document_time());
    if (!time.has_value()) return Wrong("effectiveTime", kTime, "another");
    record->mutable_collected_at()->set_seconds(time->seconds);
  }
  if (!item.start.empty()) {
    const std::optional<TextTime> start = ParseCdaTime(item.start);
    if (!start.has_value()) {
      return Wrong("entry.effectiveTime", kTime, "another");
    }
    SetStart(*start, record->mutable_effective());
    record->mutable_effective()->set_given_start(item.start);
  }
  if (item.end.empty()) return absl::OkStatus();
  const std::optional<TextTime> end = ParseCdaPeriodEnd(item.end);
  if (!end.has_value()) {
    return Wrong("entry.effectiveTime.high", kTime, "another");
  }
  // An end without a start is known as it was given alone.
  record->mutable_effective()->set_given_end(item.end);
  if (item.start.empty()) {
    SetStart(*end, record->mutable_effective());
  } else {
    record->mutable_effective()->mutable_end()->set_seconds(end->seconds);
  }
  return absl::OkStatus();
}

}  // namespace subrosa
