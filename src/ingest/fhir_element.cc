#include "src/ingest/fhir_element.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "src/ingest/reader_options.h"

namespace subrosa {
namespace {

namespace dom = ::simdjson::dom;

constexpr size_t kFewKeys = 24;

// A few bytes of `key` that tell it from most others.
uint32_t SignatureOf(std::string_view key) {
  if (key.empty()) return 0;
  const auto byte = [key](size_t at) {
    return static_cast<uint32_t>(static_cast<unsigned char>(key[at]));
  };
  return static_cast<uint32_t>(key.size()) << 24 | byte(0) << 16 |
         byte(key.size() / 2) << 8 | byte(key.size() - 1);
}

// One of 64 bits, for a signature.
uint64_t BitOf(uint32_t signature) {
  return uint64_t{1} << (signature * 0x9E3779B1u >> 26);
}

// The keys of one object.
class Keys {
 public:
  void Add(std::string_view key) {
    keys_.push_back(key);
    signatures_.push_back(SignatureOf(key));
  }

  // For a few keys, comparing each with each is quicker than sorting.
  bool HasRepeat() {
    if (keys_.size() > kFewKeys) {
      std::sort(keys_.begin(), keys_.end());
      return std::adjacent_find(keys_.begin(), keys_.end()) != keys_.end();
    }
    for (size_t i = 1; i < keys_.size(); ++i) {
      for (size_t j = 0; j < i; ++j) {
        if (signatures_[i] == signatures_[j] && keys_[i] == keys_[j]) {
          return true;
        }
      }
    }
    return false;
  }

 private:
  absl::InlinedVector<std::string_view, kFewKeys> keys_;
  absl::InlinedVector<uint32_t, kFewKeys> signatures_;
};

absl::Status CheckLevel(dom::element element, int depth) {
  if (depth > kMaxDepth) {
    return WrongFhir("line", absl::StrCat("at most ", kMaxDepth, " levels"),
                     "more");
  }
  dom::object object;
  dom::array array;
  if (element.get(object) == simdjson::SUCCESS) {
    Keys keys;
    for (const dom::key_value_pair member : object) {
      keys.Add(member.key);
      if (member.value.is_object() || member.value.is_array()) {
        absl::Status status = CheckLevel(member.value, depth + 1);
        if (!status.ok()) return status;
      }
    }
    if (keys.HasRepeat()) {
      return WrongFhir("line", "each key of an object once", "one twice");
    }
  } else if (element.get(array) == simdjson::SUCCESS) {
    for (const dom::element item : array) {
      if (item.is_object() || item.is_array()) {
        absl::Status status = CheckLevel(item, depth + 1);
        if (!status.ok()) return status;
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status WrongFhir(absl::string_view path, absl::string_view want,
                       absl::string_view got) {
  return absl::InvalidArgumentError(
      absl::StrCat(path, ": want ", want, ", got ", got));
}

FhirMembers::FhirMembers(dom::object object) {
  for (const dom::key_value_pair member : object) {
    signatures_.push_back(SignatureOf(member.key));
    seen_ |= BitOf(signatures_.back());
    members_.push_back(member);
  }
}

std::optional<dom::element> FhirMembers::Find(absl::string_view key) const {
  const std::string_view wanted(key.data(), key.size());
  const uint32_t signature = SignatureOf(wanted);
  if ((seen_ & BitOf(signature)) == 0) return std::nullopt;
  for (size_t i = 0; i < signatures_.size(); ++i) {
    if (signatures_[i] != signature || members_[i].key != wanted) continue;
    if (members_[i].value.is_null()) return std::nullopt;
    return members_[i].value;
  }
  return std::nullopt;
}

std::optional<dom::element> FindMember(const FhirMembers& resource,
                                       absl::string_view key) {
  return resource.Find(key);
}

std::optional<dom::element> FindMember(dom::object object,
                                       absl::string_view key) {
  dom::element found;
  if (object.at_key(std::string_view(key.data(), key.size())).get(found) !=
          simdjson::SUCCESS ||
      found.is_null()) {
    return std::nullopt;
  }
  return found;
}

absl::Status CheckStructure(dom::element root) { return CheckLevel(root, 1); }

}  // namespace subrosa
