// What the statutes that apply ask for before a request is worked on: whether
// anybody is to be authenticated, by what, and whether what was checked is
// enough.
//
// Thread-safe: no state.
//
// Source: rules of kind `authentication`, as 11 CCR 7060(b), 7061, 7062, RCW
// 19.373.040(1)(e), NRS 603A.510; agents: 11 CCR 7063.
#ifndef SUBROSA_SRC_REQUEST_REQUEST_AUTHENTICATION_H_
#define SUBROSA_SRC_REQUEST_REQUEST_AUTHENTICATION_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "src/law/law_book.h"
#include "src/request/letter_phrases.h"
#include "src/request/request_law.h"
#include "src/request/request_machine.h"
#include "subrosa/v1/request.pb.h"

namespace subrosa {

struct AuthenticationWanted {
  Authenticating needed = Authenticating::kNeeded;
  // A fresh log-in to the consumer's account is enough.
  bool account_login_is_enough = false;
  // Without an account: so many data points that match, and a declaration. 0:
  // no statute says how many; what is reasonable is for the entity to show.
  int data_points = 0;
  bool signed_declaration = false;
  // How many have to match in any case: two for a copy of the data, since one,
  // an e-mail address, is what others know too.
  int at_least = 1;
  // An agent's power of attorney is enough by itself.
  bool power_of_attorney_is_enough = false;
  // The guardian who asks is on record as one; the desk sets it.
  bool guardian_is_on_record = false;
  std::vector<const LawEntry*> rules;
};

// Of a request as it was received. Where statutes differ, the one that forbids
// asking wins, and else the higher degree. Where none says anything, somebody
// is authenticated: what goes to the wrong person cannot be taken back.
AuthenticationWanted WantedOf(const RequestLaw& law,
                              const v1::Request& request);

// For an officer: "a fresh log-in to the account; or 3 matching data points and
// a signed declaration".
std::string WantedText(const AuthenticationWanted& wanted);

// The same for the requester, after "please let us have", in the words of
// `phrases`: what they can do.
// `asked_for` are the data points in words, "your date of birth"; where it is
// empty, the requester chooses.
//
// INVALID_ARGUMENT, "letter.asked_for: want …, got …", for fewer than are
// wanted, more than 16, or one that is empty, longer than 128 bytes or has
// control characters.
absl::StatusOr<std::string> AskText(const AuthenticationWanted& wanted,
                                    absl::Span<const std::string> asked_for,
                                    const LetterPhrases& phrases);

// Whether `checked` is enough. An agent's signed permission must have been
// seen, and the consumer authenticated or have confirmed it, but for a power of
// attorney where a statute says that it is enough. A guardian is authenticated
// as a consumer is, and is on record as theirs, or has shown that they are.
//
// FAILED_PRECONDITION, "request.event.authentication: want …, got … (rules)";
// INVALID_ARGUMENT for a data point named twice, one that is no slug, or more
// than 16.
absl::Status CheckAuthentication(const AuthenticationWanted& wanted,
                                 v1::RequesterKind requester,
                                 const v1::RequestAuthentication& checked);

}  // namespace subrosa

#endif  // SUBROSA_SRC_REQUEST_REQUEST_AUTHENTICATION_H_
