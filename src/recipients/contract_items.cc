#include "src/recipients/contract_items.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace subrosa {
namespace {

bool IsOnContracts(const v1::LawRule& rule) {
  return rule.room() == v1::ROOM_RECIPIENTS && !rule.contents().role().empty();
}

template <typename List>
bool Has(const List& list, absl::string_view value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

}  // namespace

absl::string_view RecipientRoleName(v1::RecipientRole role) {
  switch (role) {
    case v1::RECIPIENT_ROLE_PROCESSOR:
      return "processor";
    case v1::RECIPIENT_ROLE_CONTRACTOR:
      return "contractor";
    case v1::RECIPIENT_ROLE_AFFILIATE:
      return "affiliate";
    case v1::RECIPIENT_ROLE_THIRD_PARTY:
      return "third-party";
    default:
      return "";
  }
}

std::string ContractItem::Name() const {
  return absl::StrCat(rule->id, "#", item->key());
}

std::vector<ContractItem> ContractItemsOf(v1::RecipientRole role,
                                          const LawBook& law,
                                          absl::Span<const std::string> packs) {
  const absl::string_view name = RecipientRoleName(role);
  std::vector<ContractItem> items;
  for (const LawEntry& entry : law.entries()) {
    if (!IsOnContracts(*entry.rule) || !Has(packs, entry.pack->id()) ||
        !Has(entry.rule->contents().role(), name)) {
      continue;
    }
    for (const v1::ContentItem& item : entry.rule->contents().item()) {
      items.push_back({&entry, &item});
    }
  }
  return items;
}

ContractItem FindContractItem(absl::string_view name, const LawBook& law) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(name, absl::MaxSplits('#', 1));
  const LawEntry* const entry = law.Find(parts.first);
  if (entry == nullptr || !IsOnContracts(*entry->rule)) return {};
  for (const v1::ContentItem& item : entry->rule->contents().item()) {
    if (item.key() == parts.second) return {entry, &item};
  }
  return {};
}

}  // namespace subrosa
