// Erases in an SQLite database of the entity's own: statements by account id,
// all in one transaction, with foreign keys enforced. Done means committed, and
// that the journal is empty; its mode stays what it is.
//
// Thread-compatible.
#ifndef SUBROSA_SRC_ERASURE_SQL_CONNECTOR_H_
#define SUBROSA_SRC_ERASURE_SQL_CONNECTOR_H_

#include <string>
#include <vector>

#include "src/erasure/connector.h"

namespace subrosa {

class SqliteEraser final : public Connector {
 public:
  // The database has to be there already. Each statement has the one parameter
  // $1.
  SqliteEraser(std::string path, std::vector<std::string> statements)
      : path_(std::move(path)), statements_(std::move(statements)) {}

  // Silent if the database cannot be opened, is locked for ten seconds, or a
  // statement fails; nothing of it is changed then. A recipient's pseudonyms
  // are no account id: silent too.
  PartyReply Tell(const EraseMessage& message) override;

 private:
  absl::Status Run(const std::string& consumer) const;

  const std::string path_;
  const std::vector<std::string> statements_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_ERASURE_SQL_CONNECTOR_H_
