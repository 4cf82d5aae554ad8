#include "src/base/status_macros.h"

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

absl::Status ReturnsEarly(const absl::Status& status, bool* went_on) {
  SUBROSA_RETURN_IF_ERROR(status);
  *went_on = true;
  return absl::OkStatus();
}

absl::StatusOr<int> Doubled(absl::StatusOr<std::unique_ptr<int>> value) {
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<int> number, std::move(value));
  return *number * 2;
}

TEST(StatusMacrosTest, AnErrorEndsTheFunctionAndComesBack) {
  bool went_on = false;

  EXPECT_TRUE(
      absl::IsDataLoss(ReturnsEarly(absl::DataLossError("gone"), &went_on)));
  EXPECT_FALSE(went_on);
}

TEST(StatusMacrosTest, OkGoesOn) {
  bool went_on = false;

  EXPECT_TRUE(ReturnsEarly(absl::OkStatus(), &went_on).ok());
  EXPECT_TRUE(went_on);
}

TEST(StatusMacrosTest, AValueThatCanOnlyMoveIsAssigned) {
  EXPECT_EQ(*Doubled(std::make_unique<int>(21)), 42);
  EXPECT_TRUE(absl::IsNotFound(Doubled(absl::NotFoundError("none")).status()));
}

TEST(StatusMacrosTest, ContextStandsInFrontAndTheCodeIsKept) {
  const absl::Status status =
      Annotate(absl::NotFoundError("no row"), "key store");

  EXPECT_TRUE(absl::IsNotFound(status));
  EXPECT_EQ(status.message(), "key store: no row");
  EXPECT_TRUE(Annotate(absl::OkStatus(), "key store").ok());
}

}  // namespace
}  // namespace subrosa
