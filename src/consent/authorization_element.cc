#include "src/consent/authorization_element.h"

#include <algorithm>
#include <cstddef>
#include <initializer_list>

#include "absl/strings/str_cat.h"
#include "src/consent/choice_time.h"
#include "src/recipients/contact_check.h"

namespace subrosa {
namespace {

std::string Fault(absl::string_view path, absl::string_view want,
                  absl::string_view got = "none") {
  return absl::StrCat("authorization.", path, ": want ", want, ", got ", got);
}

std::string TextFault(absl::string_view path, absl::string_view text) {
  return text.empty() ? Fault(path, "text") : "";
}

std::string StatementFault(absl::string_view path, bool stands) {
  return stands ? "" : Fault(path, "that the document says so", "false");
}

std::string First(std::initializer_list<std::string> faults) {
  for (const std::string& fault : faults) {
    if (!fault.empty()) return fault;
  }
  return "";
}

std::string PartyFault(absl::string_view path, const v1::Party& party) {
  return First({TextFault(absl::StrCat(path, ".name"), party.name()),
                TextFault(absl::StrCat(path, ".contact"), party.contact())});
}

// An e-mail address or a URL, as far as its form tells.
bool IsReachable(absl::string_view text) {
  return CheckEmail("", text).ok() || CheckHttpsUrl("", text).ok();
}

std::string ExpiryFault(const ExaminedAuthorization& it,
                        const AuthorizationTerms& terms) {
  if (!it.document.has_expires_at()) {
    return Fault("expires_at", "the date on which it expires");
  }
  if (it.expires_at <= it.signed_at) {
    return Fault("expires_at", "a time after signed_at", "one that is not");
  }
  return it.expires_at <= terms.latest_end
             ? ""
             : Fault("expires_at",
                     absl::StrCat("at most ", terms.life, " after signed_at"),
                     "a later time");
}

std::string SignatureFault(const ExaminedAuthorization& it) {
  if (it.document.signature().empty()) return Fault("signature", "one");
  if (!it.document.has_signed_at()) return Fault("signed_at", "its date");
  return it.choice.actor().kind() == v1::ACTOR_KIND_AGENT
             ? "actor.kind: want the consumer, or a parent or guardian, to "
               "sign, got an agent"
             : "";
}

std::string TypeSizeFault(const ExaminedAuthorization& it,
                          const AuthorizationTerms& terms) {
  return it.document.handwritten() ||
                 (it.document.type_size() > 0 &&
                  it.document.type_size() >= terms.type_points)
             ? ""
             : Fault("type_size",
                     absl::StrCat("at least ", terms.type_points,
                                  " points, or that it is handwritten"),
                     absl::StrCat(it.document.type_size()));
}

}  // namespace

std::string RevocationFault(const v1::Authorization& document) {
  return IsReachable(document.revocation_means())
             ? ""
             : Fault("revocation_means", "an e-mail address or https URL",
                     document.revocation_means().empty() ? "none" : "another");
}

std::string ElementFault(absl::string_view key, const ExaminedAuthorization& it,
                         const AuthorizationTerms& terms) {
  const v1::Authorization& document = it.document;
  if (key == "data") return TextFault("data", document.data());
  if (key == "seller") return PartyFault("seller", document.seller());
  if (key == "purchaser") return PartyFault("purchaser", document.purchaser());
  if (key == "discloser") {
    return TextFault("seller.name", document.seller().name());
  }
  if (key == "recipients") {
    return TextFault("purchaser.name", document.purchaser().name());
  }
  if (key == "recipient-uses")
    return TextFault("how_used", document.how_used());
  if (key == "purpose") {
    return First({TextFault("purpose_of_sale", document.purpose_of_sale()),
                  TextFault("how_gathered", document.how_gathered()),
                  TextFault("how_used", document.how_used())});
  }
  if (key == "not-conditioned") {
    return StatementFault("says_not_conditioned",
                          document.says_not_conditioned());
  }
  if (key == "revocation") {
    return First({StatementFault("says_revocable", document.says_revocable()),
                  RevocationFault(document)});
  }
  if (key == "redisclosure") {
    return StatementFault("says_redisclosure", document.says_redisclosure());
  }
  if (key == "expiry") return ExpiryFault(it, terms);
  if (key == "signature") return SignatureFault(it);
  if (key == "type-size") return TypeSizeFault(it, terms);
  if (key == "separate") {
    return document.stands_alone() && !document.combined_with_other_documents()
               ? ""
               : Fault("stands_alone",
                       "a document and a signature that serve nothing else",
                       "false");
  }
  if (key == "copy") {
    return StatementFault("says_right_to_copy", document.says_right_to_copy());
  }
  return "authorization: want an element that this version knows, got another";
}

std::string DefectFault(absl::string_view key, const ExaminedAuthorization& it,
                        const AuthorizationTerms& terms, bool is_complete) {
  if (key == "expired") {
    return it.now < std::min(it.expires_at, terms.latest_end)
               ? ""
               : Fault("expires_at", "a time to come", "one that is past");
  }
  if (key == "incomplete") {
    return is_complete ? ""
                       : "authorization: want every element, got some missing";
  }
  if (key == "revoked") {
    return it.now < it.revoked_at
               ? ""
               : "authorization: want one that stands, got one that the "
                 "consumer revoked";
  }
  if (key == "compound") {
    return it.document.combined_with_other_documents()
               ? Fault("combined_with_other_documents", "false", "true")
               : "";
  }
  if (key == "conditioned") {
    return it.document.conditioned() ? Fault("conditioned", "false", "true")
                                     : "";
  }
  return "authorization: want a defect that this version knows, got another";
}

std::string CopyFault(const ExaminedAuthorization& it, bool says_how) {
  if (!it.document.has_copy_given_at()) {
    return Fault("copy_given_at", "when the consumer was given a copy");
  }
  if (TimeOf(it.document.copy_given_at()) < it.signed_at) {
    return Fault("copy_given_at", "a time after signed_at", "an earlier one");
  }
  return says_how && !IsReachable(it.document.copy_means())
             ? Fault("copy_means", "an e-mail address or https URL",
                     it.document.copy_means().empty() ? "none" : "another")
             : "";
}

}  // namespace subrosa
