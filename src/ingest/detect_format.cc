#include "src/ingest/detect_format.h"

#include <algorithm>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/ingest/fhir_look.h"
#include "src/ingest/sample_look.h"
#include "src/ingest/wire.h"
#include "src/ingest/wire_checker.h"

namespace subrosa {
namespace {

// How much of the first line is looked at.
constexpr size_t kLookBytes = size_t{64} << 10;
constexpr size_t kMaxVarint = 10;
constexpr absl::string_view kByteOrderMark = "\xEF\xBB\xBF";

constexpr absl::string_view kZip = "PK\x03\x04";

struct Unreadable {
  absl::string_view start;
  absl::string_view name;
  absl::string_view advice;
};

constexpr absl::string_view kUnpack = "unpack it first";
constexpr absl::string_view kConvert = "convert it to UTF-8 first";

const Unreadable kUnreadable[] = {
    {"\x1F\x8B", "a gzip file", kUnpack},
    {kZip, "a zip archive", kUnpack},
    {"\x28\xB5\x2F\xFD", "a zstd file", kUnpack},
    {"\xFD"
     "7zXZ",
     "an xz file", kUnpack},
    {"BZh", "a bzip2 file", kUnpack},
    {"\xFF\xFE", "UTF-16 or UTF-32", kConvert},
    {"\xFE\xFF", "UTF-16", kConvert},
    {absl::string_view("\0\0\xFE\xFF", 4), "UTF-32", kConvert},
    {absl::string_view("{\0", 2), "UTF-16", kConvert},
    {absl::string_view("\0{", 2), "UTF-16", kConvert},
    {"<?xml", "XML", "say --as apple-health or --as cda"},
};

absl::Status NoFormat(absl::string_view got) {
  return absl::InvalidArgumentError(absl::StrCat(
      "want one JSON object a line, or delimited protobuf, got ", got));
}

// The format of FHIR that the object is written in which starts `skip` bytes
// on; absent if it is no resource.
absl::StatusOr<std::optional<Format>> DetectFhir(size_t skip,
                                                 BufferedInput* input) {
  FhirLook look = FhirLook::kMore;
  absl::string_view start;
  // No more than it takes, so that a slow pipe is not waited for.
  for (size_t size = skip; look == FhirLook::kMore && size < kLookBytes;) {
    SUBROSA_ASSIGN_OR_RETURN(start, input->Peek(size + 1));
    if (start.size() <= size) break;
    size = start.size();
    look = LookForFhir(start.substr(skip));
  }
  if (look == FhirLook::kBundle) return Format::kFhirJson;
  if (look != FhirLook::kResource) return std::nullopt;
  const absl::string_view object = start.substr(skip);
  const size_t end = object.find('\n');
  return end == absl::string_view::npos || EndsItsObject(object.substr(0, end))
             ? Format::kFhirNdjson
             : Format::kFhirJson;
}

// The format of the document that `start` begins: XML by its first element, or
// a zip archive, which is an export of Apple Health.
absl::StatusOr<Format> DocumentFormat(absl::string_view start) {
  if (absl::StartsWith(start, kZip)) return Format::kAppleHealth;
  // Before the first element stand declarations, which may name it too.
  for (size_t at = start.find('<'); at != absl::string_view::npos;
       at = start.find('<', at + 1)) {
    const absl::string_view here = start.substr(at + 1);
    if (absl::StartsWith(here, "HealthData")) return Format::kAppleHealth;
    const absl::string_view name =
        here.substr(0, here.find_first_of(" \t\r\n>"));
    if (name == "ClinicalDocument" ||
        absl::EndsWith(name, ":ClinicalDocument")) {
      return Format::kCda;
    }
  }
  return absl::InvalidArgumentError(
      "XML: want an export of Apple Health (HealthData) or a C-CDA document "
      "(ClinicalDocument), got another");
}

// Passes over one field of a message; false if none stands there.
bool SkipField(absl::string_view* message) {
  uint64_t tag, size;
  if (!TakeVarint(message, &tag) || tag < 8 || tag > ~uint32_t{0}) return false;
  switch (static_cast<WireType>(tag & 7)) {
    case WireType::kVarint:
      return TakeVarint(message, &size);
    case WireType::kFixed64:
      size = 8;
      break;
    case WireType::kFixed32:
      size = 4;
      break;
    case WireType::kLengthDelimited:
      if (!TakeVarint(message, &size)) return false;
      break;
    default:
      return false;
  }
  if (size > message->size()) return false;
  message->remove_prefix(static_cast<size_t>(size));
  return true;
}

// True if what comes next in `input` is a length, and a message of that length
// whose fields hold together. Of one that is longer than we look, the first
// field must.
absl::StatusOr<bool> IsDelimited(BufferedInput* input) {
  SUBROSA_ASSIGN_OR_RETURN(absl::string_view start, input->Peek(kMaxVarint));
  uint64_t size;
  if (!TakeVarint(&start, &size) || size == 0) return false;
  const size_t look =
      static_cast<size_t>(std::min<uint64_t>(size + kMaxVarint, kLookBytes));
  SUBROSA_ASSIGN_OR_RETURN(start, input->Peek(look));
  if (!TakeVarint(&start, &size)) return false;
  if (size > start.size()) {
    return start.size() + kMaxVarint >= kLookBytes && SkipField(&start);
  }
  start = start.substr(0, static_cast<size_t>(size));
  while (!start.empty()) {
    if (!SkipField(&start)) return false;
  }
  return true;
}

// The health platform whose samples stand in the object or list that starts
// `skip` bytes on; absent if there are none.
absl::StatusOr<std::optional<Format>> DetectPlatform(size_t skip,
                                                     BufferedInput* input) {
  SampleLook look = SampleLook::kMore;
  absl::string_view start;
  // No more than it takes, so that a slow pipe is not waited for.
  for (size_t size = skip;
       look == SampleLook::kMore && size < kSampleLookBytes;) {
    SUBROSA_ASSIGN_OR_RETURN(start, input->Peek(size + 1));
    if (start.size() <= size) break;
    size = start.size();
    look = LookForSamples(start.substr(skip));
  }
  if (look == SampleLook::kOpenMHealth) return Format::kOpenMHealth;
  if (look == SampleLook::kHealthConnect) return Format::kHealthConnect;
  return std::nullopt;
}

}  // namespace

absl::Status CheckReadable(absl::string_view start) {
  for (const Unreadable& kind : kUnreadable) {
    if (absl::StartsWith(start, kind.start)) {
      return absl::InvalidArgumentError(absl::StrCat(
          "want text or protobuf, got ", kind.name, ": ", kind.advice));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<Format> DetectFormat(BufferedInput* input) {
  // Up to the end of the first line, so that a slow pipe is not waited for.
  absl::string_view start;
  for (size_t size = 1; size <= kLookBytes; size = start.size() + 1) {
    SUBROSA_ASSIGN_OR_RETURN(start, input->Peek(size));
    if (start.size() < size || absl::StrContains(start, '\n')) break;
  }
  const size_t start_bytes = start.size();
  const bool has_mark = absl::StartsWith(start, kByteOrderMark);
  if (has_mark) start.remove_prefix(kByteOrderMark.size());
  const size_t first = start.find_first_not_of(" \t\r\n");
  if (first == absl::string_view::npos) return Format::kNdjson;
  const char c = start[first];
  const size_t first_byte = first + (has_mark ? kByteOrderMark.size() : 0);
  // Before all, since the first bytes of JSON may happen to be a message's.
  if (c == '[' || c == '{') {
    SUBROSA_ASSIGN_OR_RETURN(const std::optional<Format> platform,
                             DetectPlatform(first_byte, input));
    if (platform.has_value()) return *platform;
  }
  // Before packed files, since a message of 123 bytes starts with a brace too,
  // and others as packed files do.
  SUBROSA_ASSIGN_OR_RETURN(const bool is_delimited, IsDelimited(input));
  if (is_delimited) return Format::kDelimited;
  if (c == '<' || absl::StartsWith(start.substr(first), kZip)) {
    SUBROSA_ASSIGN_OR_RETURN(start, input->Peek(kLookBytes));
    return DocumentFormat(start.substr(start.find(c)));
  }
  SUBROSA_ASSIGN_OR_RETURN(start, input->Peek(start_bytes));
  SUBROSA_RETURN_IF_ERROR(CheckReadable(start));
  const size_t object = start.find(c);
  if (c == '[') return NoFormat("a JSON list");
  if (c != '{') return NoFormat("something else");
  SUBROSA_ASSIGN_OR_RETURN(const std::optional<Format> fhir,
                           DetectFhir(object, input));
  if (fhir.has_value()) return *fhir;
  SUBROSA_ASSIGN_OR_RETURN(start, input->Peek(start_bytes));
  const absl::string_view line = start.substr(object);
  const size_t end = line.find('\n');
  const absl::string_view whole = line.substr(0, end);
  if (end != absl::string_view::npos &&
      whole.find_first_not_of("{ \t\r") == absl::string_view::npos) {
    return NoFormat("a JSON object over several lines");
  }
  return Format::kNdjson;
}

}  // namespace subrosa
