// A CdaEntryVisitor takes a C-CDA document apart: who the patient is, the
// sections, and of each entry what classification and reading need beside its
// XML. It is the visitor of the document's XML.
//
// Thread-compatible. Its memory is reused from entry to entry.
#ifndef SUBROSA_SRC_INGEST_CDA_ENTRY_H_
#define SUBROSA_SRC_INGEST_CDA_ENTRY_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "src/ingest/cda_narrative.h"
#include "src/ingest/xml_items.h"
#include "subrosa/v1/clinical.pb.h"
#include "subrosa/v1/concept.pb.h"

namespace subrosa {

// One item of a document.
struct CdaItem {
  enum class Kind {
    kPatient,      // recordTarget: who it is about.
    kEntry,        // An entry of a section, or a fragment that is one.
    kNarrative,    // A section's text.
    kUnstructured  // A body that is no XML: a scan, a PDF.
  };

  Kind kind = Kind::kEntry;

  // Without `xml`, which is the item's bytes.
  v1::CdaEntry entry;

  // "root^extension" of the entry's own first id; empty if it has none.
  std::string id;

  // Words of the section's text that its codes refer to, as often as they do.
  // Valid until the reader goes on: they stand in the section's text.
  std::vector<absl::string_view> referred;

  // When, as the document writes it; empty if it does not say.
  std::string start;
  std::string end;
};

class CdaEntryVisitor final : public XmlVisitor {
 public:
  // What is remembered of the texts of the sections that are open, to which
  // codes may refer. What comes after is not found.
  static constexpr size_t kMaxNarrativeBytes = size_t{1} << 20;

  bool Begins(int depth, const char* name,
              const char* const* attributes) override;
  void Start(const char* name, const char* const* attributes) override;
  void End(const char* name) override;
  void Text(absl::string_view text) override;
  void Drop() override;
  void Left(const char* name) override;
  bool WantsText() const override;

  // The item that ended last.
  const CdaItem& item() const { return item_; }

  // The first id of the patient, "root^extension", that is no social security
  // number; empty in a fragment and where the document names none.
  const std::string& patient_id() const { return patient_id_; }

  // How many patients the recordTargets so far name.
  int patients() const { return patients_; }

  // Whether one of them was dropped, so that it may name more.
  bool is_patient_dropped() const { return is_patient_dropped_; }

  // The document's effectiveTime; empty if it has none.
  const std::string& document_time() const { return document_time_; }

 private:
  struct Section {
    int depth = 0;
    std::string slug = "cda:other";
    CdaNarrative narrative;
  };

  // An element of the item that is open, from the item itself on.
  struct Frame {
    std::string name;
    v1::CodedConcept* concept_of = nullptr;  // What a translation belongs to.
    v1::CodedConcept* words_of = nullptr;    // What its text are the words of.
  };

  void Reset(CdaItem::Kind kind);
  bool IsIn(absl::string_view name) const;
  // The element of the act that the entry is: its only child, or itself.
  size_t act_depth() const;
  void TakeAct(absl::string_view name, const char* const* attributes);
  void TakeId(const char* const* attributes);
  void TakeTime(absl::string_view name, const char* const* attributes);
  v1::CodedConcept* TakeCode(const char* const* attributes);
  v1::CodedConcept* TakeValue(const char* const* attributes);
  void TakeReference(const char* const* attributes);
  void TakeWords(v1::CodedConcept* target);
  size_t NarrativeRoom() const;

  CdaItem item_;
  std::vector<Section> sections_;
  std::vector<Frame> frames_;
  std::string patient_id_;
  std::string document_time_;
  std::string words_;           // Of the code that is open.
  absl::string_view referred_;  // Those that it refers to.
  int patients_ = 0;
  bool is_patient_dropped_ = false;
  int times_ = 0;       // How many effectiveTimes the item had so far.
  int time_taken_ = 0;  // Which of them, from 1, says when; 0: none yet.
  bool is_document_ = false;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_CDA_ENTRY_H_
