#include "src/crypto/age_armor.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "src/base/status_macros.h"
#include "src/crypto/base64.h"

namespace subrosa {
namespace {

constexpr absl::string_view kArmorHeader = "-----BEGIN AGE ENCRYPTED FILE-----";
constexpr absl::string_view kArmorFooter = "-----END AGE ENCRYPTED FILE-----";
constexpr size_t kColumns = 64;
constexpr size_t kLineBytes = kColumns / 4 * 3;
constexpr size_t kBufferBytes = 64 * 1024;

bool IsSpace(absl::string_view text) {
  return absl::StripAsciiWhitespace(text).empty();
}

}  // namespace

absl::Status ArmorSink::Begin() {
  if (begun_) return absl::OkStatus();
  begun_ = true;
  return out_->Append(absl::StrCat(kArmorHeader, "\n"));
}

absl::Status ArmorSink::Append(absl::string_view bytes) {
  SUBROSA_RETURN_IF_ERROR(Begin());
  const size_t fill =
      line_.empty() ? 0 : std::min(bytes.size(), kLineBytes - line_.size());
  line_.append(bytes.data(), fill);
  bytes.remove_prefix(fill);
  if (line_.size() == kLineBytes) {
    SUBROSA_RETURN_IF_ERROR(out_->Append(
        absl::StrCat(EncodeBase64(line_, Base64Padding::kEquals), "\n")));
    line_.clear();
  }
  while (bytes.size() >= kLineBytes) {
    const size_t lines =
        std::min(bytes.size() / kLineBytes, kBufferBytes / (kColumns + 1));
    text_.resize(lines * (kColumns + 1));
    char* text = &text_[0];
    for (size_t i = 0; i < lines; ++i, text += kColumns + 1) {
      EncodeBase64Groups(bytes.data() + i * kLineBytes, kLineBytes, text);
      text[kColumns] = '\n';
    }
    SUBROSA_RETURN_IF_ERROR(out_->Append(text_));
    bytes.remove_prefix(lines * kLineBytes);
  }
  line_.append(bytes.data(), bytes.size());
  return absl::OkStatus();
}

absl::Status ArmorSink::Finish() {
  SUBROSA_RETURN_IF_ERROR(Begin());
  std::string end;
  if (!line_.empty()) {
    end = absl::StrCat(EncodeBase64(line_, Base64Padding::kEquals), "\n");
  }
  return out_->Append(absl::StrCat(end, kArmorFooter, "\n"));
}

ArmorSource::ArmorSource(ByteSource* in) : in_(in), buffer_(kBufferBytes) {}

absl::Status ArmorSource::Malformed(absl::string_view what) const {
  return absl::InvalidArgumentError(
      absl::StrCat("age.armor: line ", lines_, ": ", what));
}

// Reads on, so that a whole line stands in the buffer or the input has ended.
absl::Status ArmorSource::Fill() {
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  while (!at_end_ && end_ < buffer_.size()) {
    SUBROSA_ASSIGN_OR_RETURN(const size_t got,
                             in_->Read(absl::MakeSpan(buffer_).subspan(end_)));
    at_end_ = got == 0;
    end_ += got;
    const char* read = buffer_.data() + end_ - got;
    if (std::memchr(read, '\n', got) != nullptr) break;
  }
  return absl::OkStatus();
}

// Takes a line without its LF or CRLF; the input's last may lack it. Nothing
// at the end of the input. The line is valid until the next Fill.
absl::StatusOr<absl::optional<absl::string_view>> ArmorSource::TakeLine() {
  const auto find = [this] {
    return static_cast<const char*>(
        std::memchr(buffer_.data() + begin_, '\n', end_ - begin_));
  };
  const char* newline = find();
  if (newline == nullptr) {
    SUBROSA_RETURN_IF_ERROR(Fill());
    newline = find();
  }
  ++lines_;
  if (newline == nullptr && !at_end_) {
    return Malformed("want a line, got over 65536 bytes without a newline");
  }
  if (newline == nullptr && begin_ == end_) {
    return absl::optional<absl::string_view>();
  }
  const char* begin = buffer_.data() + begin_;
  const char* end = newline == nullptr ? buffer_.data() + end_ : newline;
  absl::string_view line(begin, static_cast<size_t>(end - begin));
  begin_ += line.size() + (newline == nullptr ? 0 : 1);
  if (newline != nullptr) absl::ConsumeSuffix(&line, "\r");
  return absl::make_optional(line);
}

// Takes the white space and the header line, or what follows the footer.
absl::Status ArmorSource::SkipOuterSpace() {
  size_t space = 0;
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const absl::optional<absl::string_view> line,
                             TakeLine());
    if (!line.has_value()) {
      if (state_ == State::kAfterFooter) return absl::OkStatus();
      return Malformed("want the BEGIN line, got the end of the file");
    }
    if (*line == kArmorHeader && state_ == State::kBeforeHeader) {
      state_ = State::kBody;
      return absl::OkStatus();
    }
    if (!IsSpace(*line)) {
      return Malformed(state_ == State::kAfterFooter
                           ? "want only white space after the END line"
                           : absl::StrCat("want `", kArmorHeader, "`"));
    }
    space += line->size() + 1;
    if (space > kArmorMaxOuterSpaceBytes) {
      return Malformed(absl::StrCat("want at most ", kArmorMaxOuterSpaceBytes,
                                    " bytes of white space, got more"));
    }
  }
}

