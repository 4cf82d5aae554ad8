// How many consumers of a set share the same combination of values that others
// may know of them (quasi-identifiers), and how much those who share one differ
// in what is told of them: k-anonymity and l-diversity (Sweeney 2002;
// Machanavajjhala et al. 2007), as evidence. That a number is high shows no set
// to be anonymous; that it is low shows one not to be.
//
// Thread-compatible. Memory grows with the number of different combinations.
#ifndef SUBROSA_SRC_EXPORTS_GROUP_EVIDENCE_H_
#define SUBROSA_SRC_EXPORTS_GROUP_EVIDENCE_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "src/exports/payload_deidentifier.h"

namespace subrosa {

// Of groups of at least so many consumers.
struct GroupSummary {
  int64_t consumers = 0;
  int64_t groups = 0;
  // Of the smallest group, its consumers; 0 if there is no group.
  int64_t least_consumers = 0;
  // Of the least diverse group, how many different kinds of data.
  int64_t least_kinds = 0;
  // Combinations of a group and a kind of data that fewer consumers share than
  // a group must have: small cells.
  int64_t small_cells = 0;
  // In smaller groups, which are left out.
  int64_t left_out = 0;
};

class GroupEvidence {
 public:
  // Counts one consumer: the values that stay of all their records, and `kind`,
  // what is told of them, in any form that is equal where it is the same.
  // Returns the number of their group, from 0.
  size_t Add(const CoarseValues& values, const std::string& kind);

  // The values that the consumers of a group share.
  const CoarseValues& values(size_t group) const {
    return *groups_[group].values;
  }
  int64_t consumers(size_t group) const { return groups_[group].consumers; }

  // Leaving out groups of fewer than `least` consumers.
  GroupSummary Summary(int64_t least) const;

 private:
  struct Group {
    const CoarseValues* values = nullptr;  // In places_.
    int64_t consumers = 0;
    std::map<std::string, int64_t> kinds;
  };

  std::map<CoarseValues, size_t> places_;
  std::vector<Group> groups_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_GROUP_EVIDENCE_H_
