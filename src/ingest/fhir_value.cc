#include "src/ingest/fhir_value.h"

#include <optional>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "src/ingest/fhir_element.h"

namespace subrosa {
namespace {

namespace dom = ::simdjson::dom;

constexpr size_t kMaxSystemBytes = 256;
constexpr size_t kMaxCodeBytes = 64;
constexpr size_t kMaxDisplayBytes = 1024;
constexpr size_t kMaxUnitBytes = 256;
constexpr absl::string_view kUcum = "http://unitsofmeasure.org";

void AppendCoding(dom::object coding, v1::CodedConcept* concept) {
  const absl::string_view system = FindText(coding, "system");
  const absl::string_view code = FindText(coding, "code");
  const absl::string_view display = FindText(coding, "display");
  // What is no code by our bounds stays in the resource alone, but its words
  // help to read the record.
  if (system.empty() || system.size() > kMaxSystemBytes || code.empty() ||
      code.size() > kMaxCodeBytes) {
    if (concept->text().empty()) concept->set_text(std::string(display));
    return;
  }
  v1::Coding* const made = concept->add_coding();
  made->set_system(std::string(system));
  made->set_code(std::string(code));
  if (display.size() <= kMaxDisplayBytes) {
    made->set_display(std::string(display));
  }
}

std::optional<double> NumberOf(dom::element element) {
  double number;
  if (element.is_string() || element.get(number) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  return number;
}

std::optional<double> NumberOf(std::optional<dom::element> element) {
  if (!element.has_value()) return std::nullopt;
  return NumberOf(*element);
}

bool TakeQuantity(dom::object object, v1::Quantity* quantity) {
  const std::optional<double> number = NumberOf(FindMember(object, "value"));
  if (!number.has_value()) return false;
  quantity->set_value(*number);
  // A quantity that is a bound, "<5", is known by what is given alone.
  const absl::string_view comparator = FindText(object, "comparator");
  if (!comparator.empty() && comparator.size() <= 2) {
    quantity->set_given_value(absl::StrCat(comparator, *number));
  }
  const absl::string_view system = FindText(object, "system");
  absl::string_view code = FindText(object, "code");
  const absl::string_view unit = FindText(object, "unit");
  // The code of another system is no UCUM.
  if (!system.empty() && system != kUcum) code = {};
  if (code.empty()) code = unit;
  if (code.size() <= kMaxUnitBytes) quantity->set_unit(std::string(code));
  if (unit != code && unit.size() <= kMaxUnitBytes) {
    quantity->set_given_unit(std::string(unit));
  }
  return true;
}

std::string TextOfQuantity(std::optional<dom::object> object) {
  v1::Quantity quantity;
  if (!object.has_value() || !TakeQuantity(*object, &quantity)) return "";
  return absl::StrCat(quantity.value(), quantity.unit().empty() ? "" : " ",
                      quantity.unit());
}

// R4's kinds of value[x] that are no object.
bool IsPrimitive(absl::string_view kind) {
  for (const absl::string_view known :
       {"String", "Boolean", "Integer", "Decimal", "DateTime", "Date", "Time",
        "Instant", "Uri", "Url", "Code", "Markdown"}) {
    if (kind == known) return true;
  }
  return false;
}

bool TakeText(absl::string_view text, FhirValue* value) {
  if (text.empty() || text.size() > FhirValue::kMaxTextBytes) return false;
  value->text.assign(text.data(), text.size());
  return true;
}

// Two ends that `between` stands between; nothing if there is neither.
bool TakeEnds(absl::string_view first, absl::string_view between,
              absl::string_view second, FhirValue* value) {
  if (first.empty() && second.empty()) return false;
  return TakeText(absl::StrCat(first, between, second), value);
}

bool TakeObject(absl::string_view kind, dom::object object, FhirValue* value) {
  if (kind == "Quantity" || kind == "Age" || kind == "Duration" ||
      kind == "Count" || kind == "Money") {
    value->has_quantity = TakeQuantity(object, &value->quantity);
    return value->has_quantity;
  }
  if (kind == "Range") {
    return TakeEnds(TextOfQuantity(FindObject(object, "low")), "..",
                    TextOfQuantity(FindObject(object, "high")), value);
  }
  if (kind == "Ratio") {
    return TakeEnds(TextOfQuantity(FindObject(object, "numerator")), ":",
                    TextOfQuantity(FindObject(object, "denominator")), value);
  }
  if (kind == "Period") {
    return TakeEnds(FindText(object, "start"), "/", FindText(object, "end"),
                    value);
  }
  if (kind == "Reference") return TakeText(FindText(object, "display"), value);
  return false;
}

}  // namespace

void AppendConcept(dom::element element, v1::CodedConcept* concept) {
  dom::array several;
  if (element.get(several) == simdjson::SUCCESS) {
    for (const dom::element one : several) {
      if (one.is_object()) AppendConcept(one, concept);
    }
    return;
  }
  dom::object object;
  if (element.get(object) != simdjson::SUCCESS) return;
  const absl::string_view text = FindText(object, "text");
  if (!text.empty()) concept->set_text(std::string(text));
  const std::optional<dom::array> codings = FindArray(object, "coding");
  if (!codings.has_value()) {
    AppendCoding(object, concept);
    return;
  }
  for (const dom::element item : *codings) {
    dom::object coding;
    if (item.get(coding) == simdjson::SUCCESS) AppendCoding(coding, concept);
  }
}

bool TakeFhirValue(absl::string_view kind, dom::element element,
                   FhirValue* value) {
  if (kind == "CodeableConcept" || kind == "Coding") {
    AppendConcept(element, &value->code);
    value->has_code =
        value->code.coding_size() > 0 || !value->code.text().empty();
    return value->has_code;
  }
  dom::object object;
  if (element.get(object) == simdjson::SUCCESS) {
    return TakeObject(kind, object, value);
  }
  if (!IsPrimitive(kind)) return false;
  bool truth;
  if (element.get(truth) == simdjson::SUCCESS) {
    return TakeText(truth ? "true" : "false", value);
  }
  const std::optional<double> number = NumberOf(element);
  if (number.has_value()) {
    value->quantity.set_value(*number);
    value->has_quantity = true;
    return true;
  }
  std::string_view text;
  if (element.get(text) != simdjson::SUCCESS) return false;
  return TakeText(absl::string_view(text.data(), text.size()), value);
}

}  // namespace subrosa
