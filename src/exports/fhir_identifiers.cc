#include "src/exports/fhir_identifiers.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "simdjson.h"

namespace subrosa {
namespace {

namespace ondemand = simdjson::ondemand;

struct KnownKind {
  absl::string_view name;
  v1::IdentifierKind kind;
};

// http://terminology.hl7.org/CodeSystem/v2-0203.
constexpr KnownKind kTypes[] = {{"MR", v1::IDENTIFIER_MEDICAL_RECORD_NUMBER},
                                {"MRT", v1::IDENTIFIER_MEDICAL_RECORD_NUMBER},
                                {"PI", v1::IDENTIFIER_MEDICAL_RECORD_NUMBER},
                                {"PT", v1::IDENTIFIER_MEDICAL_RECORD_NUMBER},
                                {"SS", v1::IDENTIFIER_SSN},
                                {"SB", v1::IDENTIFIER_SSN},
                                {"TAX", v1::IDENTIFIER_LICENSE_NUMBER},
                                {"DL", v1::IDENTIFIER_LICENSE_NUMBER},
                                {"PPN", v1::IDENTIFIER_LICENSE_NUMBER},
                                {"MI", v1::IDENTIFIER_LICENSE_NUMBER},
                                {"NI", v1::IDENTIFIER_LICENSE_NUMBER},
                                {"MB", v1::IDENTIFIER_HEALTH_PLAN_NUMBER},
                                {"SN", v1::IDENTIFIER_HEALTH_PLAN_NUMBER},
                                {"MC", v1::IDENTIFIER_HEALTH_PLAN_NUMBER},
                                {"MA", v1::IDENTIFIER_HEALTH_PLAN_NUMBER},
                                {"HC", v1::IDENTIFIER_HEALTH_PLAN_NUMBER},
                                {"BC", v1::IDENTIFIER_ACCOUNT_NUMBER}};
constexpr KnownKind kSystems[] = {
    {"http://hl7.org/fhir/sid/us-ssn", v1::IDENTIFIER_SSN},
    {"urn:oid:2.16.840.1.113883.4.1", v1::IDENTIFIER_SSN},
    {"http://hl7.org/fhir/sid/us-medicare", v1::IDENTIFIER_HEALTH_PLAN_NUMBER},
    {"http://hl7.org/fhir/sid/us-mbi", v1::IDENTIFIER_HEALTH_PLAN_NUMBER}};
// Below it each state numbers its licences to drive.
constexpr absl::string_view kLicenseSystems = "urn:oid:2.16.840.1.113883.4.3.";

template <size_t kSize>
v1::IdentifierKind KindOf(const KnownKind (&known)[kSize],
                          absl::string_view name) {
  for (const KnownKind& one : known) {
    if (one.name == name) return one.kind;
  }
  return v1::IDENTIFIER_UNSPECIFIED;
}

class Finder {
 public:
  explicit Finder(const simdjson::padded_string& json) : json_(json) {}

  std::vector<FhirIdentifierSpan> Find() {
    ondemand::document document;
    ondemand::object resource;
    if (parser_.iterate(json_).get(document) == simdjson::SUCCESS &&
        document.get_object().get(resource) == simdjson::SUCCESS) {
      WalkObject(resource);
    }
    return std::move(spans_);
  }

 private:
  // Below return false where the text breaks off.
  bool Walk(ondemand::value value, bool is_identifier) {
    ondemand::json_type type;
    if (value.type().get(type) != simdjson::SUCCESS) return false;
    if (type == ondemand::json_type::array) {
      return WalkArray(
          value, [&](ondemand::value one) { return Walk(one, is_identifier); });
    }
    if (type != ondemand::json_type::object) return true;
    ondemand::object object;
    if (value.get_object().get(object) != simdjson::SUCCESS) return false;
    return is_identifier ? WalkIdentifier(object) : WalkObject(object);
  }

  template <typename WalkOne>
  static bool WalkArray(ondemand::value value, const WalkOne& walk) {
    ondemand::array array;
    if (value.get_array().get(array) != simdjson::SUCCESS) return false;
    for (auto element : array) {
      ondemand::value one;
      if (element.get(one) != simdjson::SUCCESS || !walk(one)) return false;
    }
    return true;
  }

