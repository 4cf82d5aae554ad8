#include "src/exports/copy_archive.h"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "src/base/clock.h"
#include "src/base/status_macros.h"
#include "src/exports/copy_collect.h"
#include "src/exports/copy_page.h"
#include "src/exports/copy_survey.h"
#include "src/exports/fhir_bundle.h"
#include "src/exports/fhir_entry.h"
#include "src/exports/instant_text.h"
#include "src/exports/name_uuid.h"
#include "src/exports/open_mhealth_point.h"
#include "src/exports/payload_text.h"
#include "src/exports/record_pipe.h"
#include "src/exports/record_text.h"
#include "src/vault/consumer_snapshot.h"
#include "src/vault/record_row.h"
#include "src/vault/vault.h"

namespace subrosa {
namespace {

using ::google::protobuf::Message;

// Lines go on in pieces of this size.
constexpr size_t kPieceBytes = 64 << 10;

// One copy while it is written.
class CopyJob {
 public:
  CopyJob(Steward& steward, const CopyTerms& terms,
          const ConsumerSnapshot& snapshot, WithheldItems& withheld)
      : steward_(steward),
        terms_(terms),
        snapshot_(snapshot),
        withheld_(withheld) {}

  // Finds out of which types there are records in the range, by what rests in
  // clear: nothing is opened for it. It is read after the snapshot was taken,
  // so that no type of it is missed; one that came since has empty files.
  absl::Status FindTypes(absl::string_view consumer) {
    // The snapshot is as of the first thing that is read of it.
    const absl::Status first = snapshot_.Scan(
        /*schema=*/"", [](const v1::HealthRecord&, const RowFacts&) {
          return absl::CancelledError("the first is enough");
        });
    if (!first.ok() && !absl::IsCancelled(first)) return first;
    SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Vault> vault,
                             steward_.OpenUngatedVault());
    std::map<std::string, int64_t> outside;
    SUBROSA_RETURN_IF_ERROR(vault->VisitFactsOf(
        consumer, [&](const RecordRow& row) -> absl::Status {
          if (survey_.Has(row.facts.schema)) return absl::OkStatus();
          if (!terms_.range.Has(row.facts.effective_day)) {
            ++outside[row.facts.schema];
            return absl::OkStatus();
          }
          const auto* const type = steward_.types().Find(row.facts.schema);
          if (type == nullptr) {
            return absl::FailedPreconditionError(
                absl::StrCat("payload: want a message type that is described, "
                             "got ",
                             row.facts.schema));
          }
          survey_.AddType(*type, row.facts);
          return absl::OkStatus();
        }));
    // Of other types those outside are counted as they are met.
    for (const auto& [schema, count] : outside) {
      if (!survey_.Has(schema)) outside_range_ += count;
    }
    return absl::OkStatus();
  }

  int64_t outside_range() const { return outside_range_; }

  // Of what was written as lines.
  CopySurvey& survey() { return survey_; }
  const std::vector<WithheldItem>& withheld() const {
    return counted_.empty() ? withheld_.items() : counted_;
  }

  // Also surveys the records, and counts what is withheld of them: they need
  // not be read once more for that.
  absl::Status WriteNdjson(const SurveyedType& type, ByteSink* out) {
    // A tar asks for the lines twice.
    const bool is_first = surveyed_.insert(type.schema).second;
    counts_outside_ = is_first;
    const absl::Status written = WriteLines(
        type, out,
        [&](const v1::HealthRecord& record, const RowFacts& row,
            const Message& payload, std::string* lines) -> absl::Status {
          if (is_first) survey_.Add(record, row, payload);
          SUBROSA_RETURN_IF_ERROR(json_.Append(record, row, payload, lines));
          lines->push_back('\n');
          return absl::OkStatus();
        });
    counts_outside_ = false;
    if (is_first) AddWithheld();
    return written;
  }

  absl::Status WriteTable(const SurveyedType& type, ByteSink* out) {
    const RecordTable table(*type.descriptor);
    std::string head;
    table.AppendHead(&head);
    SUBROSA_RETURN_IF_ERROR(out->Append(head));
    return WriteLines(
        type, out,
        [&table](const v1::HealthRecord& record, const RowFacts& row,
                 const Message& payload, std::string* lines) {
          return table.AppendRow(record, row, payload, lines);
        });
  }

  // The records that FHIR has a form for, as a Bundle about `subject`.
  absl::Status WriteFhir(absl::string_view subject, ByteSink* out) {
    std::string lines;
    FhirBundleWriter bundle(subject, terms_.made_at,
                            [&](absl::string_view bytes) -> absl::Status {
                              lines.append(bytes.data(), bytes.size());
                              if (lines.size() < kPieceBytes) {
                                return absl::OkStatus();
                              }
                              const absl::Status taken = out->Append(lines);
                              lines.clear();
                              return taken;
                            });
    SUBROSA_RETURN_IF_ERROR(bundle.Start());
    for (const SurveyedType* type : survey_.types()) {
      if (!HasFhirForm(*type->descriptor)) continue;
      SUBROSA_RETURN_IF_ERROR(
          Visit(*type, [&](const v1::HealthRecord& record, const RowFacts&,
                           const Message& payload) {
            return bundle.Add(record, payload).status();
          }));
    }
    SUBROSA_RETURN_IF_ERROR(bundle.Finish());
    return out->Append(lines);
  }

