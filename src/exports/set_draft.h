// Records of a de-identified set as they would go out, while nobody knows yet
// whose values enough others share: they wait sealed (sealed_scratch.h), by
// type, each part under the number of its consumer, so that each is opened,
// made coarse and read through once, whoever is left out in the end.
//
// Thread-compatible. Memory: some 256 KiB for each type, and 16 bytes for each
// 256 KiB that wait.
#ifndef SUBROSA_SRC_EXPORTS_SET_DRAFT_H_
#define SUBROSA_SRC_EXPORTS_SET_DRAFT_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/crypto/sealed_scratch.h"

namespace subrosa {

class SetDraft {
 public:
  struct Part {
    uint32_t consumer = 0;   // As the caller numbers them.
    uint32_t records = 0;    // How many stand in `text`.
    absl::string_view text;  // In the form of the set.
  };

  // In `folder`, whose disk needs room for all of it. Errors of SealedScratch.
  static absl::StatusOr<std::unique_ptr<SetDraft>> Create(
      const std::string& folder);

  // Puts down records of type `schema`. Errors of SealedScratch::Put.
  absl::Status Add(const std::string& schema, const Part& part);

  // Hands over the parts of `schema` in the order in which they came. Stops at
  // the first error of `visit` and returns it; else errors of SealedScratch.
  absl::Status Visit(const std::string& schema,
                     absl::FunctionRef<absl::Status(const Part& part)> visit);

 private:
  // Of one type.
  struct Parts {
    std::vector<SealedScratch::Piece> pieces;
    std::string waiting;  // The next piece.
  };

  explicit SetDraft(std::unique_ptr<SealedScratch> scratch)
      : scratch_(std::move(scratch)) {}

  absl::Status PutDown(Parts* parts);

  const std::unique_ptr<SealedScratch> scratch_;
  std::map<std::string, Parts> parts_;  // By schema.
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_SET_DRAFT_H_
