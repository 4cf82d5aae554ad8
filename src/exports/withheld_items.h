// What is never handed out, not even to the consumer whom it is of: a number
// that opens an account somewhere is worth more to a thief than to its owner.
// An answer says that it is held instead. Which, the law packs say (11 CCR
// 7024(d): the contents "redacted-from-answers"); by which marks and findings
// each is known, this says.
//
// Fields are known by their marks, identifiers of FHIR by what they say they
// are (fhir_identifiers.h), all other text but codes by what a TextScanner
// finds in it, whatever its mark says: people write into fields what these are
// not for. What the scanner does not find is handed out
// (docs/classification.md has its recall).
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
#include "subrosa/v1/record.pb.h"

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

  // The same of what names `record`: its id, its origin's, the application. A
  // number that is the whole id stays: it is the entity's name for the record.
  // Returns whether anything was taken out of the id, which then tells records
  // apart no more.
  absl::StatusOr<bool> TakeOutOfNames(v1::HealthRecord* record);

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
  // A text, or a name whose digits may be anything.
  enum class TextUse : uint8_t { kText, kName };
  // Whether there was anything to take out of `text`; if so `redacted` is the
  // rest of it.
  absl::StatusOr<bool> Redact(const std::string& text, TextUse use,
                              std::string* redacted);
  absl::StatusOr<bool> RedactName(std::string* name);
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
