// A KindReader says what kinds of data a record holds, and why: by marks and
// codes, and, if it is told to, by words of health in free text and by what may
// be inferred. What words alone say is kept apart: they may be wrong, and may
// be of somebody else.
//
// Thread-safe. Memory: reading words takes 3 MB, and some KB for each thread.
//
// Security: as Classifier, which see also for what counts.
#ifndef SUBROSA_SRC_STEWARD_KIND_READER_H_
#define SUBROSA_SRC_STEWARD_KIND_READER_H_

#include <memory>
#include <mutex>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/descriptor.h"
#include "src/classify/classification.h"
#include "src/classify/classifier.h"
#include "src/classify/health_record_reader.h"
#include "src/classify/pattern_reader.h"
#include "src/vault/record_row.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

class KindReader {
 public:
  // Payload types are looked up in `pool`, which must outlive it, then among
  // those linked into the program. INTERNAL if the shipped rules are damaged.
  static absl::StatusOr<std::unique_ptr<KindReader>> Create(
      const google::protobuf::DescriptorPool& pool, bool reads_health_words);

  ~KindReader();
  KindReader(const KindReader&) = delete;
  KindReader& operator=(const KindReader&) = delete;

  // Errors as Classifier::Classify.
  absl::StatusOr<RecordKinds> KindsOf(const v1::HealthRecord& record);

  // The findings behind it, by Classifier::Explain and then, if words are read,
  // by HealthRecordReader::Read; also those of a lower score than counts.
  absl::StatusOr<std::vector<Finding>> Explain(const v1::HealthRecord& record);

  // For findings on many records of one consumer together: a reader of what
  // Explain says of each, valid while this lives. Null if no words are read.
  std::unique_ptr<PatternReader> NewPatterns() const;

 private:
  struct Words;

  KindReader() = default;

  // A reader of words that nobody else uses now, and its place when it is done.
  std::unique_ptr<HealthRecordReader> Borrow();
  void GiveBack(std::unique_ptr<HealthRecordReader> reader);

  std::unique_ptr<Classifier> classifier_;
  std::unique_ptr<const Words> words_;  // Null if none are read.

  std::mutex mutex_;
  // Guarded by mutex_.
  std::vector<std::unique_ptr<HealthRecordReader>> idle_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_STEWARD_KIND_READER_H_
