// What is asked for in a de-identified set, and what was done.
#ifndef SUBROSA_SRC_EXPORTS_SET_TERMS_H_
#define SUBROSA_SRC_EXPORTS_SET_TERMS_H_

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "src/exports/group_evidence.h"
#include "src/exports/payload_deidentifier.h"
#include "src/exports/set_lines.h"

namespace subrosa {

struct SetTerms {
  std::string recipient;  // A slug.
  std::string purpose;    // Of the policy.
  // Full names of message types; empty: all.
  std::set<std::string> schemas;
  SetForm form = SetForm::kNdjson;
  bool is_compressed = false;  // Each file by itself, with zstd.
  bool keep_text = true;
  DateRule dates = DateRule::kYears;
  // A group of consumers with the same coarse values that is smaller is left
  // out; at least 1, which leaves out nobody.
  int64_t least_group = 11;
  // Keys of attestations, and who attests them: a person's name or role.
  std::vector<std::string> attested;
  std::string attested_by;
  // Called now and then with how many records have been read.
  std::function<void(int64_t records)> on_progress;
};

struct DeidentifiedSet {
  std::map<std::string, int64_t> records;  // By schema; of a plan, 0 each.
  GroupSummary groups;
  int64_t not_permitted = 0;  // Records.
  DeidentifiedCounts counts;
  uint64_t bytes = 0;
  std::string sha256;  // Of the file, 32 bytes.
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_SET_TERMS_H_
