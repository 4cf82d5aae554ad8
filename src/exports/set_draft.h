// Records of a de-identified set as they would go out, while nobody knows yet
// whose values enough others share: they wait sealed (sealed_scratch.h), by
// type, the parts of each consumer by themselves, so that each is opened, made
// coarse and put into words once, whoever is left out in the end.
//
// They come back in whatever order of consumers is asked for, and those of one
// consumer shuffled, so that a record's place in one set says nothing of its
// place in another: by a key that is made for this draft and ends with it.
//
// Thread-compatible. Memory: 24 bytes for each consumer and type, and for each
// 64 KiB of one; some 64 KiB for each type; and some kShuffledBytes.
#ifndef SUBROSA_SRC_EXPORTS_SET_DRAFT_H_
#define SUBROSA_SRC_EXPORTS_SET_DRAFT_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/crypto/sealed_scratch.h"
#include "src/crypto/secret_key.h"

namespace subrosa {

class SetDraft {
 public:
  // So much of one consumer and type is shuffled as one. What is more is
  // divided: its parts are drawn at random, so many bytes of them at a time.
  static constexpr size_t kShuffledBytes = 4 << 20;

  // In `folder`, whose disk needs room for all of it. Errors of SealedScratch
  // and SecretKey.
  static absl::StatusOr<std::unique_ptr<SetDraft>> Create(
      const std::string& folder);

  // Puts down records of `consumer`, as the caller numbers them, and of type
  // `schema`: `text`, in the form of the set, and where in it each of them
  // ends. Consumers come in rising order. Errors of SealedScratch::Put.
  absl::Status Add(const std::string& schema, uint32_t consumer,
                   absl::Span<const uint64_t> ends, absl::string_view text);

  // Hands over the records of type `schema` of `consumers`, in their order,
  // some at a time: how many, and their text. The same whenever it is asked
  // for. Stops at the first error of `visit` and returns it; else errors of
  // SealedScratch.
  using Visitor =
      absl::FunctionRef<absl::Status(size_t records, absl::string_view text)>;
  absl::Status Visit(const std::string& schema,
                     absl::Span<const uint32_t> consumers, Visitor visit);

 private:
  struct Part {
    SealedScratch::Piece piece;  // The records, and where each of them ends.
    uint32_t consumer = 0;
    uint32_t records = 0;
  };
  // Of one type.
  struct Parts {
    std::vector<Part> sealed;
    // The next one, if it has any records.
    uint32_t consumer = 0;
    std::vector<uint64_t> ends;
    std::string text;
  };
  // Records that are shuffled as one.
  struct Window {
    std::deque<std::string> opened;  // Parts, of which the first `used` are.
    size_t used = 0;
    size_t bytes = 0;                        // Of all records.
    std::vector<absl::string_view> records;  // In the parts.
    std::string text;                        // What is handed over.
  };

  SetDraft(std::unique_ptr<SealedScratch> scratch, SecretKey order_key)
      : scratch_(std::move(scratch)), order_key_(std::move(order_key)) {}

  absl::Status PutDown(Parts* parts);
  absl::Status Open(const Part& part, Window* window) const;
  // All of `window`, which is empty after it; `place` has its own order.
  absl::Status HandOver(uint64_t place, Window* window, Visitor visit) const;
  // The numbers below `count`, in an order of their own for each `place`.
  std::vector<uint32_t> Shuffled(uint64_t place, size_t count) const;

  const std::unique_ptr<SealedScratch> scratch_;
  const SecretKey order_key_;
  std::map<std::string, Parts> parts_;  // By schema.
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_SET_DRAFT_H_
