#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "nlohmann/json.hpp"
#include "src/audit/cosignatures.h"
#include "src/audit/leaf.h"
#include "src/audit/leaf_numbers.h"
#include "src/audit/receipt.h"
#include "src/audit/tlog_proof.h"
#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "src/crypto/signed_note.h"
#include "src/erasure/certificate_file.h"
#include "src/exports/archive_member.h"
#include "src/exports/manifest.h"
#include "tools/subrosa/certificate_text.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/leaf_text.h"
#include "tools/subrosa/log_arguments.h"
#include "tools/subrosa/manifest_text.h"
#include "tools/subrosa/session.h"
#include "tools/subrosa/verify_command.h"

namespace subrosa {
namespace {

// What a leaf says, as its consumer would.
absl::string_view Meaning(LeafKind kind) {
  if (kind == kSetGivenLeaf) {
    return "A de-identified set or an aggregate was given to a recipient";
  }
  if (kind == kLostAnswersSettledLeaf) {
    return "Aggregates are answered again although the answers before a "
           "restore are not known";
  }
  switch (kind) {
    case LeafKind::kRecordsPut:
      return "Records were taken in";
    case LeafKind::kRecordsDeleted:
      return "Rows were deleted";
    case LeafKind::kConsumerKeysMade:
      return "Keys were made for consumers that were new";
    case LeafKind::kConsumerKeyDestroyed:
      return "The key that a consumer's records are sealed with was destroyed";
    case LeafKind::kEpochOpened:
      return "A new epoch of keys was opened";
    case LeafKind::kEpochRetired:
      return "An epoch of keys was destroyed, and with it what backups hold "
             "under it";
    case LeafKind::kLogKeyAnnounced:
      return "The next key that signs this log was announced";
    case LeafKind::kChoice:
      return "A consumer's choice was recorded";
    case LeafKind::kGrant:
      return "A grant was recorded";
    case LeafKind::kRequestStep:
      return "A step of a consumer's request was recorded";
    case LeafKind::kKeysRestored:
      return "An older copy of the key store was put back, and the erasures "
             "since were done again";
    case LeafKind::kRecordsRestored:
      return "An older copy of the record store was put back";
    case LeafKind::kRecordsErased:
      return "A part of what is held of a consumer was erased";
    case LeafKind::kKeyVersionDestroyed:
      return "A version of a consumer's key was destroyed, after another had "
             "followed it";
    case LeafKind::kEvidenceKeysDestroyed:
      return "A year was over, and the key of all that was kept until its end "
             "was destroyed";
    case LeafKind::kEvidenceKept:
      return "Something that a statute asks to keep was put where an erasure "
             "does not reach it, until its year ends";
    case LeafKind::kErasureCertified:
      return "A certificate of an erasure was issued";
    case LeafKind::kPolicyChanged:
      return "The entity's policy was changed";
    case LeafKind::kCopyGiven:
      return "A consumer's copy of their data was made";
    case LeafKind::kNoticeVersion:
      break;
  }
  return "A version of a notice was recorded";
}

std::string TimeText(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone());
}

std::string ReceiptText(const VerifiedReceipt& receipt, bool is_about) {
  const Leaf& leaf = receipt.leaf;
  std::string text = absl::StrCat(
      "This receipt is good.\n\nWhat it says\n  ", Meaning(leaf.kind),
      ".\n  Outcome: ", LeafOutcomeText(leaf.outcome), ", on ", LeafDate(leaf),
      " (UTC)");
  absl::StrAppend(&text, leaf.jurisdiction.empty()
                             ? "; under whose law is not said.\n"
                             : absl::StrCat("; under the law of ",
                                            leaf.jurisdiction, ".\n"));
  const absl::Span<const absl::string_view> names = LeafNumberNames(leaf.kind);
  for (size_t i = 0; i < names.size(); ++i) {
    absl::StrAppend(&text, "  ", names[i], ": ", leaf.numbers[i], "\n");
  }
  if (!leaf.text.empty()) absl::StrAppend(&text, "  ", leaf.text, "\n");
  absl::StrAppend(&text, "\nWhom it is about\n  ");
  if (is_about) {
    absl::StrAppend(&text, "The account id that you gave.\n");
  } else if (receipt.opening.has_value()) {
    absl::StrAppend(&text,
                    "One consumer. You gave no account id to compare with.\n");
  } else {
    absl::StrAppend(&text, "The receipt does not say.\n");
  }
  absl::StrAppend(&text, "\nWhere it stands\n  In the log ",
                  receipt.checkpoint.origin, ", as leaf ", receipt.index,
                  " of ", receipt.checkpoint.size,
                  " (counted from 0), signed by its key.\n");
  for (const SeenByWitness& witness : receipt.witnesses) {
    absl::StrAppend(&text, "  The witness ", witness.name,
                    " saw the log so at ", TimeText(witness.at), ".\n");
  }
  absl::StrAppend(
      &text,
      "\nWhat it does not prove\n  That what it says is true: the log's "
      "keeper says so, and can no longer say\n  otherwise. That no copy of "
      "anything was kept elsewhere.\n");
  if (receipt.witnesses.empty()) {
    absl::StrAppend(&text,
                    "  That everyone is shown the same log: no witness that "
                    "you named has seen it.\n");
  }
  return text;
}

std::string ReceiptJson(const VerifiedReceipt& receipt, bool is_about) {
  nlohmann::ordered_json witnesses = nlohmann::ordered_json::array();
  for (const SeenByWitness& witness : receipt.witnesses) {
    witnesses.push_back({{"name", witness.name}, {"at", TimeText(witness.at)}});
  }
  const nlohmann::ordered_json json = {
      {"proven", true},
      {"leaf", LeafJson(receipt.index, receipt.leaf)},
      {"origin", receipt.checkpoint.origin},
      {"size", receipt.checkpoint.size},
      {"witnesses", witnesses},
      {"about_consumer",
       is_about ? nlohmann::ordered_json(true) : nlohmann::ordered_json()}};
  return json.dump() + "\n";
}

struct VerifyArguments {
  std::vector<std::string> receipts;
  std::vector<std::string> keys;
  std::vector<std::string> witnesses;
  std::string consumer;
  std::string consumer_file;
  int format = 0;
};

// A manifest names no consumer, and stands in no log.
absl::Status CheckManifestCall(const VerifyArguments& given) {
  for (const auto& [flag, is_given] :
       {std::pair("--consumer", !given.consumer.empty()),
        std::pair("--consumer-file", !given.consumer_file.empty()),
        std::pair("--witness", !given.witnesses.empty())}) {
    if (!is_given) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        flag, ": want it with a receipt or certificate, got a manifest"));
  }
  return absl::OkStatus();
}

