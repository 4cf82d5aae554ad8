#include "src/exports/deidentified_set.h"

#include <unistd.h>

#include <cerrno>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "google/protobuf/descriptor.h"
#include "src/base/file.h"
#include "src/base/new_file.h"
#include "src/base/on_all_processors.h"
#include "src/base/status_macros.h"
#include "src/base/task_pool.h"
#include "src/classify/text_scanner.h"
#include "src/crypto/age_io.h"
#include "src/crypto/age_writer.h"
#include "src/crypto/age_x25519.h"
#include "src/exports/attestations.h"
#include "src/exports/digesting_sink.h"
#include "src/exports/instant_text.h"
#include "src/exports/manifest.h"
#include "src/exports/safe_harbor.h"
#include "src/exports/scanner_recall.h"
#include "src/exports/set_batch.h"
#include "src/exports/set_draft.h"
#include "src/exports/set_ledger.h"
#include "src/exports/set_lines.h"
#include "src/exports/set_log.h"
#include "src/exports/set_statement.h"
#include "src/exports/set_survey.h"
#include "src/exports/stored_zip.h"
#include "src/exports/zstd_sink.h"
#include "src/ingest/message_types.h"
#include "src/steward/permitted_walk.h"
#include "subrosa/v1/law.pb.h"

namespace subrosa {
namespace {

constexpr size_t kMaxNameBytes = 128;

absl::Status CheckTerms(const SetTerms& terms) {
  if (terms.least_group < 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("least_group: want at least 1, got ", terms.least_group));
  }
  if (terms.attested_by.empty() || terms.attested_by.size() > kMaxNameBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("attested_by: want who attests, in 1 to ", kMaxNameBytes,
                     " bytes, got ", terms.attested_by.size()));
  }
  return absl::OkStatus();
}

// A type that nobody ever heard of is misspelt.
absl::Status CheckTypes(Steward& steward, const SetTerms& terms) {
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<HeldRecords> held,
                           steward.ReadHeld());
  std::set<std::string> names;
  for (const HeldRecords& each : held) names.insert(each.schema);
  for (const std::string& schema : terms.schemas) {
    const google::protobuf::Descriptor* const type =
        steward.types().Find(schema);
    if (names.count(schema) != 0 || (type != nullptr && IsMarked(*type))) {
      continue;
    }
    return absl::InvalidArgumentError(absl::StrCat(
        "type: want the full name of a message type with marks; records are "
        "held of ",
        names.empty() ? "none" : absl::StrJoin(names, ", "), "; got `", schema,
        "`"));
  }
  return absl::OkStatus();
}

// One set while it is made.
class SetJob {
 public:
  static absl::StatusOr<std::unique_ptr<SetJob>> Create(Steward& steward,
                                                        const SetTerms& terms) {
    SUBROSA_RETURN_IF_ERROR(CheckTypes(steward, terms));
    auto job = std::unique_ptr<SetJob>(new SetJob(steward, terms));
    SUBROSA_ASSIGN_OR_RETURN(
        job->walk_, PermittedWalk::Open(steward, v1::ACTION_SHARE,
                                        terms.purpose, terms.recipient));
    SUBROSA_ASSIGN_OR_RETURN(job->rules_,
                             SafeHarbor::From(steward.gate().law()));
    job->year_ = absl::ToCivilYear(job->now_, absl::UTCTimeZone()).year();
    TextScanner::Options options;
    options.names = true;
    options.years = true;
    options.this_year = static_cast<int>(job->year_);
    SUBROSA_ASSIGN_OR_RETURN(job->scanner_, TextScanner::Create(options));
    return job;
  }

  const v1::Recipient& recipient() const { return walk_->recipient(); }

