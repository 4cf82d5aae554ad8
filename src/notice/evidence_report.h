// What assessments and audits ask for: the data map (what is held, whence, for
// what, how long, whom it goes to) and the encryption inventory (what rests
// where, sealed under what, and what rests in clear).
//
// It states facts and no conclusion: whether they are enough, who assesses
// says.
//
// Source: 11 CCR 7150 to 7157 (risk assessments) and 7120 to 7124
// (cybersecurity audits).
#ifndef SUBROSA_SRC_NOTICE_EVIDENCE_REPORT_H_
#define SUBROSA_SRC_NOTICE_EVIDENCE_REPORT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "src/crypto/key_provider.h"
#include "src/notice/notice_facts.h"
#include "src/vault/key_custody.h"
#include "subrosa/v1/evidence.pb.h"

namespace subrosa {

// One category of what is held.
struct DataMapRow {
  std::string category;  // Its words.
  std::string clause;
  int64_t records = 0;  // A record with several categories counts in each.
  std::vector<std::string> sources;
  std::vector<std::string> purposes;
  std::vector<std::string> retentions;  // "purpose: P7Y".
  std::vector<std::string> recipients;  // "name (role): purpose, places".
};

struct EvidenceReport {
  std::string entity;
  std::string as_of;
  std::vector<std::string> storage_locations;
  int64_t consumers = 0;  // Who have a key.
  int64_t records = 0;
  std::vector<DataMapRow> data_map;
  v1::EncryptionInventory sealed;
  std::string assurance;  // How an epoch's end can be relied on.
  KeyStatus keys;
};

EvidenceReport MakeEvidenceReport(const NoticeFacts& facts,
                                  const KeyStatus& keys, Assurance assurance,
                                  const v1::EncryptionInventory& sealed);

// For people, and for programs (docs/formats/json.md).
std::string EvidenceHtml(const EvidenceReport& report);
std::string EvidenceJson(const EvidenceReport& report);

}  // namespace subrosa

#endif  // SUBROSA_SRC_NOTICE_EVIDENCE_REPORT_H_