absl::Status CheckCall(const VerifyArguments& given) {
  if (given.receipts.size() != 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("receipt: want one, got ", given.receipts.size()));
  }
  if (!given.consumer.empty() && !given.consumer_file.empty()) {
    return absl::InvalidArgumentError(
        "--consumer and --consumer-file: want one of them");
  }
  if (given.receipts.front() == "-" && given.consumer_file == "-") {
    return absl::InvalidArgumentError(
        "receipt and --consumer-file: want one of them from standard input");
  }
  return absl::OkStatus();
}

ExitCode VerifyCertificateFile(const std::string& text,
                               const VerifyArguments& given,
                               const std::string& consumer,
                               const std::vector<NoteKey>& keys,
                               const std::vector<NoteKey>& witnesses,
                               const Streams& streams) {
  const absl::StatusOr<VerifiedCertificate> verified =
      VerifyCertificate(text, keys, witnesses);
  if (!verified.ok()) return FailOrUnproven(verified.status(), streams);
  const absl::Status seen = Annotate(
      CheckSeenByAll(verified->witnesses, witnesses), "certificate.checkpoint");
  if (!seen.ok()) return FailOrUnproven(seen, streams);
  if (!consumer.empty()) {
    const absl::Status about = CheckCertificateConsumer(*verified, consumer);
    if (!about.ok()) return FailOrUnproven(about, streams);
  }
  return Print(given.format == 1
                   ? CertificateJson(*verified, !consumer.empty())
                   : CertificateText(*verified, !consumer.empty()),
               streams);
}

ExitCode VerifyManifest(const std::string& note, const VerifyArguments& given,
                        const std::vector<NoteKey>& keys,
                        const Streams& streams) {
  const absl::Status call = CheckManifestCall(given);
  if (!call.ok()) {
    return UsageError("verify", std::string(call.message()), streams);
  }
  const absl::StatusOr<std::string> text = OpenNote(note, keys);
  if (!text.ok()) return FailOrUnproven(text.status(), streams);
  const absl::StatusOr<Manifest> manifest = ParseManifest(*text);
  if (!manifest.ok()) return FailOrUnproven(manifest.status(), streams);
  ManifestFiles files;
  if (given.receipts.front() == "-") {
    for (const ArchiveMember& file : manifest->files) {
      files.missing.push_back(file.name);
    }
  } else {
    absl::StatusOr<ManifestFiles> compared =
        CompareFiles(*manifest, FolderOf(given.receipts.front()));
    if (!compared.ok()) return Fail(compared.status(), streams);
    files = *std::move(compared);
  }
  if (!files.differ.empty()) {
    return FailOrUnproven(
        absl::FailedPreconditionError(absl::StrCat(
            "manifest.files: want their SHA-256 in all that are here, got "
            "another of ",
            absl::StrJoin(files.differ, ", "))),
        streams);
  }
  return Print(given.format == 1 ? GoodManifestJson(*manifest, files)
                                 : GoodManifestText(*manifest, files),
               streams);
}

