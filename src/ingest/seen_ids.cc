#include "src/ingest/seen_ids.h"

namespace subrosa {

void SeenIds::Take(v1::HealthRecord* record) {
  if (record->id().empty()) return;
  // Consumers hold no NUL, so that no two pairs are written alike.
  place_.assign(record->consumer());
  place_.push_back('\0');
  place_.append(record->id());
  const uint64_t id = hash_(place_).low;
  const uint64_t digest = hash_(record->origin().raw_digest()).low;
  const auto known = digests_.find(id);
  if (known == digests_.end()) {
    if (digests_.size() < kMaxIds) digests_.emplace(id, digest);
  } else if (known->second != digest) {
    record->clear_id();
  }
}

}  // namespace subrosa
