#include "src/exports/copy_archive.h"

#include <cstddef>
#include <map>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "src/base/on_all_processors.h"
#include "src/base/status_macros.h"
#include "src/base/task_pool.h"
#include "src/exports/copy_batch.h"
#include "src/exports/copy_collect.h"
#include "src/exports/copy_facts.h"
#include "src/exports/copy_page.h"
#include "src/exports/copy_survey.h"
#include "src/exports/fhir_bundle.h"
#include "src/exports/fhir_entry.h"
#include "src/exports/instant_text.h"
#include "src/exports/manifest.h"
#include "src/exports/name_uuid.h"
#include "src/exports/open_mhealth_point.h"
#include "src/exports/packed_member.h"
#include "src/exports/record_pipe.h"
#include "src/exports/record_text.h"
#include "src/vault/record_row.h"

namespace subrosa {
namespace {

using ::google::protobuf::Descriptor;

constexpr char kFhirFile[] = "fhir-bundle.json";
constexpr char kOpenMHealthFile[] = "open-mhealth.ndjson";

std::string NameOf(const SurveyedType& type, absl::string_view extension) {
  return absl::StrCat("records/", type.stem, extension);
}

// One copy while it is written.
class CopyJob {
 public:
  CopyJob(Steward& steward, const CopyTerms& terms, const CopyFacts& facts,
          TaskPool* pool, ArchiveWriter* archive)
      : steward_(steward),
        terms_(terms),
        facts_(facts),
        pool_(pool),
        archive_(archive) {}

  // Reads the records of `consumer` and fills their files.
  absl::Status Fill(absl::string_view consumer, WithheldItems* withheld) {
    std::vector<std::unique_ptr<CopyFormatter>> formatters(pool_->workers());
    for (std::unique_ptr<CopyFormatter>& formatter : formatters) {
      SUBROSA_ASSIGN_OR_RETURN(
          formatter,
          CopyFormatter::Create(steward_.types(), *withheld, facts_.subject));
    }
    const auto read = [&](GivePiped give) {
      return steward_.ScanForConsumer(
          consumer,
          [&](const v1::HealthRecord& record,
              const RowFacts& facts) -> absl::Status {
            if (terms_.range.Has(record)) {
              return give(record, facts);
            }
            ++outside_range_;
            return absl::OkStatus();
          });
    };
    SUBROSA_RETURN_IF_ERROR(PipeRecords(
        pool_, read,
        [&](size_t worker, CopyBatch* batch) {
          return formatters[worker]->Format(batch);
        },
        [this](const CopyBatch& batch) { return Take(batch); }));
    for (const std::unique_ptr<CopyFormatter>& formatter : formatters) {
      withheld->AddCounts(formatter->withheld());
    }
    return bundle_ == nullptr ? absl::OkStatus() : bundle_->Finish();
  }

  // Adds what Fill filled.
  absl::Status AddRecords() {
    for (const SurveyedType* type : survey_.types()) {
      TypeFiles& files = files_.at(type->descriptor);
      SUBROSA_RETURN_IF_ERROR(
          archive_->Add(NameOf(*type, ".ndjson"), files.ndjson.get()));
      SUBROSA_RETURN_IF_ERROR(
          archive_->Add(NameOf(*type, ".csv"), files.csv.get()));
    }
    return absl::OkStatus();
  }
  absl::Status AddForms() {
    if (fhir_ != nullptr) {
      SUBROSA_RETURN_IF_ERROR(archive_->Add(kFhirFile, fhir_.get()));
    }
    if (open_mhealth_ != nullptr) {
      SUBROSA_RETURN_IF_ERROR(
          archive_->Add(kOpenMHealthFile, open_mhealth_.get()));
    }
    return absl::OkStatus();
  }

  int64_t outside_range() const { return outside_range_; }
  const CopySurvey& survey() const { return survey_; }

 private:
  // The two files of one type, while they are filled.
  struct TypeFiles {
    std::unique_ptr<PackedMember> ndjson;
    std::unique_ptr<PackedMember> csv;
  };

