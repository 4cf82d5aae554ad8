#include "src/store/statement_cache.h"

namespace subrosa {

sqlite3_stmt* StatementCache::Take(absl::string_view sql) {
  for (auto it = kept_.begin(); it != kept_.end(); ++it) {
    if (sql != sqlite3_sql(*it)) continue;
    sqlite3_stmt* const statement = *it;
    kept_.erase(it);
    return statement;
  }
  return nullptr;
}

void StatementCache::Give(sqlite3_stmt* statement) {
  if (statement == nullptr) return;
  sqlite3_reset(statement);
  sqlite3_clear_bindings(statement);
  if (is_closed_) {
    sqlite3_finalize(statement);
    return;
  }
  kept_.push_front(statement);
  if (kept_.size() <= kMaxKept) return;
  sqlite3_finalize(kept_.back());
  kept_.pop_back();
}

void StatementCache::Close() {
  is_closed_ = true;
  for (sqlite3_stmt* const statement : kept_) sqlite3_finalize(statement);
  kept_.clear();
}

}  // namespace subrosa
