#include "src/crypto/row_tag.h"

#include <sodium.h>

#include "src/crypto/big_endian.h"
#include "src/crypto/context_hash.h"
#include "src/crypto/keyed_hash.h"

namespace subrosa {

std::array<uint8_t, kRowTagBytes> RowTag(const SecretKey& consumer_key,
                                         const EnvelopeContext& context,
                                         const RowColumns& columns) {
  KeyedHash hash(consumer_key, kRowTagUse, "", kRowTagBytes);
  AddContext(context, &hash);
  hash.AddPart(BigEndianBytes<uint32_t>(columns.key_version).view());
  hash.AddPart(BigEndianBytes<uint32_t>(columns.categories).view());
  hash.AddPart(BigEndianBytes<uint64_t>(columns.labels).view());
  hash.AddPart(columns.source);
  for (const int32_t day : columns.days) {
    hash.AddPart(BigEndianBytes<uint32_t>(static_cast<uint32_t>(day)).view());
  }
  std::array<uint8_t, kRowTagBytes> tag;
  hash.Finish(tag.data());
  return tag;
}

absl::Status CheckRowTag(const SecretKey& consumer_key,
                         const EnvelopeContext& context,
                         const RowColumns& columns, absl::string_view tag) {
  const std::array<uint8_t, kRowTagBytes> want =
      RowTag(consumer_key, context, columns);
  if (tag.size() == want.size() &&
      sodium_memcmp(tag.data(), want.data(), want.size()) == 0) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      "row tag: want the tag of these columns, got another");
}

}  // namespace subrosa
