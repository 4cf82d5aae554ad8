#include "tools/sample/options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "src/base/status_macros.h"
#include "tools/sample/calendar.h"

namespace subrosa::sample {
namespace {

constexpr uint64_t kMostConsumers = 1'000'000'000;
constexpr uint64_t kMostRecords = 1'000'000;

absl::Status Wrong(absl::string_view option, absl::string_view want,
                   absl::string_view got) {
  return absl::InvalidArgumentError(
      absl::StrCat(option, ": want ", want, ", got `", got, "`"));
}

// A whole number of `low` to `high`.
absl::StatusOr<uint64_t> Number(absl::string_view option,
                                const std::string& text, uint64_t low,
                                uint64_t high) {
  uint64_t value = 0;
  if (!absl::SimpleAtoi(text, &value) || value < low || value > high) {
    return Wrong(option, absl::StrCat("a whole number, ", low, " to ", high),
                 text);
  }
  return value;
}

// A number of bytes, with K, M or G (of 1024) behind it or not.
absl::StatusOr<uint64_t> Bytes(absl::string_view option,
                               const std::string& text) {
  absl::string_view digits = text;
  int shift = 0;
  if (!digits.empty()) {
    switch (digits.back()) {
      case 'K':
        shift = 10;
        break;
      case 'M':
        shift = 20;
        break;
      case 'G':
        shift = 30;
        break;
    }
    if (shift > 0) digits.remove_suffix(1);
  }
  uint64_t value = 0;
  constexpr uint64_t kMost = uint64_t{1} << 44;  // 16 TiB.
  if (!absl::SimpleAtoi(digits, &value) || value == 0 ||
      value > (kMost >> shift)) {
    return Wrong(option, "bytes as in 500000, 64K, 20M or 1G", text);
  }
  return value << shift;
}

absl::StatusOr<int32_t> Day(absl::string_view option, const std::string& text) {
  absl::CivilDay day;
  if (text.size() != 10 || !absl::ParseCivilTime(text, &day) ||
      day.year() < 2000 || day.year() > 2100) {
    return Wrong(option, "a date of 2000 to 2100 as YYYY-MM-DD", text);
  }
  return DayOf(day);
}

absl::StatusOr<Format> FormatNamed(const std::string& name) {
  if (name == "ndjson") return Format::kNdjson;
  if (name == "protobuf") return Format::kProtobuf;
  if (name == "fhir") return Format::kFhir;
  if (name == "apple-health") return Format::kAppleHealth;
  return Wrong("--format", "ndjson, protobuf, fhir or apple-health", name);
}

// The arguments as text; empty where not given.
struct Texts {
  std::string format = "ndjson", seed = "1", first = "1", consumers, records,
              days = "365", until = "2026-06-30", order, size, bytes, resource,
              output = "-";
};

absl::StatusOr<Options> Check(const Texts& texts) {
  Options options;
  SUBROSA_ASSIGN_OR_RETURN(options.format, FormatNamed(texts.format));
  SUBROSA_ASSIGN_OR_RETURN(options.span.seed,
                           Number("--seed", texts.seed, 0, UINT64_MAX));
  SUBROSA_ASSIGN_OR_RETURN(const uint64_t days,
                           Number("--days", texts.days, 1, 731));
  options.span.days = static_cast<int>(days);
  SUBROSA_ASSIGN_OR_RETURN(options.span.until_day, Day("--until", texts.until));
  SUBROSA_ASSIGN_OR_RETURN(
      options.first_consumer,
      Number("--first-consumer", texts.first, 1, kMostConsumers));
  const bool whole_records =
      options.format == Format::kNdjson || options.format == Format::kProtobuf;

  if (!texts.bytes.empty()) {
    SUBROSA_ASSIGN_OR_RETURN(options.output_bytes,
                             Bytes("--bytes", texts.bytes));
    // As many as fit.
    options.consumers = kMostConsumers;
  }
  if (options.format == Format::kAppleHealth) options.consumers = 1;
  if (!texts.consumers.empty()) {
    SUBROSA_ASSIGN_OR_RETURN(
        options.consumers,
        Number("--consumers", texts.consumers, 1, kMostConsumers));
    if (options.format == Format::kAppleHealth && options.consumers != 1) {
      return Wrong("--consumers",
                   "1, as an Apple Health export is of one person",
                   texts.consumers);
    }
  }
  if (!texts.records.empty()) {
    SUBROSA_ASSIGN_OR_RETURN(
        const uint64_t records,
        Number("--records-per-consumer", texts.records, 1, kMostRecords));
    options.records_per_consumer = static_cast<uint32_t>(records);
    if (options.format == Format::kAppleHealth && options.output_bytes > 0) {
      return absl::InvalidArgumentError(
          "--bytes: want it without --records-per-consumer for apple-health, "
          "got both");
    }
  }
  if (!texts.order.empty()) {
    if (texts.order != "grouped" && texts.order != "random") {
      return Wrong("--order", "grouped or random", texts.order);
    }
    options.random_order = texts.order == "random";
  }
  if (options.random_order && !whole_records) {
    return Wrong("--order", "grouped for this format", texts.order);
  }
  if (options.random_order && texts.consumers.empty()) {
    return absl::InvalidArgumentError(
        "--order: want --consumers beside random, got none");
  }
  if (!texts.size.empty()) {
    SUBROSA_ASSIGN_OR_RETURN(options.record_bytes,
                             Number("--size", texts.size, 320, 200'000));
    if (!whole_records) {
      return Wrong("--size", "no size for this format", texts.size);
    }
  }
  if (!texts.resource.empty()) {
    static constexpr const char* kResources[] = {
        "Patient", "Observation", "Condition", "MedicationRequest"};
    if (options.format != Format::kFhir) {
      return Wrong("--resource", "it with --format fhir only", texts.resource);
    }
    if (std::find(std::begin(kResources), std::end(kResources),
                  texts.resource) == std::end(kResources)) {
      return Wrong("--resource",
                   "Patient, Observation, Condition or MedicationRequest",
                   texts.resource);
    }
    options.resource = texts.resource;
  }
  if (texts.output.empty()) {
    return Wrong("--output", "a file, or - for standard output", texts.output);
  }
  options.output = texts.output;
  return options;
}

}  // namespace

absl::StatusOr<Parsed> ParseOptions(const std::vector<std::string>& arguments) {
  Texts texts;
  CLI::App app(
      "Makes records of an invented wellness service: the same seed gives the "
      "same bytes\non every machine. Nobody in them is real.",
      "subrosa-sample");
  app.add_option("--format", texts.format,
                 "ndjson, protobuf (length-delimited), fhir (R4 NDJSON) or "
                 "apple-health (export.xml); default ndjson");
  app.add_option("--consumers", texts.consumers,
                 "how many people; default 6, or as many as --bytes needs");
  app.add_option("--first-consumer", texts.first,
                 "number of the first of them; default 1");
  app.add_option("--records-per-consumer", texts.records,
                 "how many records each; default 250");
  app.add_option("--seed", texts.seed, "which service; default 1");
  app.add_option("--days", texts.days, "length of the span; default 365");
  app.add_option("--until", texts.until,
                 "its last day, YYYY-MM-DD; default 2026-06-30");
  app.add_option("--order", texts.order,
                 "grouped (by person) or random; default grouped");
  app.add_option("--size", texts.size,
                 "make every record a text of about this many bytes, "
                 "serialized");
  app.add_option("--bytes", texts.bytes,
                 "stop after about this much output: 500000, 64K, 20M, 1G");
  app.add_option("--resource", texts.resource,
                 "fhir: only this type: Patient, Observation, Condition or "
                 "MedicationRequest");
  app.add_option("--output", texts.output,
                 "a file, or - for standard output; default -");

  Parsed parsed;
  // CLI11 takes them last first.
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
  try {
    app.parse(reversed);
  } catch (const CLI::CallForHelp&) {
    parsed.help = true;
    parsed.help_text = app.help();
    return parsed;
  } catch (const CLI::ParseError& error) {
    return absl::InvalidArgumentError(error.what());
  }
  SUBROSA_ASSIGN_OR_RETURN(parsed.options, Check(texts));
  return parsed;
}

}  // namespace subrosa::sample
