#include "src/exports/answer_atoms.h"

#include <algorithm>

namespace subrosa {

void AnswerAtoms::Add(const MemberTag& tag, int64_t atom) {
  members_[tag] = atom;
  ++sizes_[atom];
  last_atom_ = std::max(last_atom_, atom);
}

bool AnswerAtoms::Answer(absl::Span<const MemberTag> cell) {
  if (cell.empty()) return false;
  // How many of each atom are in the cell; 0: of those in none.
  absl::flat_hash_map<int64_t, int64_t> inside;
  for (const MemberTag& tag : cell) {
    const auto member = members_.find(tag);
    ++inside[member == members_.end() ? 0 : member->second];
  }
  for (const auto& [atom, count] : inside) {
    if (count < least_) return false;
    if (atom == 0) continue;
    const int64_t outside = sizes_[atom] - count;
    if (outside > 0 && outside < least_) return false;
  }
  absl::flat_hash_map<int64_t, int64_t> renamed;
  for (const MemberTag& tag : cell) {
    int64_t& atom = members_[tag];
    const auto [place, is_new] = renamed.try_emplace(atom, 0);
    if (is_new) {
      // An atom that is in the cell whole stays as it is.
      const bool is_whole = atom != 0 && sizes_[atom] == inside[atom];
      place->second = is_whole ? atom : ++last_atom_;
    }
    if (place->second == atom) continue;
    if (atom != 0) --sizes_[atom];
    atom = place->second;
    ++sizes_[atom];
  }
  return true;
}

}  // namespace subrosa
