// RecordWords give the words that many rows repeat (slugs, names of types) a
// number each, which rows have in their place. Words are few; once read they
// are kept in memory.
//
// Thread-compatible. Errors are those of Connection, besides what is said
// below.
#ifndef SUBROSA_SRC_VAULT_RECORD_WORDS_H_
#define SUBROSA_SRC_VAULT_RECORD_WORDS_H_

#include <cstdint>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/store/connection.h"

namespace subrosa {

class RecordWords {
 public:
  // `database`, a record store's, must outlive it.
  explicit RecordWords(Connection& database) : database_(database) {}

  // The number of `word`, given to it now if it has none. Within a transaction
  // only of a word that is known: what a rolled-back one learned would be
  // forgotten.
  absl::StatusOr<int64_t> NumberOf(absl::string_view word);

  // The word of `number`. DATA_LOSS if there is none.
  absl::Status Read(int64_t number, std::string* word);

 private:
  Connection& database_;
  absl::flat_hash_map<std::string, int64_t> numbers_;
  absl::flat_hash_map<int64_t, std::string> words_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_RECORD_WORDS_H_
