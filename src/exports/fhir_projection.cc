#include "src/exports/fhir_projection.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/container/inlined_vector.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "simdjson.h"
#include "src/ingest/fhir_elements.h"
#include "src/ingest/fhir_value.h"
#include "src/ingest/json_padding.h"
#include "src/ingest/json_scalar.h"
#include "src/ingest/json_token.h"
#include "src/ingest/reader_options.h"

namespace subrosa {
namespace {

namespace ondemand = simdjson::ondemand;

using Names = absl::flat_hash_set<absl::string_view>;

template <typename Keys>
void AddAll(const Keys& keys, Names* names) {
  for (const FhirKey& key : keys) names->insert(key.text);
}

// The elements of a resource that the reader takes out, but for value[x].
Names MakeTop() {
  Names names;
  AddAll(kFhirCodes, &names);
  AddAll(kFhirReasonCodes, &names);
  AddAll(kFhirReasonReferences, &names);
  for (const auto& below : kFhirReasonReferencesBelow) {
    names.insert(below.list.text);
  }
  for (const auto& below : kFhirReasonCodesBelow) {
    names.insert(below.list.text);
  }
  AddAll(kFhirValueCodes, &names);
  AddAll(kFhirValueTexts, &names);
  AddAll(kFhirCategories, &names);
  for (const FhirCodedPart& part : kFhirCodedParts) {
    names.insert(part.name.text);
  }
  AddAll(kFhirEffective, &names);
  for (const FhirEnd& end : kFhirEnds) names.insert(end.end.text);
  AddAll(kFhirRecorded, &names);
  for (const FhirKey& key :
       {kFhirStatus, kFhirClinicalStatus, kFhirComponent, kFhirItem}) {
    names.insert(key.text);
  }
  return names;
}

// The same of what stands within one of those: parts, and R4's data types.
Names MakeBelow() {
  // Of Coding, CodeableConcept, Quantity, Money, Period, Range and Ratio.
  Names names = {"coding",  "value", "system",     "version", "code",
                 "display", "text",  "comparator", "unit",    "low",
                 "high",    "start", "end",        "currency"};
  for (const absl::string_view name :
       {"numerator", "denominator",
        // What R4 asks of a part, or what changes what it says.
        "status", "doNotPerform", "dataAbsentReason", "doseNumberPositiveInt",
        "doseNumberString", "authority", "uri",
        // A Consent's provision says what it permits by all of these.
        "action", "class", "dataPeriod", "period", "provision", "purpose",
        "securityLabel"}) {
    names.insert(name);
  }
  for (const auto& below : kFhirReasonReferencesBelow) {
    names.insert(below.name.text);
  }
  for (const auto& below : kFhirReasonCodesBelow) {
    names.insert(below.name.text);
  }
  for (const FhirCodedPart& part : kFhirCodedParts) {
    for (const FhirKey& key : {part.below, part.code, part.text}) {
      if (!key.text.empty()) names.insert(key.text);
    }
  }
  for (const FhirKey& key :
       {kFhirItem, kFhirItemLinkId, kFhirItemText, kFhirItemAnswer}) {
    names.insert(key.text);
  }
  return names;
}

// What a name's value is, which says what of it may be written.
enum class Place { kTop, kMeta, kReference, kBelow };

bool IsReference(Place place, absl::string_view name) {
  if (name == "valueReference") return true;
  if (place == Place::kTop) {
    return std::find(std::begin(kFhirReasonReferences),
                     std::end(kFhirReasonReferences),
                     FhirKey(name)) != std::end(kFhirReasonReferences);
  }
  return std::any_of(std::begin(kFhirReasonReferencesBelow),
                     std::end(kFhirReasonReferencesBelow),
                     [name](const FhirElementBelow& below) {
                       return below.name.text == name;
                     });
}

Place PlaceBelow(Place place, absl::string_view name) {
  if (place == Place::kTop && name == kFhirMeta.text) return Place::kMeta;
  return IsReference(place, name) ? Place::kReference : Place::kBelow;
}

// value[x] of a kind that is taken out.
bool IsValue(absl::string_view name) {
  return absl::ConsumePrefix(&name, kFhirValuePrefix) && IsFhirValueKind(name);
}

bool MayWrite(const FhirTypeRule& rule, Place place, absl::string_view name) {
  static const Names& top = *new Names(MakeTop());
  static const Names& below = *new Names(MakeBelow());
  switch (place) {
    case Place::kTop:
      return top.contains(name) || name == kFhirMeta.text || IsValue(name) ||
             std::find(rule.beside.begin(), rule.beside.end(), name) !=
                 rule.beside.end();
    case Place::kMeta:
      return name == kFhirMetaLastUpdated.text;
    case Place::kReference:
      return name == "display";
    case Place::kBelow:
      return below.contains(name) || IsValue(name);
  }
  return false;
}

// What a reader must understand before it may take the rest (R4, modifiers).
bool MustUnderstand(const FhirTypeRule& rule, Place place,
                    absl::string_view name) {
  if (name == "modifierExtension") return true;
  if (place == Place::kTop) return name == "implicitRules";
  return rule.type == "Consent" && (name == "actor" || name == "data");
}

// An element as other versions of FHIR have it, whose other elements R4's
// readers would misread too.
bool IsOfAnotherVersion(const FhirTypeRule& rule, absl::string_view name,
                        ondemand::value value) {
  if (name == (rule.subject == "subject" ? "patient" : "subject")) return true;
  return (name == kFhirClinicalStatus.text || name == "verificationStatus") &&
         TrimToken(value.raw_json_token()).substr(0, 1) != "{";
}

}  // namespace

class FhirProjection::Reader {
 public:
  bool Read(const FhirTypeRule& rule, absl::string_view json, std::string* out);

