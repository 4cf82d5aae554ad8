#include "src/ingest/detect_format.h"

#include <algorithm>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "src/base/status_macros.h"
#include "src/ingest/fhir_look.h"
#include "src/ingest/json_look.h"
#include "src/ingest/sample_look.h"
#include "src/ingest/wire_field.h"

namespace subrosa {
namespace {

// How much of the first line is looked at.
constexpr size_t kLookBytes = size_t{64} << 10;
constexpr size_t kMaxVarint = 10;
constexpr absl::string_view kByteOrderMark = "\xEF\xBB\xBF";

constexpr absl::string_view kZip = "PK\x03\x04";

// A mark of so many bytes is no message by accident.
constexpr size_t kCertainBytes = 4;

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

// What `look` tells of the bytes from `skip` on; Look::kMore if `max_bytes` of
// the file, or all of it, do not tell.
template <typename Look>
absl::StatusOr<Look> LookAhead(size_t skip, size_t max_bytes,
                               Look (*look)(absl::string_view),
                               BufferedInput* input) {
  Look found = Look::kMore;
  // No more than it takes, so that a slow pipe is not waited for.
  for (size_t size = skip; found == Look::kMore && size < max_bytes;) {
    SUBROSA_ASSIGN_OR_RETURN(const absl::string_view start,
                             input->Peek(size + 1));
    if (start.size() <= size) break;
    size = start.size();
    found = look(start.substr(skip));
  }
  return found;
}

// The format of FHIR that the object is written in which starts `skip` bytes
// on; absent if it is no resource.
absl::StatusOr<std::optional<Format>> DetectFhir(size_t skip,
                                                 BufferedInput* input) {
  SUBROSA_ASSIGN_OR_RETURN(const FhirLook look,
                           LookAhead(skip, kLookBytes, LookForFhir, input));
  if (look == FhirLook::kBundle) return Format::kFhirJson;
  if (look != FhirLook::kResource) return std::nullopt;
  SUBROSA_ASSIGN_OR_RETURN(const absl::string_view start,
                           input->Peek(skip + 1));
  const absl::string_view object = start.substr(skip);
  const size_t end = object.find('\n');
  return end == absl::string_view::npos || EndsItsObject(object.substr(0, end))
             ? Format::kFhirNdjson
             : Format::kFhirJson;
}

// The format whose documents start with the element behind `tag`, a "<".
std::optional<Format> FormatOfElement(absl::string_view tag) {
  const absl::string_view name = tag.substr(0, tag.find_first_of(" \t\r\n/>"));
  if (name == "HealthData") return Format::kAppleHealth;
  if (name == "ClinicalDocument" || absl::EndsWith(name, ":ClinicalDocument")) {
    return Format::kCda;
  }
  return std::nullopt;
}

// True if `start`, without white space before it, is a document and no message,
// though a message of 60 bytes starts with "<" too, behind its length.
bool IsDocumentStart(absl::string_view start, bool is_after_space) {
  if (absl::StartsWith(start, kZip)) return true;
  if (!absl::ConsumePrefix(&start, "<") || start.empty()) return false;
  return is_after_space || absl::StartsWith(start, "?xml") ||
         absl::StartsWith(start, "!--") ||
         absl::StartsWith(start, "!DOCTYPE") ||
         FormatOfElement(start).has_value();
}

// The format of the document that `start` begins: XML by its first element, or
// a zip archive, which is an export of Apple Health.
absl::StatusOr<Format> DocumentFormat(absl::string_view start) {
  if (absl::StartsWith(start, kZip)) return Format::kAppleHealth;
  // Before the first element stand declarations, which may name it too.
  for (size_t at = start.find('<'); at != absl::string_view::npos;
       at = start.find('<', at + 1)) {
    const std::optional<Format> format = FormatOfElement(start.substr(at + 1));
    if (format.has_value()) return *format;
  }
  return absl::InvalidArgumentError(
      "XML: want an export of Apple Health (HealthData) or a C-CDA document "
      "(ClinicalDocument), got another");
}

// Passes over one field of a message; false if none stands there.
bool SkipField(absl::string_view* message) {
  WireField field;
  return TakeField(message, &field) == TakeResult::kTaken;
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
  SUBROSA_ASSIGN_OR_RETURN(
      const SampleLook look,
      LookAhead(skip, kSampleLookBytes, LookForSamples, input));
  if (look == SampleLook::kOpenMHealth) return Format::kOpenMHealth;
  if (look == SampleLook::kHealthConnect) return Format::kHealthConnect;
  return std::nullopt;
}

// The format of the object or list that starts `skip` bytes on. `line_bytes`
// are those up to the end of its line, or as far as is looked.
absl::StatusOr<Format> JsonFormat(size_t skip, size_t line_bytes,
                                  BufferedInput* input) {
  SUBROSA_ASSIGN_OR_RETURN(const std::optional<Format> platform,
                           DetectPlatform(skip, input));
  if (platform.has_value()) return *platform;
  SUBROSA_ASSIGN_OR_RETURN(absl::string_view start, input->Peek(line_bytes));
  if (start[skip] == '[') return NoFormat("a JSON list");
  SUBROSA_ASSIGN_OR_RETURN(const std::optional<Format> fhir,
                           DetectFhir(skip, input));
  if (fhir.has_value()) return *fhir;
  SUBROSA_ASSIGN_OR_RETURN(start, input->Peek(line_bytes));
  const absl::string_view line = start.substr(skip);
  const size_t end = line.find('\n');
  if (end != absl::string_view::npos &&
      line.substr(0, end).find_first_not_of("{ \t\r") ==
          absl::string_view::npos) {
    return NoFormat("a JSON object over several lines");
  }
  return Format::kNdjson;
}

const Unreadable* FindUnreadable(absl::string_view start) {
  for (const Unreadable& kind : kUnreadable) {
    if (absl::StartsWith(start, kind.start)) return &kind;
  }
  return nullptr;
}

}  // namespace

absl::Status CheckReadable(absl::string_view start) {
  const Unreadable* const kind = FindUnreadable(start);
  if (kind == nullptr) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "want text or protobuf, got ", kind->name, ": ", kind->advice));
}

