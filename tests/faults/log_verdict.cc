#include "tests/faults/log_verdict.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "src/audit/checkpoint.h"
#include "src/audit/leaf.h"
#include "src/audit/log_check.h"
#include "src/audit/log_files.h"
#include "src/audit/log_keys.h"
#include "src/audit/log_reader.h"
#include "src/audit/log_state.h"
#include "src/audit/sequencer.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

// The events of one store, and where in the log they are.
struct Told {
  char name = 0;
  std::vector<LogEvent> events;        // By the store's own table.
  std::map<int64_t, uint64_t> places;  // In the log, by number in the outbox.
};

class Judge {
 public:
  explicit Judge(LogHome& home) : home_(home) {}

  LogVerdict Run(const std::string& acknowledged) {
    const absl::Status status = Look(acknowledged);
    if (!status.ok()) verdict_.refusals.push_back(status.ToString());
    return std::move(verdict_);
  }

 private:
  absl::Status Look(const std::string& acknowledged) {
    SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Sequencer> sequencer,
                             home_.OpenSequencer());
    SUBROSA_ASSIGN_OR_RETURN(keys_, home_.OpenStore("keys"));
    SUBROSA_ASSIGN_OR_RETURN(records_, home_.OpenStore("records"));
    SUBROSA_ASSIGN_OR_RETURN(LogState state, LogState::Open(keys_->database()));

    // As it was left: whatever the key store signed is whole on disk.
    SUBROSA_ASSIGN_OR_RETURN(const LogStatus left, state.Read());
    SUBROSA_RETURN_IF_ERROR(CheckFiles({left.origin, left.size, left.root}));
    if (!verdict_.refusals.empty()) return absl::OkStatus();

