#include "src/notice/encryption_inventory.h"

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/base/textproto_file.h"
#include "src/notice/built_in_encryption_inventory.h"

namespace subrosa {
namespace {

constexpr char kName[] = "encryption_inventory.textproto";
constexpr size_t kMaxBytes = size_t{1} << 16;

absl::Status CheckKind(const v1::EncryptionInventory::Kind& kind) {
  const struct {
    const char* field;
    const std::string& text;
  } texts[] = {{"what", kind.what()},
               {"store", kind.store()},
               {"protection", kind.protection()},
               {"key", kind.key()}};
  for (const auto& [field, text] : texts) {
    if (!text.empty()) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("kind.", field, ": want a text, got none"));
  }
  for (const std::string& table : kind.table()) {
    if (absl::StartsWith(table, "keys.") ||
        absl::StartsWith(table, "records.")) {
      continue;
    }
    return absl::InvalidArgumentError(absl::StrCat(
        "kind.table: want `keys.` or `records.` and a table's name, got `",
        table, "`"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::EncryptionInventory> ParseEncryptionInventory(
    absl::string_view text) {
  v1::EncryptionInventory inventory;
  TextprotoFile file(kName, text);
  SUBROSA_RETURN_IF_ERROR(file.Read(kMaxBytes, &inventory));
  for (int i = 0; i < inventory.kind_size(); ++i) {
    SUBROSA_RETURN_IF_ERROR(
        file.At(inventory, "kind", i, CheckKind(inventory.kind(i))));
  }
  return inventory;
}

absl::StatusOr<v1::EncryptionInventory> BuiltInEncryptionInventory() {
  absl::StatusOr<v1::EncryptionInventory> inventory =
      ParseEncryptionInventory(kBuiltInEncryptionInventory);
  if (inventory.ok()) return inventory;
  return absl::InternalError(inventory.status().message());
}

}  // namespace subrosa
