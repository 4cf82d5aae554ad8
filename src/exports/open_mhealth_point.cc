#include "src/exports/open_mhealth_point.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/types/span.h"
#include "nlohmann/json.hpp"
#include "src/exports/instant_text.h"
#include "src/exports/name_uuid.h"
#include "src/exports/number_json.h"
#include "src/exports/open_mhealth_form.h"
#include "src/exports/payload_as.h"
#include "src/ingest/open_mhealth_types.h"
#include "src/ingest/sample_units.h"
#include "src/ingest/time_text.h"
#include "subrosa/v1/body.pb.h"
#include "subrosa/v1/concept.pb.h"
#include "subrosa/v1/sample.pb.h"

namespace subrosa {
namespace {

using Json = nlohmann::ordered_json;

constexpr absl::string_view kSteps = "{steps}";
constexpr size_t kDateBytes = 10;
constexpr int64_t kNanos = 1000000000;

bool HoldsSince(int since, int version) {
  return since != 0 && version >= since;
}

const v1::Quantity* FindQuantity(const BodyMember& member,
                                 const v1::HealthSample& sample) {
  if (member.is_main) return sample.has_value() ? &sample.value() : nullptr;
  for (const v1::SamplePart& part : sample.parts()) {
    if (part.name() == member.name && part.has_value()) return &part.value();
  }
  return nullptr;
}

absl::string_view FindDetail(absl::string_view key,
                             const v1::HealthSample& sample) {
  for (const v1::SampleDetail& detail : sample.details()) {
    if (detail.key() == key) return detail.value();
  }
  return {};
}

// The name that the schema has for the unit of `quantity`; empty if it has
// none.
absl::string_view UnitName(const BodyMember& member,
                           const v1::Quantity& quantity) {
  absl::string_view name = quantity.given_unit();
  if (OpenMHealthUnit(member.unit, name) != quantity.unit()) {
    // Counts have no unit in UCUM but what is counted.
    const bool is_count = member.kind == BodyKind::kCount &&
                          (quantity.unit() == "1" || quantity.unit().empty());
    name = OpenMHealthUnitName(
        member.unit, is_count ? kSteps : absl::string_view(quantity.unit()));
  }
  const bool fits = member.units.empty() ||
                    std::find(member.units.begin(), member.units.end(), name) !=
                        member.units.end();
  return fits ? name : absl::string_view();
}

// Each sets `body[name]`, if the sample has it. False if it has one that the
// schema does not take.
bool AddQuantity(const BodyMember& member, const v1::HealthSample& sample,
                 bool has_unit, Json* body) {
  const v1::Quantity* const quantity = FindQuantity(member, sample);
  if (quantity == nullptr) return !member.is_required;
  if (!HasNumber(*quantity) || !ComparatorOf(*quantity).empty()) return false;
  Json& place = (*body)[std::string(member.name)];
  place = NumberJson(quantity->value());
  if (!has_unit) return true;
  const absl::string_view unit = UnitName(member, *quantity);
  place = {{"value", NumberJson(quantity->value())},
           {"unit", std::string(unit)}};
  return !unit.empty();
}

bool AddWord(const BodyMember& member, const v1::HealthSample& sample,
             Json* body) {
  const absl::string_view word = FindDetail(member.name, sample);
  if (word.empty()) return !member.is_required;
  Json& place = (*body)[std::string(member.name)];
  if (member.kind == BodyKind::kTruth) {
    place = word == "true";
    return word == "true" || word == "false";
  }
  place = std::string(word);
  return std::find(member.words.begin(), member.words.end(), word) !=
         member.words.end();
}

bool AddMember(const BodyMember& member, const OpenMHealthForm& form,
               Json* body) {
  switch (member.kind) {
    case BodyKind::kQuantity:
      return AddQuantity(member, form.sample, true, body);
    case BodyKind::kCount:
      return AddQuantity(member, form.sample,
                         form.main_version >= form.type->quantity_since, body);
    case BodyKind::kNumber:
      return AddQuantity(member, form.sample, false, body);
    case BodyKind::kWord:
    case BodyKind::kTruth:
      return AddWord(member, form.sample, body);
    case BodyKind::kName:
      if (form.sample.value_code().text().empty()) return !member.is_required;
      (*body)[std::string(member.name)] = form.sample.value_code().text();
      return true;
  }
  return false;
}

// From start to end; absent if reading it would give another instant, which a
// fraction of a second after months does.
std::optional<Json> DurationJson(const v1::Effective& effective) {
  const int64_t nanos =
      (effective.end().seconds() - effective.start().seconds()) * kNanos +
      effective.end().nanos() - effective.start().nanos();
  const double seconds = static_cast<double>(nanos) / kNanos;
  if (nanos < 0 || std::llround(seconds * kNanos) != nanos) return std::nullopt;
  return Json{{"value", NumberJson(seconds)}, {"unit", "sec"}};
}

// "2024-05-01 morning", which stands for a whole day.
std::optional<Json> PartOfDayJson(const v1::Effective& effective) {
  const absl::string_view given = effective.given_start();
  if (given.size() <= kDateBytes || given[kDateBytes] != ' ') {
    return std::nullopt;
  }
  const absl::string_view date = given.substr(0, kDateBytes);
  const absl::string_view part = given.substr(kDateBytes + 1);
  if (!effective.given_end().empty() || !ParseFhirDateTime(date).has_value() ||
      !std::all_of(part.begin(), part.end(), [](char c) {
        return absl::ascii_islower(static_cast<unsigned char>(c));
      })) {
    return std::nullopt;
  }
  return Json{{"date", std::string(date)}, {"part_of_day", std::string(part)}};
}

// As it was given, where that is a time of RFC 3339.
std::string TimeOf(const google::protobuf::Timestamp& time,
                   const std::string& given, const v1::Effective& effective) {
  return ParseRfc3339(given).has_value()
             ? given
             : InstantText(time, OffsetOf(effective));
}

Json IntervalJson(const v1::Effective& effective) {
  const std::optional<Json> part_of_day = PartOfDayJson(effective);
  if (part_of_day.has_value()) return *part_of_day;
  const bool has_start = ParseRfc3339(effective.given_start()).has_value();
  const bool has_end = ParseRfc3339(effective.given_end()).has_value();
  // What followed from a duration is said by one.
  bool end_follows = has_start && effective.given_end().empty();
  bool start_follows = has_end && effective.given_start().empty();
  Json interval;
  if (start_follows || end_follows) {
    const std::optional<Json> duration = DurationJson(effective);
    if (duration.has_value()) {
      interval["duration"] = *duration;
    } else {
      end_follows = false;
      start_follows = false;
    }
  }
  if (!start_follows) {
    interval["start_date_time"] =
        TimeOf(effective.start(), effective.given_start(), effective);
  }
  if (!end_follows) {
    interval["end_date_time"] =
        TimeOf(effective.end(), effective.given_end(), effective);
  }
  return interval;
}

bool AddTime(const OpenMHealthForm& form, Json* body) {
  const v1::Effective& effective = form.effective;
  if (!effective.has_start()) {
    return !HoldsSince(form.type->time_required_since, form.main_version);
  }
  Json& frame = (*body)["effective_time_frame"];
  if (!effective.has_end()) {
    frame["date_time"] =
        TimeOf(effective.start(), effective.given_start(), effective);
    return !HoldsSince(form.type->interval_since, form.main_version);
  }
  frame["time_interval"] = IntervalJson(effective);
  return !frame["time_interval"].contains("part_of_day") ||
         !HoldsSince(form.type->ieee_since, form.main_version);
}

std::optional<Json> BodyJson(const OpenMHealthForm& form) {
  Json body = Json::object();
  for (const absl::Span<const BodyMember> members :
       {form.type->members, CommonBodyMembers()}) {
    for (const BodyMember& member : members) {
      if (!AddMember(member, form, &body)) return std::nullopt;
    }
  }
  if (body.empty() || !AddTime(form, &body)) return std::nullopt;
  return body;
}

Json HeaderJson(absl::string_view subject, const v1::HealthRecord& record,
                const google::protobuf::Message& payload,
                const OpenMHealthForm& form) {
  Json header;
  header["id"] =
      record.id().empty() ? RecordUuid(subject, record, payload) : record.id();
  header["creation_date_time"] = InstantText(record.collected_at());
  header["schema_id"] = {{"namespace", "omh"},
                         {"name", std::string(form.type->name)},
                         {"version", form.version}};
  if (!form.sample.source_name().empty()) {
    Json& provenance = header["acquisition_provenance"];
    provenance["source_name"] = form.sample.source_name();
    const v1::Collection collection = record.provenance().collection();
    if (collection == v1::COLLECTION_DEVICE) {
      provenance["modality"] = "sensed";
    } else if (collection == v1::COLLECTION_CONSUMER) {
      provenance["modality"] = "self-reported";
    }
  }
  header["user_id"] = std::string(subject);
  return header;
}

}  // namespace

bool HasOpenMHealthForm(const google::protobuf::Descriptor& type) {
  return PayloadIs<v1::HealthSample>(type) ||
         PayloadIs<v1::VitalSample>(type) || PayloadIs<v1::SleepSession>(type);
}

bool AppendOpenMHealthPoint(absl::string_view subject,
                            const v1::HealthRecord& record,
                            const google::protobuf::Message& payload,
                            std::string* out) {
  const std::optional<OpenMHealthForm> form =
      FindOpenMHealthForm(record, payload);
  if (!form.has_value()) return false;
  std::optional<Json> body = BodyJson(*form);
  if (!body.has_value()) return false;
  Json point;
  point["header"] = HeaderJson(subject, record, payload, *form);
  point["body"] = *std::move(body);
  // What is not UTF-8 is replaced, never refused: the copy is the consumer's.
  out->append(point.dump(-1, ' ', false, Json::error_handler_t::replace));
  return true;
}

}  // namespace subrosa
