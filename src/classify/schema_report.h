// Writes a survey for people, for a build's log, and as a data inventory.
// Safe from any thread.
#ifndef SUBROSA_SRC_CLASSIFY_SCHEMA_REPORT_H_
#define SUBROSA_SRC_CLASSIFY_SCHEMA_REPORT_H_

#include <string>
#include <vector>

#include "src/classify/published_terms.h"
#include "src/classify/schema_survey.h"

namespace subrosa {

// Every message and field with its kinds and clauses, then what is unmarked
// with its suggestion, then the problems and the share that is marked.
std::string SchemaReport(const SchemaSurvey& survey);

// The same as one JSON object, the data inventory: each field with its mark,
// its kinds, their clauses and how sure we are of their text, and its terms in
// fideslang and DPV. docs/classification.md lists the members.
std::string SchemaInventoryJson(const SchemaSurvey& survey,
                                const TermMap& terms);

// One line for each unmarked field and each problem, as a compiler writes them:
// `file:line: full.name: want …, got …`.
std::vector<std::string> SchemaWarnings(const SchemaSurvey& survey);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_SCHEMA_REPORT_H_
