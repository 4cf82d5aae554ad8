// For tests: recipients that are in order, to be spoilt one field at a time.
#ifndef SUBROSA_SRC_RECIPIENTS_SCRATCH_RECIPIENT_H_
#define SUBROSA_SRC_RECIPIENTS_SCRATCH_RECIPIENT_H_

#include <string>

#include "subrosa/v1/recipient.pb.h"

namespace subrosa {

// "cloud": a processor whose contract of 2026 holds all that the shipped packs
// ask for; its contact was checked on 2026-10-01.
v1::Recipient ScratchProcessor();

// "coach-desk": a third party, with a contract as California asks for.
v1::Recipient ScratchThirdParty();

// `recipient` with the fields of `text`, in protobuf's text format, in place of
// its own, or, if they are repeated, after them. Fails the test if `text` does
// not parse.
v1::Recipient With(v1::Recipient recipient, const std::string& text);

}  // namespace subrosa

#endif  // SUBROSA_SRC_RECIPIENTS_SCRATCH_RECIPIENT_H_
