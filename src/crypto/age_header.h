// The text in front of an age file: one stanza per recipient, each wrapping the
// file key, and a MAC over all of them (docs/formats/age.md).
//
// Thread-safe: no state. Nothing here is secret.
#ifndef SUBROSA_SRC_CRYPTO_AGE_HEADER_H_
#define SUBROSA_SRC_CRYPTO_AGE_HEADER_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/crypto/age_io.h"

namespace subrosa {

// Bounds on what is read. Some 10,000 X25519 recipients fit.
inline constexpr size_t kAgeHeaderMaxBytes = 1 << 20;
inline constexpr size_t kAgeHeaderMacBytes = 32;

struct AgeStanza {
  // One or more, each of 1 or more characters `!` to `~`; the first is the
  // recipient's type.
  std::vector<std::string> arguments;
  // Any bytes.
  std::string body;

  const std::string& type() const { return arguments.front(); }
};

struct AgeHeader {
  // One or more.
  std::vector<AgeStanza> stanzas;
  // kAgeHeaderMacBytes over AgeHeaderMacInput(stanzas).
  std::string mac;
};

// The bytes under the MAC: the header up to and with "---".
std::string AgeHeaderMacInput(absl::Span<const AgeStanza> stanzas);

// The whole header, to its last newline.
std::string SerializeAgeHeader(const AgeHeader& header);

// Reads a whole header, no more and no less. INVALID_ARGUMENT names the part
// ("age.header.stanza[1].body: ..."), quotes nothing from it. What parses
// serializes to the same bytes.
absl::StatusOr<AgeHeader> ParseAgeHeader(absl::string_view text);

struct AgeHeaderAndRest {
  AgeHeader header;
  // What had been read past the header.
  std::string rest;
};

// Reads the header from the front of `source`. INVALID_ARGUMENT as
// ParseAgeHeader, and if it is longer than kAgeHeaderMaxBytes; errors of
// `source` as they are.
absl::StatusOr<AgeHeaderAndRest> ReadAgeHeader(ByteSource* source);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_AGE_HEADER_H_
