#include "src/ingest/sample_wire.h"

#include <cmath>
#include <cstdint>
#include <cstring>

#include "absl/strings/charconv.h"
#include "src/ingest/wire.h"
#include "subrosa/v1/concept.pb.h"
#include "subrosa/v1/sample.pb.h"

namespace subrosa {
namespace {

using v1::HealthSample;

constexpr uint32_t BytesTag(int field) {
  return WireTag(field, WireType::kLengthDelimited);
}

void AppendText(int field, absl::string_view text, std::string* wire) {
  if (!text.empty()) AppendLengthDelimited(BytesTag(field), text, wire);
}

// A finite number, and nothing after it.
bool ParseNumber(absl::string_view text, double* number) {
  const char* const end = text.data() + text.size();
  const absl::from_chars_result result =
      absl::from_chars(text.data(), end, *number);
  return result.ec == std::errc() && result.ptr == end && !text.empty() &&
         std::isfinite(*number);
}

}  // namespace

void SampleWire::Coding(int field, absl::string_view system,
                        absl::string_view code) {
  AppendVarint(BytesTag(field), &wire_);
  const size_t concept_start = OpenLength(&wire_);
  AppendVarint(BytesTag(v1::CodedConcept::kCodingFieldNumber), &wire_);
  const size_t coding_start = OpenLength(&wire_);
  AppendText(v1::Coding::kSystemFieldNumber, system, &wire_);
  AppendText(v1::Coding::kCodeFieldNumber, code, &wire_);
  CloseLength(coding_start, &wire_);
  CloseLength(concept_start, &wire_);
}

void SampleWire::Quantity(int field, const SampleValue& value) {
  double number;
  const bool is_number = ParseNumber(value.number, &number);
  AppendVarint(BytesTag(field), &wire_);
  const size_t start = OpenLength(&wire_);
  if (is_number && number != 0) {
    uint64_t bits;
    std::memcpy(&bits, &number, sizeof(bits));
    AppendVarint(WireTag(v1::Quantity::kValueFieldNumber, WireType::kFixed64),
                 &wire_);
    AppendFixed64(bits, &wire_);
  }
  AppendText(v1::Quantity::kUnitFieldNumber, value.ucum, &wire_);
  if (!is_number) {
    AppendText(v1::Quantity::kGivenValueFieldNumber, value.number, &wire_);
  }
  if (value.unit != value.ucum) {
    AppendText(v1::Quantity::kGivenUnitFieldNumber, value.unit, &wire_);
  }
  CloseLength(start, &wire_);
}

void SampleWire::Type(absl::string_view system, absl::string_view code) {
  Coding(HealthSample::kTypeFieldNumber, system, code);
}

void SampleWire::ValueCode(absl::string_view system, absl::string_view code) {
  Coding(HealthSample::kValueCodeFieldNumber, system, code);
}

void SampleWire::Value(const SampleValue& value) {
  Quantity(HealthSample::kValueFieldNumber, value);
}

void SampleWire::Part(absl::string_view name, const SampleValue& value) {
  AppendVarint(BytesTag(HealthSample::kPartsFieldNumber), &wire_);
  const size_t start = OpenLength(&wire_);
  AppendText(v1::SamplePart::kNameFieldNumber, name, &wire_);
  Quantity(v1::SamplePart::kValueFieldNumber, value);
  CloseLength(start, &wire_);
}

void SampleWire::TextPart(absl::string_view name, absl::string_view text) {
  AppendVarint(BytesTag(HealthSample::kPartsFieldNumber), &wire_);
  const size_t start = OpenLength(&wire_);
  AppendText(v1::SamplePart::kNameFieldNumber, name, &wire_);
  AppendText(v1::SamplePart::kTextFieldNumber, text, &wire_);
  CloseLength(start, &wire_);
}

void SampleWire::SourceName(absl::string_view name) {
  AppendText(HealthSample::kSourceNameFieldNumber, name, &wire_);
}

void SampleWire::SourceVersion(absl::string_view version) {
  AppendText(HealthSample::kSourceVersionFieldNumber, version, &wire_);
}

void SampleWire::Device(absl::string_view device) {
  AppendText(HealthSample::kDeviceFieldNumber, device, &wire_);
}

void SampleWire::Detail(absl::string_view key, absl::string_view value) {
  AppendVarint(BytesTag(HealthSample::kDetailsFieldNumber), &wire_);
  const size_t start = OpenLength(&wire_);
  AppendText(v1::SampleDetail::kKeyFieldNumber, key, &wire_);
  AppendText(v1::SampleDetail::kValueFieldNumber, value, &wire_);
  CloseLength(start, &wire_);
}

void SampleWire::Raw(absl::string_view raw) {
  AppendText(HealthSample::kRawFieldNumber, raw, &wire_);
}

void SampleWire::MoveInto(v1::HealthRecord* record) {
  static constexpr char kTypeUrl[] =
      "type.googleapis.com/subrosa.v1.HealthSample";
  record->mutable_payload()->mutable_type_url()->assign(kTypeUrl,
                                                        sizeof(kTypeUrl) - 1);
  record->mutable_payload()->mutable_value()->swap(wire_);
}

}  // namespace subrosa
