// Small readers of parsed FHIR JSON, shared by the sources that map it. Not for
// other headers: it draws in simdjson.
#ifndef SUBROSA_SRC_INGEST_FHIR_ELEMENT_H_
#define SUBROSA_SRC_INGEST_FHIR_ELEMENT_H_

#include <optional>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "simdjson.h"

namespace subrosa {

// INVALID_ARGUMENT, "`path`: want `want`, got `got`".
absl::Status WrongFhir(absl::string_view path, absl::string_view want,
                       absl::string_view got);

// The member `key` of `object`; absent if there is none or it is null.
std::optional<simdjson::dom::element> FindMember(simdjson::dom::object object,
                                                 absl::string_view key);

// The same, of one kind; absent also if it is of another.
std::optional<simdjson::dom::object> FindObject(simdjson::dom::object object,
                                                absl::string_view key);
std::optional<simdjson::dom::array> FindArray(simdjson::dom::object object,
                                              absl::string_view key);
absl::string_view FindText(simdjson::dom::object object, absl::string_view key);

// INVALID_ARGUMENT if `root` nests deeper than kMaxDepth, or if an object in it
// has a key twice: readers would differ over which one counts.
absl::Status CheckStructure(simdjson::dom::element root);

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_FHIR_ELEMENT_H_
