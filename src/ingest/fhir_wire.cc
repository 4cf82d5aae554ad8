#include "src/ingest/fhir_wire.h"

#include <cstdint>
#include <cstring>

#include "src/ingest/wire.h"
#include "subrosa/v1/concept.pb.h"

namespace subrosa {
namespace {

constexpr uint32_t BytesTag(int field) {
  return WireTag(field, WireType::kLengthDelimited);
}

}  // namespace

void AppendTextField(int field, absl::string_view text, std::string* wire) {
  if (!text.empty()) AppendLengthDelimited(BytesTag(field), text, wire);
}

void AppendConceptField(int field, const FhirConcept& concept,
                        std::string* wire) {
  AppendVarint(BytesTag(field), wire);
  const size_t start = OpenLength(wire);
  for (const FhirCoding& coding : concept.codings) {
    AppendVarint(BytesTag(v1::CodedConcept::kCodingFieldNumber), wire);
    const size_t coding_start = OpenLength(wire);
    AppendTextField(v1::Coding::kSystemFieldNumber, coding.system, wire);
    AppendTextField(v1::Coding::kCodeFieldNumber, coding.code, wire);
    AppendTextField(v1::Coding::kDisplayFieldNumber, coding.display, wire);
    CloseLength(coding_start, wire);
  }
  AppendTextField(v1::CodedConcept::kTextFieldNumber, concept.text, wire);
  CloseLength(start, wire);
}

void AppendQuantityField(int field, const FhirQuantity& quantity,
                         std::string* wire) {
  AppendVarint(BytesTag(field), wire);
  const size_t start = OpenLength(wire);
  uint64_t bits;
  std::memcpy(&bits, &quantity.value, sizeof(bits));
  if (bits != 0) {  // Protobuf writes -0, whose bits are not.
    AppendVarint(WireTag(v1::Quantity::kValueFieldNumber, WireType::kFixed64),
                 wire);
    AppendFixed64(bits, wire);
  }
  AppendTextField(v1::Quantity::kUnitFieldNumber, quantity.unit, wire);
  AppendTextField(v1::Quantity::kGivenValueFieldNumber, quantity.given_value,
                  wire);
  AppendTextField(v1::Quantity::kGivenUnitFieldNumber, quantity.given_unit,
                  wire);
  CloseLength(start, wire);
}

}  // namespace subrosa
