// Every payload in proto/subrosa/v1 says of each field what it holds. The lint
// that finds this is itself tested beside its source
// (src/classify/schema_lint_test.cc).
#include <string>

#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "gtest/gtest.h"
#include "src/classify/payload_types.h"
#include "src/classify/schema_lint.h"
#include "subrosa/v1/annotations.pb.h"

namespace subrosa {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FileDescriptor;
using testing::IsEmpty;

TEST(PayloadLintTest, EveryFieldOfEveryPayloadIsMarkedOrSaidNotToBePersonal) {
  ASSERT_FALSE(ShippedPayloads().empty());
  for (const Descriptor* payload : ShippedPayloads()) {
    EXPECT_THAT(LintPayload(*payload), IsEmpty());
  }
}

TEST(PayloadLintTest, EveryMessageWithATitleIsAmongTheShippedPayloads) {
  for (const Descriptor* payload : ShippedPayloads()) {
    const FileDescriptor& file = *payload->file();
    for (int i = 0; i < file.message_type_count(); ++i) {
      const Descriptor& message = *file.message_type(i);
      const bool has_title =
          !message.options().GetExtension(v1::message).title().empty();
      EXPECT_EQ(has_title, FindShippedPayload(message.full_name()) == &message)
          << message.full_name();
    }
  }
}

}  // namespace
}  // namespace subrosa
