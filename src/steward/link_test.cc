// Plays the intruder who would link the log's leaves to people. He has every
// leaf, the public names of the log, both databases as files, and a list of a
// million account ids that holds everybody's; he has no key. What he can try is
// to compute, for each id, whatever could stand in a leaf if a leaf were made
// carelessly, and to look for it; and to look in the leaves for anything that
// stands in the databases.
#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/audit/leaf.h"
#include "src/audit/log_reader.h"
#include "src/audit/sequencer.h"
#include "src/base/file.h"
#include "src/crypto/plain_blake2b.h"
#include "src/crypto/sha256.h"
#include "src/steward/home.h"
#include "src/steward/scratch_home.h"
#include "src/store/sqlite_connection.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

constexpr int kKnownIds = 1'000'000;
constexpr size_t kReference = 16;
constexpr size_t kDigestBytes = 32;
// What is compared: the first half of a digest is a coincidence in nobody's
// lifetime.
using Window = std::array<char, kReference>;

std::string IdOf(int number) { return absl::StrCat("c-", number); }

// Every window of 16 bytes of the leaves.
class Windows {
 public:
  explicit Windows(const std::vector<std::string>& leaves) {
    for (const std::string& leaf : leaves) {
      for (size_t at = 0; at + kReference <= leaf.size(); ++at) {
        windows_.insert(WindowAt(leaf, at));
      }
    }
  }

  bool HasStartOf(absl::string_view bytes) const {
    return bytes.size() >= kReference && windows_.contains(WindowAt(bytes, 0));
  }

 private:
  static Window WindowAt(absl::string_view bytes, size_t at) {
    Window window;
    std::memcpy(window.data(), bytes.data() + at, window.size());
    return window;
  }

  absl::flat_hash_set<Window> windows_;
};

// What a leaf says beside its commitments.
struct LeafFacts {
  explicit LeafFacts(absl::string_view entry) {
    const Leaf leaf = *ParseLeaf(entry);
    tag = leaf.tag;
    // Magic, kind, outcome and day, the jurisdiction, tag and numbers.
    before_commitments = std::string(
        entry.substr(0, 10 + 1 + leaf.jurisdiction.size() + 16 + 1 +
                            sizeof(uint64_t) * leaf.numbers.size()));
  }

  std::string tag;
  std::string before_commitments;
};

// What the intruder knows without any key.
struct PublicNames {
  std::string origin;
  std::string vkey;
  std::string installation;
  std::vector<LeafFacts> facts;
};

// How many of the first `ids` ids he can tell from the leaves.
int CountLinked(const std::vector<std::string>& leaves,
                const PublicNames& names, int ids) {
  const Windows windows(leaves);
  Sha256 sha256;
  int linked = 0;
  const auto found = [&](const std::array<uint8_t, 32>& digest) {
    return windows.HasStartOf(absl::string_view(
        reinterpret_cast<const char*>(digest.data()), digest.size()));
  };
  const auto found_blake2b = [&](absl::string_view key,
                                 absl::string_view input) {
    return windows.HasStartOf(PlainBlake2b(kDigestBytes, key, {input})) ||
           windows.HasStartOf(PlainBlake2b(kReference, key, {input}));
  };
  const auto is_linked = [&](const std::string& id) {
    if (windows.HasStartOf(id) || found(sha256.Digest({id})) ||
        found_blake2b("", id)) {
      return true;
    }
    for (const absl::string_view name :
         {absl::string_view(names.origin), absl::string_view(names.vkey),
          absl::string_view(names.installation)}) {
      if (found(sha256.Digest({name, id})) ||
          found(sha256.Digest({id, name})) ||
          found_blake2b(name.substr(0, 64), id)) {
        return true;
      }
    }
    for (const LeafFacts& leaf : names.facts) {
      const std::string& facts = leaf.before_commitments;
      if (found(sha256.Digest({leaf.tag, id})) ||
          found(sha256.Digest({id, leaf.tag})) ||
          found(sha256.Digest({facts, id})) ||
          found(sha256.Digest({id, facts})) || found_blake2b(leaf.tag, id) ||
          windows.HasStartOf(PlainBlake2b(kDigestBytes, "", {id, facts})) ||
          windows.HasStartOf(
              PlainBlake2b(kDigestBytes, leaf.tag, {id, facts}))) {
        return true;
      }
    }
    return false;
  };
  for (int i = 0; i < ids; ++i) linked += is_linked(IdOf(i)) ? 1 : 0;
  return linked;
}

// Every blob of 16 bytes or more in a database, whichever table it stands in.
std::vector<std::string> BlobsOf(const std::string& path) {
  std::vector<std::string> blobs;
  const auto database = OpenSqlite(path, SqliteOptions());
  EXPECT_TRUE(database.ok());
  const auto tables = (*database)->Prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table'"
      " AND name NOT IN ('outbox', 'outbox_state', 'log', 'log_key')");
  std::vector<std::string> names;
  while (*(*tables)->Step()) names.emplace_back((*tables)->ColumnBytes(0));
  for (const std::string& name : names) {
    const auto columns = (*database)->Prepare(
        absl::StrCat("SELECT name FROM pragma_table_info('", name, "')"));
    std::vector<std::string> of_table;
    while (*(*columns)->Step()) {
      of_table.emplace_back((*columns)->ColumnBytes(0));
    }
    for (const std::string& column : of_table) {
      const auto rows = (*database)->Prepare(
          absl::StrCat("SELECT ", column, " FROM ", name, " WHERE typeof(",
                       column, ") = 'blob'"));
      while (*(*rows)->Step()) {
        blobs.emplace_back((*rows)->ColumnBytes(0));
      }
    }
  }
  return blobs;
}

