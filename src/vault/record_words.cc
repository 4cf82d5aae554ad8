#include "src/vault/record_words.h"

#include <memory>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"

namespace subrosa {

absl::StatusOr<int64_t> RecordWords::NumberOf(absl::string_view word) {
  if (const auto known = numbers_.find(word); known != numbers_.end()) {
    return known->second;
  }
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> find,
      database_.Prepare("SELECT number FROM word WHERE word = $1"));
  find->BindText(1, word);
  SUBROSA_ASSIGN_OR_RETURN(bool found, find->Step());
  if (!found) {
    SUBROSA_ASSIGN_OR_RETURN(
        const std::unique_ptr<Statement> add,
        database_.Prepare("INSERT INTO word(word) VALUES($1)"
                          " ON CONFLICT(word) DO NOTHING"));
    add->BindText(1, word);
    SUBROSA_RETURN_IF_ERROR(add->Run());
    SUBROSA_ASSIGN_OR_RETURN(found, find->Step());
  }
  if (!found) return absl::DataLossError("record store: a word was lost");
  const int64_t number = find->ColumnInt(0);
  numbers_.emplace(word, number);
  return number;
}

absl::Status RecordWords::Read(int64_t number, std::string* word) {
  if (const auto known = words_.find(number); known != words_.end()) {
    *word = known->second;
    return absl::OkStatus();
  }
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> find,
      database_.Prepare("SELECT word FROM word WHERE number = $1"));
  find->BindInt(1, number);
  SUBROSA_ASSIGN_OR_RETURN(const bool found, find->Step());
  if (!found) {
    return absl::DataLossError(absl::StrCat("record store: want word ", number,
                                            ", which a row names, got none"));
  }
  *word = std::string(find->ColumnBytes(0));
  words_.emplace(number, *word);
  return absl::OkStatus();
}

}  // namespace subrosa
