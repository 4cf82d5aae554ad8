#include "src/portal/form_body.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

TEST(FormBodyTest, WhatABrowserPostsIsTakenApart) {
  const auto fields = ParseFormBody(
      "ask=delete&contact=rosa%40mail.example"
      "&name=Mar%C3%ADa+Luz+&empty=");
  ASSERT_TRUE(fields.ok()) << fields.status();
  EXPECT_THAT(*fields, ElementsAre(Pair("ask", "delete"),
                                   Pair("contact", "rosa@mail.example"),
                                   Pair("empty", ""),
                                   Pair("name",
                                        "Mar\xC3\xAD"
                                        "a Luz")));
}

TEST(FormBodyTest, AValueMayHoldSignsThatPartFields) {
  EXPECT_EQ(ParseFormBody("a=x=y%26z")->at("a"), "x=y&z");
}

TEST(FormBodyTest, NothingIsAFormWithoutFields) {
  EXPECT_TRUE(ParseFormBody("")->empty());
  EXPECT_TRUE(ParseFormBody("&&")->empty());
}

TEST(FormBodyTest, WhatIsHalfUnderstoodIsRefused) {
  for (const char* body :
       {"a=%", "a=%4", "a=%zz", "a=%4g", "a=1&a=2", "A=1", "a%20b=1", "=1",
        "a=%FF", "a=%C3", "a=%00", "a=x%0D%0ABcc%3A+y", "a=%7F"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(ParseFormBody(body).status())) << body;
  }
}

TEST(FormBodyTest, TheBoundsHold) {
  const std::string most(kMaxFormValueBytes, 'x');
  EXPECT_TRUE(ParseFormBody("a=" + most).ok());
  EXPECT_FALSE(ParseFormBody("a=x" + most).ok());
  EXPECT_FALSE(ParseFormBody(std::string(kMaxFormBytes + 1, '&')).ok());
  std::string many;
  for (size_t i = 0; i < kMaxFormFields; ++i) {
    absl::StrAppend(&many, "f", i, "=1&");
  }
  EXPECT_TRUE(ParseFormBody(many).ok());
  EXPECT_FALSE(ParseFormBody(many + "g=1").ok());
}

TEST(FormBodyTest, NoValueStandsInAnError) {
  const std::string canary = "migraine";
  for (const std::string& body : {"a=" + canary + "%", "a=" + canary + "%00",
                                  canary + "=1&" + canary + "=" + canary}) {
    EXPECT_THAT(std::string(ParseFormBody(body).status().message()),
                Not(HasSubstr(canary)));
  }
}

}  // namespace
}  // namespace subrosa
