// A HealthRecordReader finds in a record what its marks and codes do not say:
// health language in those fields that are marked `free_text`, and what may be
// inferred from those that are about a person and no health data by themselves
// (InferenceReader). It is apart from Classifier, which reads no text: whoever
// wants both joins the findings.
//
// Thread-compatible: it keeps plans and room for reading.
//
// Security: findings hold no text.
//
// Example:
//   HealthRecordReader reader(health, inference, codes, pool);
//   SUBROSA_RETURN_IF_ERROR(reader.Read(record, &findings));
#ifndef SUBROSA_SRC_CLASSIFY_HEALTH_RECORD_READER_H_
#define SUBROSA_SRC_CLASSIFY_HEALTH_RECORD_READER_H_

#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/descriptor.h"
#include "src/classify/classification.h"
#include "src/classify/code_table.h"
#include "src/classify/document_prose.h"
#include "src/classify/health_reader.h"
#include "src/classify/inference_reader.h"
#include "src/classify/inference_rules.h"
#include "src/classify/mark_plan.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

// What words in free text and inferences say that a record is.
struct ToldKinds {
  // What scores less does not count.
  static constexpr double kMinScore = 0.5;

  CategorySet categories;
  LabelSet labels;
  // Of the categories, those that are said of the consumer: by a word for the
  // one who writes, or with nobody named; in what others write of the consumer,
  // also of "him", "the client" and "the patient". Others write what the
  // consumer did not give (`collection`), and documents of care, whose type has
  // a field with the role RESOURCE_TYPE. What is inferred is the consumer's.
  CategorySet of_consumer;
};

class HealthRecordReader {
 public:
  // All of them must outlive it. Payload types are looked up in `pool`, then
  // among those linked into the program, as Classifier does.
  HealthRecordReader(const HealthReader& health,
                     const InferenceReader& inference, const CodeTable& codes,
                     const google::protobuf::DescriptorPool& pool);

  // Appends findings: of basis kLanguage for each mention in the payload's free
  // text, or in the prose of what is a document (document_prose.h), and of
  // basis kInference for
  //   - fields whose name makes them a signal (inference_rules.tsv), if they
  //     are strings marked with a category of personal information, or as a web
  //     address;
  //   - `latitude` and `longitude` side by side, marked as a precise location;
  //   - the type of the record;
  //   - the hour, where the consumer's offset from UTC is known and the type is
  //     one of network activity.
  // Spans lie in the payload's wire form. Of whose health a mention is, is told
  // as ToldKinds has it: `self` for the consumer.
  //
  // INVALID_ARGUMENT as Classifier::Explain; nothing is appended then.
  absl::Status Read(const v1::HealthRecord& record,
                    std::vector<Finding>* findings);

  // The same findings as kinds, in less time. Errors as Read.
  absl::StatusOr<ToldKinds> Tell(const v1::HealthRecord& record);

 private:
  template <typename Output>
  class Walk;

  // What a field is read as.
  struct FieldUse {
    enum What { kNothing, kText, kSignal, kLatitude, kLongitude };
    What what = kNothing;
    SignalKind signal = SignalKind::kContent;  // Of kSignal.
  };

  FieldUse NewUse(const google::protobuf::FieldDescriptor& field) const;
  FieldUse UseOf(const FieldMarkPlan& field);
  template <typename Output>
  absl::Status ReadInto(const v1::HealthRecord& record, Output* output);

  const HealthReader& health_;
  const InferenceReader& inference_;
  const CodeTable& codes_;
  const google::protobuf::DescriptorPool& pool_;
  MarkPlans plans_;
  absl::flat_hash_map<const FieldMarkPlan*, FieldUse> uses_;  // Of plans_.
  HealthReader::Scratch scratch_;
  std::vector<HealthMention> mentions_;
  DocumentProse prose_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_HEALTH_RECORD_READER_H_