// The fast path: full lines that stand whole in the buffer and fit `out`. Stops
// before anything else, which DecodeNextLine then judges.
size_t ArmorSource::DecodeFullLines(absl::Span<char> out) {
  size_t done = 0;
  while (end_ - begin_ >= kColumns + 2 && out.size() - done >= kLineBytes) {
    const char* line = buffer_.data() + begin_;
    const bool crlf = line[kColumns] == '\r';
    if (line[kColumns + crlf] != '\n') break;
    if (!DecodeBase64Groups(line, kColumns, out.data() + done)) break;
    begin_ += kColumns + crlf + 1;
    done += kLineBytes;
    ++lines_;
  }
  return done;
}

absl::Status ArmorSource::DecodeNextLine() {
  SUBROSA_ASSIGN_OR_RETURN(const absl::optional<absl::string_view> line,
                           TakeLine());
  if (!line.has_value()) {
    return Malformed("want the END line, got the end of the file");
  }
  if (*line == kArmorFooter) {
    state_ = State::kAfterFooter;
    return SkipOuterSpace();
  }
  if (state_ == State::kLastLineRead) {
    return Malformed(
        absl::StrCat("want `", kArmorFooter, "` after a short or padded line"));
  }
  if (line->empty() || line->size() > kColumns) {
    return Malformed(absl::StrCat("want 1 to ", kColumns,
                                  " characters of base64, got ", line->size()));
  }
  absl::optional<std::string> bytes =
      DecodeBase64(*line, Base64Padding::kEquals);
  if (!bytes.has_value()) {
    return Malformed("want canonical base64 with padding");
  }
  if (bytes->size() < kLineBytes) state_ = State::kLastLineRead;
  decoded_ = *std::move(bytes);
  decoded_taken_ = 0;
  return absl::OkStatus();
}

absl::StatusOr<size_t> ArmorSource::Read(absl::Span<char> out) {
  SUBROSA_RETURN_IF_ERROR(status_);
  if (state_ == State::kBeforeHeader) status_ = SkipOuterSpace();
  size_t done = 0;
  while (status_.ok()) {
    const size_t part =
        std::min(out.size() - done, decoded_.size() - decoded_taken_);
    std::memcpy(out.data() + done, decoded_.data() + decoded_taken_, part);
    decoded_taken_ += part;
    done += part;
    if (done == out.size() || state_ == State::kAfterFooter) return done;
    if (state_ == State::kBody) done += DecodeFullLines(out.subspan(done));
    if (done < out.size()) status_ = DecodeNextLine();
  }
  // What came before the fault is given first; the next call reports it.
  if (done > 0) return done;
  return status_;
}

}  // namespace subrosa
