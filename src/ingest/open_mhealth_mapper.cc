#include "src/ingest/open_mhealth_mapper.h"

#include <algorithm>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "simdjson.h"
#include "src/base/status_macros.h"
#include "src/ingest/open_mhealth_body.h"
#include "src/ingest/open_mhealth_types.h"
#include "src/ingest/sample_json.h"
#include "src/ingest/time_text.h"
#include "subrosa/v1/sample.pb.h"

namespace subrosa {
namespace {

namespace dom = ::simdjson::dom;

constexpr absl::string_view kCodeSystem = "https://www.openmhealth.org/schemas";
constexpr absl::string_view kMappedNamespace = "omh";
constexpr size_t kMaxNameBytes = 64;
constexpr size_t kMaxVersionBytes = 16;

struct SchemaId {
  std::string type;  // "omh:heart-rate".
  std::string version;
  const OpenMHealthType* mapped = nullptr;  // Null if it is not mapped.
  int main_version = 0;
};

// A schema's name has the form of one; any other word may be somebody's data.
bool IsSchemaName(absl::string_view text) {
  return !text.empty() && text.size() <= kMaxNameBytes &&
         absl::ascii_islower(static_cast<unsigned char>(text.front())) &&
         std::all_of(text.begin(), text.end(), [](char c) {
           const auto byte = static_cast<unsigned char>(c);
           return absl::ascii_islower(byte) || absl::ascii_isdigit(byte) ||
                  c == '-' || c == '_' || c == '.';
         });
}

bool IsVersion(absl::string_view text) {
  return !text.empty() && text.size() <= kMaxVersionBytes &&
         absl::ascii_isdigit(static_cast<unsigned char>(text.front())) &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isdigit(static_cast<unsigned char>(c)) ||
                  c == '.' || c == 'x';
         });
}

absl::Status SetSchemaId(absl::string_view path, absl::string_view space,
                         absl::string_view name, absl::string_view version,
                         SchemaId* id) {
  if (!IsSchemaName(space) || !IsSchemaName(name) || !IsVersion(version)) {
    return WrongSample(path, "a schema's namespace, name and version",
                       "another form");
  }
  id->type = absl::StrCat(space, ":", name);
  id->version = std::string(version);
  id->mapped = nullptr;
  if (space != kMappedNamespace) return absl::OkStatus();
  const OpenMHealthType* const type = FindOpenMHealthType(name);
  if (type != nullptr &&
      absl::SimpleAtoi(version.substr(0, version.find('.')),
                       &id->main_version) &&
      id->main_version <= type->last_version) {
    id->mapped = type;
  }
  return absl::OkStatus();
}

class Mapper final : public SampleMapper {
 public:
  explicit Mapper(std::optional<SchemaId> bare) : bare_(std::move(bare)) {}

  absl::Status Map(absl::string_view json, v1::HealthRecord* record) override;
  absl::string_view system() const override { return "open-mhealth"; }
  absl::string_view type() const override { return schema_.type; }
  bool is_kept_whole() const override { return schema_.mapped == nullptr; }

 private:
  absl::Status TakeHeader(dom::object header, v1::HealthRecord* record);
  absl::Status TakeProvenance(dom::object header, v1::HealthRecord* record);
  absl::Status TakeBody(dom::object body, absl::string_view path,
                        v1::HealthRecord* record);

  const std::optional<SchemaId> bare_;
  dom::parser parser_;
  SchemaId schema_;
  v1::HealthSample sample_;
};

absl::Status Mapper::Map(absl::string_view json, v1::HealthRecord* record) {
  record->Clear();
  sample_.Clear();
  schema_ = SchemaId();
  SUBROSA_ASSIGN_OR_RETURN(const dom::object point,
                           ParseSampleObject(json, &parser_));
  if (bare_.has_value()) {
    schema_ = *bare_;
    SUBROSA_RETURN_IF_ERROR(TakeBody(point, "", record));
  } else {
    SUBROSA_ASSIGN_OR_RETURN(const dom::object header,
                             NeedObject(point, "", "header"));
    SUBROSA_RETURN_IF_ERROR(TakeHeader(header, record));
    SUBROSA_ASSIGN_OR_RETURN(const dom::object body,
                             NeedObject(point, "", "body"));
    SUBROSA_RETURN_IF_ERROR(TakeBody(body, "body", record));
  }
  return SetSample(sample_, json, record);
}

