#include "src/ingest/sample_look.h"

#include "src/ingest/json_walk.h"

namespace subrosa {

SampleLook LookForSamples(absl::string_view start) {
  constexpr absl::string_view kSpace = " \t\r\n";
  const size_t first = start.find_first_not_of(kSpace);
  if (first == absl::string_view::npos) return SampleLook::kMore;
  if (start[first] != '{' && start[first] != '[') return SampleLook::kNone;
  // How deep the members of the first object are.
  int level = start[first] == '[' ? 2 : 1;
  bool is_inside = false;
  bool in_header = false;
  bool has_type = false;
  bool has_metadata = false;
  JsonWalk walk(start);
  while (walk.Next()) {
    if (walk.depth() >= level) is_inside = true;
    if (walk.depth() < level) {
      if (is_inside || !walk.word().empty()) return SampleLook::kNone;
      continue;
    }
    if (walk.word().empty() || !walk.IsBefore(':')) continue;
    if (walk.depth() == level) {
      in_header = walk.word() == "\"header\"";
      has_type |= walk.word() == "\"type\"" || walk.word() == "\"recordType\"";
      has_metadata |= walk.word() == "\"metadata\"";
      if (level == 1 && walk.word() == "\"records\"") {
        level = 3;
        is_inside = false;
      }
      // FHIR may be of any size before it says more.
      if (walk.word() == "\"resourceType\"") return SampleLook::kNone;
    } else if (walk.depth() == level + 1 && in_header &&
               walk.word() == "\"schema_id\"") {
      return SampleLook::kOpenMHealth;
    }
    if (has_type && has_metadata) return SampleLook::kHealthConnect;
  }
  return SampleLook::kMore;
}

bool HasRecordsList(absl::string_view start) {
  JsonWalk walk(start);
  while (walk.Next()) {
    if (walk.depth() == 0) return false;
    if (walk.depth() == 1 && walk.word() == "\"records\"" &&
        walk.IsBefore(':')) {
      return walk.Next() && walk.word().empty() && walk.depth() == 2;
    }
  }
  return false;
}

}  // namespace subrosa
