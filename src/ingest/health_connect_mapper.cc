#include "src/ingest/health_connect_mapper.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "simdjson.h"
#include "src/base/status_macros.h"
#include "src/ingest/health_connect_member.h"
#include "src/ingest/health_connect_types.h"
#include "src/ingest/record_finisher.h"
#include "src/ingest/sample_json.h"
#include "src/ingest/time_text.h"
#include "subrosa/v1/sample.pb.h"

namespace subrosa {
namespace {

namespace dom = ::simdjson::dom;

constexpr absl::string_view kCodeSystem =
    "https://developer.android.com/health-connect";
constexpr absl::string_view kSuffix = "Record";
constexpr size_t kMaxTypeBytes = 64;
constexpr size_t kMaxPackageBytes = 64;
constexpr int64_t kMaxOffsetMinutes = 1080;

// The name of the type `text`, without the package that exports of classes put
// before it ("androidx.health.connect.client.records."); empty if `text` has
// not the form of one: any other word may be somebody's data.
absl::string_view TypeName(absl::string_view text) {
  const size_t package_bytes = text.rfind('.') + 1;  // 0 without one.
  const absl::string_view package = text.substr(0, package_bytes);
  const absl::string_view name = text.substr(package_bytes);
  const bool is_type =
      !name.empty() && name.size() <= kMaxTypeBytes &&
      absl::ascii_isupper(static_cast<unsigned char>(name.front())) &&
      std::all_of(name.begin(), name.end(), [](char c) {
        return absl::ascii_isalnum(static_cast<unsigned char>(c));
      });
  const bool is_package =
      package.size() <= kMaxPackageBytes &&
      std::all_of(package.begin(), package.end(), [](char c) {
        return absl::ascii_islower(static_cast<unsigned char>(c)) || c == '.';
      });
  return is_type && is_package ? name : absl::string_view();
}

// "+02:00", "-0330" or "Z", in minutes; absent if `text` is none.
std::optional<int32_t> ParseOffset(absl::string_view text) {
  if (text == "Z") return 0;
  if (text.size() == 5) {
    return ParseOffset(absl::StrCat(text.substr(0, 3), ":", text.substr(3)));
  }
  const std::optional<TextTime> time =
      ParseRfc3339(absl::StrCat("2024-01-01T12:00:00", text));
  return time.has_value() ? time->utc_offset_minutes : std::nullopt;
}

class Mapper final : public SampleMapper {
 public:
  absl::Status Map(absl::string_view json, v1::HealthRecord* record) override;
  absl::string_view system() const override { return "health-connect"; }
  absl::string_view type() const override { return type_; }
  bool is_kept_whole() const override { return mapped_ == nullptr; }

 private:
  absl::Status TakeType(dom::object object);
  absl::Status TakeTimes(dom::object object, bool is_interval,
                         v1::Effective* effective);
  absl::Status TakeMetadata(dom::object object, v1::HealthRecord* record);
  absl::Status TakeDevice(dom::object metadata);
  void TakeRecordingMethod(dom::object metadata, v1::HealthRecord* record);

