#include "src/exports/open_mhealth_form.h"

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "src/exports/payload_as.h"
#include "subrosa/v1/body.pb.h"
#include "subrosa/v1/concept.pb.h"

namespace subrosa {
namespace {

constexpr absl::string_view kSchemas = "https://www.openmhealth.org/schemas";
constexpr absl::string_view kHealthKit =
    "https://developer.apple.com/documentation/healthkit";
constexpr absl::string_view kHealthConnect =
    "https://developer.android.com/health-connect";
constexpr absl::string_view kLoinc = "http://loinc.org";

// What the denominator of an average is, no reader of ours takes out, and the
// average would say something else without it.
constexpr absl::string_view kDenominator = "descriptive_statistic_denominator";

// Codes that mean what a schema's main value means, and nothing narrower: a
// resting heart rate is none. Percentages of HealthKit are fractions of one,
// which no schema takes.
constexpr struct {
  absl::string_view system;
  absl::string_view code;
  absl::string_view schema;
  absl::string_view version;
} kSameMeaning[] = {
    {kHealthKit, "HKQuantityTypeIdentifierBloodGlucose", "blood-glucose",
     "3.0"},
    {kHealthKit, "HKQuantityTypeIdentifierBodyMass", "body-weight", "2.0"},
    {kHealthKit, "HKQuantityTypeIdentifierBodyTemperature", "body-temperature",
     "3.0"},
    {kHealthKit, "HKQuantityTypeIdentifierHeartRate", "heart-rate", "2.0"},
    {kHealthKit, "HKQuantityTypeIdentifierHeight", "body-height", "2.0"},
    {kHealthKit, "HKQuantityTypeIdentifierRespiratoryRate", "respiratory-rate",
     "2.0"},
    {kHealthKit, "HKQuantityTypeIdentifierStepCount", "step-count", "3.0"},
    {kHealthConnect, "BloodGlucoseRecord", "blood-glucose", "3.0"},
    {kHealthConnect, "BodyFatRecord", "body-fat-percentage", "2.0"},
    {kHealthConnect, "BodyTemperatureRecord", "body-temperature", "3.0"},
    {kHealthConnect, "HeightRecord", "body-height", "2.0"},
    {kHealthConnect, "OxygenSaturationRecord", "oxygen-saturation", "2.0"},
    {kHealthConnect, "RespiratoryRateRecord", "respiratory-rate", "2.0"},
    {kHealthConnect, "StepsRecord", "step-count", "3.0"},
    {kHealthConnect, "TotalCaloriesBurnedRecord", "calories-burned", "2.0"},
    {kHealthConnect, "WeightRecord", "body-weight", "2.0"},
    {kLoinc, "2708-6", "oxygen-saturation", "2.0"},
    {kLoinc, "29463-7", "body-weight", "2.0"},
    {kLoinc, "39156-5", "body-mass-index", "2.0"},
    {kLoinc, "41982-0", "body-fat-percentage", "2.0"},
    {kLoinc, "55423-8", "step-count", "3.0"},
    {kLoinc, "59408-5", "oxygen-saturation", "2.0"},
    {kLoinc, "8302-2", "body-height", "2.0"},
    {kLoinc, "8310-5", "body-temperature", "3.0"},
    {kLoinc, "8867-4", "heart-rate", "2.0"},
    {kLoinc, "9279-1", "respiratory-rate", "2.0"},
};

bool SetSchema(absl::string_view name, absl::string_view version,
               OpenMHealthForm* form) {
  form->type = FindOpenMHealthType(name);
  form->version = std::string(version);
  return form->type != nullptr &&
         absl::SimpleAtoi(version.substr(0, version.find('.')),
                          &form->main_version) &&
         form->main_version <= form->type->last_version;
}

// What was measured at one time, with what is not said taken from `record`.
void SetTime(const v1::HealthRecord& record, OpenMHealthForm* form) {
  form->effective = record.effective();
  if (!form->effective.has_start()) {
    *form->effective.mutable_start() = record.collected_at();
  }
}

std::optional<OpenMHealthForm> FormByMeaning(const v1::HealthRecord& record,
                                             const v1::CodedConcept& type,
                                             const v1::Quantity& value) {
  OpenMHealthForm form;
  for (const auto& same : kSameMeaning) {
    for (const v1::Coding& coding : type.coding()) {
      if (coding.system() != same.system || coding.code() != same.code ||
          !SetSchema(same.schema, same.version, &form)) {
        continue;
      }
      *form.sample.mutable_value() = value;
      SetTime(record, &form);
      return form;
    }
  }
  return std::nullopt;
}

std::optional<OpenMHealthForm> FormOfSample(const v1::HealthRecord& record,
                                            const v1::HealthSample& sample) {
  if (sample.type().coding_size() == 0) return std::nullopt;
  const v1::Coding& type = sample.type().coding(0);
  if (type.system() != kSchemas) {
    std::optional<OpenMHealthForm> form =
        FormByMeaning(record, sample.type(), sample.value());
    if (!form.has_value() || !sample.has_value()) return std::nullopt;
    form->sample.set_source_name(sample.source_name());
    return form;
  }
  OpenMHealthForm form;
  absl::string_view name = type.code();
  if (!absl::ConsumePrefix(&name, "omh:") ||
      absl::StrContains(sample.raw(), kDenominator)) {
    return std::nullopt;
  }
  for (const v1::SampleDetail& detail : sample.details()) {
    if (detail.key() != "schema_id.version") continue;
    if (!SetSchema(name, detail.value(), &form)) return std::nullopt;
    form.sample = sample;
    form.effective = record.effective();
    return form;
  }
  return std::nullopt;
}

void AddPart(absl::string_view name, double value, absl::string_view unit,
             v1::HealthSample* sample) {
  v1::SamplePart* const part = sample->add_parts();
  part->set_name(std::string(name));
  part->mutable_value()->set_value(value);
  part->mutable_value()->set_unit(std::string(unit));
}

std::optional<OpenMHealthForm> FormOfSleep(const v1::HealthRecord& record,
                                           const v1::SleepSession& sleep) {
  OpenMHealthForm form;
  if (!SetSchema("sleep-episode", "1.0", &form)) return std::nullopt;
  form.effective = record.effective();
  if (sleep.has_asleep()) {
    AddPart("total_sleep_time",
            static_cast<double>(sleep.asleep().seconds()) +
                sleep.asleep().nanos() / 1e9,
            "s", &form.sample);
  }
  // 0 may stand for what nobody counted.
  if (sleep.awakenings() > 0) {
    AddPart("number_of_awakenings", sleep.awakenings(), "", &form.sample);
  }
  form.sample.set_source_name(record.provenance().application());
  return form;
}

}  // namespace

std::optional<OpenMHealthForm> FindOpenMHealthForm(
    const v1::HealthRecord& record, const google::protobuf::Message& payload) {
  const google::protobuf::Descriptor& type = *payload.GetDescriptor();
  if (PayloadIs<v1::HealthSample>(type)) {
    v1::HealthSample copy;
    return FormOfSample(record, PayloadAs(payload, &copy));
  }
  if (PayloadIs<v1::SleepSession>(type)) {
    v1::SleepSession copy;
    return FormOfSleep(record, PayloadAs(payload, &copy));
  }
  if (!PayloadIs<v1::VitalSample>(type)) return std::nullopt;
  v1::VitalSample copy;
  const v1::VitalSample& sample = PayloadAs(payload, &copy);
  if (!sample.has_value()) return std::nullopt;
  std::optional<OpenMHealthForm> form =
      FormByMeaning(record, sample.type(), sample.value());
  if (form.has_value()) {
    form->sample.set_source_name(record.provenance().application());
  }
  return form;
}

}  // namespace subrosa
