#include "src/disclosure/key_grant.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "src/base/file.h"
#include "src/base/new_file.h"
#include "src/base/status_macros.h"
#include "src/crypto/age_io.h"
#include "src/crypto/age_writer.h"
#include "src/crypto/age_x25519.h"
#include "src/crypto/secret_key.h"
#include "src/crypto/sha256.h"
#include "src/disclosure/disclosure_check.h"
#include "src/disclosure/granted_record.h"
#include "src/vault/key_store.h"
#include "subrosa/v1/disclosure.pb.h"

namespace subrosa {
namespace {

v1::Disclosure EntryOf(const GrantTerms& terms, const GrantSummary& summary,
                       absl::Time now) {
  v1::Disclosure entry;
  entry.set_consumer(terms.consumer);
  entry.set_kind(v1::DISCLOSURE_KIND_GRANT);
  entry.set_recipient(terms.recipient.id());
  entry.set_recipient_name(terms.recipient.name());
  const v1::RecipientContact& contact = terms.recipient.contact();
  entry.set_recipient_contact(contact.email().empty() ? contact.url()
                                                      : contact.email());
  entry.set_action(terms.action);
  entry.set_purpose(terms.purpose);
  for (const v1::HealthCategory category : terms.categories) {
    entry.add_category(category);
  }
  for (const std::string& rule : terms.rules) entry.add_rule(rule);
  entry.mutable_at()->set_seconds(absl::ToUnixSeconds(now));
  entry.set_pseudonym(summary.pseudonym);
  entry.set_records(summary.records);
  entry.set_content_sha256(summary.content_sha256);
  return entry;
}

// Seals the records of `source` into `file`, and counts them.
absl::Status WriteRecords(const X25519Recipient& key, const GrantTerms& terms,
                          GrantSource source, GrantedRecord* granted,
                          const NewFile& file, const std::string& path,
                          GrantSummary* summary) {
  FdSink sink(file.descriptor(), path);
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<AgeWriter> age,
                           AgeWriter::Create({&key}, {}, &sink));
  Sha256 digest;
  digest.Begin();
  SUBROSA_RETURN_IF_ERROR(
      source([&](const v1::HealthRecord& record) -> absl::Status {
        if (record.consumer() != terms.consumer) {
          return absl::FailedPreconditionError(
              "record.consumer: want the one of the grant, got another");
        }
        if (!GrantedRecord::IsGivable(record)) {
          ++summary->left_out;
          return absl::OkStatus();
        }
        SUBROSA_ASSIGN_OR_RETURN(const std::string line,
                                 granted->Render(record));
        digest.Add(line);
        ++summary->records;
        return age->Append(line);
      }));
  SUBROSA_RETURN_IF_ERROR(age->Finish());
  const auto bytes = digest.Finish();
  summary->content_sha256 =
      std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (summary->records == 0) return NothingToGive(summary->left_out);
  // A full disk is to be found out before the ledger says that anything was
  // shared.
  return fsync(file.descriptor()) == 0 ? absl::OkStatus()
                                       : ErrnoStatus(errno, path);
}

}  // namespace

absl::StatusOr<GrantSummary> WriteKeyGrant(
    Vault& vault, DisclosureLedger& ledger, const MessageTypes& types,
    const Clock& clock, const GrantTerms& terms, GrantSource source,
    const std::string& path) {
  SUBROSA_ASSIGN_OR_RETURN(
      const X25519Recipient key,
      X25519Recipient::Parse(terms.recipient.age_recipient()));
  GrantSummary summary;
  SUBROSA_ASSIGN_OR_RETURN(
      summary.pseudonym,
      vault.PseudonymOf(terms.consumer, terms.recipient.id(), terms.period));
  // What is not known yet stands in with something else of its form.
  summary.content_sha256 = std::string(Sha256::kDigestBytes, '\0');
  v1::Disclosure entry = EntryOf(terms, summary, clock.Now());
  SUBROSA_RETURN_IF_ERROR(CheckDisclosure(entry, clock.Now()));

  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<ConsumerHandle> handle,
                           vault.keys().Find(terms.consumer));
  SUBROSA_ASSIGN_OR_RETURN(SecretKey secret,
                           vault.keys().StableSecretOf(*handle));
  GrantedRecord granted(
      types, std::move(secret),
      {summary.pseudonym, terms.recipient.id(), terms.period});
  SUBROSA_ASSIGN_OR_RETURN(NewFile file, NewFile::Create(path));
  SUBROSA_RETURN_IF_ERROR(
      WriteRecords(key, terms, source, &granted, file, path, &summary));

  entry = EntryOf(terms, summary, clock.Now());
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<DisclosureResult> results,
                           ledger.Append({&entry}));
  SUBROSA_RETURN_IF_ERROR(results[0].status);
  summary.number = results[0].number;
  SUBROSA_RETURN_IF_ERROR(
      Annotate(file.Publish(),
               "the ledger says shared, but the file could not get its name"));
  return summary;
}

}  // namespace subrosa
