// What one row of the record store says in clear, and the sealed rest.
#ifndef SUBROSA_SRC_VAULT_RECORD_ROW_H_
#define SUBROSA_SRC_VAULT_RECORD_ROW_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace subrosa {

// Facts about a record that rest in clear beside its envelope, so that
// inventory, retention and decisions need no key. docs/threat_model.md says
// what they show an intruder. A keyed tag over all of them is checked when the
// record is opened.
struct RowFacts {
  std::string schema;   // Full name of the payload's message type.
  std::string source;   // Slug.
  std::string purpose;  // Slug.
  // Bit N stands for HealthCategory N.
  uint32_t categories = 0;
  // Bit N stands for HealthLabel N.
  uint64_t labels = 0;
  // Days since 1970-01-01, in UTC.
  int32_t collected_day = 0;
  int32_t effective_day = 0;
};

// How many records are held that are alike in all but their days.
struct HeldRecords {
  std::string schema;  // As in RowFacts.
  std::string source;
  std::string purpose;
  uint32_t categories = 0;
  uint64_t labels = 0;
  int64_t records = 0;
};

// Where a row stands. References are 16 random or pseudo-random bytes and lead
// to nobody by themselves.
struct RowPlace {
  std::string data_ref;
  std::string record_ref;
  uint32_t revision = 0;  // From 1.
};

struct RecordRow {
  RowPlace place;
  RowFacts facts;
  // 16 bytes: a PRF of the content. Whoever changes it makes a repeat look new,
  // or a change look like a repeat, and learns nothing.
  std::string digest;
  std::string row_tag;   // 16 bytes: a PRF of place and facts.
  std::string envelope;  // docs/formats/envelope.md
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_RECORD_ROW_H_