absl::StatusOr<Format> DetectFormat(BufferedInput* input) {
  // Up to the end of the first line, so that a slow pipe is not waited for.
  absl::string_view start;
  for (size_t size = 1; size <= kLookBytes; size = start.size() + 1) {
    SUBROSA_ASSIGN_OR_RETURN(start, input->Peek(size));
    if (start.size() < size || absl::StrContains(start, '\n')) break;
  }
  const size_t line_bytes = start.size();
  const size_t mark_bytes =
      absl::StartsWith(start, kByteOrderMark) ? kByteOrderMark.size() : 0;
  const size_t first = start.find_first_not_of(" \t\r\n", mark_bytes);
  if (first == absl::string_view::npos) return Format::kNdjson;
  const char c = start[first];
  // A message may start with any byte, its length, and what text goes on with
  // may happen to be fields. So what is surely text, or packed, comes first.
  SUBROSA_ASSIGN_OR_RETURN(
      const JsonLook json,
      LookAhead(first, first + kLookBytes, LookForJson, input));
  if (json == JsonLook::kJson) return JsonFormat(first, line_bytes, input);
  SUBROSA_ASSIGN_OR_RETURN(start, input->Peek(line_bytes));
  if (IsDocumentStart(start.substr(first), first > mark_bytes)) {
    SUBROSA_ASSIGN_OR_RETURN(start, input->Peek(kLookBytes));
    return DocumentFormat(start.substr(first));
  }
  const Unreadable* const kind = FindUnreadable(start);
  if (kind != nullptr && kind->start.size() >= kCertainBytes) {
    return CheckReadable(start);
  }
  SUBROSA_ASSIGN_OR_RETURN(const bool is_delimited, IsDelimited(input));
  if (is_delimited) return Format::kDelimited;
  SUBROSA_ASSIGN_OR_RETURN(start, input->Peek(line_bytes));
  if (c == '<') return DocumentFormat(start.substr(first));
  SUBROSA_RETURN_IF_ERROR(CheckReadable(start));
  if (c == '{' || c == '[') return JsonFormat(first, line_bytes, input);
  return NoFormat("something else");
}

}  // namespace subrosa
