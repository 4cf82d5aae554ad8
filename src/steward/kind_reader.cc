#include "src/steward/kind_reader.h"

#include <utility>

#include "src/base/status_macros.h"
#include "src/classify/code_table.h"
#include "src/classify/facility_list.h"
#include "src/classify/health_reader.h"
#include "src/classify/inference_reader.h"

namespace subrosa {

// What readers of words share.
struct KindReader::Words {
  Words(HealthReader reader, CodeTable table,
        const google::protobuf::DescriptorPool& types)
      : health(std::move(reader)), codes(std::move(table)), pool(types) {}

  const HealthReader health;
  const CodeTable codes;
  const google::protobuf::DescriptorPool& pool;
  std::unique_ptr<const InferenceReader> inference;
};

absl::StatusOr<std::unique_ptr<KindReader>> KindReader::Create(
    const google::protobuf::DescriptorPool& pool, bool reads_health_words) {
  auto made = std::unique_ptr<KindReader>(new KindReader());
  SUBROSA_ASSIGN_OR_RETURN(CodeTable codes, CodeTable::BuiltIn());
  SUBROSA_ASSIGN_OR_RETURN(made->classifier_,
                           Classifier::Create(std::move(codes), pool));
  if (!reads_health_words) return made;
  SUBROSA_ASSIGN_OR_RETURN(HealthReader health, HealthReader::Create());
  SUBROSA_ASSIGN_OR_RETURN(CodeTable text_codes, CodeTable::BuiltIn());
  auto words =
      std::make_unique<Words>(std::move(health), std::move(text_codes), pool);
  SUBROSA_ASSIGN_OR_RETURN(
      InferenceReader inference,
      InferenceReader::Create(words->health, FacilityList()));
  words->inference =
      std::make_unique<const InferenceReader>(std::move(inference));
  made->words_ = std::move(words);
  return made;
}

KindReader::~KindReader() = default;

std::unique_ptr<HealthRecordReader> KindReader::Borrow() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!idle_.empty()) {
      auto reader = std::move(idle_.back());
      idle_.pop_back();
      return reader;
    }
  }
  return std::make_unique<HealthRecordReader>(
      words_->health, *words_->inference, words_->codes, words_->pool);
}

void KindReader::GiveBack(std::unique_ptr<HealthRecordReader> reader) {
  const std::lock_guard<std::mutex> lock(mutex_);
  idle_.push_back(std::move(reader));
}

std::unique_ptr<PatternReader> KindReader::NewPatterns() const {
  return words_ == nullptr
             ? nullptr
             : std::make_unique<PatternReader>(words_->inference->rules());
}

absl::StatusOr<RecordKinds> KindReader::KindsOf(
    const v1::HealthRecord& record) {
  SUBROSA_ASSIGN_OR_RETURN(const Classification sure,
                           classifier_->Classify(record));
  RecordKinds kinds;
  kinds.categories = sure.categories.bits();
  kinds.labels = sure.labels.bits();
  if (words_ == nullptr) return kinds;
  std::unique_ptr<HealthRecordReader> reader = Borrow();
  const absl::StatusOr<ToldKinds> told = reader->Tell(record);
  GiveBack(std::move(reader));
  SUBROSA_RETURN_IF_ERROR(told.status());
  kinds.labels |= told->labels.bits();
  kinds.categories |= told->categories.bits();
  const uint32_t alone = told->categories.bits() & ~sure.categories.bits();
  const uint32_t of_others = alone & ~told->of_consumer.bits();
  kinds.told = alone | of_others << kOfOthers;
  return kinds;
}

absl::StatusOr<std::vector<Finding>> KindReader::Explain(
    const v1::HealthRecord& record) {
  SUBROSA_ASSIGN_OR_RETURN(std::vector<Finding> findings,
                           classifier_->Explain(record));
  if (words_ == nullptr) return findings;
  std::unique_ptr<HealthRecordReader> reader = Borrow();
  const absl::Status read = reader->Read(record, &findings);
  GiveBack(std::move(reader));
  SUBROSA_RETURN_IF_ERROR(read);
  return findings;
}

}  // namespace subrosa
