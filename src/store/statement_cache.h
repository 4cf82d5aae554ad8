// A StatementCache keeps SQLite's prepared statements of one connection by
// their text, so that whoever prepares the same again does not parse it again.
// What is kept is reset and has no bindings: it holds no value.
//
// Thread-compatible, as the connection is.
#ifndef SUBROSA_SRC_STORE_STATEMENT_CACHE_H_
#define SUBROSA_SRC_STORE_STATEMENT_CACHE_H_

#include <sqlite3.h>

#include <cstddef>
#include <list>

#include "absl/strings/string_view.h"

namespace subrosa {

class StatementCache {
 public:
  // At most so many are kept; the one that was used least lately goes first.
  static constexpr size_t kMaxKept = 64;

  StatementCache() = default;
  StatementCache(const StatementCache&) = delete;
  StatementCache& operator=(const StatementCache&) = delete;
  ~StatementCache() { Close(); }

  // A statement of exactly this text, the caller's now; null if none is kept.
  sqlite3_stmt* Take(absl::string_view sql);

  // Takes a statement back, in whatever state.
  void Give(sqlite3_stmt* statement);

  // Finalizes what is kept, and keeps nothing from now on: the connection ends.
  void Close();

 private:
  bool is_closed_ = false;
  std::list<sqlite3_stmt*> kept_;  // The one used last first.
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_STORE_STATEMENT_CACHE_H_
