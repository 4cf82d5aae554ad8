// A home for a self-test alone: made beside the real one in a folder for
// temporary files, of the same policy, recipients and connectors, with nobody
// in it, and with a blind index (kSelfTestField); removed at the end. Nothing
// of the real home's consumers is read, and nothing is written to it.
//
// Whom it would tell is told nothing: in the place of each store's and
// recipient's connector stands a double that writes down what it was told, and
// each recipient has a key that nobody else has.
//
// Thread-compatible. Errors are those of CreateHome and Steward::Open, and
// UNAVAILABLE where no folder can be made.
#ifndef SUBROSA_TOOLS_SUBROSA_SELF_TEST_HOME_H_
#define SUBROSA_TOOLS_SUBROSA_SELF_TEST_HOME_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/base/clock.h"
#include "src/steward/steward.h"
#include "subrosa/v1/certificate.pb.h"

namespace subrosa {

class SelfTestHome {
 public:
  // Of the home that `original` has open. Its clock stands where that one's
  // is, and goes on when it is told to.
  static absl::StatusOr<std::unique_ptr<SelfTestHome>> Make(Steward& original);
  ~SelfTestHome();

  Steward& steward() { return *steward_; }
  FixedClock& clock() { return clock_; }
  const std::string& folder() const { return folder_; }

  // The ids of stores, which every erasure is told to, and of recipients that
  // have a connector; and what one was told, as it came: empty if nothing.
  const std::vector<std::string>& stores() const { return stores_; }
  const std::vector<std::string>& told_recipients() const {
    return told_recipients_;
  }
  std::string ToldTo(v1::PartyKind kind, const std::string& id) const;

  // A name in its folder that is free.
  std::string NewPath();

 private:
  SelfTestHome(std::string folder, absl::Time now)
      : folder_(std::move(folder)), clock_(now) {}

  absl::Status MakeParts(Steward& original);
  absl::Status MakeDoubles(const std::string& original);
  absl::Status TakeRecipients(Steward& original);
  absl::Status MakeIndex();
  std::string TellPath(v1::PartyKind kind, const std::string& id) const;
  std::string home() const { return folder_ + "/home"; }

  const std::string folder_;
  FixedClock clock_;
  std::vector<std::string> stores_;
  std::vector<std::string> told_recipients_;
  int paths_ = 0;
  std::unique_ptr<Steward> steward_;
};

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_SELF_TEST_HOME_H_