absl::Status Mapper::TakeHeader(dom::object header, v1::HealthRecord* record) {
  SUBROSA_ASSIGN_OR_RETURN(const absl::string_view id,
                           NeedText(header, "header", "id"));
  record->set_id(std::string(id));
  SUBROSA_ASSIGN_OR_RETURN(const absl::string_view created,
                           NeedText(header, "header", "creation_date_time"));
  const std::optional<TextTime> time = ParseRfc3339(created);
  if (!time.has_value()) {
    return WrongSample("header.creation_date_time", "a time of RFC 3339",
                       "another string");
  }
  record->mutable_collected_at()->set_seconds(time->seconds);
  record->mutable_collected_at()->set_nanos(time->nanos);
  SUBROSA_ASSIGN_OR_RETURN(const dom::object schema,
                           NeedObject(header, "header", "schema_id"));
  constexpr absl::string_view kPath = "header.schema_id";
  SUBROSA_ASSIGN_OR_RETURN(const absl::string_view space,
                           NeedText(schema, kPath, "namespace"));
  SUBROSA_ASSIGN_OR_RETURN(const absl::string_view name,
                           NeedText(schema, kPath, "name"));
  SUBROSA_ASSIGN_OR_RETURN(const absl::string_view version,
                           NeedText(schema, kPath, "version"));
  SUBROSA_RETURN_IF_ERROR(SetSchemaId(kPath, space, name, version, &schema_));
  if (FindMember(header, "user_id").has_value()) {
    SUBROSA_ASSIGN_OR_RETURN(const absl::string_view user,
                             NeedText(header, "header", "user_id"));
    record->set_consumer(std::string(user));
  }
  if (!FindMember(header, "acquisition_provenance").has_value()) {
    return absl::OkStatus();
  }
  return TakeProvenance(header, record);
}

absl::Status Mapper::TakeProvenance(dom::object header,
                                    v1::HealthRecord* record) {
  constexpr absl::string_view kPath = "header.acquisition_provenance";
  SUBROSA_ASSIGN_OR_RETURN(
      const dom::object provenance,
      NeedObject(header, "header", "acquisition_provenance"));
  SUBROSA_ASSIGN_OR_RETURN(const absl::string_view source,
                           NeedText(provenance, kPath, "source_name"));
  sample_.set_source_name(std::string(source));
  if (!FindMember(provenance, "modality").has_value()) return absl::OkStatus();
  const absl::string_view modality = FindText(provenance, "modality");
  if (modality == "sensed") {
    record->mutable_provenance()->set_collection(v1::COLLECTION_DEVICE);
  } else if (modality == "self-reported") {
    record->mutable_provenance()->set_collection(v1::COLLECTION_CONSUMER);
  } else {
    return WrongSample(absl::StrCat(kPath, ".modality"),
                       "sensed or self-reported", "something else");
  }
  return absl::OkStatus();
}

absl::Status Mapper::TakeBody(dom::object body, absl::string_view path,
                              v1::HealthRecord* record) {
  SetSampleType(kCodeSystem, schema_.type, &sample_);
  v1::SampleDetail* const version = sample_.add_details();
  version->set_key("schema_id.version");
  version->set_value(schema_.version);
  if (schema_.mapped != nullptr) {
    return MapOpenMHealthBody(*schema_.mapped, schema_.main_version, body, path,
                              &sample_, record);
  }
  SetTimeIfKnown(body, record);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<SampleMapper>> OpenMHealthMapper::Make(
    const std::string& schema_id) {
  std::optional<SchemaId> bare;
  if (!schema_id.empty()) {
    const absl::string_view text = schema_id;
    const size_t first = text.find(':');
    const size_t second = text.find(':', first + 1);
    if (first == text.npos || second == text.npos) {
      return WrongSample("message_type", "namespace:name:version of a schema",
                         "another form");
    }
    bare.emplace();
    SUBROSA_RETURN_IF_ERROR(
        SetSchemaId("message_type", text.substr(0, first),
                    text.substr(first + 1, second - first - 1),
                    text.substr(second + 1), &*bare));
  }
  return std::unique_ptr<SampleMapper>(
      std::make_unique<Mapper>(std::move(bare)));
}

}  // namespace subrosa
