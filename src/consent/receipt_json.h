// The pieces of JSON-LD that receipts are made of. Internal to
// consent_receipt.h.
#ifndef SUBROSA_SRC_CONSENT_RECEIPT_JSON_H_
#define SUBROSA_SRC_CONSENT_RECEIPT_JSON_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "nlohmann/json.hpp"

namespace subrosa {

// Members stay in the order in which they came.
using ReceiptJson = nlohmann::ordered_json;

// The vocabularies, and the types of what is no text and no node.
ReceiptJson ReceiptContext();

// A node by its name, and one of a type that has none.
ReceiptJson ReceiptRef(absl::string_view id);
ReceiptJson ReceiptNode(absl::string_view type);

// In UTC, to the second.
std::string ReceiptTime(absl::Time time);

// `id`, 16 bytes, as UUID of version 4, whose random bits it gives (RFC 9562,
// 5.4).
std::string ReceiptUuid(absl::string_view id);

// A place by DPV's name of its country, with its code, ISO 3166, beside it.
ReceiptJson ReceiptPlace(absl::string_view code);

// "mailto:…" and the URL, of those that are there.
ReceiptJson ReceiptContacts(absl::string_view email, absl::string_view url);

// Where there is no address for letters, the electronic one is its address.
ReceiptJson ReceiptParty(absl::string_view id, ReceiptJson types,
                         absl::string_view name, absl::string_view postal,
                         absl::string_view email, absl::string_view url);

// Of a time of ISO 8601, "P2Y", or of words that say what ends it.
ReceiptJson ReceiptDuration(absl::string_view text);

// `sha256` in hexadecimal.
ReceiptJson ReceiptChecksum(absl::string_view sha256);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CONSENT_RECEIPT_JSON_H_
