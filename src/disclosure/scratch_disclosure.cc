#include "src/disclosure/scratch_disclosure.h"

#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/taxonomy.pb.h"

namespace subrosa {

v1::Disclosure ScratchDisclosure(const std::string& consumer,
                                 const std::string& recipient,
                                 const std::string& text) {
  v1::Disclosure entry;
  entry.set_consumer(consumer);
  entry.set_kind(v1::DISCLOSURE_KIND_DECLARED);
  entry.set_recipient(recipient);
  entry.set_recipient_name(recipient + ", Inc.");
  entry.set_recipient_contact("privacy@" + recipient + ".example");
  entry.set_action(v1::ACTION_SHARE);
  entry.set_purpose("coaching");
  entry.add_category(v1::HEALTH_CATEGORY_CONDITIONS);
  entry.mutable_at()->set_seconds(kDisclosureSeconds);
  entry.add_rule("wa-mhmda/share");
  google::protobuf::TextFormat::Parser parser;
  EXPECT_TRUE(parser.MergeFromString(text, &entry)) << text;
  return entry;
}

v1::Disclosure ScratchRevocation(const std::string& consumer,
                                 const std::string& recipient) {
  v1::Disclosure entry;
  entry.set_consumer(consumer);
  entry.set_kind(v1::DISCLOSURE_KIND_REVOCATION);
  entry.set_recipient(recipient);
  entry.mutable_at()->set_seconds(kDisclosureSeconds);
  return entry;
}

}  // namespace subrosa
