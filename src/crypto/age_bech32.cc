#include "src/crypto/age_bech32.h"

#include <sodium.h>

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace subrosa {
namespace {

constexpr absl::string_view kAlphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
constexpr size_t kChecksumCharacters = 6;

// The BCH code of BIP 173, one 5-bit value at a time.
class Checksum {
 public:
  explicit Checksum(absl::string_view prefix) {
    for (const char c : prefix) Add(static_cast<uint8_t>(c) >> 5);
    Add(0);
    for (const char c : prefix) Add(static_cast<uint8_t>(c) & 31);
  }

  void Add(uint32_t value) {
    constexpr uint32_t kGenerator[] = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa,
                                       0x3d4233dd, 0x2a1462b3};
    const uint32_t top = state_ >> 25;
    state_ = ((state_ & 0x1ffffff) << 5) ^ value;
    for (int i = 0; i < 5; ++i) {
      if ((top >> i) & 1) state_ ^= kGenerator[i];
    }
  }

  uint32_t state() const { return state_; }

 private:
  uint32_t state_ = 1;
};

// Keys pass through here: no copy of one may stay in freed memory.
void WipeString(std::string* text) {
  if (!text->empty()) sodium_memzero(&(*text)[0], text->size());
  text->clear();
}

}  // namespace

std::string EncodeBech32(absl::string_view prefix, absl::string_view bytes) {
  std::string text;
  text.reserve(prefix.size() + bytes.size() * 8 / 5 + 9);
  absl::StrAppend(&text, prefix, "1");
  Checksum checksum(prefix);
  uint32_t bits = 0;
  int held = 0;
  const auto emit = [&](uint32_t value) {
    checksum.Add(value);
    text.push_back(kAlphabet[value]);
  };
  for (const char c : bytes) {
    bits = (bits << 8 | static_cast<uint8_t>(c)) & 0xfff;
    for (held += 8; held >= 5;) {
      held -= 5;
      emit((bits >> held) & 31);
    }
  }
  if (held > 0) emit((bits << (5 - held)) & 31);
  for (size_t i = 0; i < kChecksumCharacters; ++i) checksum.Add(0);
  const uint32_t sum = checksum.state() ^ 1;
  for (size_t i = 0; i < kChecksumCharacters; ++i) {
    text.push_back(kAlphabet[(sum >> (5 * (5 - i))) & 31]);
  }
  return text;
}

absl::StatusOr<std::string> DecodeBech32(absl::string_view prefix,
                                         absl::string_view text) {
  if (text.size() > kBech32MaxCharacters) {
    return absl::InvalidArgumentError(
        absl::StrCat("want at most ", kBech32MaxCharacters, " characters, got ",
                     text.size()));
  }
  bool upper = false;
  bool lower = false;
  for (const char c : text) {
    upper |= absl::ascii_isupper(static_cast<unsigned char>(c));
    lower |= absl::ascii_islower(static_cast<unsigned char>(c));
  }
  if (upper && lower) {
    return absl::InvalidArgumentError(
        "want all upper or all lower case, got both");
  }
  if (!absl::StartsWithIgnoreCase(text, absl::StrCat(prefix, "1"))) {
    return absl::InvalidArgumentError(
        absl::StrCat("want text that starts with ", prefix, "1"));
  }
  text.remove_prefix(prefix.size() + 1);
  if (text.size() < kChecksumCharacters) {
    return absl::InvalidArgumentError(
        absl::StrCat("want a checksum of ", kChecksumCharacters,
                     " characters, got ", text.size()));
  }

  Checksum checksum(prefix);
  std::string bytes;
  bytes.reserve(text.size());
  uint32_t bits = 0;
  int held = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const size_t value = kAlphabet.find(
        absl::ascii_tolower(static_cast<unsigned char>(text[i])));
    if (value == absl::string_view::npos) {
      WipeString(&bytes);
      return absl::InvalidArgumentError(absl::StrCat(
          "want only characters of Bech32, got another at position ", i,
          " after the prefix"));
    }
    checksum.Add(static_cast<uint32_t>(value));
    if (i + kChecksumCharacters >= text.size()) continue;
    bits = (bits << 5 | static_cast<uint32_t>(value)) & 0xfff;
    held += 5;
    if (held >= 8) {
      held -= 8;
      bytes.push_back(static_cast<char>(bits >> held));
    }
  }
  const bool padded_right = held < 5 && (bits & ((1u << held) - 1)) == 0;
  if (checksum.state() != 1 || !padded_right) {
    WipeString(&bytes);
    return absl::InvalidArgumentError(
        checksum.state() != 1 ? "want a matching checksum: a character is wrong"
                              : "want zero bits after the last byte");
  }
  return bytes;
}

}  // namespace subrosa