  absl::Status Take(const CopyBatch& batch) {
    for (size_t i = 0; i < batch.size; ++i) {
      const CopyBatch::Record& record = batch.records[i];
      survey_.Add(record.record, record.facts, *record.payload);
    }
    for (size_t i = 0; i < batch.type_count; ++i) {
      const CopyBatch::TypeText& text = batch.types[i];
      SUBROSA_ASSIGN_OR_RETURN(TypeFiles* const files, FilesOf(*text.type));
      SUBROSA_RETURN_IF_ERROR(files->ndjson->Append(text.ndjson));
      SUBROSA_RETURN_IF_ERROR(files->csv->Append(text.csv));
    }
    if (bundle_ != nullptr) {
      SUBROSA_RETURN_IF_ERROR(bundle_->AddEntries(batch.fhir));
    }
    if (open_mhealth_ != nullptr) {
      SUBROSA_RETURN_IF_ERROR(open_mhealth_->Append(batch.open_mhealth));
    }
    if (terms_.on_progress != nullptr) terms_.on_progress(survey_.records());
    return absl::OkStatus();
  }

  // Begun with the first record of `type`, as are the files of the forms that
  // it may have.
  absl::StatusOr<TypeFiles*> FilesOf(const Descriptor& type) {
    TypeFiles& files = files_[&type];
    if (files.ndjson != nullptr) return &files;
    files = {archive_->Begin(), archive_->Begin()};
    std::string head;
    RecordTable(type).AppendHead(&head);
    SUBROSA_RETURN_IF_ERROR(files.csv->Append(head));
    if (HasFhirForm(type) && bundle_ == nullptr) {
      fhir_ = archive_->Begin();
      bundle_ = std::make_unique<FhirBundleWriter>(
          facts_.subject, terms_.made_at,
          [this](absl::string_view bytes) { return fhir_->Append(bytes); });
      SUBROSA_RETURN_IF_ERROR(bundle_->Start());
    }
    if (HasOpenMHealthForm(type) && open_mhealth_ == nullptr) {
      open_mhealth_ = archive_->Begin();
    }
    return &files;
  }

  Steward& steward_;
  const CopyTerms& terms_;
  const CopyFacts& facts_;
  TaskPool* const pool_;
  ArchiveWriter* const archive_;
  CopySurvey survey_;
  int64_t outside_range_ = 0;
  std::map<const Descriptor*, TypeFiles> files_;
  std::unique_ptr<PackedMember> fhir_;
  std::unique_ptr<FhirBundleWriter> bundle_;
  std::unique_ptr<PackedMember> open_mhealth_;
};

// Whether some of the records may have a form that `has_form` knows.
bool Has(const CopySurvey& survey, bool (*has_form)(const Descriptor& type)) {
  for (const SurveyedType* type : survey.types()) {
    if (has_form(*type->descriptor)) return true;
  }
  return false;
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
  files.push_back({kManifestFile, "the list of files, signed"});
  return files;
}

Manifest ManifestOf(const CopyFacts& facts,
                    const std::vector<ArchiveMember>& members) {
  Manifest manifest;
  manifest.entity = facts.entity;
  manifest.sealed_to = facts.sealed_to;
  manifest.made_at = InstantText(facts.made_at);
  manifest.files = members;
  return manifest;
}

}  // namespace

absl::StatusOr<CopyArchive> WriteCopyArchive(Steward& steward,
                                             absl::string_view consumer,
                                             const CopyTerms& terms,
                                             const std::string& scratch_folder,
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
  TaskPool pool(ProcessorCount());
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<ArchiveWriter> archive,
                           ArchiveWriter::Create(terms.form, terms.made_at,
                                                 &pool, scratch_folder, out));
  CopyJob job(steward, terms, facts, &pool, archive.get());
  SUBROSA_RETURN_IF_ERROR(job.Fill(consumer, withheld.get()));
  facts.withheld = withheld->items();
  facts.outside_range = job.outside_range();

  SUBROSA_RETURN_IF_ERROR(job.AddRecords());
  for (const CopyDocument& document : documents) {
    SUBROSA_RETURN_IF_ERROR(archive->AddText(document.name, document.text));
  }
  SUBROSA_RETURN_IF_ERROR(job.AddForms());
  SUBROSA_RETURN_IF_ERROR(archive->AddText(
      "index.html",
      CopyPage(facts, job.survey(), FilesOf(job.survey(), documents))));
  SUBROSA_ASSIGN_OR_RETURN(
      const std::string manifest,
      steward.SignExport(ManifestText(ManifestOf(facts, archive->members()))));
  SUBROSA_RETURN_IF_ERROR(archive->AddText(kManifestFile, manifest));
  SUBROSA_RETURN_IF_ERROR(archive->Finish());
  CopyArchive copy;
  copy.records = job.survey().records();
  copy.outside_range = facts.outside_range;
  copy.withheld = facts.withheld;
  copy.members = archive->members();
  return copy;
}

}  // namespace subrosa
