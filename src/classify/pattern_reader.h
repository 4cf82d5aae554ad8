// A PatternReader infers from many records of one consumer what none of them
// tells alone: use on many nights, sessions at one hour each week, visits near
// care again and again. The patterns are data (inference_rules.tsv): how often
// records that meet other rules of inference come.
//
// It reads records as they come, in any order, and keeps days and hours alone.
//
// Thread-compatible. Memory: of the kMaxConsumers seen last, at most 128 times
// each for each pattern; in a file whose records stand by consumer nothing is
// lost by that. Of many times the latest are kept.
//
// Security: findings hold no value. Account ids are held as long as it lives.
//
// Example:
//   PatternReader patterns(inference.rules());
//   SUBROSA_RETURN_IF_ERROR(reader.Read(record, &findings));
//   patterns.Read(record, &findings);
#ifndef SUBROSA_SRC_CLASSIFY_PATTERN_READER_H_
#define SUBROSA_SRC_CLASSIFY_PATTERN_READER_H_

#include <cstddef>
#include <cstdint>
#include <list>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "src/classify/classification.h"
#include "src/classify/inference_rules.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

class PatternReader {
 public:
  static constexpr size_t kMaxConsumers = 10000;

  // `rules` must outlive it.
  explicit PatternReader(const InferenceRules& rules);

  // Takes up `record`, of which `findings` has what HealthRecordReader::Read
  // says, and appends findings for each pattern that it completes, once for a
  // consumer: as InferenceReader::Read, with the place of what completed it.
  void Read(const v1::HealthRecord& record, std::vector<Finding>* findings);

 private:
  // What is known of one pattern and consumer.
  struct Progress {
    // Days since 1970, or hours, by the consumer's clock: in order, each once.
    std::vector<int32_t> times;
    uint32_t met = 0;  // Bits: which of the pattern's rules were.
    bool holds = false;
  };
  struct Consumer {
    std::string id;
    std::vector<Progress> progress;  // By pattern.
  };
  // The one seen last first.
  using Consumers = std::list<Consumer>;

  Consumer& Find(const std::string& id);

  std::vector<const InferenceRule*> patterns_;
  Consumers consumers_;
  // By the ids in consumers_.
  absl::flat_hash_map<absl::string_view, Consumers::iterator> by_id_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_PATTERN_READER_H_
