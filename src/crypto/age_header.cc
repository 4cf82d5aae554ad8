#include "src/crypto/age_header.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/types/optional.h"
#include "src/base/status_macros.h"
#include "src/crypto/base64.h"

namespace subrosa {
namespace {

constexpr absl::string_view kVersionLine = "age-encryption.org/v1";
constexpr absl::string_view kStanzaStart = "-> ";
constexpr absl::string_view kMacStart = "---";
constexpr size_t kBodyColumns = 64;
constexpr size_t kReadBytes = 4096;

absl::Status Malformed(absl::string_view where, absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("age.header", where, ": ", what));
}

// Takes a line, without its newline, from the front of `text`; nothing if no
// newline is left.
absl::optional<absl::string_view> TakeLine(absl::string_view* text) {
  const size_t end = text->find('\n');
  if (end == absl::string_view::npos) return absl::nullopt;
  const absl::string_view line = text->substr(0, end);
  text->remove_prefix(end + 1);
  return line;
}

absl::Status CheckVersionLine(absl::string_view line) {
  if (line == kVersionLine) return absl::OkStatus();
  return Malformed(".version", absl::StrCat("want the first line to be `",
                                            kVersionLine, "`, got another"));
}

bool IsArgument(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return c >= '!' && c <= '~';
  });
}

absl::StatusOr<AgeStanza> TakeStanza(absl::string_view start,
                                     const std::string& where,
                                     absl::string_view* text) {
  if (!absl::ConsumePrefix(&start, kStanzaStart)) {
    return Malformed(where, "want a line that starts with `-> ` or `---`");
  }
  AgeStanza stanza;
  stanza.arguments = absl::StrSplit(start, ' ');
  if (!std::all_of(stanza.arguments.begin(), stanza.arguments.end(),
                   [](const std::string& text) { return IsArgument(text); })) {
    return Malformed(absl::StrCat(where, ".arguments"),
                     "want visible ASCII words, one space between");
  }
  for (;;) {
    const absl::optional<absl::string_view> line = TakeLine(text);
    if (!line.has_value()) {
      return Malformed(absl::StrCat(where, ".body"),
                       "want a last line of under 64 characters, got the end");
    }
    if (line->size() > kBodyColumns) {
      return Malformed(absl::StrCat(where, ".body"),
                       absl::StrCat("want lines of at most ", kBodyColumns,
                                    " characters, got ", line->size()));
    }
    const absl::optional<std::string> bytes =
        DecodeBase64(*line, Base64Padding::kNone);
    if (!bytes.has_value()) {
      return Malformed(absl::StrCat(where, ".body"),
                       "want canonical base64 without padding");
    }
    stanza.body.append(*bytes);
    if (line->size() < kBodyColumns) return stanza;
  }
}

absl::StatusOr<std::string> ParseMacLine(absl::string_view line) {
  if (!absl::ConsumePrefix(&line, "--- ")) {
    return Malformed(".mac", "want `--- ` and the MAC");
  }
  absl::optional<std::string> mac = DecodeBase64(line, Base64Padding::kNone);
  if (!mac.has_value()) {
    return Malformed(".mac", "want canonical base64 without padding");
  }
  if (mac->size() != kAgeHeaderMacBytes) {
    return Malformed(".mac", absl::StrCat("want ", kAgeHeaderMacBytes,
                                          " bytes, got ", mac->size()));
  }
  return *std::move(mac);
}

// Where the header in `text` ends, or npos if its last line is not all there.
size_t EndOfHeader(absl::string_view text) {
  const size_t mac = text.find(absl::StrCat("\n", kMacStart));
  if (mac == absl::string_view::npos) return absl::string_view::npos;
  const size_t end = text.find('\n', mac + 1);
  return end == absl::string_view::npos ? end : end + 1;
}

}  // namespace

std::string AgeHeaderMacInput(absl::Span<const AgeStanza> stanzas) {
  std::string text = absl::StrCat(kVersionLine, "\n");
  for (const AgeStanza& stanza : stanzas) {
    absl::StrAppend(&text, "->");
    for (const std::string& argument : stanza.arguments) {
      absl::StrAppend(&text, " ", argument);
    }
    const std::string body = EncodeBase64(stanza.body, Base64Padding::kNone);
    // A last line shorter than the others ends the body, empty if need be.
    for (size_t at = 0; at <= body.size(); at += kBodyColumns) {
      absl::StrAppend(&text, "\n", body.substr(at, kBodyColumns));
    }
    absl::StrAppend(&text, "\n");
  }
  absl::StrAppend(&text, kMacStart);
  return text;
}

std::string SerializeAgeHeader(const AgeHeader& header) {
  return absl::StrCat(AgeHeaderMacInput(header.stanzas), " ",
                      EncodeBase64(header.mac, Base64Padding::kNone), "\n");
}

absl::StatusOr<AgeHeader> ParseAgeHeader(absl::string_view text) {
  AgeHeader header;
  absl::optional<absl::string_view> line = TakeLine(&text);
  if (!line.has_value()) {
    return Malformed("", "want lines that end in a newline");
  }
  SUBROSA_RETURN_IF_ERROR(CheckVersionLine(*line));
  for (;;) {
    line = TakeLine(&text);
    if (!line.has_value()) {
      return Malformed(".mac", "want a line that starts with `---`");
    }
    if (absl::StartsWith(*line, kMacStart)) break;
    SUBROSA_ASSIGN_OR_RETURN(
        AgeStanza stanza,
        TakeStanza(*line, absl::StrCat(".stanza[", header.stanzas.size(), "]"),
                   &text));
    header.stanzas.push_back(std::move(stanza));
  }
  if (header.stanzas.empty()) {
    return Malformed(".stanza", "want at least 1 recipient, got 0");
  }
  SUBROSA_ASSIGN_OR_RETURN(header.mac, ParseMacLine(*line));
  if (!text.empty()) {
    return Malformed("", "want nothing after the MAC's line");
  }
  return header;
}

absl::StatusOr<AgeHeaderAndRest> ReadAgeHeader(ByteSource* source) {
  std::string text;
  for (;;) {
    const size_t before = text.size();
    text.resize(before + kReadBytes);
    SUBROSA_ASSIGN_OR_RETURN(
        const size_t got,
        source->Read(absl::MakeSpan(text).subspan(before, kReadBytes)));
    text.resize(before + got);
    // Refuse another kind of file at once, not after a megabyte of it.
    const size_t compared = std::min(text.size(), kVersionLine.size() + 1);
    if (absl::StrCat(kVersionLine, "\n").substr(0, compared) !=
        text.substr(0, compared)) {
      return CheckVersionLine("");
    }
    const size_t end = EndOfHeader(text);
    if (end <= kAgeHeaderMaxBytes) {
      SUBROSA_ASSIGN_OR_RETURN(
          AgeHeader header,
          ParseAgeHeader(absl::string_view(text).substr(0, end)));
      return AgeHeaderAndRest{std::move(header), text.substr(end)};
    }
    if (text.size() > kAgeHeaderMaxBytes) {
      return Malformed("", absl::StrCat("want at most ", kAgeHeaderMaxBytes,
                                        " bytes, got more"));
    }
    if (got == 0) {
      return Malformed("", "want a whole header, got the end of the file");
    }
  }
}

}  // namespace subrosa
