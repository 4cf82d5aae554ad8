// Bytes from strangers, as a payload in protobuf's wire format: the first byte
// says of which shipped type.
//
// What must hold: bytes that protobuf takes are classified, bytes that are
// refused are refused as INVALID_ARGUMENT by Classify and Explain alike, and
// the findings together are exactly the classification.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "src/classify/classification.h"
#include "src/classify/classifier.h"
#include "src/classify/code_table.h"
#include "src/classify/payload_types.h"

namespace subrosa {
namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

const Classifier& TheClassifier() {
  static const Classifier* const classifier =
      std::move(Classifier::Create(std::move(CodeTable::BuiltIn()).value()))
          .value()
          .release();
  return *classifier;
}

Classification Together(const std::vector<Finding>& findings) {
  Classification kinds;
  for (const Finding& finding : findings) {
    kinds.categories.Add(finding.category);
    kinds.labels |= finding.labels;
    kinds.personal.Add(finding.personal);
    kinds.sensitive.Add(finding.sensitive);
    kinds.identifiers.Add(finding.identifier);
  }
  return kinds;
}

void Run(const google::protobuf::Descriptor& type, absl::string_view wire) {
  const absl::StatusOr<Classification> kinds =
      TheClassifier().ClassifyPayload(type.full_name(), wire);
  const absl::StatusOr<std::vector<Finding>> findings =
      TheClassifier().ExplainPayload(type.full_name(), wire);
  Require(kinds.status().code() == findings.status().code());
  if (!kinds.ok()) {
    Require(absl::IsInvalidArgument(kinds.status()));
    return;
  }
  Classification without_unmarked = *kinds;
  without_unmarked.has_unmarked = false;
  Require(Together(*findings) == without_unmarked);
}

}  // namespace
}  // namespace subrosa

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const auto types = subrosa::ShippedPayloads();
  subrosa::Run(
      *types[data[0] % types.size()],
      absl::string_view(reinterpret_cast<const char*>(data) + 1, size - 1));
  return 0;
}
