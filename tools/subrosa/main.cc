// The command. Everything it can do is in the table below; each entry is one
// file of this folder.
#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "src/crypto/core_dumps.h"
#include "tools/subrosa/audit_command.h"
#include "tools/subrosa/classify_command.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_table.h"
#include "tools/subrosa/consent_command.h"
#include "tools/subrosa/erase_command.h"
#include "tools/subrosa/export_command.h"
#include "tools/subrosa/incident_command.h"
#include "tools/subrosa/ingest_command.h"
#include "tools/subrosa/init_command.h"
#include "tools/subrosa/inventory_command.h"
#include "tools/subrosa/keys_command.h"
#include "tools/subrosa/law_command.h"
#include "tools/subrosa/notice_command.h"
#include "tools/subrosa/policy_command.h"
#include "tools/subrosa/recipient_command.h"
#include "tools/subrosa/report_command.h"
#include "tools/subrosa/request_command.h"
#include "tools/subrosa/retention_command.h"
#include "tools/subrosa/selftest_command.h"
#include "tools/subrosa/share_command.h"
#include "tools/subrosa/show_command.h"
#include "tools/subrosa/store_command.h"
#include "tools/subrosa/verify_command.h"

namespace subrosa {
namespace {

constexpr Command kCommands[] = {
    {"init", "make a home: keyring, key store, record store, log, policy",
     Init},
    {"consent",
     "what consumers chose, and whether a use may be: with the rules", Consent},
    {"policy", "what the entity does with health data: checked, shown, set",
     PolicyCommand},
    {"ingest", "take records from files", Ingest},
    {"inventory", "what is held: categories, labels, sources, counts",
     InventoryCommand},
    {"classify", "what kinds of data are in text and records, and why",
     Classify},
    {"evaluate", "measure what is found in text against labels", Evaluate},
    {"show", "what is held of one consumer, and why it counts", Show},
    {"export", "a consumer's copy, to a file", Export},
    {"erase", "erase one consumer for good", Erase},
    {"erasure", "go on with erasures, until their last certificate",
     ErasureCommand},
    {"retention", "what is past the time that the policy keeps it; erased",
     Retention},
    {"report", "the inventory with its clauses; requests counted", Report},
    {"request", "what consumers ask for: clocks, steps, letters",
     RequestCommand},
    {"incident", "breaches: who has to be told by when, and the notice",
     IncidentCommand},
    {"audit", "the log of what was done: status, check, proofs, witness",
     Audit},
    {"keys", "epochs of keys: so that erasures hold in backups too", Keys},
    {"law", "the statutes as rules: what they demand, when, how sure we are",
     Law},
    {"recipient",
     "who may be given data: contacts, contracts, whether each may",
     RecipientCommand},
    {"share", "give data to a recipient, and who has what", Share},
    {"notice", "what consumers are told, made from what is held and shared",
     NoticeCommand},
    {"selftest", "try every way in and out with made-up consumers, in a copy",
     SelfTest},
    {"store", "copies of the two databases: made, checked, put back", Store},
    {"verify", "check a receipt, without a home or a network", Verify},
};

ExitCode Main(const std::vector<std::string>& arguments,
              const Streams& streams) {
  if (const absl::Status status = DisableCoreDumps(); !status.ok()) {
    return Fail(status, streams);
  }
  return RunFromTable(
      {"subrosa", "subrosa keeps consumer health data under the rose.",
       kCommands},
      arguments, streams);
}

}  // namespace
}  // namespace subrosa

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + std::min(argc, 1),
                                           argv + argc);
  return static_cast<int>(
      subrosa::Main(arguments, subrosa::Streams{stdin, stdout, stderr}));
}
