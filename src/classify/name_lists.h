// Short lists of our own of words that hint at names
// (name_model/name_lists.tsv): given names, places, titles, what ends a
// company's name. Internal to this room.
//
// Thread-compatible.
#ifndef SUBROSA_SRC_CLASSIFY_NAME_LISTS_H_
#define SUBROSA_SRC_CLASSIFY_NAME_LISTS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/classify/name_tokens.h"

namespace subrosa {

// Bits of NameToken::lists; the order is part of what the weights mean.
enum NameListBit : uint32_t {
  kGivenList = 1 << 0,
  kSurnameList = 1 << 1,
  kPlaceList = 1 << 2,
  kTitleList = 1 << 3,
  kDegreeList = 1 << 4,
  kKinList = 1 << 5,
  kSayingList = 1 << 6,
  kPlaceVerbList = 1 << 7,
  kCompanyList = 1 << 8,
  kBodyList = 1 << 9,
  kStreetList = 1 << 10,
  kGeoList = 1 << 11,
  kDayList = 1 << 12,
  kNationList = 1 << 13,
  kCommonList = 1 << 14,
  kEponymList = 1 << 15,
  kMedicineList = 1 << 16,
  kBrandList = 1 << 17,
  kHealthList = 1 << 18,
  kFindingList = 1 << 19,  // What bears an eponym: "disease", "sign".
};

class NameLists {
 public:
  // INVALID_ARGUMENT, with the line's number, for a line that is not a known
  // list, a tab and words.
  static absl::StatusOr<NameLists> Parse(absl::string_view text);

  // Sets `lists` of each token.
  void Mark(std::vector<NameToken>* tokens) const;

 private:
  struct Slot {
    uint32_t word = 0;
    uint32_t bits = 0;  // 0: free.
  };

  void Add(uint32_t word, uint32_t bits);
  uint32_t Find(uint32_t word) const;

  // Open addressing, at most half full. A word that shares its 32-bit hash with
  // a listed one is taken for it.
  std::vector<Slot> slots_;
  size_t used_ = 0;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_NAME_LISTS_H_