  // Finds out who would be in the set. `draft` gets what would go out; it may
  // be null.
  absl::Status Survey(SetDraft* draft) {
    SetFormatter::Options options;
    options.payload.this_year = year_;
    options.payload.keep_text = draft != nullptr && terms_.keep_text;
    options.payload.dates = terms_.dates;
    options.form = terms_.form;
    options.writes_text = draft != nullptr;
    TaskPool pool(ProcessorCount());
    std::vector<std::unique_ptr<SetFormatter>> formatters(pool.workers());
    for (std::unique_ptr<SetFormatter>& formatter : formatters) {
      SUBROSA_ASSIGN_OR_RETURN(
          formatter,
          SetFormatter::Create(steward_.types(), *rules_, *scanner_, options));
    }
    SUBROSA_RETURN_IF_ERROR(
        survey_.Gather(*walk_, terms_, Question(), &pool, formatters, draft));
    set_.not_permitted = walk_->not_permitted();
    set_.groups = survey_.groups().Summary(terms_.least_group);
    survey_.LeaveOut(terms_.least_group, &set_.counts);
    for (const auto& [schema, type] : survey_.types()) set_.records[schema] = 0;
    if (survey_.consumers().empty() && !walk_->denial().ok()) {
      return walk_->denial();
    }
    return CheckDateRule(steward_, terms_.recipient, terms_.dates, survey_);
  }

  absl::Status CheckAnybody() const {
    if (set_.groups.groups > 0) return absl::OkStatus();
    return absl::PermissionDeniedError(absl::StrCat(
        "set: want ", terms_.least_group,
        " consumers or more with the same coarse values, got no such group"));
  }

  absl::Status WriteArchive(SetDraft* draft, ByteSink* out) {
    StoredZip zip(now_, out);
    for (const auto& each : survey_.types()) {
      const std::string& schema = each.first;
      const google::protobuf::Descriptor& type = *each.second;
      const std::string name =
          absl::StrCat("records/", schema, ".", SetFormSuffix(terms_.form),
                       terms_.is_compressed ? ".zst" : "");
      SUBROSA_RETURN_IF_ERROR(zip.Add(name, [&](ByteSink* file) {
        return WriteType(schema, type, draft, file);
      }));
    }
    return WriteAbout(&zip);
  }

  // Asks again whether what was read may be given, and says that it was.
  absl::Status Record() {
    SUBROSA_RETURN_IF_ERROR(AppendSetDisclosures(
        steward_, *walk_, {terms_.purpose, terms_.dates, now_, set_.sha256},
        survey_));
    return LogSet(walk_->vault(), steward_.clock(), GivenSet::kDeidentified,
                  set_.groups.consumers, set_.sha256);
  }

  DeidentifiedSet& set() { return set_; }

 private:
  SetJob(Steward& steward, const SetTerms& terms)
      : steward_(steward), terms_(terms), now_(steward.clock().Now()) {}

  // What names of consumers are made for: the year and all terms by which what
  // stands in a set is chosen, so that the same set again knows its consumers
  // under the same names, and sets of other terms cannot be joined by them; nor
  // can records that were shared as they are.
  std::string Question() const {
    return absl::StrCat("de-identified ", year_, " for ", terms_.purpose,
                        " of ", absl::StrJoin(terms_.schemas, ","), " dates ",
                        terms_.dates == DateRule::kShifted ? "moved" : "years",
                        " texts ", terms_.keep_text ? "redacted" : "none",
                        " groups ", terms_.least_group);
  }

  // Called twice, by StoredZip.
  absl::Status WriteType(const std::string& schema,
                         const google::protobuf::Descriptor& type,
                         SetDraft* draft, ByteSink* out) {
    std::unique_ptr<ZstdSink> zstd;
    if (terms_.is_compressed) {
      SUBROSA_ASSIGN_OR_RETURN(zstd, ZstdSink::Create(out));
      out = zstd.get();
    }
    std::string head;
    SetLines(terms_.form, type).AppendHead(&head);
    SUBROSA_RETURN_IF_ERROR(out->Append(head));
    int64_t& records = set_.records[schema];
    records = 0;
    SUBROSA_RETURN_IF_ERROR(draft->Visit(
        schema, survey_.by_name(), [&](size_t count, absl::string_view text) {
          records += static_cast<int64_t>(count);
          return out->Append(text);
        }));
    return zstd == nullptr ? absl::OkStatus() : zstd->Finish();
  }

