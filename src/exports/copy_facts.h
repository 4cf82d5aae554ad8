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

// One entry of the ledger of choices, in words.
struct CopiedChoice {
  uint64_t number = 0;
  std::string day;         // On which it was recorded.
  std::string what;        // "consent"; of facts: "lives in US-WA".
  bool is_choice = false;  // Else facts, and what follows is empty.
  std::string actions;     // "share"; empty: all.
  std::string purposes;    // Titles; empty: all.
  std::string recipients;  // Names; empty: all.
  std::string categories;  // Titles; empty: all.
  std::string given_day;
  std::string by;         // "self".
  std::string until_day;  // The first on which it stands no more; empty: none.
  std::string receipt;    // The file of its receipt; empty where there is none.
};

// Somebody who was given data.
struct CopiedRecipient {
  std::string id;
  std::string name;
  std::string role;        // "third party".
  std::string contact;     // An e-mail address or a URL.
  std::string checked_on;  // When somebody last saw that the contact works.
  std::string first_day;
  std::string last_day;
  std::string purposes;    // Titles, with ", " between.
  std::string categories;  // Titles, with ", " between.
  bool sold = false;
  bool is_revoked = false;
};

// A request that was made.
struct CopiedRequest {
  std::string day;
  std::string what;   // "to have your data deleted".
  std::string state;  // "completed in part".
};

struct CopyFacts {
  std::string entity;       // Its slug.
  std::string entity_name;  // As consumers know it.
  // How they reach it: e-mail addresses, URLs, an address for letters.
  std::vector<std::string> entity_contacts;
  std::string consumer;
  // Who can open the copy: "age1…", or "whoever has the passphrase".
  std::string sealed_to;
  absl::Time made_at;
  // Who they are in FHIR and Open mHealth: a UUID by a PRF.
  std::string subject;
  CopyRange range;
  int64_t outside_range = 0;  // Records that are not in the copy.
  // What is known of them for decisions: "Lives in US-WA; …."
  std::string known;
  std::vector<std::string> standing;  // The choices that stand, a line each.
  std::vector<CopiedChoice> choices;
  std::vector<CopiedRecipient> recipients;
  std::vector<CopiedRequest> requests;
  std::vector<WithheldItem> withheld;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_COPY_FACTS_H_