    SUBROSA_RETURN_IF_ERROR(TakeAll(*sequencer));
    SUBROSA_RETURN_IF_ERROR(sequencer->Release());
    SUBROSA_ASSIGN_OR_RETURN(const LogStatus log, state.Read());
    if (log.size < left.size) Violated("the log has become smaller");
    SUBROSA_ASSIGN_OR_RETURN(const std::vector<LogKey> log_keys,
                             state.ReadKeys());
    SUBROSA_RETURN_IF_ERROR(CheckEntries(log, log_keys));
    SUBROSA_RETURN_IF_ERROR(CheckStores(log));
    CheckOrder();
    CheckAcknowledged(acknowledged);
    verdict_.summary =
        absl::StrCat("size ", log.size, " keys ", log.sequenced.keys,
                     " records ", log.sequenced.records);
    return absl::OkStatus();
  }

  void Violated(const std::string& what) {
    verdict_.violations.push_back(what);
  }

  absl::Status TakeAll(Sequencer& sequencer) {
    for (;;) {
      SUBROSA_ASSIGN_OR_RETURN(const SequencerStep step, sequencer.Step());
      if (step.is_caught_up) return absl::OkStatus();
      if (step.entries == 0) {
        return absl::UnavailableError("the lease is another's");
      }
    }
  }

  // Every file of the log, every entry a leaf.
  absl::Status CheckFiles(const Checkpoint& checkpoint) {
    LogCheckOptions options;
    options.on_entry = [](uint64_t, absl::string_view entry) {
      return ParseLeaf(entry).status();
    };
    SUBROSA_ASSIGN_OR_RETURN(const LogCheck check,
                             CheckLog(home_.log_folder(), checkpoint, options));
    for (const std::string& fault : check.faults) {
      verdict_.refusals.push_back("log: " + fault);
    }
    return absl::OkStatus();
  }

  // Reads the published log into keys_told_ and records_told_.
  absl::Status CheckEntries(const LogStatus& log,
                            const std::vector<LogKey>& log_keys) {
    SUBROSA_ASSIGN_OR_RETURN(const std::vector<NoteKey> keys,
                             ParseLogKeys(log_keys));
    SUBROSA_ASSIGN_OR_RETURN(
        LogReader reader,
        LogReader::Open(home_.log_folder(), kCheckpointFile, keys));
    if (reader.note() != log.checkpoint) {
      Violated("the published checkpoint is not the key store's");
    }
    SUBROSA_RETURN_IF_ERROR(CheckFiles(reader.checkpoint()));
    std::map<std::string, int64_t> announced;
    for (const LogKey& key : log_keys) {
      if (key.announced_by > 0) announced[key.vkey] = key.announced_by;
    }
    SUBROSA_ASSIGN_OR_RETURN(keys_told_.events, keys_->ReadEvents());
    SUBROSA_ASSIGN_OR_RETURN(records_told_.events, records_->ReadEvents());
    return reader.VisitEntries(0, reader.checkpoint().size,
                               [&](uint64_t place, absl::string_view entry) {
                                 NoteEntry(place, entry, announced);
                                 return absl::OkStatus();
                               });
  }

  void NoteEntry(uint64_t place, absl::string_view entry,
                 const std::map<std::string, int64_t>& announced) {
    char store = 0;
    LogEvent event;
    if (!ParseEntry(entry, &store, &event)) {
      const absl::StatusOr<Leaf> leaf = ParseLeaf(entry);
      const auto key = leaf.ok() ? announced.find(leaf->text) : announced.end();
      if (key == announced.end()) {
        Violated(absl::StrCat("leaf ", place, ": nobody's"));
        return;
      }
      Note(keys_told_, key->second, place);
      return;
    }
    Told& told = store == 'k' ? keys_told_ : records_told_;
    Note(told, event.sequence, place);
    const auto own =
        std::lower_bound(told.events.begin(), told.events.end(), event,
                         [](const LogEvent& a, const LogEvent& b) {
                           return a.sequence < b.sequence;
                         });
    if (own == told.events.end() || !(*own == event)) {
      Violated(absl::StrCat("leaf ", place, ": is not what its store holds"));
    }
  }

  void Note(Told& told, int64_t sequence, uint64_t place) {
    const auto [at, is_new] = told.places.emplace(sequence, place);
    if (!is_new) {
      Violated(absl::StrCat("entry ", std::string(1, told.name), sequence,
                            ": is in the log at ", at->second, " and at ",
                            place));
    }
  }

  // What the stores and the provider say about the log agrees with it.
  absl::Status CheckStores(const LogStatus& log) {
    for (EventStore* store : {keys_.get(), records_.get()}) {
      const bool is_keys = store == keys_.get();
      const char* name = is_keys ? "key store" : "record store";
      const int64_t sequenced =
          is_keys ? log.sequenced.keys : log.sequenced.records;
      SUBROSA_ASSIGN_OR_RETURN(const OutboxState state,
                               store->outbox().ReadState());
      SUBROSA_ASSIGN_OR_RETURN(const int64_t issued,
                               store->outbox().ReadIssued());
      if (issued != sequenced) {
        Violated(absl::StrCat(name, ": entries still wait"));
      }
      // The record store learns of a larger log only with entries of its own
      // or the next publication.
      if (state.sequenced != sequenced || state.log_size != log.size ||
          (log.size > 0 && state.log_root != BytesOf(log.root))) {
        Violated(absl::StrCat(name, ": knows another log"));
      }
    }
    const absl::StatusOr<uint64_t> anchor =
        home_.provider().ReadAnchor(absl::StrCat("log/", log.origin));
    if (!anchor.ok() || *anchor != log.size) {
      Violated("the provider remembers another size");
    }
    return absl::OkStatus();
  }

  // No entry is missing; each store's are in its own order, after what their
  // writers had seen, and numbered by their writers without gaps.
  void CheckOrder() {
    for (const Told* told : {&keys_told_, &records_told_}) {
      const Told& other = told == &keys_told_ ? records_told_ : keys_told_;
      int64_t expected = 1;
      uint64_t last = 0;
      for (const auto& [sequence, place] : told->places) {
        if (sequence != expected++) {
          Violated(absl::StrCat(std::string(1, told->name),
                                ": no entry before ", sequence));
        }
        if (sequence > 1 && place <= last) {
          Violated(absl::StrCat(std::string(1, told->name), sequence,
                                ": out of order"));
        }
        last = place;
      }
      std::map<int64_t, int64_t> numbers;
      for (const LogEvent& event : told->events) {
        const std::string name =
            absl::StrCat(std::string(1, told->name), event.sequence);
        const auto own = told->places.find(event.sequence);
        const auto seen = other.places.find(event.seen);
        if (own == told->places.end()) {
          Violated(absl::StrCat(name, ": is not in the log"));
        } else if (event.seen > 0 &&
                   (seen == other.places.end() || seen->second > own->second)) {
          Violated(absl::StrCat(name, ": before what its writer had seen"));
        }
        if (event.number != ++numbers[event.writer]) {
          Violated(absl::StrCat(name, ": its writer's numbers have a gap"));
        }
      }
    }
  }

  void CheckAcknowledged(const std::string& acknowledged) {
    std::set<std::string> there;
    for (const Told* told : {&keys_told_, &records_told_}) {
      for (const LogEvent& event : told->events) {
        there.insert(absl::StrCat(std::string(1, told->name), " ",
                                  event.sequence, " ", event.writer, " ",
                                  event.number, ";"));
      }
    }
    for (const absl::string_view line : absl::StrSplit(acknowledged, '\n')) {
      // A line that was cut short acknowledges nothing.
      if (absl::EndsWith(line, ";") && there.count(std::string(line)) == 0) {
        Violated(absl::StrCat("acknowledged and lost: ", line));
      }
    }
  }

  LogHome& home_;
  LogVerdict verdict_;
  std::unique_ptr<EventStore> keys_;
  std::unique_ptr<EventStore> records_;
  Told keys_told_{'k', {}, {}};
  Told records_told_{'r', {}, {}};
};

}  // namespace

LogVerdict JudgeLog(LogHome& home, const std::string& acknowledged) {
  return Judge(home).Run(acknowledged);
}

}  // namespace subrosa