  dom::parser parser_;
  std::string type_;
  const ConnectType* mapped_ = nullptr;
  v1::HealthSample sample_;
};

absl::Status Mapper::Map(absl::string_view json, v1::HealthRecord* record) {
  record->Clear();
  sample_.Clear();
  type_.clear();
  mapped_ = nullptr;
  SUBROSA_ASSIGN_OR_RETURN(const dom::object object,
                           ParseSampleObject(json, &parser_));
  SUBROSA_RETURN_IF_ERROR(TakeType(object));
  SetSampleType(kCodeSystem, type_, &sample_);
  SUBROSA_RETURN_IF_ERROR(TakeMetadata(object, record));
  // Of a type that is not mapped the times it has are taken.
  const bool is_interval = mapped_ != nullptr
                               ? mapped_->is_interval
                               : FindMember(object, "startTime").has_value();
  if (mapped_ != nullptr || is_interval ||
      FindMember(object, "time").has_value()) {
    SUBROSA_RETURN_IF_ERROR(
        TakeTimes(object, is_interval, record->mutable_effective()));
  }
  if (mapped_ != nullptr) {
    for (const ConnectMember& member : mapped_->members) {
      SUBROSA_RETURN_IF_ERROR(MapConnectMember(member, object, &sample_));
    }
  }
  return SetSample(sample_, json, record);
}

absl::Status Mapper::TakeType(dom::object object) {
  const bool has_type = FindMember(object, "type").has_value();
  const bool has_record_type = FindMember(object, "recordType").has_value();
  if (has_type == has_record_type) {
    return WrongSample("type", "one of `type` and `recordType`",
                       has_type ? "both" : "none");
  }
  const absl::string_view text =
      FindText(object, has_type ? "type" : "recordType");
  type_ = std::string(TypeName(text));
  if (type_.empty()) {
    return WrongSample("type", "a type of Health Connect's", "something else");
  }
  if (!absl::EndsWith(type_, kSuffix)) absl::StrAppend(&type_, kSuffix);
  mapped_ = FindConnectType(type_);
  return absl::OkStatus();
}

absl::Status Mapper::TakeTimes(dom::object object, bool is_interval,
                               v1::Effective* effective) {
  const absl::string_view start_key = is_interval ? "startTime" : "time";
  const absl::string_view zone_key =
      is_interval ? "startZoneOffset" : "zoneOffset";
  SUBROSA_ASSIGN_OR_RETURN(const TextTime start,
                           NeedConnectTime(object, "", start_key));
  SetStart(start, effective);
  std::string given(FindText(object, start_key));
  if (FindMember(object, zone_key).has_value()) {
    const absl::string_view zone = FindText(object, zone_key);
    const std::optional<int32_t> minutes = ParseOffset(zone);
    if (!minutes.has_value() || *minutes < -kMaxOffsetMinutes ||
        *minutes > kMaxOffsetMinutes) {
      return WrongSample(zone_key, "an offset from UTC", "something else");
    }
    effective->set_utc_offset_minutes(*minutes);
    absl::StrAppend(&given, " ", zone);
  }
  effective->set_given_start(given);
  if (!is_interval) return absl::OkStatus();
  SUBROSA_ASSIGN_OR_RETURN(const TextTime end,
                           NeedConnectTime(object, "", "endTime"));
  effective->mutable_end()->set_seconds(end.seconds);
  effective->mutable_end()->set_nanos(end.nanos);
  std::string given_end(FindText(object, "endTime"));
  if (FindMember(object, "endZoneOffset").has_value()) {
    const absl::string_view zone = FindText(object, "endZoneOffset");
    if (!ParseOffset(zone).has_value()) {
      return WrongSample("endZoneOffset", "an offset from UTC",
                         "something else");
    }
    absl::StrAppend(&given_end, " ", zone);
  }
  effective->set_given_end(given_end);
  return absl::OkStatus();
}

absl::Status Mapper::TakeMetadata(dom::object object,
                                  v1::HealthRecord* record) {
  constexpr absl::string_view kPath = "metadata";
  SUBROSA_ASSIGN_OR_RETURN(const dom::object metadata,
                           NeedObject(object, "", kPath));
  SUBROSA_ASSIGN_OR_RETURN(const absl::string_view id,
                           NeedText(metadata, kPath, "id"));
  record->set_id(std::string(id));
  if (FindMember(metadata, "lastModifiedTime").has_value()) {
    SUBROSA_ASSIGN_OR_RETURN(
        const TextTime modified,
        NeedConnectTime(metadata, kPath, "lastModifiedTime"));
    record->mutable_collected_at()->set_seconds(modified.seconds);
    record->mutable_collected_at()->set_nanos(modified.nanos);
  }
  // The package's name, bare or in an object.
  const std::optional<dom::object> origin = FindObject(metadata, "dataOrigin");
  const absl::string_view package = origin.has_value()
                                        ? FindText(*origin, "packageName")
                                        : FindText(metadata, "dataOrigin");
  sample_.set_source_name(std::string(package));
  const absl::string_view client = FindText(metadata, "clientRecordId");
  if (!client.empty()) AddSampleDetail("clientRecordId", client, &sample_);
  int64_t version;
  const std::optional<dom::element> found =
      FindMember(metadata, "clientRecordVersion");
  if (found.has_value() && found->get(version) == simdjson::SUCCESS) {
    AddSampleDetail("clientRecordVersion", absl::StrCat(version), &sample_);
  }
  TakeRecordingMethod(metadata, record);
  return TakeDevice(metadata);
}

absl::Status Mapper::TakeDevice(dom::object metadata) {
  if (!FindMember(metadata, "device").has_value()) return absl::OkStatus();
  SUBROSA_ASSIGN_OR_RETURN(const dom::object device,
                           NeedObject(metadata, "metadata", "device"));
  const absl::string_view maker = FindText(device, "manufacturer");
  const absl::string_view model = FindText(device, "model");
  sample_.set_device(
      absl::StrCat(maker, maker.empty() || model.empty() ? "" : " ", model));
  return absl::OkStatus();
}

// What the consumer typed in was not observed by a device.
void Mapper::TakeRecordingMethod(dom::object metadata,
                                 v1::HealthRecord* record) {
  constexpr int64_t kManualEntry = 3;
  const std::optional<dom::element> method =
      FindMember(metadata, "recordingMethod");
  if (!method.has_value()) return;
  int64_t number;
  const bool is_manual =
      method->get(number) == simdjson::SUCCESS
          ? number == kManualEntry
          : absl::EndsWithIgnoreCase(FindText(metadata, "recordingMethod"),
                                     "manual_entry");
  if (is_manual) {
    record->mutable_provenance()->set_collection(v1::COLLECTION_CONSUMER);
  }
}

}  // namespace

std::unique_ptr<SampleMapper> HealthConnectMapper::Make() {
  return std::make_unique<Mapper>();
}

}  // namespace subrosa
