// Reads recipients from a file that an officer keeps: v1::RecipientFile, in
// protobuf's text format or, if its first character is a brace, in ProtoJSON.
//
// Strict: an unknown field, a field given twice or a recipient that
// CheckRecipient refuses makes the whole file refused.
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_RECIPIENTS_RECIPIENT_FILE_H_
#define SUBROSA_SRC_RECIPIENTS_RECIPIENT_FILE_H_

#include <cstddef>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "src/law/law_book.h"
#include "subrosa/v1/recipient.pb.h"

namespace subrosa {

// The longest file that is read, in bytes. As many recipients as an entity may
// have, with 1 KiB each, fit.
inline constexpr size_t kMaxRecipientFileBytes = size_t{16} << 20;

// The recipients in `text`, at least one, each id once. `name` appears in
// errors; the rest is as in CheckRecipient.
//
// INVALID_ARGUMENT, `name:line: contact.email: want …, got …`; in JSON
// `name: recipient[3]: …`. The message may quote the file, which holds no
// record.
absl::StatusOr<std::vector<v1::Recipient>> ParseRecipientFile(
    absl::string_view name, absl::string_view text, const LawBook& law,
    absl::CivilDay today);

}  // namespace subrosa

#endif  // SUBROSA_SRC_RECIPIENTS_RECIPIENT_FILE_H_
