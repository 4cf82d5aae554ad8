#include "src/ingest/health_connect_member.h"

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "src/base/status_macros.h"
#include "src/ingest/sample_json.h"
#include "src/ingest/sample_units.h"

namespace subrosa {
namespace {

namespace dom = ::simdjson::dom;

constexpr size_t kMaxWordBytes = 128;

std::string Join(absl::string_view path, absl::string_view name) {
  return path.empty() ? std::string(name) : absl::StrCat(path, ".", name);
}

// "kilograms" of "Kilograms", which stands behind "in".
std::string UnitName(absl::string_view name) {
  std::string unit(name);
  unit[0] = absl::ascii_tolower(static_cast<unsigned char>(unit[0]));
  return unit;
}

absl::Status TakeMeasure(const ConnectMember& member, dom::object object,
                         absl::string_view path, v1::Quantity* quantity) {
  SUBROSA_ASSIGN_OR_RETURN(const dom::object measure,
                           NeedObject(object, path, member.name));
  const std::string at = Join(path, member.name);
  if (FindMember(measure, "value").has_value()) {
    SUBROSA_ASSIGN_OR_RETURN(const double value,
                             NeedNumber(measure, at, "value"));
    SUBROSA_ASSIGN_OR_RETURN(const absl::string_view unit,
                             NeedText(measure, at, "unit"));
    const absl::string_view ucum =
        HealthConnectUnit(member.unit, UnitName(unit));
    if (ucum.empty()) {
      return WrongSample(absl::StrCat(at, ".unit"), "a unit of the type's",
                         "another string");
    }
    SetSampleQuantity(value, ucum, unit, quantity);
    return absl::OkStatus();
  }
  // An API that converts gives the same measure in every unit; the first that
  // is known is taken.
  for (const dom::key_value_pair entry : measure) {
    absl::string_view name(entry.key.data(), entry.key.size());
    if (!absl::ConsumePrefix(&name, "in") || name.empty()) continue;
    const absl::string_view ucum =
        HealthConnectUnit(member.unit, UnitName(name));
    double value;
    if (ucum.empty() || entry.value.get(value) != simdjson::SUCCESS) continue;
    SetSampleQuantity(value, ucum, UnitName(name), quantity);
    return absl::OkStatus();
  }
  return WrongSample(at, "a value with its unit", "neither");
}

absl::StatusOr<std::string> TakeWord(const ConnectMember& member,
                                     dom::object object,
                                     absl::string_view path) {
  const std::optional<dom::element> found = FindMember(object, member.name);
  int64_t number;
  if (found.has_value() && found->get(number) == simdjson::SUCCESS) {
    return absl::StrCat(number);
  }
  bool truth;
  if (found.has_value() && found->get(truth) == simdjson::SUCCESS) {
    return std::string(truth ? "true" : "false");
  }
  const absl::string_view text = FindText(object, member.name);
  if (!text.empty() && text.size() <= kMaxWordBytes) return std::string(text);
  return WrongSample(Join(path, member.name),
                     "a constant of the type's, by number or name",
                     GotInstead(object, member.name));
}

// What one item of a list says, as parts that carry the item's time.
absl::Status TakeItem(const ConnectMember& list, dom::object item,
                      absl::string_view path, v1::HealthSample* sample) {
  const absl::string_view start_key = list.has_spans ? "startTime" : "time";
  SUBROSA_ASSIGN_OR_RETURN(const TextTime start,
                           NeedConnectTime(item, path, start_key));
  if (list.has_spans) {
    SUBROSA_ASSIGN_OR_RETURN(const TextTime end,
                             NeedConnectTime(item, path, "endTime"));
    if (end.seconds < start.seconds) {
      return WrongSample(absl::StrCat(path, ".endTime"),
                         "a time not before startTime", "an earlier one");
    }
  }
  for (const ConnectMember& member : list.items) {
    v1::SamplePart* const part = sample->add_parts();
    part->set_name(std::string(member.name));
    part->set_given_start(std::string(FindText(item, start_key)));
    if (list.has_spans) {
      part->set_given_end(std::string(FindText(item, "endTime")));
    }
    if (member.kind == ConnectKind::kWord) {
      SUBROSA_ASSIGN_OR_RETURN(*part->mutable_text(),
                               TakeWord(member, item, path));
    } else if (member.kind == ConnectKind::kMeasure) {
      SUBROSA_RETURN_IF_ERROR(
          TakeMeasure(member, item, path, part->mutable_value()));
    } else {
      SUBROSA_ASSIGN_OR_RETURN(const double value,
                               NeedNumber(item, path, member.name));
      part->mutable_value()->set_value(value);
      part->mutable_value()->set_unit(std::string(member.ucum));
    }
  }
  return absl::OkStatus();
}

absl::Status TakeList(const ConnectMember& member, dom::object record,
                      v1::HealthSample* sample) {
  const std::optional<dom::array> items = FindArray(record, member.name);
  if (!items.has_value()) {
    return WrongSample(member.name, "a list", GotInstead(record, member.name));
  }
  size_t at = 0;
  for (const dom::element element : *items) {
    const std::string path = absl::StrCat(member.name, "[", at++, "]");
    dom::object item;
    if (element.get(item) != simdjson::SUCCESS) {
      return WrongSample(path, "an object", "something else");
    }
    SUBROSA_RETURN_IF_ERROR(TakeItem(member, item, path, sample));
  }
  return absl::OkStatus();
}

v1::Quantity* PlaceOf(const ConnectMember& member, v1::HealthSample* sample) {
  if (member.is_main) return sample->mutable_value();
  v1::SamplePart* const part = sample->add_parts();
  part->set_name(std::string(member.name));
  return part->mutable_value();
}

}  // namespace

absl::StatusOr<TextTime> NeedConnectTime(dom::object object,
                                         absl::string_view path,
                                         absl::string_view key) {
  SUBROSA_ASSIGN_OR_RETURN(const absl::string_view text,
                           NeedText(object, path, key));
  const std::optional<TextTime> time = ParseRfc3339(text);
  if (time.has_value()) return *time;
  return WrongSample(Join(path, key), "a time of RFC 3339", "another string");
}

void AddSampleDetail(absl::string_view key, absl::string_view value,
                     v1::HealthSample* sample) {
  v1::SampleDetail* const detail = sample->add_details();
  detail->set_key(std::string(key));
  detail->set_value(std::string(value));
}

absl::Status MapConnectMember(const ConnectMember& member, dom::object record,
                              v1::HealthSample* sample) {
  if (!FindMember(record, member.name).has_value() && !member.is_required) {
    return absl::OkStatus();
  }
  switch (member.kind) {
    case ConnectKind::kBare: {
      // A percentage may be the measure that the API has for it.
      if (member.ucum == "%" && FindObject(record, member.name).has_value()) {
        SUBROSA_ASSIGN_OR_RETURN(const dom::object measure,
                                 NeedObject(record, "", member.name));
        SUBROSA_ASSIGN_OR_RETURN(const double value,
                                 NeedNumber(measure, member.name, "value"));
        SetSampleQuantity(value, "%", "%", PlaceOf(member, sample));
        return absl::OkStatus();
      }
      SUBROSA_ASSIGN_OR_RETURN(const double value,
                               NeedNumber(record, "", member.name));
      SetSampleQuantity(value, member.ucum, member.ucum,
                        PlaceOf(member, sample));
      return absl::OkStatus();
    }
    case ConnectKind::kMeasure:
      return TakeMeasure(member, record, "", PlaceOf(member, sample));
    case ConnectKind::kWord: {
      SUBROSA_ASSIGN_OR_RETURN(const std::string word,
                               TakeWord(member, record, ""));
      if (member.is_main) {
        sample->mutable_value_code()->set_text(word);
      } else {
        AddSampleDetail(member.name, word, sample);
      }
      return absl::OkStatus();
    }
    case ConnectKind::kText: {
      SUBROSA_ASSIGN_OR_RETURN(const absl::string_view text,
                               NeedText(record, "", member.name));
      AddSampleDetail(member.name, text, sample);
      return absl::OkStatus();
    }
    case ConnectKind::kList:
      return TakeList(member, record, sample);
  }
  return absl::OkStatus();
}

}  // namespace subrosa
