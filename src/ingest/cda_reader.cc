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

constexpr size_t kMaxIds = size_t{1} << 18;

constexpr absl::string_view kTime = "a time of HL7, as 20240501 or more exact";

}  // namespace

CdaReader::CdaReader(BufferedInput input, const ReaderOptions& options,
                     size_t max_item_bytes)
    : input_(std::move(input)),
      source_(&input_),
      items_(&source_, &visitor_, max_item_bytes, XmlText::kAsked),
      finisher_(WithProvider(options.defaults)),
      consumer_(options.defaults.consumer),
      max_item_bytes_(max_item_bytes) {}

absl::StatusOr<ReadOutcome> CdaReader::Next(v1::HealthRecord* record) {
  SUBROSA_ASSIGN_OR_RETURN(const XmlItems::Step step, items_.Next());
  ReadOutcome outcome;
  outcome.number = count_;
  outcome.byte_offset = items_.bytes_read();
  if (step == XmlItems::Step::kEnd) return outcome;
  outcome.number = ++count_;
  outcome.byte_offset = items_.offset();
  outcome.step = ReadStep::kReject;
  outcome.reject =
      step == XmlItems::Step::kTooLong
          ? Wrong("entry", absl::StrCat("at most ", max_item_bytes_, " bytes"),
                  "more")
          : Fill(record);
  if (outcome.reject.ok()) outcome.step = ReadStep::kRecord;
  return outcome;
}

absl::Status CdaReader::Fill(v1::HealthRecord* record) {
  const CdaItem& item = visitor_.item();
  record->Clear();
  SUBROSA_RETURN_IF_ERROR(SetConsumer(record));
  // An id that stands twice in a document is no id: the second entry would
  // take the place of the first. Known by its content, neither is lost.
  const bool is_new =
      !item.id.empty() && ids_.size() < kMaxIds && ids_.insert(item.id).second;
  record->set_id(is_new ? item.id : "");
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
  return finisher_.Finish(origin, record);
}

absl::Status CdaReader::SetConsumer(v1::HealthRecord* record) const {
  if (!consumer_.empty()) {
    record->set_consumer(consumer_);
    return absl::OkStatus();
  }
  if (visitor_.patients() > 1) {
    return Wrong("recordTarget", "one patient", "several");
  }
  if (visitor_.patient_ids().empty()) {
    return Wrong("recordTarget.patientRole.id", "the patient's id", "none");
  }
  const absl::string_view id = visitor_.patient_ids()[0];
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
