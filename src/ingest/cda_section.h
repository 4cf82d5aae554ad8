// The sections of C-CDA, by the LOINC codes that its templates give them
// (HL7 C-CDA R2.1, Volume 2, section 2).
#ifndef SUBROSA_SRC_INGEST_CDA_SECTION_H_
#define SUBROSA_SRC_INGEST_CDA_SECTION_H_

#include "absl/strings/string_view.h"

namespace subrosa {

// What a CdaEntry says of the section with the LOINC code `code`:
// "cda:problems"; "cda:other" for one that we do not know.
absl::string_view CdaSectionName(absl::string_view code);

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_CDA_SECTION_H_
