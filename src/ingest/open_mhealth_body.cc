#include "src/ingest/open_mhealth_body.h"

#include <algorithm>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/ingest/sample_json.h"
#include "src/ingest/time_frame.h"

namespace subrosa {
namespace {

namespace dom = ::simdjson::dom;

constexpr absl::string_view kTimeFrame = "effective_time_frame";
constexpr absl::string_view kSteps = "{steps}";

std::string Join(absl::string_view path, absl::string_view name) {
  return path.empty() ? std::string(name) : absl::StrCat(path, ".", name);
}

bool Contains(absl::Span<const absl::string_view> words,
              absl::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

absl::Status TakeQuantity(const BodyMember& member, dom::object body,
                          absl::string_view path, v1::Quantity* quantity) {
  SUBROSA_ASSIGN_OR_RETURN(const dom::object given,
                           NeedObject(body, path, member.name));
  const std::string at = Join(path, member.name);
  SUBROSA_ASSIGN_OR_RETURN(const double value, NeedNumber(given, at, "value"));
  SUBROSA_ASSIGN_OR_RETURN(const absl::string_view unit,
                           NeedText(given, at, "unit"));
  const absl::string_view ucum = OpenMHealthUnit(member.unit, unit);
  if (ucum.empty() ||
      (!member.units.empty() && !Contains(member.units, unit))) {
    return WrongSample(absl::StrCat(at, ".unit"), "a unit of the schema's",
                       "another string");
  }
  SetSampleQuantity(value, ucum, unit, quantity);
  return absl::OkStatus();
}

v1::Quantity* PlaceOf(const BodyMember& member, v1::HealthSample* sample) {
  if (member.is_main) return sample->mutable_value();
  v1::SamplePart* const part = sample->add_parts();
  part->set_name(std::string(member.name));
  return part->mutable_value();
}

void AddDetail(absl::string_view key, absl::string_view value,
               v1::HealthSample* sample) {
  v1::SampleDetail* const detail = sample->add_details();
  detail->set_key(std::string(key));
  detail->set_value(std::string(value));
}

absl::Status TakeMember(const BodyMember& member, bool is_quantity,
                        dom::object body, absl::string_view path,
                        v1::HealthSample* sample) {
  const std::optional<dom::element> found = FindMember(body, member.name);
  if (!found.has_value() && !member.is_required) return absl::OkStatus();
  if (is_quantity) {
    return TakeQuantity(member, body, path, PlaceOf(member, sample));
  }
  switch (member.kind) {
    case BodyKind::kQuantity:
    case BodyKind::kCount:
    case BodyKind::kNumber: {
      SUBROSA_ASSIGN_OR_RETURN(const double value,
                               NeedNumber(body, path, member.name));
      v1::Quantity* const quantity = PlaceOf(member, sample);
      quantity->set_value(value);
      if (member.kind == BodyKind::kCount) {
        quantity->set_unit(std::string(kSteps));
      }
      return absl::OkStatus();
    }
    case BodyKind::kWord: {
      const absl::string_view word = FindText(body, member.name);
      if (!Contains(member.words, word)) {
        return WrongSample(Join(path, member.name), "a word of the schema's",
                           "something else");
      }
      AddDetail(member.name, word, sample);
      return absl::OkStatus();
    }
    case BodyKind::kTruth: {
      bool truth;
      if (found->get(truth) != simdjson::SUCCESS) {
        return WrongSample(Join(path, member.name), "true or false",
                           "something else");
      }
      AddDetail(member.name, truth ? "true" : "false", sample);
      return absl::OkStatus();
    }
    case BodyKind::kName: {
      SUBROSA_ASSIGN_OR_RETURN(const absl::string_view name,
                               NeedText(body, path, member.name));
      sample->mutable_value_code()->set_text(std::string(name));
      return absl::OkStatus();
    }
  }
  return absl::OkStatus();
}

absl::Status TakeMembers(absl::Span<const BodyMember> members,
                         const OpenMHealthType& type, int version,
                         dom::object body, absl::string_view path,
                         v1::HealthSample* sample) {
  for (const BodyMember& member : members) {
    const bool is_quantity =
        member.kind == BodyKind::kQuantity ||
        (member.kind == BodyKind::kCount && version >= type.quantity_since);
    SUBROSA_RETURN_IF_ERROR(
        TakeMember(member, is_quantity, body, path, sample));
  }
  return absl::OkStatus();
}

bool HoldsSince(int since, int version) {
  return since != 0 && version >= since;
}

}  // namespace

absl::Status MapOpenMHealthBody(const OpenMHealthType& type, int version,
                                dom::object body, absl::string_view path,
                                v1::HealthSample* sample,
                                v1::HealthRecord* record) {
  SUBROSA_RETURN_IF_ERROR(
      TakeMembers(type.members, type, version, body, path, sample));
  SUBROSA_RETURN_IF_ERROR(
      TakeMembers(CommonBodyMembers(), type, version, body, path, sample));
  if (!FindMember(body, kTimeFrame).has_value() &&
      !HoldsSince(type.time_required_since, version)) {
    return absl::OkStatus();
  }
  SUBROSA_ASSIGN_OR_RETURN(const dom::object frame,
                           NeedObject(body, path, kTimeFrame));
  TimeFrameRule rule;
  rule.needs_interval = HoldsSince(type.interval_since, version);
  rule.takes_part_of_day = !HoldsSince(type.ieee_since, version);
  return SetTimeFrame(frame, Join(path, kTimeFrame), rule,
                      record->mutable_effective());
}

void SetTimeIfKnown(dom::object body, v1::HealthRecord* record) {
  const std::optional<dom::object> frame = FindObject(body, kTimeFrame);
  if (!frame.has_value()) return;
  if (!SetTimeFrame(*frame, kTimeFrame, TimeFrameRule(),
                    record->mutable_effective())
           .ok()) {
    record->clear_effective();
  }
}

}  // namespace subrosa
