#include "src/crypto/context_hash.h"

namespace subrosa {

void AddContext(const EnvelopeContext& context, KeyedHash* hash) {
  hash->AddFixed(context.data_ref);
  hash->AddFixed(context.record_ref);
  hash->AddInteger(context.revision);
  hash->AddName(context.entity);
  hash->AddName(context.schema);
  hash->AddName(context.purpose);
}

}  // namespace subrosa