ExitCode VerifyGiven(const VerifyArguments& given,
                     const std::vector<NoteKey>& keys,
                     const std::vector<NoteKey>& witnesses,
                     const Streams& streams) {
  std::string consumer = given.consumer;
  if (!given.consumer_file.empty()) {
    absl::StatusOr<std::string> read = ReadConsumerFile(given.consumer_file);
    if (!read.ok()) return Fail(read.status(), streams);
    consumer = *std::move(read);
  }
  const std::string& path = given.receipts.front();
  const std::string file = path == "-" ? "/dev/stdin" : path;
  const absl::Status opened = OpenForReading(file).status();
  if (!opened.ok()) return Fail(opened, streams);
  const absl::StatusOr<std::string> text = ReadFile(file, kMaxTlogProofBytes);
  // One that is too long is malformed.
  if (!text.ok()) return FailOrUnproven(text.status(), streams);
  if (IsManifest(*text)) return VerifyManifest(*text, given, keys, streams);
  if (IsCertificate(*text)) {
    return VerifyCertificateFile(*text, given, consumer, keys, witnesses,
                                 streams);
  }
  const absl::StatusOr<VerifiedReceipt> receipt =
      VerifyReceipt(*text, keys, witnesses);
  if (!receipt.ok()) return FailOrUnproven(receipt.status(), streams);
  // Each witness that was asked for has to have seen it.
  const absl::Status seen = Annotate(
      CheckSeenByAll(receipt->witnesses, witnesses), "receipt.checkpoint");
  if (!seen.ok()) return FailOrUnproven(seen, streams);
  if (!consumer.empty()) {
    const absl::Status about = CheckConsumer(*receipt, consumer);
    if (!about.ok()) return FailOrUnproven(about, streams);
  }
  return Print(given.format == 1 ? ReceiptJson(*receipt, !consumer.empty())
                                 : ReceiptText(*receipt, !consumer.empty()),
               streams);
}

}  // namespace

ExitCode Verify(absl::Span<const std::string> arguments,
                const Streams& streams) {
  VerifyArguments given;
  CommandLine line(
      "verify",
      "Checks a receipt, or a certificate of an erasure, offline: that the "
      "log's key signed it, that what it says is in the log and, with an "
      "account id, that it is about that account. Or the manifest of a copy "
      "or a set: that the key for exports signed it, and that the files "
      "beside it are those that were given. The exit code is 3 if it is not "
      "proven.");
  line.AddArguments("receipt", &given.receipts,
                    "The file of the receipt, certificate or manifest, or - "
                    "for standard input");
  line.AddOptions("--key", &given.keys,
                  "A vkey of the log, of exports for a manifest, or a file of "
                  "them: from the service, or better from someone who noted it "
                  "before",
                  Need::kRequired);
  line.AddOptions("--witness", &given.witnesses,
                  "The vkey of a witness that has to have seen it, or a file "
                  "of them");
  line.AddOption("--consumer", &given.consumer,
                 "The account id that it has to be about");
  line.AddOption("--consumer-file", &given.consumer_file,
                 "Read the id from a file, or from standard input for -, and "
                 "keep it out of the list of processes");
  line.AddChoice("--format", &given.format, {{"text", 0}, {"json", 1}},
                 "How to print the result [text]");
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  const absl::Status call = CheckCall(given);
  if (!call.ok()) {
    return UsageError("verify", std::string(call.message()), streams);
  }
  const absl::StatusOr<std::vector<NoteKey>> keys =
      ReadNoteKeys("--key", given.keys, kNoteTypeEd25519);
  const absl::StatusOr<std::vector<NoteKey>> witnesses =
      ReadNoteKeys("--witness", given.witnesses, kNoteTypeCosignature);
  for (const absl::Status& status : {keys.status(), witnesses.status()}) {
    if (absl::IsInvalidArgument(status)) {
      return UsageError("verify", std::string(status.message()), streams);
    }
    if (!status.ok()) return Fail(status, streams);
  }
  return VerifyGiven(given, *keys, *witnesses, streams);
}

}  // namespace subrosa
