#include "src/ingest/fhir_value.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "src/ingest/fhir_element.h"

namespace subrosa {
namespace {

namespace dom = ::simdjson::dom;

constexpr size_t kMaxSystemBytes = 256;
constexpr size_t kMaxCodeBytes = 128;
constexpr size_t kMaxDisplayBytes = 1024;
constexpr size_t kMaxUnitBytes = 256;
// R4's kinds of value[x] that we take: those that are a quantity, those that
// are no object, and the rest.
constexpr absl::string_view kQuantityKinds[] = {"Quantity", "Age", "Duration",
                                                "Count", "Money"};
constexpr absl::string_view kPrimitiveKinds[] = {
    "String", "Boolean", "Integer", "Decimal", "DateTime", "Date",
    "Time",   "Instant", "Uri",     "Url",     "Code",     "Markdown"};
constexpr absl::string_view kOtherKinds[] = {
    "CodeableConcept", "Coding", "Range", "Ratio", "Period", "Reference"};

constexpr absl::string_view kUcum = "http://unitsofmeasure.org";

absl::string_view View(std::string_view text) {
  return absl::string_view(text.data(), text.size());
}

bool IsAmong(absl::Span<const absl::string_view> kinds,
             absl::string_view kind) {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

// The text of `element`; empty if it is none.
absl::string_view TextOf(dom::element element) {
  std::string_view text;
  if (element.get(text) != simdjson::SUCCESS) return {};
  return View(text);
}

// In one pass over its members, as below: looking each up would be three.
void AppendCoding(dom::object coding, FhirConcept* concept) {
  FhirCoding read;
  for (const dom::key_value_pair member : coding) {
    if (member.key == "system") {
      read.system = TextOf(member.value);
    } else if (member.key == "code") {
      read.code = TextOf(member.value);
    } else if (member.key == "display") {
      read.display = TextOf(member.value);
    }
  }
  // What is no code by our bounds stays in the resource alone, but its words
  // help to read the record.
  if (read.system.empty() || read.system.size() > kMaxSystemBytes ||
      read.code.empty() || read.code.size() > kMaxCodeBytes) {
    if (concept->text.empty()) concept->text = read.display;
    return;
  }
  if (read.display.size() > kMaxDisplayBytes) read.display = {};
  concept->codings.push_back(read);
}

std::optional<double> NumberOf(dom::element element) {
  double number;
  if (element.is_string() || element.get(number) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  return number;
}

bool TakeQuantity(dom::object object, FhirQuantity* quantity) {
  std::optional<double> number;
  absl::string_view comparator;
  absl::string_view system;
  absl::string_view code;
  absl::string_view unit;
  for (const dom::key_value_pair member : object) {
    if (member.key == "value") {
      number = NumberOf(member.value);
    } else if (member.key == "comparator") {
      comparator = TextOf(member.value);
    } else if (member.key == "system") {
      system = TextOf(member.value);
    } else if (member.key == "code") {
      code = TextOf(member.value);
    } else if (member.key == "unit") {
      unit = TextOf(member.value);
    }
  }
  if (!number.has_value()) return false;
  quantity->value = *number;
  // A quantity that is a bound, "<5", is known by what is given alone.
  if (!comparator.empty() && comparator.size() <= 2) {
    quantity->given_value = absl::StrCat(comparator, *number);
  }
  // The code of another system is no UCUM.
  if (!system.empty() && system != kUcum) code = {};
  if (code.empty()) code = unit;
  if (code.size() <= kMaxUnitBytes) quantity->unit = code;
  if (unit != code && unit.size() <= kMaxUnitBytes) {
    quantity->given_unit = unit;
  }
  return true;
}

std::string TextOfQuantity(std::optional<dom::object> object) {
  FhirQuantity quantity;
  if (!object.has_value() || !TakeQuantity(*object, &quantity)) return "";
  return absl::StrCat(quantity.value, quantity.unit.empty() ? "" : " ",
                      quantity.unit);
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
  if (IsAmong(kQuantityKinds, kind)) {
    if (!TakeQuantity(object, &value->quantity.emplace())) {
      value->quantity.reset();
    }
    return value->quantity.has_value();
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

void AppendConcept(dom::element element, FhirConcept* concept) {
  dom::array several;
  if (element.get(several) == simdjson::SUCCESS) {
    for (const dom::element one : several) {
      if (one.is_object()) AppendConcept(one, concept);
    }
    return;
  }
  dom::object object;
  if (element.get(object) != simdjson::SUCCESS) return;
  bool has_codings = false;
  dom::array codings;
  for (const dom::key_value_pair member : object) {
    if (member.key == "text") {
      const absl::string_view text = TextOf(member.value);
      if (!text.empty()) concept->text = text;
    } else if (member.key == "coding") {
      has_codings = member.value.get(codings) == simdjson::SUCCESS;
    }
  }
  if (!has_codings) {
    AppendCoding(object, concept);
    return;
  }
  for (const dom::element item : codings) {
    dom::object coding;
    if (item.get(coding) == simdjson::SUCCESS) AppendCoding(coding, concept);
  }
}

bool IsFhirValueKind(absl::string_view kind) {
  return IsAmong(kQuantityKinds, kind) || IsAmong(kPrimitiveKinds, kind) ||
         IsAmong(kOtherKinds, kind);
}

bool TakeFhirValue(absl::string_view kind, dom::element element,
                   FhirValue* value) {
  if (kind == "CodeableConcept" || kind == "Coding") {
    AppendConcept(element, &value->code.emplace());
    if (value->code->empty()) value->code.reset();
    return value->code.has_value();
  }
  dom::object object;
  if (element.get(object) == simdjson::SUCCESS) {
    return TakeObject(kind, object, value);
  }
  if (!IsAmong(kPrimitiveKinds, kind)) return false;
  bool truth;
  if (element.get(truth) == simdjson::SUCCESS) {
    return TakeText(truth ? "true" : "false", value);
  }
  const std::optional<double> number = NumberOf(element);
  if (number.has_value()) {
    value->quantity.emplace().value = *number;
    return true;
  }
  return TakeText(TextOf(element), value);
}

}  // namespace subrosa
