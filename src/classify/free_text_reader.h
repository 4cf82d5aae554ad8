// A FreeTextReader finds identifiers in those fields of a record that are
// marked `free_text`. It is apart from Classifier, which takes a microsecond a
// record and reads no text: whoever wants both joins the findings.
//
// A field that holds a document (document_prose.h) is read as it stands, so
// that names of members tell what stands beside them; what stands in its
// structure, such as the address of a code system, is no finding.
//
// Thread-compatible: it keeps plans and a scanner's scratch.
//
// Security: findings hold no text. The scratch holds the last text read, until
// the next.
//
// Example:
//   SUBROSA_ASSIGN_OR_RETURN(auto reader,
//                            FreeTextReader::Create(*scanner, codes, pool));
//   SUBROSA_RETURN_IF_ERROR(reader->Read(record, &findings));
#ifndef SUBROSA_SRC_CLASSIFY_FREE_TEXT_READER_H_
#define SUBROSA_SRC_CLASSIFY_FREE_TEXT_READER_H_

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/descriptor.h"
#include "src/classify/classification.h"
#include "src/classify/code_table.h"
#include "src/classify/text_scanner.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

class FreeTextReader {
 public:
  // All of them must outlive it. Payload types are looked up in `pool`, then
  // among those linked into the program, as Classifier does. Errors as
  // TextScanner::NewScratch.
  static absl::StatusOr<std::unique_ptr<FreeTextReader>> Create(
      const TextScanner& scanner, const CodeTable& codes,
      const google::protobuf::DescriptorPool& pool);

  ~FreeTextReader();
  FreeTextReader(const FreeTextReader&) = delete;
  FreeTextReader& operator=(const FreeTextReader&) = delete;

  // Appends a finding for each identifier in the payload's free text, in the
  // order of the bytes: field path, and span in the payload's wire form.
  //
  // INVALID_ARGUMENT as Classifier::Explain; INTERNAL as TextScanner::Scan.
  // Nothing is appended then.
  absl::Status Read(const v1::HealthRecord& record,
                    std::vector<Finding>* findings);

 private:
  class Rep;
  explicit FreeTextReader(std::unique_ptr<Rep> rep);

  std::unique_ptr<Rep> rep_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_FREE_TEXT_READER_H_
