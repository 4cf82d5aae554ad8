// What is never handed out, not even to the consumer whom it is of: a number
// that opens an account somewhere is worth more to a thief than to its owner.
// An answer says that it is held instead. Which, the law packs say (11 CCR
// 7024(d): the contents "redacted-from-answers"); by which marks and findings
// each is known, this says.
//
// Fields are known by their marks, identifiers of FHIR by what they say they
// are (fhir_identifiers.h), free text by what a TextScanner finds in it;
// what that does not find is handed out (docs/classification.md has its
// recall).
//
// Thread-compatible.
#ifndef SUBROSA_SRC_EXPORTS_WITHHELD_ITEMS_H_
#define SUBROSA_SRC_EXPORTS_WITHHELD_ITEMS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "src/classify/text_scanner.h"
#include "src/law/law_book.h"
#include "subrosa/v1/annotations.pb.h"

namespace subrosa {

// One of them, and how often it was withheld.
struct WithheldItem {
  std::string key;   // "ssn".
  std::string text;  // "social security number".
  std::string rule;  // The rule of the packs that says so: "PACK/RULE".
  std::string citation;
  int64_t times = 0;
};

class WithheldItems {
 public:
  // The items of `law`. FAILED_PRECONDITION if a pack names one that is not
  // known here: nobody would find it.
  static absl::StatusOr<std::unique_ptr<WithheldItems>> Create(
      const LawBook& law);

  // Another for another thread, with the same items and none counted.
  absl::StatusOr<std::unique_ptr<WithheldItems>> Fork() const;

  // Takes them out of `payload`, and counts them: a text then says what stood
  // there, any other value is cleared.
  absl::Status TakeOut(google::protobuf::Message* payload);

  // All, in the packs' order.
  const std::vector<WithheldItem>& items() const { return items_; }

  // Adds what `fork` counted.
  void AddCounts(const WithheldItems& fork);

 private:
  // What a field asks for.
  enum class Handling : uint8_t { kLeave, kScan, kTakeOut };
  struct FieldPlan {
    Handling handling = Handling::kLeave;
    size_t item = 0;
  };

  WithheldItems() = default;
  // By its number; -1 if the mark names none.
  int ItemOf(const v1::FieldMark& mark) const;
  FieldPlan PlanOf(const google::protobuf::FieldDescriptor& field);
  // Whether there was anything to take out of `text`; if so `redacted` is the
  // rest of it.
  absl::StatusOr<bool> Redact(const std::string& text, std::string* redacted);
  // The same of numbers among the identifiers of a resource of FHIR.
  bool RedactFhir(const std::string& json, std::string* rest);
  absl::Status TakeOutOf(google::protobuf::Message* message);
  std::string Note(size_t item) const;

  std::vector<WithheldItem> items_;
  std::vector<int> item_of_identifier_;  // By IdentifierKind; -1: none.
  std::vector<int> item_of_rule_;        // By index into TextRules(); -1: none.
  absl::flat_hash_map<const google::protobuf::FieldDescriptor*, FieldPlan>
      plans_;
  std::shared_ptr<const TextScanner> scanner_;  // Of all forks.
  std::unique_ptr<TextScanner::Scratch> scratch_;
  std::vector<TextMatch> matches_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_WITHHELD_ITEMS_H_
