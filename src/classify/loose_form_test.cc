#include "src/classify/loose_form.h"

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

struct Case {
  v1::IdentifierKind kind;
  absl::string_view value;
};

TEST(LooseFormTest, FormsOfDatabasesFit) {
  const Case cases[] = {
      {v1::IDENTIFIER_SSN, "219099999"},
      {v1::IDENTIFIER_SSN, "219-09-9999"},
      {v1::IDENTIFIER_SSN, "219 09 9999"},
      {v1::IDENTIFIER_SSN, "xxx-xx-9999"},
      {v1::IDENTIFIER_SSN, "***-**-9999"},
      {v1::IDENTIFIER_SSN, "9999"},
      {v1::IDENTIFIER_PHONE, "2065550134"},
      {v1::IDENTIFIER_PHONE, "12065550134"},
      {v1::IDENTIFIER_PHONE, "555-0134"},
      {v1::IDENTIFIER_PHONE, "+44 20 7946 0958"},
      {v1::IDENTIFIER_PHONE, "(206) 555-0134 ext 12"},
      {v1::IDENTIFIER_IP_ADDRESS, "::1"},
      {v1::IDENTIFIER_IP_ADDRESS, "10.0.0.1"},
      {v1::IDENTIFIER_IP_ADDRESS, "fe80::1%eth0"},
      {v1::IDENTIFIER_URL, "post.example"},
      {v1::IDENTIFIER_URL, "https://post.example/a?b=c"},
      {v1::IDENTIFIER_EMAIL, "jo@localhost"},
  };
  for (const Case& each : cases) {
    EXPECT_TRUE(HasLooseForm(each.kind, each.value)) << each.value;
  }
}

TEST(LooseFormTest, WhatIsSomethingElseDoesNot) {
  const Case cases[] = {
      {v1::IDENTIFIER_SSN, ""},
      {v1::IDENTIFIER_SSN, "yes"},
      {v1::IDENTIFIER_SSN, "12345678"},
      {v1::IDENTIFIER_SSN, "xxxxxxxxx"},
      {v1::IDENTIFIER_PHONE, "1"},
      {v1::IDENTIFIER_PHONE, "home"},
      {v1::IDENTIFIER_PHONE, "2024-05-01T10:00"},
      {v1::IDENTIFIER_IP_ADDRESS, "10.0"},
      {v1::IDENTIFIER_IP_ADDRESS, "12"},
      {v1::IDENTIFIER_URL, "12.5"},
      {v1::IDENTIFIER_URL, "we met. Then"},
      {v1::IDENTIFIER_URL, "jo@post.example"},
      {v1::IDENTIFIER_EMAIL, "1"},
      {v1::IDENTIFIER_EMAIL, "@jo"},
      {v1::IDENTIFIER_NAME, "Jo"},
  };
  for (const Case& each : cases) {
    EXPECT_FALSE(HasLooseForm(each.kind, each.value)) << each.value;
  }
}

}  // namespace
}  // namespace subrosa
