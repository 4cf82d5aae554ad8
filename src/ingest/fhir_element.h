// Small readers of parsed FHIR JSON, shared by the sources that map it. Not for
// other headers: it draws in simdjson.
#ifndef SUBROSA_SRC_INGEST_FHIR_ELEMENT_H_
#define SUBROSA_SRC_INGEST_FHIR_ELEMENT_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/container/inlined_vector.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "simdjson.h"

namespace subrosa {

// INVALID_ARGUMENT, "`path`: want `want`, got `got`".
absl::Status WrongFhir(absl::string_view path, absl::string_view want,
                       absl::string_view got);

// A key that is looked for. A literal's signature is known when it is compiled.
struct FhirKey {
  constexpr FhirKey(const char* key)  // NOLINT: as good as the key.
      : FhirKey(absl::string_view(key)) {}
  constexpr FhirKey(absl::string_view key)  // NOLINT
      : text(key), signature(SignatureOf(key)) {}

  // A few bytes of `key` that tell it from most others.
  static constexpr uint32_t SignatureOf(absl::string_view key) {
    if (key.empty()) return 0;
    return static_cast<uint32_t>(key.size()) << 24 | Byte(key.front()) << 16 |
           Byte(key[key.size() / 2]) << 8 | Byte(key.back());
  }

  // One of 64 bits, for a signature.
  static constexpr uint64_t BitOf(uint32_t signature) {
    return uint64_t{1} << (signature * 0x9E3779B1u >> 26);
  }

  friend bool operator==(const FhirKey& a, const FhirKey& b) {
    return a.signature == b.signature && a.text == b.text;
  }
  friend bool operator<(const FhirKey& a, const FhirKey& b) {
    return a.text < b.text;
  }

  absl::string_view text;
  uint32_t signature;

 private:
  static constexpr uint32_t Byte(char c) {
    return static_cast<unsigned char>(c);
  }
};

// The members of a resource, so that looking many of them up costs little.
class FhirMembers {
 public:
  explicit FhirMembers(simdjson::dom::object object);

  // The member `key`; absent if there is none or it is null.
  std::optional<simdjson::dom::element> Find(const FhirKey& key) const {
    // Most keys that are looked for are not there.
    if ((seen_ & FhirKey::BitOf(key.signature)) == 0) return std::nullopt;
    return Search(key);
  }

  // Every member, in order.
  const simdjson::dom::key_value_pair* begin() const { return members_.data(); }
  const simdjson::dom::key_value_pair* end() const {
    return members_.data() + members_.size();
  }

 private:
  std::optional<simdjson::dom::element> Search(const FhirKey& key) const;

  uint64_t seen_ = 0;                             // A bit for each signature.
  absl::InlinedVector<uint32_t, 24> signatures_;  // Of each member's key.
  absl::InlinedVector<simdjson::dom::key_value_pair, 24> members_;
};

// The member `key` of a resource or of an object in one; absent if there is
// none or it is null.
inline std::optional<simdjson::dom::element> FindMember(
    const FhirMembers& resource, const FhirKey& key) {
  return resource.Find(key);
}
std::optional<simdjson::dom::element> FindMember(simdjson::dom::object object,
                                                 const FhirKey& key);

// The same, of one kind; absent, or empty, also if it is of another.
template <typename Source>
std::optional<simdjson::dom::object> FindObject(const Source& source,
                                                const FhirKey& key) {
  simdjson::dom::object value;
  const std::optional<simdjson::dom::element> found = FindMember(source, key);
  if (!found.has_value() || found->get(value) != simdjson::SUCCESS) return {};
  return value;
}

template <typename Source>
std::optional<simdjson::dom::array> FindArray(const Source& source,
                                              const FhirKey& key) {
  simdjson::dom::array value;
  const std::optional<simdjson::dom::element> found = FindMember(source, key);
  if (!found.has_value() || found->get(value) != simdjson::SUCCESS) return {};
  return value;
}

template <typename Source>
absl::string_view FindText(const Source& source, const FhirKey& key) {
  std::string_view value;
  const std::optional<simdjson::dom::element> found = FindMember(source, key);
  if (!found.has_value() || found->get(value) != simdjson::SUCCESS) return {};
  return absl::string_view(value.data(), value.size());
}

// INVALID_ARGUMENT if `root` nests deeper than kMaxDepth, or if an object in it
// has a key twice: readers would differ over which one counts.
absl::Status CheckStructure(simdjson::dom::element root);

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_FHIR_ELEMENT_H_
