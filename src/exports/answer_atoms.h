// Keeps answers about groups from telling, together, of fewer than k people.
//
// Each answer is about a set of consumers (a cell). Whoever has several answers
// can add and subtract them, and so learn of every set that unions and
// differences of the cells make. An atom is the consumers who are in exactly
// the same cells of all answers so far; each such set is made of whole atoms.
// So as long as every atom has at least k consumers, no combination of answers,
// by whomever they are put together, is about fewer. A cell that would break an
// atom into a piece of 1 to k-1 is not answered; and since it counts as not
// answered, what is left of its population is an atom too: that is
// complementary suppression, and there is no other here.
//
// Those who are in no cell yet are not held to the bound: nobody was told how
// many they are.
//
// Thread-compatible. Memory: 24 bytes a consumer.
#ifndef SUBROSA_SRC_EXPORTS_ANSWER_ATOMS_H_
#define SUBROSA_SRC_EXPORTS_ANSWER_ATOMS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"

namespace subrosa {

// Whom an answer is about, under a name that means nothing elsewhere: a PRF of
// the consumer's.
using MemberTag = std::array<char, 16>;

class AnswerAtoms {
 public:
  // Every atom that is not outside of all answers keeps `least` consumers.
  explicit AnswerAtoms(int64_t least) : least_(least) {}

  // What earlier answers left: `tag` is in `atom`, above 0.
  void Add(const MemberTag& tag, int64_t atom);

  // Answers about `cell`, each member once, if that leaves no small piece;
  // returns whether. An empty cell is not answered.
  bool Answer(absl::Span<const MemberTag> cell);

  // The atom of everybody who is in an answer.
  const absl::flat_hash_map<MemberTag, int64_t>& members() const {
    return members_;
  }

 private:
  const int64_t least_;
  int64_t last_atom_ = 0;
  absl::flat_hash_map<MemberTag, int64_t> members_;
  absl::flat_hash_map<int64_t, int64_t> sizes_;  // By atom.
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_ANSWER_ATOMS_H_
