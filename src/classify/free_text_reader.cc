#include "src/classify/free_text_reader.h"

#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "src/base/status_macros.h"
#include "src/classify/document_prose.h"
#include "src/classify/field_walk.h"
#include "src/classify/mark_plan.h"
#include "src/classify/marks.h"

namespace subrosa {
namespace {

using google::protobuf::DescriptorPool;

// A sink of WireWalk that scans the values of free text fields.
class TextWalk {
 public:
  TextWalk(const TextScanner& scanner, TextScanner::Scratch* scratch,
           DocumentProse* prose, absl::string_view payload,
           std::vector<Finding>* findings)
      : scanner_(scanner),
        scratch_(scratch),
        prose_(*prose),
        payload_(payload),
        findings_(findings) {}

  void Message(const MarkPlan&, absl::string_view) {}
  void Field(const FieldMarkPlan& field, absl::string_view bytes) {
    paths_.Field(field);
    const auto mark = MarkOf(*field.descriptor);
    if (mark.ok() && mark->free_text()) Scan(paths_.Below(field), bytes);
  }
  void Enter(const FieldMarkPlan& field) { paths_.Enter(field); }
  void Leave() { paths_.Leave(); }
  void Code(const CodeRule&, absl::string_view) {}
  void Unmarked() {}

  const absl::Status& status() const { return status_; }

 private:
  void Scan(const std::string& path, absl::string_view text) {
    if (!status_.ok()) return;
    const bool is_document = prose_.Read(text);
    status_ = scanner_.Scan(is_document ? prose_.ScanText(text) : text,
                            scratch_, &matches_);
    const auto base = static_cast<size_t>(text.data() - payload_.data());
    for (const TextMatch& match : matches_) {
      if (is_document && prose_.IsStructure(match.span)) continue;
      Finding finding = FindingOf(match, path);
      finding.span.offset += base;
      findings_->push_back(std::move(finding));
    }
  }

  const TextScanner& scanner_;
  TextScanner::Scratch* const scratch_;
  DocumentProse& prose_;
  const absl::string_view payload_;
  std::vector<Finding>* const findings_;
  FieldPaths paths_;
  std::vector<TextMatch> matches_;
  absl::Status status_;
};

}  // namespace

class FreeTextReader::Rep {
 public:
  Rep(const TextScanner& scanner, const CodeTable& codes,
      const DescriptorPool& pool, std::unique_ptr<TextScanner::Scratch> scratch)
      : scanner_(scanner),
        codes_(codes),
        pool_(pool),
        scratch_(std::move(scratch)) {}

  absl::Status Read(const v1::HealthRecord& record,
                    std::vector<Finding>* findings) {
    SUBROSA_ASSIGN_OR_RETURN(const PayloadPlan payload_plan,
                             PlanOfPayload(record, pool_, &plans_));
    const absl::string_view payload = record.payload().value();
    const size_t before = findings->size();
    TextWalk walk(scanner_, scratch_.get(), &prose_, payload, findings);
    absl::Status status =
        WalkFields(*payload_plan.plan, payload, codes_, &walk);
    if (status.ok()) status = walk.status();
    if (!status.ok()) findings->resize(before);
    return status;
  }

 private:
  const TextScanner& scanner_;
  const CodeTable& codes_;
  const DescriptorPool& pool_;
  const std::unique_ptr<TextScanner::Scratch> scratch_;
  DocumentProse prose_;
  MarkPlans plans_;
};

absl::StatusOr<std::unique_ptr<FreeTextReader>> FreeTextReader::Create(
    const TextScanner& scanner, const CodeTable& codes,
    const DescriptorPool& pool) {
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<TextScanner::Scratch> scratch,
                           scanner.NewScratch());
  return std::unique_ptr<FreeTextReader>(new FreeTextReader(
      std::make_unique<Rep>(scanner, codes, pool, std::move(scratch))));
}

FreeTextReader::FreeTextReader(std::unique_ptr<Rep> rep)
    : rep_(std::move(rep)) {}
FreeTextReader::~FreeTextReader() = default;

absl::Status FreeTextReader::Read(const v1::HealthRecord& record,
                                  std::vector<Finding>* findings) {
  return rep_->Read(record, findings);
}

}  // namespace subrosa
