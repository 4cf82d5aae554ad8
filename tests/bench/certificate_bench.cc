// What a certificate costs whoever checks it: in memory beside its raw parts,
// and as the whole command, from its start to its end.
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "src/audit/merkle.h"
#include "src/base/file.h"
#include "src/crypto/commitment.h"
#include "src/crypto/signed_note.h"
#include "src/erasure/certificate_file.h"
#include "src/erasure/scratch_certificate.h"
#include "tests/bench/figures.h"
#include "tests/bench/sample_home.h"
#include "tests/bench/timing.h"

namespace subrosa {
namespace {

constexpr char kCommand[] = "tools/subrosa/subrosa";
constexpr int kRuns = 50;

// Runs `program` with `arguments`, its output thrown away.
void Run(const std::string& program, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), program);
  std::vector<char*> words;
  for (std::string& argument : arguments) words.push_back(argument.data());
  words.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null",
                                   O_WRONLY, 0);
  pid_t pid = 0;
  int status = 0;
  if (posix_spawn(&pid, program.c_str(), &actions, nullptr, words.data(),
                  environ) != 0 ||
      waitpid(pid, &status, 0) != pid || status != 0) {
    Require(absl::InternalError(absl::StrCat(program, " did not succeed")));
  }
  posix_spawn_file_actions_destroy(&actions);
}

double MedianSecondsOf(const std::string& program,
                       const std::vector<std::string>& arguments) {
  std::vector<double> seconds;
  for (int i = 0; i < kRuns; ++i) {
    seconds.push_back(SecondsOfOne([&] { Run(program, arguments); }));
  }
  return Median(seconds);
}

int Main(bool json) {
  const char* const given = std::getenv("SUBROSA_COMMAND");
  const std::string command = given == nullptr ? kCommand : given;
  ScratchCertificate scratch;
  scratch.MakeFinal();
  const std::string file = scratch.File();
  const CertificateProofs proofs = scratch.Proofs();
  const std::string statement = scratch.Statement();
  const std::string note = proofs.statement.checkpoint;
  const Leaf leaf =
      StatementLeaf(scratch.certificate(), statement, proofs.opening).value();

  const Comparison comparison = Compare(
      50,
      [&] { Require(VerifyCertificate(file, scratch.keys(), {}).status()); },
      [&] {
        Require(OpenNote(note, scratch.keys()).status());
        Require(VerifyCommitment(leaf.commitments[0], proofs.opening,
                                 kStatementLabel, {statement}));
        MerkleHasher hasher;
        MerkleHash hash = hasher.Leaf(note);
        // Five leaves, each with a proof of four hashes.
        for (int i = 0; i < 25; ++i) hash = hasher.Node(hash, hash);
      });
  std::vector<Figure> figures(3);
  figures[0].name = "verifying a final certificate of two epochs, in memory";
  figures[0].unit = "us";
  figures[0].value = 1e6 * comparison.seconds;
  figures[0].goal = Goal::kAtMost;
  figures[0].bound = 150;
  figures[1].name = "the same, beside its raw parts";
  figures[1].unit = "us";
  figures[1].value = 1e6 * comparison.seconds;
  figures[1].baseline = "one signature and one commitment checked, 26 hashes";
  figures[1].baseline_value = 1e6 * comparison.baseline_seconds;
  figures[1].ratio = comparison.time_ratio;

  const ScratchFolder folder;
  const std::string path = folder / "certificate.txt";
  Require(ReplaceFile(path, file, 0600));
  figures[2].name = "`subrosa verify` of it, the whole process";
  figures[2].unit = "ms";
  figures[2].value =
      1e3 * MedianSecondsOf(command, {"verify", path, "--key",
                                      scratch.keys().front().ToString()});
  figures[2].goal = Goal::kAtMost;
  figures[2].bound = 10;
  Figure version;
  version.name = "of that, starting and ending a process that does nothing";
  version.unit = "ms";
  version.value = 1e3 * MedianSecondsOf("/bin/true", {});
  figures.push_back(version);
  return PrintFigures("erasure", figures, json) ? 0 : 3;
}

}  // namespace
}  // namespace subrosa

int main(int argc, char** argv) {
  const bool json = argc == 2 && std::strcmp(argv[1], "--json") == 0;
  if (argc > 1 && !json) {
    std::fprintf(stderr, "usage: certificate_bench [--json]\n");
    return 2;
  }
  return subrosa::Main(json);
}
