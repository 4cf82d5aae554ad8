// Bytes from strangers, into a witness: the first byte says what the rest is.
//
//   'r'  an add-checkpoint request: what parses serializes to the same bytes
//   'w'  requests to one witness, with a NUL between them, whose checkpoints
//   the
//        log signs before they are sent: whatever is cosigned continues what
//        was cosigned before
#include <sys/stat.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "src/audit/checkpoint.h"
#include "src/audit/merkle.h"
#include "src/audit/test_log.h"
#include "src/audit/witness.h"
#include "src/audit/witness_request.h"
#include "src/base/clock.h"
#include "src/crypto/token_provider.h"
#include "src/net/http_message.h"

namespace subrosa {
namespace {

constexpr char kOrigin[] = "example.org/fuzz";
// Each costs a file that is made durable.
constexpr size_t kMostRequests = 8;

void Check(bool holds) {
  if (!holds) std::abort();
}

// A log and a witness's key, made once; and a folder.
struct Parties {
  Parties() : log(kOrigin, 1) {
    Check(provider.CreateSigningKey("witness").ok());
    const char* temporary = std::getenv("TEST_TMPDIR");
    folder = absl::StrCat(temporary != nullptr ? temporary : "/tmp",
                          "/witness_fuzz-XXXXXX");
    Check(mkdtemp(folder.data()) != nullptr);
  }
  ~Parties() { std::filesystem::remove_all(folder); }

  std::unique_ptr<Witness> NewWitness() {
    std::filesystem::remove_all(folder);
    Check(mkdir(folder.c_str(), 0700) == 0);
    return Witness::Open(
               {"witness.example", "witness", folder, {{kOrigin, log.keys()}}},
               provider, clock)
        .value();
  }

  TestLog log;
  TokenProvider provider;
  FixedClock clock{absl::FromUnixSeconds(1790000000)};
  std::string folder;
};

void ReadRequest(absl::string_view text) {
  const absl::StatusOr<WitnessRequest> request = ParseWitnessRequest(text);
  Check(request.ok() || absl::IsInvalidArgument(request.status()));
  if (request.ok()) Check(SerializeWitnessRequest(*request) == text);
}

// Whether the tree of `last` begins the one of the request's checkpoint.
bool Continues(const Checkpoint& last, const WitnessRequest& request,
               const Checkpoint& next) {
  if (last.size == 0 && next.size != 0) return request.proof.empty();
  if (last.size == next.size) {
    return last.root == next.root && request.proof.empty();
  }
  return CheckConsistency(last.size, next.size, last.root, next.root,
                          request.proof)
      .ok();
}

// Sends `unsigned_request` once the log has signed its checkpoint. `last` is
// the one that was cosigned last.
void Send(Parties& parties, Witness& witness,
          absl::string_view unsigned_request, Checkpoint* last) {
  const size_t end = unsigned_request.find("\n\n");
  if (end == absl::string_view::npos) return;
  const absl::StatusOr<Checkpoint> next =
      ParseCheckpoint(unsigned_request.substr(end + 2));
  if (!next.ok()) return;
  const std::string body =
      absl::StrCat(unsigned_request.substr(0, end + 2),
                   parties.log.Sign(SerializeCheckpoint(*next)));
  const int status = witness.AddCheckpoint(body).status;
  Check(status == 200 || status == 400 || status == 404 || status == 409 ||
        status == 422);
  const absl::StatusOr<WitnessRequest> request = ParseWitnessRequest(body);
  const bool right = request.ok() && next->origin == kOrigin &&
                     request->old_size == last->size &&
                     Continues(*last, *request, *next);
  Check((status == 200) == right);
  if (right) *last = *next;
}

void SendAll(Parties& parties, absl::string_view requests) {
  std::unique_ptr<Witness> witness = parties.NewWitness();
  Checkpoint last = {kOrigin, 0, EmptyRoot()};
  const std::vector<absl::string_view> each = absl::StrSplit(requests, '\0');
  for (size_t i = 0; i < each.size() && i < kMostRequests; ++i) {
    Send(parties, *witness, each[i], &last);
  }
}

}  // namespace
}  // namespace subrosa

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static subrosa::Parties parties;
  if (size == 0) return 0;
  const absl::string_view rest(reinterpret_cast<const char*>(data) + 1,
                               size - 1);
  switch (data[0]) {
    case 'r':
      subrosa::ReadRequest(rest);
      break;
    case 'w':
      subrosa::SendAll(parties, rest);
      break;
  }
  return 0;
}