  // Of the resource read last.
  std::vector<absl::string_view> written;
  bool refers_to_medicine = false;

 private:
  // Each appends nothing if nothing may be written. False to stop.
  bool AppendMembers(ondemand::object object, Place place, int depth,
                     std::string* out);
  bool AppendMember(absl::string_view name, ondemand::value value, Place place,
                    int depth, std::string* out);
  bool AppendValue(ondemand::value value, Place place, int depth,
                   std::string* out);
  bool AppendItems(ondemand::array list, Place place, int depth,
                   std::string* out);

  ondemand::parser parser_;
  std::string text_;
  const char* end_ = nullptr;
  const FhirTypeRule* rule_ = nullptr;
};

bool FhirProjection::Reader::Read(const FhirTypeRule& rule,
                                  absl::string_view json, std::string* out) {
  rule_ = &rule;
  written.clear();
  refers_to_medicine = false;
  text_.assign(json.data(), json.size());
  text_.resize(json.size() + kJsonPaddingBytes);
  end_ = text_.data() + json.size();
  ondemand::document document;
  ondemand::object object;
  if (parser_.iterate(text_.data(), json.size(), text_.size()).get(document) !=
          simdjson::SUCCESS ||
      document.get_object().get(object) != simdjson::SUCCESS ||
      !AppendMembers(object, Place::kTop, 1, out)) {
    return false;
  }
  // Nothing may stand behind it.
  const char* rest;
  return document.current_location().get(rest) != simdjson::SUCCESS;
}

bool FhirProjection::Reader::AppendMembers(ondemand::object object, Place place,
                                           int depth, std::string* out) {
  if (depth > kMaxDepth) return false;
  absl::InlinedVector<absl::string_view, 16> seen;
  for (auto item : object) {
    ondemand::field field;
    absl::string_view name;
    if (std::move(item).get(field) != simdjson::SUCCESS ||
        ReadKey(&field, end_, &name) != simdjson::SUCCESS ||
        MustUnderstand(*rule_, place, name)) {
      return false;
    }
    if (place == Place::kTop &&
        IsOfAnotherVersion(*rule_, name, field.value())) {
      return false;
    }
    refers_to_medicine |=
        place == Place::kTop && name == kFhirMedicationReference.text;
    if (!MayWrite(*rule_, place, name)) continue;
    // Readers would differ over which one counts.
    if (std::find(seen.begin(), seen.end(), name) != seen.end()) return false;
    seen.push_back(name);
    if (!AppendMember(name, field.value(), PlaceBelow(place, name), depth,
                      out)) {
      return false;
    }
  }
  return true;
}

bool FhirProjection::Reader::AppendMember(absl::string_view name,
                                          ondemand::value value, Place place,
                                          int depth, std::string* out) {
  const size_t start = out->size();
  absl::StrAppend(out, ",\"", name, "\":");
  const size_t before_value = out->size();
  if (!AppendValue(value, place, depth, out)) return false;
  if (out->size() == before_value) {
    out->resize(start);
  } else if (depth == 1) {
    written.push_back(name);
  }
  return true;
}

// A list and an object are appended each item behind a comma; the first comma
// then becomes the bracket.
bool FhirProjection::Reader::AppendValue(ondemand::value value, Place place,
                                         int depth, std::string* out) {
  const absl::string_view token = TrimToken(value.raw_json_token());
  JsonValue read;
  if (ReadValue(value, end_, &read) != simdjson::SUCCESS) return false;
  const size_t start = out->size();
  if (read.kind == JsonKind::kObject) {
    ondemand::object object;
    if (value.get_object().get(object) != simdjson::SUCCESS ||
        !AppendMembers(object, place, depth + 1, out)) {
      return false;
    }
  } else if (read.kind == JsonKind::kList) {
    ondemand::array list;
    if (value.get_array().get(list) != simdjson::SUCCESS ||
        !AppendItems(list, place, depth + 1, out)) {
      return false;
    }
  } else if (read.kind != JsonKind::kNull && place == Place::kBelow) {
    out->append(token.data(), token.size());
    return true;
  }
  if (out->size() == start) return true;
  (*out)[start] = read.kind == JsonKind::kObject ? '{' : '[';
  out->push_back(read.kind == JsonKind::kObject ? '}' : ']');
  return true;
}

bool FhirProjection::Reader::AppendItems(ondemand::array list, Place place,
                                         int depth, std::string* out) {
  if (depth > kMaxDepth) return false;
  for (auto item : list) {
    ondemand::value value;
    if (std::move(item).get(value) != simdjson::SUCCESS) return false;
    const size_t start = out->size();
    out->push_back(',');
    if (!AppendValue(value, place, depth, out)) return false;
    if (out->size() == start + 1) out->resize(start);
  }
  return true;
}

FhirProjection::FhirProjection() : reader_(std::make_unique<Reader>()) {}

FhirProjection::~FhirProjection() = default;

bool FhirProjection::Append(const FhirTypeRule& rule, absl::string_view json,
                            std::string* out) {
  const size_t start = out->size();
  if (reader_->Read(rule, json, out)) return true;
  out->resize(start);
  return false;
}

bool FhirProjection::Wrote(absl::string_view name) const {
  const bool is_choice = absl::ConsumeSuffix(&name, "[x]");
  return std::any_of(reader_->written.begin(), reader_->written.end(),
                     [&](absl::string_view written) {
                       return is_choice ? absl::StartsWith(written, name)
                                        : written == name;
                     });
}

bool FhirProjection::refers_to_medicine() const {
  return reader_->refers_to_medicine;
}

}  // namespace subrosa
