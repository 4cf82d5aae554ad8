// The statement of a consumer whose correction was denied: where a statute
// gives it, it becomes part of what is held, beside the record that they hold
// to be wrong and under the same purpose and categories, so that whoever is
// given the record is given the statement. One for each record; a second takes
// the place of the first.
//
// Thread-safe: no state.
//
// Source: 11 CCR 7023(f), by the pack ca-ccpa (the duty "statement-words").
#ifndef SUBROSA_SRC_REQUEST_CONSUMER_STATEMENT_H_
#define SUBROSA_SRC_REQUEST_CONSUMER_STATEMENT_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/base/clock.h"
#include "src/request/request_desk.h"
#include "src/vault/vault.h"

namespace subrosa {

inline constexpr size_t kMaxStatementBytes = size_t{16} << 10;

// A record of the requester's consumer, as they name it.
struct StatedRecord {
  std::string source;  // Slug.
  std::string id;
};

// The id under which the statement about `record` is held, of its source.
std::string StatementIdOf(const StatedRecord& record);

// Puts `text` beside `record` of the consumer whom the request `view` is about;
// durable when it returns. Returns the rule that gives it.
//
// FAILED_PRECONDITION unless it is a correction that is denied, of a consumer
// who is known and where a statute that applies gives a statement; NOT_FOUND
// without such a record; INVALID_ARGUMENT for no text, one that is not UTF-8,
// or more bytes or words than may be. No message holds a word of it. Else as
// Vault::Get and PutBatch.
absl::StatusOr<std::string> AttachStatement(Vault& vault, const RequestLaw& law,
                                            const RequestView& view,
                                            const StatedRecord& record,
                                            absl::string_view text,
                                            const Clock& clock);

}  // namespace subrosa

#endif  // SUBROSA_SRC_REQUEST_CONSUMER_STATEMENT_H_
