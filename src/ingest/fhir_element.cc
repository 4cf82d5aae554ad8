#include "src/ingest/fhir_element.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "src/ingest/reader_options.h"

namespace subrosa {
namespace {

namespace dom = ::simdjson::dom;

absl::string_view View(std::string_view text) {
  return absl::string_view(text.data(), text.size());
}

constexpr size_t kFewKeys = 24;

// For a few keys, comparing each with each is quicker than sorting.
bool HasRepeat(dom::object object) {
  absl::InlinedVector<FhirKey, kFewKeys> keys;
  for (const dom::key_value_pair member : object) {
    keys.push_back(FhirKey(View(member.key)));
  }
  if (keys.size() > kFewKeys) {
    std::sort(keys.begin(), keys.end());
    return std::adjacent_find(keys.begin(), keys.end()) != keys.end();
  }
  for (size_t i = 1; i < keys.size(); ++i) {
    if (std::find(keys.begin(), keys.begin() + i, keys[i]) !=
        keys.begin() + i) {
      return true;
    }
  }
  return false;
}

absl::Status CheckLevel(dom::element element, int depth);

absl::Status CheckObject(dom::object object, int depth) {
  // Keys whose bits differ differ: most objects need no look at the keys.
  uint64_t seen = 0;
  bool may_repeat = false;
  for (const dom::key_value_pair member : object) {
    const uint64_t bit = FhirKey::BitOf(FhirKey::SignatureOf(View(member.key)));
    may_repeat |= (seen & bit) != 0;
    seen |= bit;
    absl::Status status = CheckLevel(member.value, depth);
    if (!status.ok()) return status;
  }
  if (may_repeat && HasRepeat(object)) {
    return WrongFhir("line", "each key of an object once", "one twice");
  }
  return absl::OkStatus();
}

absl::Status CheckLevel(dom::element element, int depth) {
  dom::object object;
  dom::array array;
  const bool is_object = element.get(object) == simdjson::SUCCESS;
  if (!is_object && element.get(array) != simdjson::SUCCESS) {
    return absl::OkStatus();
  }
  if (depth > kMaxDepth) {
    return WrongFhir("line", absl::StrCat("at most ", kMaxDepth, " levels"),
                     "more");
  }
  if (is_object) return CheckObject(object, depth + 1);
  for (const dom::element item : array) {
    absl::Status status = CheckLevel(item, depth + 1);
    if (!status.ok()) return status;
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
    signatures_.push_back(FhirKey::SignatureOf(View(member.key)));
    seen_ |= FhirKey::BitOf(signatures_.back());
    members_.push_back(member);
  }
}

std::optional<dom::element> FhirMembers::Search(const FhirKey& key) const {
  for (size_t i = 0; i < signatures_.size(); ++i) {
    if (signatures_[i] != key.signature || View(members_[i].key) != key.text) {
      continue;
    }
    if (members_[i].value.is_null()) return std::nullopt;
    return members_[i].value;
  }
  return std::nullopt;
}

std::optional<dom::element> FindMember(dom::object object, const FhirKey& key) {
  dom::element found;
  if (object.at_key(std::string_view(key.text.data(), key.text.size()))
              .get(found) != simdjson::SUCCESS ||
      found.is_null()) {
    return std::nullopt;
  }
  return found;
}

absl::Status CheckStructure(dom::element root) { return CheckLevel(root, 1); }

}  // namespace subrosa
