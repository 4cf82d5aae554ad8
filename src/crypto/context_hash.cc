#include "src/crypto/context_hash.h"

#include <cstdint>

#include "src/crypto/big_endian.h"

namespace subrosa {

void AddContext(const EnvelopeContext& context, KeyedHash* hash) {
  hash->AddPart(context.entity);
  hash->AddPart(context.data_ref);
  hash->AddPart(context.record_ref);
  hash->AddPart(BigEndianBytes<uint32_t>(context.revision).view());
  hash->AddPart(context.schema);
  hash->AddPart(context.purpose);
}

}  // namespace subrosa
