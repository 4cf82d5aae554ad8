// What a letter about a request can say: the fields of letter_book.h, filled
// from the request, the statutes that apply and the entity's policy.
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_REQUEST_LETTER_FIELDS_H_
#define SUBROSA_SRC_REQUEST_LETTER_FIELDS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/types/span.h"
#include "src/disclosure/disclosure_ledger.h"
#include "src/request/letter_book.h"
#include "src/request/request_desk.h"
#include "src/request/request_law.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/policy.pb.h"

namespace subrosa {

// Of `view`, as of `today`. No field holds the account id or a contact of the
// requester: who sends the letter has both.
//
// Days are those of the zone in which the first pack that applies counts its
// own. An appeal is offered where a statute gives one; the regulators are those
// of the statutes' places, of `letters`, and none if one of them is not known.
// `asked_for` is what the requester is asked for, in words. Errors as AskText
// and KeepingOf.
absl::StatusOr<LetterFields> LetterFieldsOf(
    const RequestLaw& law, const v1::Policy& policy, const RequestView& view,
    const LetterBook& letters, absl::Span<const std::string> asked_for,
    absl::CivilDay today);

// Whether a request of `kind` is answered by AddAnswer.
bool IsAnsweredInWords(v1::RequestKind kind);

// What the answer to know, access or third-parties says of one consumer.
struct LetterAnswer {
  // Whether the home knows the account. It does not once it was erased: then
  // there is no saying that nothing was shared.
  bool is_known = false;
  int64_t records = 0;  // That are held.
  std::vector<ReceivedByOne> received;
  // In the officer's words, who knows what other stores hold or what was given
  // away before an erasure; empty: in ours.
  std::string in_words;
};

// Adds, in the words of `letters`, whether data is held and was shared or sold,
// as far as the home's records say, and who received it, each with its contact.
// Nothing of what is held stands in a letter.
void AddAnswer(const LetterAnswer& answer, const LetterBook& letters,
               LetterFields* fields);

}  // namespace subrosa

#endif  // SUBROSA_SRC_REQUEST_LETTER_FIELDS_H_