  // The records that Open mHealth has a form for, a data point a line.
  absl::Status WriteOpenMHealth(absl::string_view subject, ByteSink* out) {
    for (const SurveyedType* type : survey_.types()) {
      if (!HasOpenMHealthForm(*type->descriptor)) continue;
      SUBROSA_RETURN_IF_ERROR(WriteLines(
          *type, out,
          [subject](const v1::HealthRecord& record, const RowFacts&,
                    const Message& payload, std::string* lines) {
            if (AppendOpenMHealthPoint(subject, record, payload, lines)) {
              lines->push_back('\n');
            }
            return absl::OkStatus();
          }));
    }
    return absl::OkStatus();
  }

 private:
  using UseRecord = absl::FunctionRef<absl::Status(
      const v1::HealthRecord&, const RowFacts&, const Message&)>;
  using AppendLine =
      absl::FunctionRef<absl::Status(const v1::HealthRecord&, const RowFacts&,
                                     const Message&, std::string* lines)>;

  // Adds what the last walk withheld.
  void AddWithheld() {
    if (counted_.empty()) {
      counted_ = withheld_.items();
      return;
    }
    for (size_t i = 0; i < counted_.size(); ++i) {
      counted_[i].times += withheld_.items()[i].times;
    }
  }

  absl::StatusOr<std::unique_ptr<Message>> PayloadOf(
      const v1::HealthRecord& record) {
    SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<Message> payload,
                             ParsePayload(record, steward_.types()));
    SUBROSA_RETURN_IF_ERROR(withheld_.TakeOut(payload.get()));
    return payload;
  }

  // Hands each record of `type` in the range to `use`, without what is
  // withheld. They are read and opened in a thread of their own.
  absl::Status Visit(const SurveyedType& type, UseRecord use) {
    withheld_.Reset();
    return PipeRecords(
        [&](GivePiped give) {
          return snapshot_.Scan(
              type.schema,
              [&](const v1::HealthRecord& record,
                  const RowFacts& row) -> absl::Status {
                if (!terms_.range.Has(DayOf(WhenOf(record)))) {
                  if (counts_outside_) ++outside_range_;
                  return absl::OkStatus();
                }
                PipedRecord piped{record, row, nullptr};
                SUBROSA_ASSIGN_OR_RETURN(piped.payload, PayloadOf(record));
                return give(std::move(piped));
              });
        },
        [&](const PipedRecord& piped) {
          if (++written_ % 1024 == 0 && terms_.on_progress != nullptr) {
            terms_.on_progress(written_);
          }
          return use(piped.record, piped.facts, *piped.payload);
        });
  }

  absl::Status WriteLines(const SurveyedType& type, ByteSink* out,
                          AppendLine append) {
    std::string lines;
    SUBROSA_RETURN_IF_ERROR(
        Visit(type,
              [&](const v1::HealthRecord& record, const RowFacts& row,
                  const Message& payload) -> absl::Status {
                SUBROSA_RETURN_IF_ERROR(append(record, row, payload, &lines));
                if (lines.size() < kPieceBytes) return absl::OkStatus();
                SUBROSA_RETURN_IF_ERROR(out->Append(lines));
                lines.clear();
                return absl::OkStatus();
              }));
    return out->Append(lines);
  }

  Steward& steward_;
  const CopyTerms& terms_;
  const ConsumerSnapshot& snapshot_;
  WithheldItems& withheld_;
  CopySurvey survey_;
  std::set<std::string> surveyed_;  // Types.
  std::vector<WithheldItem> counted_;
  bool counts_outside_ = false;
  int64_t outside_range_ = 0;
  RecordJson json_;
  int64_t written_ = 0;
};

constexpr char kFhirFile[] = "fhir-bundle.json";
constexpr char kOpenMHealthFile[] = "open-mhealth.ndjson";

// Whether some of the records may have a form that `has_form` knows.
bool Has(const CopySurvey& survey,
         bool (*has_form)(const google::protobuf::Descriptor& type)) {
  for (const SurveyedType* type : survey.types()) {
    if (has_form(*type->descriptor)) return true;
  }
  return false;
}

std::string NameOf(const SurveyedType& type, absl::string_view extension) {
  return absl::StrCat("records/", type.stem, extension);
}

