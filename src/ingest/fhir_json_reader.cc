#include "src/ingest/fhir_json_reader.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

constexpr size_t kMaxFullUrlBytes = 2048;
constexpr absl::string_view kWantPatient =
    ": want an entry of the Bundle that leads to one patient, got ";

}  // namespace

FhirJsonReader::FhirJsonReader(BufferedInput input,
                               const ReaderOptions& options,
                               size_t max_entry_bytes)
    : finisher_(options.defaults),
      splitter_(std::move(input), max_entry_bytes) {}

absl::StatusOr<ReadOutcome> FhirJsonReader::Next(v1::HealthRecord* record) {
  for (;;) {
    bool is_taken = false;
    ReadOutcome outcome;
    if (is_waiting_read_) {
      SUBROSA_ASSIGN_OR_RETURN(outcome, TakeWaiting(record, &is_taken));
    } else {
      SUBROSA_ASSIGN_OR_RETURN(const BundlePart part, splitter_.Next());
      SUBROSA_ASSIGN_OR_RETURN(outcome, TakePart(part, record, &is_taken));
    }
    if (is_taken) return outcome;
  }
}

absl::StatusOr<ReadOutcome> FhirJsonReader::TakePart(const BundlePart& part,
                                                     v1::HealthRecord* record,
                                                     bool* is_taken) {
  *is_taken = true;
  ReadOutcome outcome;
  outcome.number = part.number;
  outcome.byte_offset = part.byte_offset;
  switch (part.kind) {
    case BundlePart::Kind::kBundleEnd:
      *is_taken = false;
      is_waiting_read_ = true;
      return outcome;
    case BundlePart::Kind::kEnd:
      // A Bundle that was cut off: what it has is all there will be.
      if (!waiting_.empty()) {
        *is_taken = false;
        is_waiting_read_ = true;
      }
      return outcome;
    case BundlePart::Kind::kReject:
      outcome.step = ReadStep::kReject;
      outcome.reject = part.reject;
      return outcome;
    case BundlePart::Kind::kResource:
      break;
  }
  if (Take(part.full_url.size == 0 ? "" : splitter_.Text(part.full_url),
           splitter_.Text(part.resource), part.is_in_bundle, record,
           &outcome)) {
    return outcome;
  }
  if (!splitter_.input()->CanReadAgain()) {
    outcome.reject = absl::InvalidArgumentError(
        absl::StrCat(mapper_.unknown_path(), kWantPatient,
                     "none before it, and a pipe is read once"));
  } else if (waiting_.size() == kMaxWaiting) {
    outcome.reject = absl::InvalidArgumentError(
        absl::StrCat(mapper_.unknown_path(), kWantPatient,
                     "none before it, and too many wait for later ones"));
  } else {
    waiting_.push_back(
        {part.number, part.byte_offset, part.full_url, part.resource});
    *is_taken = false;
  }
  return outcome;
}

absl::StatusOr<ReadOutcome> FhirJsonReader::TakeWaiting(
    v1::HealthRecord* record, bool* is_taken) {
  ReadOutcome outcome;
  if (waiting_at_ == waiting_.size()) {
    EndRound();
    return outcome;
  }
  const Waiting entry = waiting_[waiting_at_++];
  outcome.number = entry.number;
  outcome.byte_offset = entry.byte_offset;
  const BufferedInput& input = *splitter_.input();
  full_url_.clear();
  if (entry.full_url.size > 0) {
    SUBROSA_RETURN_IF_ERROR(input.ReadAgain(entry.full_url.offset,
                                            entry.full_url.size, &full_url_));
  }
  SUBROSA_RETURN_IF_ERROR(
      input.ReadAgain(entry.resource.offset, entry.resource.size, &resource_));
  *is_taken = Take(absl::string_view(full_url_).substr(0, entry.full_url.size),
                   absl::string_view(resource_).substr(0, entry.resource.size),
                   /*is_in_bundle=*/true, record, &outcome);
  if (*is_taken) return outcome;
  if (is_last_round_) {
    outcome.reject = absl::InvalidArgumentError(
        absl::StrCat(mapper_.unknown_path(), kWantPatient, "none"));
    *is_taken = true;
    return outcome;
  }
  waiting_[waiting_kept_++] = entry;
  return outcome;
}

void FhirJsonReader::EndRound() {
  const bool is_in_vain = waiting_kept_ == waiting_.size();
  waiting_.resize(waiting_kept_);
  waiting_at_ = waiting_kept_ = 0;
  is_last_round_ = is_in_vain || ++steps_ == kMaxSteps;
  if (!waiting_.empty()) return;
  is_waiting_read_ = false;
  is_last_round_ = false;
  steps_ = 0;
  references_.Clear();
}

bool FhirJsonReader::Take(absl::string_view full_url, absl::string_view json,
                          bool is_in_bundle, v1::HealthRecord* record,
                          ReadOutcome* outcome) {
  outcome->step = ReadStep::kReject;
  absl::StatusOr<FhirAbout> about = FhirAbout::kUnknown;
  if (is_in_bundle) {
    outcome->reject = StartEntry(full_url);
    if (!outcome->reject.ok()) return true;
    about = mapper_.MapEntry(json, &references_, record);
  } else {
    about = mapper_.Map(json, record);
  }
  outcome->reject = about.status();
  if (!about.ok()) return true;
  if (*about == FhirAbout::kUnknown) return false;
  if (*about == FhirAbout::kNobody) {
    outcome->step = ReadStep::kNotAboutConsumer;
    outcome->type = mapper_.type();
    return true;
  }
  outcome->reject = finisher_.Finish(mapper_.type(), json, record);
  if (!outcome->reject.ok()) return true;
  outcome->step = ReadStep::kRecord;
  outcome->is_kept_whole = mapper_.is_kept_whole();
  if (outcome->is_kept_whole) outcome->type = mapper_.type();
  return true;
}

// `full_url` is a string of JSON, or empty.
absl::Status FhirJsonReader::StartEntry(absl::string_view full_url) {
  if (full_url.size() > kMaxFullUrlBytes) {
    return absl::InvalidArgumentError(absl::StrCat(
        "entry.fullUrl: want at most ", kMaxFullUrlBytes, " bytes, got more"));
  }
  if (!full_url.empty()) {
    full_url = full_url.substr(1, full_url.size() - 2);
  }
  if (!absl::StrContains(full_url, '\\')) {
    references_.StartEntry(full_url);
    return absl::OkStatus();
  }
  // The one escape that writers use in a URL.
  std::string plain;
  for (size_t i = 0; i < full_url.size(); ++i) {
    if (full_url[i] == '\\' && full_url[++i] != '/') {
      return absl::InvalidArgumentError(
          "entry.fullUrl: want a URL, got one with escapes");
    }
    plain.push_back(full_url[i]);
  }
  references_.StartEntry(plain);
  return absl::OkStatus();
}

}  // namespace subrosa