class LinkTest : public testing::Test {
 protected:
  // Twelve consumers of the million; records of all, two revised, three erased.
  LinkTest() {
    v1::MoodCheckIn mood;
    mood.set_score(2);
    mood.set_note("planted canary note");
    for (int i = 0; i < 12; ++i) {
      home_.Put({RecordOf(IdOf(i * 77'777), "1", mood),
                 RecordOf(IdOf(i * 77'777), "2", mood)});
    }
    mood.set_score(5);
    home_.Put(
        {RecordOf(IdOf(0), "1", mood), RecordOf(IdOf(77'777), "1", mood)});
    home_.Close();
    before_ = Blobs();
    EXPECT_TRUE(home_.Open().ok());
    for (int i = 3; i < 6; ++i) {
      EXPECT_TRUE(home_.Erase(IdOf(i * 77'777)).ok());
    }
    home_.Close();

    const auto log = ReadHomeLog(home_.folder());
    EXPECT_TRUE(log.ok()) << log.status();
    names_.origin = log->status.origin;
    names_.vkey = log->log_keys.front().vkey;
    auto reader = LogReader::Open(LogFolderOf(home_.folder()), kCheckpointFile,
                                  log->keys);
    EXPECT_TRUE(reader.ok()) << reader.status();
    EXPECT_TRUE(reader
                    ->VisitEntries(0, reader->checkpoint().size,
                                   [&](uint64_t, absl::string_view entry) {
                                     leaves_.emplace_back(entry);
                                     names_.facts.emplace_back(entry);
                                     return absl::OkStatus();
                                   })
                    .ok());
    // A few leaves stand for all: an intruder would try each. The last is an
    // erasure's; the first is nobody's.
    names_.facts = {names_.facts[1], names_.facts[2], names_.facts.back()};
    const auto keys = OpenKeyDatabase(home_.folder());
    const auto read = (*keys)->Prepare("SELECT id FROM installation");
    EXPECT_TRUE(*(*read)->Step());
    names_.installation = std::string((*read)->ColumnBytes(0));
  }

  std::vector<std::string> Blobs() {
    std::vector<std::string> blobs = BlobsOf(KeyStoreOf(home_.folder()));
    for (std::string& blob : BlobsOf(RecordStoreOf(home_.folder()))) {
      blobs.push_back(std::move(blob));
    }
    return blobs;
  }

  // How many of what rests in the databases, or its digests, stand in a leaf.
  int CountStored(const std::vector<std::string>& leaves) {
    const Windows windows(leaves);
    Sha256 sha256;
    int stored = 0;
    for (const std::string& blob : before_) {
      const auto digest = sha256.Digest({blob});
      const std::string blake = PlainBlake2b(kDigestBytes, "", {blob});
      if (windows.HasStartOf(blob) ||
          windows.HasStartOf(absl::string_view(
              reinterpret_cast<const char*>(digest.data()), digest.size())) ||
          windows.HasStartOf(blake)) {
        ++stored;
      }
    }
    return stored;
  }

  ScratchHome home_;
  std::vector<std::string> leaves_;
  std::vector<std::string> before_;  // Blobs, when nobody was erased yet.
  PublicNames names_;
};

TEST_F(LinkTest, AMillionKnownIdsLinkToNoLeaf) {
  EXPECT_GE(leaves_.size(), 30u);

  EXPECT_EQ(CountLinked(leaves_, names_, kKnownIds), 0);
}

TEST_F(LinkTest, ALeafThatWasMadeCarelesslyWouldBeLinked) {
  const auto digest = Sha256().Digest({names_.origin, IdOf(333'333)});
  Leaf careless = NewLeaf(LeafKind::kNoticeVersion, 1);
  careless.commitments.resize(1);
  std::memcpy(careless.commitments[0].data(), digest.data(), digest.size());

  EXPECT_EQ(CountLinked({*SerializeLeaf(careless)}, names_, 400'000), 1);
}

TEST_F(LinkTest, ADigestSaltedWithWhatTheLeafSaysWouldBeLinked) {
  Leaf careless = NewLeaf(LeafKind::kNoticeVersion, 1);
  careless.commitments.resize(1);
  const LeafFacts facts(*SerializeLeaf(careless));
  const std::string digest = PlainBlake2b(
      kDigestBytes, facts.tag, {IdOf(77'777), facts.before_commitments});
  std::memcpy(careless.commitments[0].data(), digest.data(), digest.size());
  names_.facts = {facts};

  EXPECT_EQ(CountLinked({*SerializeLeaf(careless)}, names_, 100'000), 1);
}

TEST_F(LinkTest, NothingThatRestsInTheStoresStandsInALeaf) {
  EXPECT_GE(before_.size(), 12u * 4);

  EXPECT_EQ(CountStored(leaves_), 0);
}

TEST_F(LinkTest, AReferenceInALeafWouldBeFound) {
  Leaf careless = NewLeaf(LeafKind::kNoticeVersion, 1);
  careless.commitments.resize(1);
  std::string reference;
  for (const std::string& blob : before_) {
    if (blob.size() == kReference) reference = blob;
  }
  ASSERT_EQ(reference.size(), kReference);
  std::memcpy(careless.commitments[0].data() + 5, reference.data(),
              reference.size());

  EXPECT_GE(CountStored({*SerializeLeaf(careless)}), 1);
}

TEST_F(LinkTest, NoValueOfARecordStandsInTheLog) {
  for (const std::string& leaf : leaves_) {
    EXPECT_EQ(leaf.find("canary"), std::string::npos);
    EXPECT_EQ(leaf.find("c-77777"), std::string::npos);
    EXPECT_EQ(leaf.find("ios-app"), std::string::npos);
  }
}

}  // namespace
}  // namespace subrosa
