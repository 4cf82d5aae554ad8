#include "src/classify/free_text_reader.h"

#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "src/base/status_macros.h"
#include "src/classify/mark_plan.h"
#include "src/classify/marks.h"
#include "src/classify/wire_walk.h"

namespace subrosa {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;

constexpr int kMaxDepth = 100;  // As Classifier::kMaxDepth.

// A sink of WireWalk that scans the values of free text fields.
class TextWalk {
 public:
  TextWalk(const TextScanner& scanner, TextScanner::Scratch* scratch,
           absl::string_view payload, std::vector<Finding>* findings)
      : scanner_(scanner),
        scratch_(scratch),
        payload_(payload),
        findings_(findings) {
    frames_.push_back({"payload", {}});
  }

  void Message(const MarkPlan&, absl::string_view) {}
  void Field(const FieldMarkPlan& field, absl::string_view bytes) {
    if (field.descriptor->is_repeated()) ++frames_.back().elements[&field];
    const auto mark = MarkOf(*field.descriptor);
    if (mark.ok() && mark->free_text()) Scan(PathBelow(field), bytes);
  }
  void Enter(const FieldMarkPlan& field) {
    frames_.push_back({PathBelow(field), {}});
  }
  void Leave() { frames_.pop_back(); }
  void Code(const CodeRule&, absl::string_view) {}
  void Unmarked() {}

  const absl::Status& status() const { return status_; }

 private:
  struct Frame {
    std::string path;
    absl::flat_hash_map<const FieldMarkPlan*, int> elements;
  };

  std::string PathBelow(const FieldMarkPlan& field) const {
    const Frame& here = frames_.back();
    std::string path = absl::StrCat(here.path, ".", field.descriptor->name());
    if (!field.descriptor->is_repeated()) return path;
    const auto element = here.elements.find(&field);
    const int last = element == here.elements.end() ? 0 : element->second - 1;
    return absl::StrCat(path, "[", last, "]");
  }

  void Scan(const std::string& path, absl::string_view text) {
    if (!status_.ok()) return;
    status_ = scanner_.Scan(text, scratch_, &matches_);
    const auto base = static_cast<size_t>(text.data() - payload_.data());
    for (const TextMatch& match : matches_) {
      Finding finding = FindingOf(match, path);
      finding.span.offset += base;
      findings_->push_back(std::move(finding));
    }
  }

  const TextScanner& scanner_;
  TextScanner::Scratch* const scratch_;
  const absl::string_view payload_;
  std::vector<Finding>* const findings_;
  std::vector<Frame> frames_;
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
    const std::string& url = record.payload().type_url();
    const std::string name = url.substr(url.rfind('/') + 1);
    const Descriptor* type = pool_.FindMessageTypeByName(name);
    if (type == nullptr) {
      type = DescriptorPool::generated_pool()->FindMessageTypeByName(name);
    }
    if (type == nullptr) {
      return absl::InvalidArgumentError(
          "payload: want a message type known here, got another");
    }
    SUBROSA_ASSIGN_OR_RETURN(const MarkPlan* plan, plans_.Get(*type));
    const absl::string_view payload = record.payload().value();
    const size_t before = findings->size();
    TextWalk walk(scanner_, scratch_.get(), payload, findings);
    WalkContext context;
    context.codes = &codes_;
    const WalkEnd end =
        WireWalk<TextWalk>(&context, &walk).Run(*plan, payload, kMaxDepth);
    absl::Status status = walk.status();
    if (end != WalkEnd::kDone) {
      status = absl::InvalidArgumentError(absl::StrCat(
          "payload: want well-formed protobuf nested at most ", kMaxDepth,
          " deep, got ", payload.size(), " bytes that are not"));
    }
    if (!status.ok()) findings->resize(before);
    return status;
  }

 private:
  const TextScanner& scanner_;
  const CodeTable& codes_;
  const DescriptorPool& pool_;
  const std::unique_ptr<TextScanner::Scratch> scratch_;
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
