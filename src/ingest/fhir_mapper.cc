#include "src/ingest/fhir_mapper.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "simdjson.h"
#include "src/base/status_macros.h"
#include "src/ingest/fhir_consumer.h"
#include "src/ingest/fhir_content.h"
#include "src/ingest/fhir_element.h"
#include "src/ingest/fhir_time.h"
#include "src/ingest/json_padding.h"

namespace subrosa {
namespace {

namespace dom = ::simdjson::dom;

constexpr absl::string_view kTypeUrl =
    "type.googleapis.com/subrosa.v1.FhirResource";
constexpr size_t kMaxTypeBytes = 64;
// For what is taken out beside the text.
constexpr size_t kRoomBesideJson = 1024;

absl::Status NoJson(simdjson::error_code error) {
  switch (error) {
    case simdjson::UTF8_ERROR:
      return WrongFhir("line", "UTF-8", "other bytes");
    case simdjson::UNCLOSED_STRING:
      return WrongFhir("line", "JSON", "a string without its end");
    case simdjson::UNESCAPED_CHARS:
      return WrongFhir("line", "JSON", "a control character in a string");
    case simdjson::NUMBER_ERROR:
      return WrongFhir("line", "JSON", "a number that is none or out of range");
    case simdjson::DEPTH_ERROR:
      return WrongFhir("line", "at most 64 levels", "more");
    default:
      return WrongFhir("line", "JSON", "text that is none");
  }
}

// A resource's type has the form of one; any other word may be somebody's data.
bool IsTypeName(absl::string_view text) {
  return !text.empty() && text.size() <= kMaxTypeBytes &&
         absl::ascii_isupper(static_cast<unsigned char>(text.front())) &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isalpha(static_cast<unsigned char>(c));
         });
}

}  // namespace

static_assert(kJsonPaddingBytes >= simdjson::SIMDJSON_PADDING,
              "simdjson reads this far behind a text");

class FhirMapper::State {
 public:
  absl::StatusOr<FhirAbout> Map(absl::string_view json,
                                FhirReferences* references,
                                v1::HealthRecord* record);
  const std::string& type() const { return type_; }
  const std::string& unknown_path() const { return unknown_path_; }

 private:
  void SetPayload(absl::string_view json, const FhirMembers& resource,
                  v1::HealthRecord* record);

  dom::parser parser_;
  std::string type_;
  std::string unknown_path_;
};

absl::StatusOr<FhirAbout> FhirMapper::State::Map(absl::string_view json,
                                                 FhirReferences* references,
                                                 v1::HealthRecord* record) {
  type_.clear();
  dom::element root;
  // The padding is there, so the parser need not copy the text.
  if (const simdjson::error_code error =
          parser_.parse(json.data(), json.size(), false).get(root)) {
    return NoJson(error);
  }
  dom::object object;
  if (root.get(object) != simdjson::SUCCESS) {
    return WrongFhir("line", "a resource",
                     root.is_array() ? "a list" : "a value");
  }
  SUBROSA_RETURN_IF_ERROR(CheckStructure(root));
  const FhirMembers resource(object);
  const absl::string_view type = FindText(resource, "resourceType");
  if (!IsTypeName(type)) {
    return WrongFhir("resourceType", "a type of FHIR's",
                     type.empty() ? "none" : "another string");
  }
  type_.assign(type.data(), type.size());
  if (type == "Bundle") {
    return WrongFhir("resourceType", "a resource", "a Bundle");
  }
  SUBROSA_ASSIGN_OR_RETURN(FhirSubject subject,
                           SubjectOf(type, resource, references));
  if (subject.kind == FhirSubject::Kind::kUnknown) {
    unknown_path_ = std::move(subject.path);
    return FhirAbout::kUnknown;
  }
  record->clear_id();
  // A copy, since the references may move their own.
  record->mutable_consumer()->assign(subject.id.data(), subject.id.size());
  const absl::string_view id = FindText(resource, "id");
  if (subject.kind == FhirSubject::Kind::kNobody) {
    if (references != nullptr) references->Add(type, id, {});
    return FhirAbout::kNobody;
  }
  if (!id.empty()) {
    if (!IsFhirId(id)) {
      return WrongFhir("id", "an id of FHIR", "another string");
    }
    record->mutable_id()->assign(type.data(), type.size());
    absl::StrAppend(record->mutable_id(), "/", id);
  }
  if (references != nullptr && type == "Patient") {
    SUBROSA_RETURN_IF_ERROR(references->AddPatient(record->consumer()));
  } else if (references != nullptr) {
    references->Add(type, id, record->consumer());
  }
  SUBROSA_RETURN_IF_ERROR(SetTimes(resource, record));
  SetPayload(json, resource, record);
  return FhirAbout::kConsumer;
}

void FhirMapper::State::SetPayload(absl::string_view json,
                                   const FhirMembers& resource,
                                   v1::HealthRecord* record) {
  record->mutable_payload()->mutable_type_url()->assign(kTypeUrl.data(),
                                                        kTypeUrl.size());
  std::string* const wire = record->mutable_payload()->mutable_value();
  wire->clear();
  // The text goes straight to where it stays: it may be megabytes.
  wire->reserve(json.size() + kRoomBesideJson);
  AppendFhirResource(type_, resource, json, wire);
}

FhirMapper::FhirMapper() : state_(std::make_unique<State>()) {}

FhirMapper::~FhirMapper() = default;

absl::StatusOr<FhirAbout> FhirMapper::Map(absl::string_view json,
                                          v1::HealthRecord* record) {
  return state_->Map(json, nullptr, record);
}

absl::StatusOr<FhirAbout> FhirMapper::MapEntry(absl::string_view json,
                                               FhirReferences* references,
                                               v1::HealthRecord* record) {
  return state_->Map(json, references, record);
}

const std::string& FhirMapper::unknown_path() const {
  return state_->unknown_path();
}

const std::string& FhirMapper::type() const { return state_->type(); }

bool FhirMapper::is_kept_whole() const {
  return !IsMappedFhirType(state_->type());
}

}  // namespace subrosa