std::vector<CopyFile> FilesOf(const CopySurvey& survey,
                              const std::vector<CopyDocument>& documents) {
  std::vector<CopyFile> files;
  for (const SurveyedType* type : survey.types()) {
    files.push_back({NameOf(*type, ".csv"),
                     absl::StrCat(type->title, ": a table for a spreadsheet")});
    files.push_back({NameOf(*type, ".ndjson"),
                     absl::StrCat(type->title, ": for another service")});
  }
  for (const CopyDocument& document : documents) {
    files.push_back({document.name, document.words});
  }
  if (Has(survey, HasFhirForm)) {
    files.push_back({kFhirFile,
                     "what has medical codes, as HL7 FHIR R4, for a care "
                     "provider"});
  }
  if (Has(survey, HasOpenMHealthForm)) {
    files.push_back({kOpenMHealthFile,
                     "what devices measured, as Open mHealth data points"});
  }
  files.push_back({"MANIFEST.txt", "the list of files, signed"});
  return files;
}

// docs/formats/copy.md. Lines of digests are what sha256sum reads.
std::string ManifestText(const CopyFacts& facts,
                         const std::vector<ArchiveMember>& members) {
  std::string text = absl::StrCat("subrosa copy v1\nentity ", facts.entity,
                                  "\nsealed to ", facts.sealed_to, "\nmade at ",
                                  InstantText(facts.made_at), "\n");
  for (const ArchiveMember& member : members) {
    absl::StrAppend(&text, absl::BytesToHexString(member.sha256), "  ",
                    member.name, "\n");
  }
  return text;
}

absl::Status AddDocument(absl::string_view name, absl::string_view text,
                         ArchiveWriter* archive) {
  return archive->Add(name,
                      [text](ByteSink* out) { return out->Append(text); });
}

absl::Status AddAll(CopyJob& job, const std::vector<CopyDocument>& documents,
                    CopyFacts* facts, ArchiveWriter* archive) {
  const std::vector<const SurveyedType*> types = job.survey().types();
  for (const SurveyedType* type : types) {
    SUBROSA_RETURN_IF_ERROR(archive->Add(
        NameOf(*type, ".ndjson"),
        [&](ByteSink* out) { return job.WriteNdjson(*type, out); }));
    SUBROSA_RETURN_IF_ERROR(archive->Add(
        NameOf(*type, ".csv"),
        [&](ByteSink* out) { return job.WriteTable(*type, out); }));
  }
  for (const CopyDocument& document : documents) {
    SUBROSA_RETURN_IF_ERROR(AddDocument(document.name, document.text, archive));
  }
  if (Has(job.survey(), HasFhirForm)) {
    SUBROSA_RETURN_IF_ERROR(archive->Add(kFhirFile, [&](ByteSink* out) {
      return job.WriteFhir(facts->subject, out);
    }));
  }
  if (Has(job.survey(), HasOpenMHealthForm)) {
    SUBROSA_RETURN_IF_ERROR(archive->Add(kOpenMHealthFile, [&](ByteSink* out) {
      return job.WriteOpenMHealth(facts->subject, out);
    }));
  }
  // Last, since what it tells was gathered on the way.
  facts->withheld = job.withheld();
  facts->outside_range = job.outside_range();
  return AddDocument(
      "index.html",
      CopyPage(*facts, job.survey(), FilesOf(job.survey(), documents)),
      archive);
}

}  // namespace

absl::StatusOr<CopyArchive> WriteCopyArchive(Steward& steward,
                                             absl::string_view consumer,
                                             const CopyTerms& terms,
                                             ByteSink* out) {
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<WithheldItems> withheld,
                           WithheldItems::Create(steward.gate().law()));
  CopyFacts facts;
  facts.entity = steward.entity();
  facts.consumer = std::string(consumer);
  facts.sealed_to = terms.sealed_to;
  facts.made_at = terms.made_at;
  facts.range = terms.range;
  // In the place of a recipient's slug, so that no recipient has this name.
  SUBROSA_ASSIGN_OR_RETURN(
      const std::string subject,
      steward.PseudonymOf(consumer, "consumer's copies", "subject"));
  facts.subject = NameUuid({subject});
  std::vector<CopyDocument> documents;
  SUBROSA_RETURN_IF_ERROR(
      CollectCopyFacts(steward, consumer, &facts, &documents));
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<ArchiveWriter> archive,
      ArchiveWriter::Create(terms.form, terms.made_at, out));
  CopyArchive copy;
  SUBROSA_RETURN_IF_ERROR(steward.ReadForConsumer(
      consumer, [&](const ConsumerSnapshot& snapshot) -> absl::Status {
        CopyJob job(steward, terms, snapshot, *withheld);
        SUBROSA_RETURN_IF_ERROR(job.FindTypes(consumer));
        SUBROSA_RETURN_IF_ERROR(AddAll(job, documents, &facts, archive.get()));
        copy.records = job.survey().records();
        return absl::OkStatus();
      }));
  SUBROSA_ASSIGN_OR_RETURN(
      const std::string manifest,
      steward.SignExport(ManifestText(facts, archive->members())));
  SUBROSA_RETURN_IF_ERROR(AddDocument("MANIFEST.txt", manifest, archive.get()));
  SUBROSA_RETURN_IF_ERROR(archive->Finish());
  copy.outside_range = facts.outside_range;
  copy.withheld = facts.withheld;
  copy.members = archive->members();
  return copy;
}

}  // namespace subrosa
