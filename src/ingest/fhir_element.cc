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

// True if no two keys are the same, told by a bit of each alone. False may be
// wrong: then the keys themselves are to be compared.
bool SurelyDiffer(dom::object object) {
  uint64_t seen = 0;
  for (const dom::key_value_pair member : object) {
    const uint64_t bit = FhirKey::BitOf(FhirKey::SignatureOf(View(member.key)));
    if ((seen & bit) != 0) return false;
    seen |= bit;
  }
  return true;
}

bool HasRepeat(dom::object object) {
  if (SurelyDiffer(object)) return false;
  absl::InlinedVector<std::string_view, 24> keys;
  for (const dom::key_value_pair member : object) keys.push_back(member.key);
  std::sort(keys.begin(), keys.end());
  return std::adjacent_find(keys.begin(), keys.end()) != keys.end();
}

absl::Status CheckLevel(dom::element element, int depth) {
  if (depth > kMaxDepth) {
    return WrongFhir("line", absl::StrCat("at most ", kMaxDepth, " levels"),
                     "more");
  }
  dom::object object;
  dom::array array;
  if (element.get(object) == simdjson::SUCCESS) {
    if (HasRepeat(object)) {
      return WrongFhir("line", "each key of an object once", "one twice");
    }
    for (const dom::key_value_pair member : object) {
      if (member.value.is_object() || member.value.is_array()) {
        absl::Status status = CheckLevel(member.value, depth + 1);
        if (!status.ok()) return status;
      }
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
