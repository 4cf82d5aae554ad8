#include "src/ingest/fhir_look.h"

#include "src/ingest/json_walk.h"

namespace subrosa {
namespace {

constexpr absl::string_view kSpace = " \t\r\n";

}  // namespace

FhirLook LookForFhir(absl::string_view start) {
  const size_t first = start.find_first_not_of(kSpace);
  if (first == absl::string_view::npos) return FhirLook::kMore;
  if (start[first] != '{') return FhirLook::kNone;
  JsonWalk walk(start);
  while (walk.Next()) {
    if (walk.depth() == 0) return FhirLook::kNone;
    if (walk.depth() != 1 || !walk.IsBefore(':')) continue;
    if (walk.word() != "\"resourceType\"") continue;
    // A value of another kind is for the mapper to refuse.
    if (!walk.Next()) return FhirLook::kMore;
    return walk.word() == "\"Bundle\"" ? FhirLook::kBundle
                                       : FhirLook::kResource;
  }
  return FhirLook::kMore;
}

bool EndsItsObject(absl::string_view line) {
  JsonWalk walk(line);
  while (walk.Next()) {
    if (walk.depth() == 0) return true;
  }
  return false;
}

}  // namespace subrosa
