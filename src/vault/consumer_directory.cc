#include "src/vault/consumer_directory.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"

namespace subrosa {

absl::StatusOr<ConsumerDirectory> ConsumerDirectory::Open(
    Connection& database, Epochs& epochs, int64_t entity_number) {
  ConsumerDirectory directory(epochs, entity_number);
  for (uint32_t parity = 0; parity < 2; ++parity) {
    const absl::string_view table = DirectoryTable(parity);
    SUBROSA_ASSIGN_OR_RETURN(
        directory.find_[parity],
        database.Prepare(absl::StrCat("SELECT pointer FROM ", table,
                                      " WHERE entity = $1 AND token = $2")));
    SUBROSA_ASSIGN_OR_RETURN(
        directory.insert_[parity],
        database.Prepare(
            absl::StrCat("INSERT INTO ", table,
                         "(entity, token, pointer) VALUES($1, $2, $3)")));
    SUBROSA_ASSIGN_OR_RETURN(
        directory.remove_[parity],
        database.Prepare(absl::StrCat("DELETE FROM ", table,
                                      " WHERE entity = $1 AND token = $2")));
  }
  return directory;
}

absl::StatusOr<std::optional<DirectoryPointer>> ConsumerDirectory::FindIn(
    const EntityKeys& keys, absl::string_view inner_token) {
  const std::string token = keys.DirectoryToken(inner_token);
  Statement& find = *find_[keys.epoch() % 2];
  find.BindInt(1, entity_number_);
  find.BindBytes(2, token);
  SUBROSA_ASSIGN_OR_RETURN(const bool found, find.Step());
  if (!found) return std::nullopt;
  absl::StatusOr<DirectoryPointer> pointer =
      keys.OpenPointer(token, find.ColumnBytes(0));
  find.Reset();
  if (!pointer.ok()) return pointer.status();
  return *std::move(pointer);
}

// A rotation moves entries from the older epoch to the newest, never back. So
// an entry that stands in neither may just have been moved, and then stands in
// the newest.
absl::StatusOr<DirectoryPointer> ConsumerDirectory::Find(
    absl::string_view inner_token) {
  for (;;) {
    std::vector<const EntityKeys*> keys = epochs_->NewestFirst();
    if (keys.size() > 1) keys.push_back(keys.front());
    for (const EntityKeys* each : keys) {
      SUBROSA_ASSIGN_OR_RETURN(std::optional<DirectoryPointer> pointer,
                               FindIn(*each, inner_token));
      if (pointer.has_value()) return *std::move(pointer);
    }
    SUBROSA_ASSIGN_OR_RETURN(const bool changed, epochs_->Refresh());
    if (!changed) {
      return absl::NotFoundError(
          "consumer: want one that is held here, got none");
    }
  }
}

absl::Status ConsumerDirectory::Insert(const DirectoryPointer& pointer) {
  const EntityKeys& keys = epochs_->enabled();
  const std::string token = keys.DirectoryToken(pointer.inner_token);
  SUBROSA_ASSIGN_OR_RETURN(const std::string sealed,
                           keys.SealPointer(token, pointer));
  Statement& insert = *insert_[keys.epoch() % 2];
  insert.BindInt(1, entity_number_);
  insert.BindBytes(2, token);
  insert.BindBytes(3, sealed);
  return insert.Run();
}

absl::Status ConsumerDirectory::Remove(absl::string_view inner_token) {
  for (const EntityKeys* keys : epochs_->NewestFirst()) {
    const std::string token = keys->DirectoryToken(inner_token);
    Statement& remove = *remove_[keys->epoch() % 2];
    remove.BindInt(1, entity_number_);
    remove.BindBytes(2, token);
    SUBROSA_RETURN_IF_ERROR(remove.Run());
  }
  return absl::OkStatus();
}

}  // namespace subrosa
