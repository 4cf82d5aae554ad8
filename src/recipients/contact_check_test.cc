#include "src/recipients/contact_check.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

TEST(ContactCheckTest, AnAddressThatMailProgramsWriteToIsTaken) {
  for (const char* email :
       {"privacy@example.com", "a@b.co", "first.last+rights@mail.example.org",
        "o'neill@xn--bcher-kva.example", "x@1.example"}) {
    EXPECT_TRUE(CheckEmail("email", email).ok()) << email;
  }
}

TEST(ContactCheckTest, WhatNobodyCanWriteToIsNoAddress) {
  const std::string long_local = std::string(65, 'a') + "@example.com";
  const std::string long_label = "a@" + std::string(64, 'b') + ".com";
  std::string long_whole = "a@";
  while (long_whole.size() < 260) long_whole += "label.";
  long_whole += "com";
  for (const absl::string_view email : {
           absl::string_view(""),
           absl::string_view("example.com"),
           absl::string_view("@example.com"),
           absl::string_view("a@"),
           absl::string_view("a@localhost"),
           absl::string_view("a@192.0.2.1"),
           absl::string_view("a@[192.0.2.1]"),
           absl::string_view("a..b@example.com"),
           absl::string_view(".a@example.com"),
           absl::string_view("a.@example.com"),
           absl::string_view("\"a b\"@example.com"),
           absl::string_view("a b@example.com"),
           absl::string_view("a@b@example.com"),
           absl::string_view("a@-b.com"),
           absl::string_view("a@b-.com"),
           absl::string_view("a@b..com"),
           absl::string_view("a@b.com."),
           absl::string_view("a@example.com\n"),
           absl::string_view("a\0@example.com", 14),
           absl::string_view("\xC3\xA9@example.com"),
           absl::string_view(long_local),
           absl::string_view(long_label),
           absl::string_view(long_whole),
       }) {
    const absl::Status status = CheckEmail("contact.email", email);
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << email;
    EXPECT_EQ(status.message().substr(0, 15), "contact.email: ");
  }
}

TEST(ContactCheckTest, AFormOnTheWebIsTaken) {
  for (const char* url :
       {"https://example.com", "https://example.com/",
        "https://privacy.example.com:8443/rights?lang=en&from=app#form",
        "https://example.com?x=%2F", "https://example.com/a%20b"}) {
    EXPECT_TRUE(CheckHttpsUrl("url", url).ok()) << url;
  }
}

TEST(ContactCheckTest, WhatABrowserWouldRunReadAloudOrLeakIsNoForm) {
  const std::string too_long =
      "https://example.com/" + std::string(kMaxUrlBytes, 'a');
  for (const absl::string_view url : {
           absl::string_view(""),
           absl::string_view("http://example.com/"),
           absl::string_view("HTTPS://example.com/"),
           absl::string_view("javascript:alert(1)"),
           absl::string_view("https://"),
           absl::string_view("https:///path"),
           absl::string_view("https://localhost/"),
           absl::string_view("https://192.0.2.1/"),
           absl::string_view("https://0x7f.1/"),
           absl::string_view("https://[2001:db8::1]/"),
           absl::string_view("https://user:word@example.com/"),
           absl::string_view("https://example.com:0/"),
           absl::string_view("https://example.com:65536/"),
           absl::string_view("https://example.com:+80/"),
           absl::string_view("https://example.com:/"),
           absl::string_view("https://example.com/a b"),
           absl::string_view("https://example.com/\"><script>"),
           absl::string_view("https://example.com/\n"),
           absl::string_view("https://example.com/%2"),
           absl::string_view("https://example.com/%zz"),
           absl::string_view("https://example.com/#a#b"),
           absl::string_view("https://b\xC3\xBC"
                             "cher.example/"),
           absl::string_view(too_long),
       }) {
    EXPECT_TRUE(absl::IsInvalidArgument(CheckHttpsUrl("url", url))) << url;
  }
}

}  // namespace
}  // namespace subrosa
