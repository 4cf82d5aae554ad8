#include "src/crypto/row_tag.h"

#include <sodium.h>

#include "src/crypto/context_hash.h"
#include "src/crypto/keyed_hash.h"

namespace subrosa {

std::array<uint8_t, kRowTagBytes> RowTag(const SecretKey& consumer_key,
                                         const EnvelopeContext& context,
                                         const RowColumns& columns) {
  KeyedHash hash(consumer_key, kRowTagUse, "", kRowTagBytes);
  AddContext(context, &hash);
  hash.AddInteger(columns.key_version);
  hash.AddInteger(columns.categories);
  hash.AddInteger(columns.labels);
  hash.AddPart(columns.source);
  for (const int32_t day : columns.days) {
    hash.AddInteger(static_cast<uint32_t>(day));
  }
  // So that rows from before there was such a column keep their tags. A row has
  // one number of days: no other row's columns hash to the same bytes.
  if (columns.told != 0) hash.AddInteger(columns.told);
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
