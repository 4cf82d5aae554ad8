// A Redactor replaces what was found in a text and leaves every other byte as
// it is. Two styles:
//
//   markers      "call 555-0100"  ->  "call [PHONE]"
//   pseudonyms   "call 555-0100"  ->  "call [PHONE:6nq3o1v4w2c8]"
//
// Equal bytes of one type get one pseudonym under one key, so that a log can
// still be followed; other keys or types give unrelated ones. No case or
// spelling is folded: "555-0100" and "5550100" differ.
//
// Thread-safe: const calls from any thread.
//
// Security: a pseudonym is 60 bits of a PRF, so that nobody who lacks the key
// can confirm a guess (a plain hash of a telephone number falls to a list of
// all numbers). It hides values, not that two are equal nor how often one
// occurs; where the key or other data is at hand it is still personal data.
// Two of a million different values share one with a chance below one in two
// million. What the scanner does not find stays.
#ifndef SUBROSA_SRC_CLASSIFY_REDACTOR_H_
#define SUBROSA_SRC_CLASSIFY_REDACTOR_H_

#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "src/crypto/secret_key.h"

namespace subrosa {

class Redactor {
 public:
  static Redactor Markers() { return Redactor(std::nullopt); }

  // Destroy the key, and no pseudonym can be made or confirmed any more.
  static Redactor Pseudonyms(SecretKey key) { return Redactor(std::move(key)); }

  // Digits of a pseudonym.
  static constexpr size_t kPseudonymDigits = 12;

  // What stands in place of `value`, which a rule with the id `rule_id`
  // ("text/phone") found: printable ASCII.
  std::string Replacement(absl::string_view rule_id,
                          absl::string_view value) const;

  // The pseudonym alone: kPseudonymDigits small letters and digits 2 to 7.
  // Empty for markers.
  std::string Pseudonym(absl::string_view rule_id,
                        absl::string_view value) const;

 private:
  explicit Redactor(std::optional<SecretKey> key) : key_(std::move(key)) {}

  std::optional<SecretKey> key_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_REDACTOR_H_
