#include "src/disclosure/disclosure_seal.h"

#include "src/base/length_prefixed.h"
#include "src/crypto/big_endian.h"
#include "src/crypto/prf.h"
#include "src/crypto/sealed_value.h"

namespace subrosa {
namespace {

std::string ContextOf(const DisclosurePlace& place) {
  const BigEndianBytes<uint64_t> number(place.number);
  const BigEndianBytes<uint32_t> day(static_cast<uint32_t>(place.day));
  return LengthPrefixed({"subrosa disclosure ledger", place.entity,
                         place.consumer_ref, number.view(), place.recipient,
                         day.view()});
}

}  // namespace

absl::StatusOr<SecretKey> DisclosureKeyOf(const SecretKey& stable_secret) {
  return DeriveKey(stable_secret, "disclosures", {});
}

absl::StatusOr<std::string> SealDisclosure(const SecretKey& key,
                                           const DisclosurePlace& place,
                                           const v1::Disclosure& disclosure) {
  return SealValue(key, ContextOf(place), disclosure.SerializeAsString());
}

absl::Status OpenDisclosure(const SecretKey& key, const DisclosurePlace& place,
                            absl::string_view sealed,
                            v1::Disclosure* disclosure) {
  const absl::StatusOr<std::string> bytes =
      OpenValue(key, ContextOf(place), sealed);
  if (bytes.ok() && disclosure->ParseFromString(*bytes)) {
    return absl::OkStatus();
  }
  return absl::DataLossError(
      "record store: want an entry of the ledger of disclosures as it was "
      "written, got one that does not open");
}

}  // namespace subrosa