  bool WalkObject(ondemand::object object) {
    for (auto field : object) {
      std::string_view key;
      ondemand::value value;
      if (field.unescaped_key().get(key) != simdjson::SUCCESS ||
          field.value().get(value) != simdjson::SUCCESS ||
          !Walk(value, key == "identifier")) {
        return false;
      }
    }
    return true;
  }

  bool WalkIdentifier(ondemand::object object) {
    FhirIdentifierSpan span;
    for (auto field : object) {
      std::string_view raw_key;
      ondemand::value value;
      ondemand::json_type type;
      if (field.unescaped_key().get(raw_key) != simdjson::SUCCESS ||
          field.value().get(value) != simdjson::SUCCESS ||
          value.type().get(type) != simdjson::SUCCESS) {
        return false;
      }
      const std::string key(raw_key);
      const bool is_string = type == ondemand::json_type::string;
      if (key == "value" && is_string) {
        const absl::string_view token = Token(value);
        span.offset = static_cast<size_t>(token.data() - json_.data());
        span.length = token.size();
      } else if (key == "system" && is_string) {
        Take(
            value,
            [](absl::string_view system) {
              return absl::StartsWith(system, kLicenseSystems)
                         ? v1::IDENTIFIER_LICENSE_NUMBER
                         : KindOf(kSystems, system);
            },
            &span);
      } else if (key == "type" && type == ondemand::json_type::object) {
        if (!WalkType(value, &span)) return false;
      } else if (!Walk(value, key == "identifier")) {
        return false;
      }
    }
    if (span.length > 0 && span.kind != v1::IDENTIFIER_UNSPECIFIED) {
      spans_.push_back(span);
    }
    return true;
  }

  // The codes of a CodeableConcept.
  bool WalkType(ondemand::value value, FhirIdentifierSpan* span) {
    ondemand::json_type type;
    if (value.type().get(type) != simdjson::SUCCESS) return false;
    if (type == ondemand::json_type::array) {
      return WalkArray(
          value, [&](ondemand::value one) { return WalkType(one, span); });
    }
    if (type != ondemand::json_type::object) return true;
    ondemand::object object;
    if (value.get_object().get(object) != simdjson::SUCCESS) return false;
    for (auto field : object) {
      std::string_view key;
      ondemand::value one;
      ondemand::json_type kind;
      if (field.unescaped_key().get(key) != simdjson::SUCCESS ||
          field.value().get(one) != simdjson::SUCCESS ||
          one.type().get(kind) != simdjson::SUCCESS) {
        return false;
      }
      if (key == "code" && kind == ondemand::json_type::string) {
        Take(
            one, [](absl::string_view code) { return KindOf(kTypes, code); },
            span);
      } else if (!WalkType(one, span)) {
        return false;
      }
    }
    return true;
  }

  // What a string says of the kind, where it says any.
  template <typename KindOfText>
  static void Take(ondemand::value value, const KindOfText& kind_of,
                   FhirIdentifierSpan* span) {
    std::string_view text;
    if (value.get_string().get(text) != simdjson::SUCCESS) return;
    const v1::IdentifierKind kind =
        kind_of(absl::string_view(text.data(), text.size()));
    if (kind != v1::IDENTIFIER_UNSPECIFIED) span->kind = kind;
  }

  static absl::string_view Token(ondemand::value value) {
    const std::string_view token = value.raw_json_token();
    return absl::StripTrailingAsciiWhitespace(
        absl::string_view(token.data(), token.size()));
  }

  const simdjson::padded_string& json_;
  ondemand::parser parser_;
  std::vector<FhirIdentifierSpan> spans_;
};

}  // namespace

std::vector<FhirIdentifierSpan> FindFhirIdentifiers(const std::string& json) {
  // Most resources have none, and are parsed for nothing.
  if (!absl::StrContains(json, "\"identifier\"")) return {};
  const simdjson::padded_string padded(json);
  return Finder(padded).Find();
}

}  // namespace subrosa
