#include "src/consent/ledger_seal.h"

#include "absl/strings/str_cat.h"
#include "src/base/length_prefixed.h"
#include "src/crypto/big_endian.h"
#include "src/crypto/prf.h"
#include "src/crypto/sealed_value.h"

namespace subrosa {
namespace {

std::string ContextOf(const LedgerPlace& place) {
  const BigEndianBytes<uint64_t> number(place.number);
  return LengthPrefixed({"subrosa consent ledger", place.entity,
                         place.consumer_ref, number.view()});
}

}  // namespace

absl::StatusOr<SecretKey> LedgerKeyOf(const SecretKey& stable_secret) {
  return DeriveKey(stable_secret, "consent ledger", {});
}

absl::StatusOr<std::string> SealLedger(const SecretKey& key,
                                       const LedgerPlace& place,
                                       absl::string_view content) {
  return SealValue(key, ContextOf(place), content);
}

absl::Status OpenLedger(const SecretKey& key, const LedgerPlace& place,
                        absl::string_view sealed,
                        google::protobuf::MessageLite* message) {
  const absl::StatusOr<std::string> bytes =
      OpenValue(key, ContextOf(place), sealed);
  if (bytes.ok() && message->ParseFromString(*bytes)) return absl::OkStatus();
  return absl::DataLossError(
      absl::StrCat("record store: want ",
                   place.number == 0 ? "what stands of a consumer's choices"
                                     : "an entry of the ledger of choices",
                   " as it was written, got one that does not open"));
}

}  // namespace subrosa
