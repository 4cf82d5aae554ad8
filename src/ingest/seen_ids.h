// A SeenIds keeps a file that holds one id twice from replacing the first
// record by the second, and from doing so again whenever the file is taken: a
// history's older versions, or what two systems number alike. The first keeps
// the id; what comes later under it with another content is known by its
// content, so that neither is lost and the file taken again changes nothing.
//
// It remembers kMaxIds ids of a file, in 16 bytes each and some 9 MB in all; a
// later one that is not remembered keeps its id.
//
// Thread-compatible. One for each file.
#ifndef SUBROSA_SRC_INGEST_SEEN_IDS_H_
#define SUBROSA_SRC_INGEST_SEEN_IDS_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "src/crypto/table_hash.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

class SeenIds {
 public:
  static constexpr size_t kMaxIds = size_t{1} << 18;

  // Takes `record`, whose consumer and origin are complete, and clears its id
  // if another record of the same consumer had it before with another
  // origin.raw_digest. A record without an id is left alone.
  void Take(v1::HealthRecord* record);

 private:
  const TableHash hash_;
  absl::flat_hash_map<uint64_t, uint64_t> digests_;  // By the id's hash.
  std::string place_;                                // Reused.
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_SEEN_IDS_H_
