// Which items a contract with a recipient has to hold: what the packs ask of
// the contracts with recipients of its role.
//
// Thread-safe: no state.
//
// Source: rules of ROOM_RECIPIENTS with contents that name roles
// (src/law/packs); each says its clause.
#ifndef SUBROSA_SRC_RECIPIENTS_CONTRACT_ITEMS_H_
#define SUBROSA_SRC_RECIPIENTS_CONTRACT_ITEMS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/law/law_book.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/recipient.pb.h"

namespace subrosa {

// "processor", as packs and commands write it; empty for what is no role.
absl::string_view RecipientRoleName(v1::RecipientRole role);

// One item, as a recipient's contract lists it: "wa-mhmda/contract#limits".
struct ContractItem {
  const LawEntry* rule = nullptr;
  const v1::ContentItem* item = nullptr;

  std::string Name() const;
};

// All that `law` asks of contracts with recipients of `role`, in the packs
// `packs`, whether or not it is in force. It points into `law`.
std::vector<ContractItem> ContractItemsOf(v1::RecipientRole role,
                                          const LawBook& law,
                                          absl::Span<const std::string> packs);

// The item that `name` names; its rule is null if no rule on contracts with
// recipients has it.
ContractItem FindContractItem(absl::string_view name, const LawBook& law);

}  // namespace subrosa

#endif  // SUBROSA_SRC_RECIPIENTS_CONTRACT_ITEMS_H_
