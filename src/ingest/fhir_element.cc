#include "src/ingest/fhir_element.h"

#include <algorithm>
#include <string_view>

#include "absl/container/inlined_vector.h"
#include "absl/strings/str_cat.h"
#include "src/ingest/reader_options.h"

namespace subrosa {
namespace {

namespace dom = ::simdjson::dom;

constexpr size_t kFewKeys = 12;

using Keys = absl::InlinedVector<std::string_view, kFewKeys>;

// For a few keys, comparing each with each is quicker than sorting.
bool HasRepeat(Keys* keys) {
  if (keys->size() > kFewKeys) {
    std::sort(keys->begin(), keys->end());
    return std::adjacent_find(keys->begin(), keys->end()) != keys->end();
  }
  for (size_t i = 1; i < keys->size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if ((*keys)[i] == (*keys)[j]) return true;
    }
  }
  return false;
}

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
      keys.push_back(member.key);
      if (member.value.is_object() || member.value.is_array()) {
        const absl::Status status = CheckLevel(member.value, depth + 1);
        if (!status.ok()) return status;
      }
    }
    if (HasRepeat(&keys)) {
      return WrongFhir("line", "each key of an object once", "one twice");
    }
  } else if (element.get(array) == simdjson::SUCCESS) {
    for (const dom::element item : array) {
      if (item.is_object() || item.is_array()) {
        const absl::Status status = CheckLevel(item, depth + 1);
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

std::optional<dom::object> FindObject(dom::object object,
                                      absl::string_view key) {
  dom::object value;
  const std::optional<dom::element> found = FindMember(object, key);
  if (!found.has_value() || found->get(value) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  return value;
}

std::optional<dom::array> FindArray(dom::object object, absl::string_view key) {
  dom::array value;
  const std::optional<dom::element> found = FindMember(object, key);
  if (!found.has_value() || found->get(value) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  return value;
}

absl::string_view FindText(dom::object object, absl::string_view key) {
  std::string_view value;
  const std::optional<dom::element> found = FindMember(object, key);
  if (!found.has_value() || found->get(value) != simdjson::SUCCESS) return "";
  return absl::string_view(value.data(), value.size());
}

absl::Status CheckStructure(dom::element root) { return CheckLevel(root, 1); }

}  // namespace subrosa
