#include "src/erasure/certificate_statement.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "src/base/clock.h"
#include "src/base/status_macros.h"
#include "src/erasure/certificate_check.h"
#include "src/erasure/statement_reader.h"

namespace subrosa {
namespace {

char LetterOf(v1::CertificateAssurance assurance) {
  return static_cast<char>('A' + assurance - v1::CERTIFICATE_ASSURANCE_A);
}

void WriteParty(const v1::CertificateParty& party, std::string* out) {
  absl::StrAppend(
      out, party.kind() == v1::PARTY_KIND_STORE ? "Store: " : "Recipient: ",
      party.id());
  if (party.state() == v1::PARTY_STATE_UNTOLD) {
    absl::StrAppend(out, ", not told yet");
  } else {
    absl::StrAppend(out, ", told ", CertificateDate(party.told_day()));
  }
  switch (party.state()) {
    case v1::PARTY_STATE_DONE:
      absl::StrAppend(out, ", done ", CertificateDate(party.answered_day()));
      break;
    case v1::PARTY_STATE_REFUSED:
      absl::StrAppend(out, ", refused ", CertificateDate(party.answered_day()));
      break;
    case v1::PARTY_STATE_ACCEPTED:
      absl::StrAppend(out, ", accepted ",
                      CertificateDate(party.answered_day()));
      break;
    case v1::PARTY_STATE_SILENT:
      absl::StrAppend(out, ", no answer");
      break;
    default:
      break;
  }
  if (party.due_day() != 0) {
    absl::StrAppend(out, ", due ", CertificateDate(party.due_day()));
  }
  absl::StrAppend(out, "\n");
}

absl::string_view AssuranceWords(v1::CertificateAssurance assurance) {
  switch (assurance) {
    case v1::CERTIFICATE_ASSURANCE_A:
      return "  Assurance A: a hardware token destroys the object that opens "
             "an "
             "epoch of\n  keys, and finds it no more.\n";
    case v1::CERTIFICATE_ASSURANCE_B:
      return "  Assurance B: a key service destroys the object that opens an "
             "epoch of keys,\n  and confirms on reading that it is gone.\n";
    default:
      return "  Assurance C: the file that opens an epoch of keys is rewritten "
             "without it. This\n  holds as far as no older copy of that file "
             "was kept.\n";
  }
}

void WriteMeaning(const v1::ErasureCertificate& certificate, std::string* out) {
  absl::StrAppend(
      out,
      "\nWhat this proves\n"
      "  The keeper of the log says all of the above, on the day of issue, and "
      "can no\n  longer say otherwise: that it destroyed every version of the "
      "keys that one\n  consumer's data was sealed with (NIST SP 800-88, "
      "cryptographic erase), and\n  whom it told. Whoever knows the account id "
      "can check that the keys were that\n  account's.\n");
  if (certificate.stage() == v1::CERTIFICATE_STAGE_FINAL) {
    absl::StrAppend(out,
                    "  Afterwards it destroyed each epoch of keys under which "
                    "a backup could hold\n  them.\n");
  }
  absl::StrAppend(
      out, AssuranceWords(certificate.assurance()),
      "\nWhat this does not prove\n"
      "  That what the keeper says is true. That no copy of a key or of a "
      "record was\n  made elsewhere. What recipients and other stores did: "
      "their answers are theirs.\n");
  if (certificate.stage() == v1::CERTIFICATE_STAGE_INTERIM) {
    absl::StrAppend(
        out,
        "  This certificate is interim. Until the day at Backups, whoever has "
        "an older\n  backup of the keys and what opens it could read what it "
        "held. A final\n  certificate takes the place of this one.\n");
  }
  absl::StrAppend(out, "\n");
}

// Of a text that WriteStatement wrote; whatever else it makes of another is
// found by writing it again.
v1::ErasureCertificate Read(StatementReader* reader) {
  v1::ErasureCertificate certificate;
  reader->Line(kCertificateFirstLine);
  reader->Line("");
  certificate.set_id(reader->Hex("Certificate: "));
  certificate.set_issue(static_cast<uint32_t>(reader->Number("Issue: ")));
  certificate.set_stage(reader->TryTake(", final\n")
                            ? v1::CERTIFICATE_STAGE_FINAL
                            : v1::CERTIFICATE_STAGE_INTERIM);
  if (certificate.stage() == v1::CERTIFICATE_STAGE_INTERIM) {
    reader->Take(", interim\n");
  }
  certificate.set_issued_day(reader->Day("Issued: "));
  reader->EndLine();
  certificate.set_entity(reader->Rest("Entity: "));
  certificate.set_log(reader->Rest("Log: "));
  if (!reader->TryTake("Requested: not known to this log\n")) {
    certificate.set_requested_day(reader->Day("Requested: "));
    certificate.set_requested_tag(reader->Hex(", leaf "));
  }
  certificate.set_erased_day(reader->Day("Erased: "));
  certificate.set_erased_tag(reader->Hex(", leaf "));
  reader->Take("Epochs:");
  while (reader->ok() && !reader->TryTake("\n")) {
    certificate.add_epoch(static_cast<uint32_t>(reader->Number(" ")));
  }
  certificate.set_assurance(static_cast<v1::CertificateAssurance>(
      reader->Letter("Assurance: ") - 'A' + v1::CERTIFICATE_ASSURANCE_A));
  if (!reader->TryTake("Backups: no day is set yet\n")) {
    certificate.set_backups_day(reader->Day("Backups: closed from "));
    reader->EndLine();
  }
  while (reader->IsNext("Limit: ")) {
    v1::CertificateLimit& limit = *certificate.add_limit();
    limit.set_day(reader->Day("Limit: "));
    limit.set_rule(reader->Word(", "));
    limit.set_citation(reader->Rest(", "));
  }
  while (reader->IsNext("Recipient: ") || reader->IsNext("Store: ")) {
    v1::CertificateParty& party = *certificate.add_party();
    party.set_kind(reader->IsNext("Store: ") ? v1::PARTY_KIND_STORE
                                             : v1::PARTY_KIND_RECIPIENT);
    reader->TryTake(party.kind() == v1::PARTY_KIND_STORE ? "Store: "
                                                         : "Recipient: ");
    party.set_id(reader->Word(""));
    if (reader->TryTake(", not told yet")) {
      party.set_state(v1::PARTY_STATE_UNTOLD);
    } else {
      party.set_told_day(reader->Day(", told "));
      if (reader->TryTake(", no answer")) {
        party.set_state(v1::PARTY_STATE_SILENT);
      } else if (reader->IsNext(", done ")) {
        party.set_state(v1::PARTY_STATE_DONE);
        party.set_answered_day(reader->Day(", done "));
      } else if (reader->IsNext(", refused ")) {
        party.set_state(v1::PARTY_STATE_REFUSED);
        party.set_answered_day(reader->Day(", refused "));
      } else {
        party.set_state(v1::PARTY_STATE_ACCEPTED);
        party.set_answered_day(reader->Day(", accepted "));
      }
    }
    if (reader->IsNext(", due ")) party.set_due_day(reader->Day(", due "));
    reader->EndLine();
  }
  while (reader->IsNext("Kept: ")) {
    v1::CertificateKept& kept = *certificate.add_kept();
    kept.set_what(reader->Word("Kept: "));
    if (!reader->TryTake(", no end is set")) {
      kept.set_until_day(reader->Day(", until "));
    }
    kept.set_rule(reader->Word(", "));
    kept.set_citation(reader->Rest(", "));
  }
  return certificate;
}

}  // namespace

std::string CertificateDate(int32_t day) {
  return absl::FormatCivilTime(CivilDayOf(day));
}

absl::StatusOr<std::string> WriteStatement(
    const v1::ErasureCertificate& certificate) {
  SUBROSA_RETURN_IF_ERROR(CheckCertificate(certificate));
  std::string out = absl::StrCat(
      kCertificateFirstLine,
      "\n\nCertificate: ", absl::BytesToHexString(certificate.id()),
      "\nIssue: ", certificate.issue(),
      certificate.stage() == v1::CERTIFICATE_STAGE_FINAL ? ", final"
                                                         : ", interim",
      "\nIssued: ", CertificateDate(certificate.issued_day()),
      "\nEntity: ", certificate.entity(), "\nLog: ", certificate.log(), "\n");
  if (certificate.requested_tag().empty()) {
    absl::StrAppend(&out, "Requested: not known to this log\n");
  } else {
    absl::StrAppend(
        &out, "Requested: ", CertificateDate(certificate.requested_day()),
        ", leaf ", absl::BytesToHexString(certificate.requested_tag()), "\n");
  }
  absl::StrAppend(&out, "Erased: ", CertificateDate(certificate.erased_day()),
                  ", leaf ", absl::BytesToHexString(certificate.erased_tag()),
                  "\nEpochs:");
  for (const uint32_t epoch : certificate.epoch()) {
    absl::StrAppend(&out, " ", epoch);
  }
  absl::StrAppend(
      &out, "\nAssurance: ", std::string(1, LetterOf(certificate.assurance())));
  if (certificate.backups_day() == 0) {
    absl::StrAppend(&out, "\nBackups: no day is set yet\n");
  } else {
    absl::StrAppend(&out, "\nBackups: closed from ",
                    CertificateDate(certificate.backups_day()), "\n");
  }
  for (const v1::CertificateLimit& limit : certificate.limit()) {
    absl::StrAppend(&out, "Limit: ", CertificateDate(limit.day()), ", ",
                    limit.rule(), ", ", limit.citation(), "\n");
  }
  for (const v1::CertificateParty& party : certificate.party()) {
    WriteParty(party, &out);
  }
  for (const v1::CertificateKept& kept : certificate.kept()) {
    absl::StrAppend(
        &out, "Kept: ", kept.what(),
        kept.until_day() == 0
            ? ", no end is set"
            : absl::StrCat(", until ", CertificateDate(kept.until_day())),
        ", ", kept.rule(), ", ", kept.citation(), "\n");
  }
  WriteMeaning(certificate, &out);
  if (out.size() > kMaxStatementBytes) {
    return absl::InvalidArgumentError(absl::StrCat("certificate: want at most ",
                                                   kMaxStatementBytes,
                                                   " bytes, got ", out.size()));
  }
  return out;
}

absl::StatusOr<v1::ErasureCertificate> ReadStatement(absl::string_view text) {
  if (text.size() > kMaxStatementBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("certificate: want at most ", kMaxStatementBytes,
                     " bytes, got ", text.size()));
  }
  StatementReader reader(text);
  const v1::ErasureCertificate certificate = Read(&reader);
  SUBROSA_RETURN_IF_ERROR(reader.status());
  SUBROSA_ASSIGN_OR_RETURN(const std::string again,
                           WriteStatement(certificate));
  if (again != text) {
    return absl::InvalidArgumentError(
        "certificate: want the one text of what it says, got another");
  }
  return certificate;
}

}  // namespace subrosa
