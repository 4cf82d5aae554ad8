// What stands on the first page of a consumer's copy, beside their records:
// whose it is, what they chose, who was given their data, what they asked for,
// what is held and not handed out. Text for people, as it was found; a page
// must still escape it.
#ifndef SUBROSA_SRC_EXPORTS_COPY_FACTS_H_
#define SUBROSA_SRC_EXPORTS_COPY_FACTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "src/exports/copy_range.h"
#include "src/exports/withheld_items.h"

namespace subrosa {

// One entry of the ledger of choices.
struct CopiedChoice {
  uint64_t number = 0;
  std::string day;
  std::string what;     // "consent".
  std::string action;   // "share"; empty: all.
  std::string purpose;  // Empty: all.
  std::string receipt;  // The file of its receipt; empty where there is none.
};

// Somebody who was given data.
struct CopiedRecipient {
  std::string id;
  std::string name;
  std::string role;  // "processor"; empty where it is not on record any more.
  std::string contact;  // An e-mail address or a URL.
  std::string first_day;
  std::string last_day;
  std::string purposes;    // With ", " between.
  std::string categories;  // Titles, with ", " between.
  bool sold = false;
  bool is_revoked = false;
};

// A request that was made.
struct CopiedRequest {
  std::string day;
  std::string what;   // "delete".
  std::string state;  // "completed".
};

struct CopyFacts {
  std::string entity;
  std::string consumer;
  // Who can open the copy: "age1…", or "whoever has the passphrase".
  std::string sealed_to;
  absl::Time made_at;
  // Who they are in FHIR and Open mHealth: a UUID by a PRF.
  std::string subject;
  CopyRange range;
  int64_t outside_range = 0;  // Records that are not in the copy.
  std::vector<CopiedChoice> choices;
  std::vector<CopiedRecipient> recipients;
  std::vector<CopiedRequest> requests;
  std::vector<WithheldItem> withheld;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_COPY_FACTS_H_