  absl::Status WriteAbout(StoredZip* zip) {
    const LawBook& law = steward_.gate().law();
    SetFacts facts;
    facts.entity = steward_.entity();
    facts.recipient = recipient();
    facts.made_at = now_;
    facts.attestations = AttestationsOf(law);
    SUBROSA_ASSIGN_OR_RETURN(facts.recall, ScannerRecall::BuiltIn());
    const std::string statement =
        SetStatement(facts, terms_, set_, law, *rules_);
    SUBROSA_RETURN_IF_ERROR(zip->AddText("STATEMENT.json", statement));
    Manifest manifest;
    manifest.kind = ManifestKind::kDeidentifiedSet;
    manifest.entity = steward_.entity();
    manifest.recipient = terms_.recipient;
    manifest.sealed_to = recipient().age_recipient();
    manifest.made_at = InstantText(now_).substr(0, 10);
    manifest.files = zip->members();
    SUBROSA_ASSIGN_OR_RETURN(const std::string note,
                             steward_.SignExport(ManifestText(manifest)));
    SUBROSA_RETURN_IF_ERROR(zip->AddText(kManifestFile, note));
    return zip->Finish();
  }

  Steward& steward_;
  const SetTerms& terms_;
  const absl::Time now_;
  int64_t year_ = 0;
  std::unique_ptr<PermittedWalk> walk_;
  std::optional<SafeHarbor> rules_;
  std::unique_ptr<TextScanner> scanner_;
  SetSurvey survey_;
  DeidentifiedSet set_;
};

}  // namespace

absl::StatusOr<DeidentifiedSet> PlanDeidentifiedSet(Steward& steward,
                                                    const SetTerms& terms) {
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<SetJob> job,
                           SetJob::Create(steward, terms));
  SUBROSA_RETURN_IF_ERROR(job->Survey(/*draft=*/nullptr));
  return std::move(job->set());
}

absl::StatusOr<DeidentifiedSet> WriteDeidentifiedSet(Steward& steward,
                                                     const SetTerms& terms,
                                                     const std::string& path) {
  SUBROSA_RETURN_IF_ERROR(CheckTerms(terms));
  SUBROSA_RETURN_IF_ERROR(
      CheckAttested(AttestationsOf(steward.gate().law()), terms.attested));
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<SetJob> job,
                           SetJob::Create(steward, terms));
  if (job->recipient().age_recipient().empty()) {
    return absl::FailedPreconditionError(
        "recipient.age_recipient: want a key to seal to, got none");
  }
  if (job->recipient().contract().reference().empty()) {
    return absl::FailedPreconditionError(
        "recipient.contract: want the one that binds it not to reidentify, got "
        "none");
  }
  SUBROSA_ASSIGN_OR_RETURN(
      const X25519Recipient key,
      X25519Recipient::Parse(job->recipient().age_recipient()));
  SUBROSA_ASSIGN_OR_RETURN(NewFile file, NewFile::Create(path));
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<SetDraft> draft,
                           SetDraft::Create(FolderOf(path)));
  SUBROSA_RETURN_IF_ERROR(job->Survey(draft.get()));
  SUBROSA_RETURN_IF_ERROR(job->CheckAnybody());
  FdSink sink(file.descriptor(), path);
  DigestingSink digesting(&sink);
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<AgeWriter> age,
                           AgeWriter::Create({&key}, {}, &digesting));
  SUBROSA_RETURN_IF_ERROR(job->WriteArchive(draft.get(), age.get()));
  SUBROSA_RETURN_IF_ERROR(age->Finish());
  job->set().bytes = digesting.bytes();
  job->set().sha256 = digesting.Finish();
  // A full disk is to be found out before the ledger says that anything was
  // given.
  if (fsync(file.descriptor()) != 0) return ErrnoStatus(errno, path);
  SUBROSA_RETURN_IF_ERROR(job->Record());
  SUBROSA_RETURN_IF_ERROR(
      Annotate(file.Publish(),
               "the ledger says given, but the file could not get its name"));
  return std::move(job->set());
}

}  // namespace subrosa
