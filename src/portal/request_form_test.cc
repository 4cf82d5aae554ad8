#include "src/portal/request_form.h"

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/request/request_check.h"
#include "src/request/request_text.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/request.pb.h"

namespace subrosa {
namespace {

using testing::HasSubstr;
using testing::Not;

const absl::Time kNow = absl::FromUnixSeconds(1'800'000'000);

FormFields Filled() {
  return {{"ask", "delete"},
          {"who", "self"},
          {"contact", "rosa@mail.example"},
          {"residence", "US-WA"}};
}

FormFields With(FormFields fields, const std::string& name,
                const std::string& value) {
  fields[name] = value;
  return fields;
}

TEST(RequestFormTest, AFilledFormIsARequestThatTheDeskTakes) {
  const auto request = RequestOfForm(Filled(), kNow);
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_EQ(request->kind(), v1::REQUEST_KIND_DELETE);
  EXPECT_EQ(request->channel(), v1::REQUEST_CHANNEL_FORM);
  EXPECT_EQ(request->residence(), "US-WA");
  EXPECT_EQ(request->requester().contact(), "rosa@mail.example");
  EXPECT_TRUE(CheckNewRequest(*request, kNow).ok());
}

// Covers: wa-mhmda/request-channel
TEST(RequestFormTest, AFormSaysNothingOfAnAccount) {
  EXPECT_EQ(RequestOfForm(Filled(), kNow)->consumer(), "");
  EXPECT_THAT(RequestFormHtml("/requests"), Not(HasSubstr("account")));
}

TEST(RequestFormTest, EveryKindThatTheFormOffersIsTaken) {
  const std::string html = RequestFormHtml("/requests");
  for (int i = 1; i < v1::RequestKind_ARRAYSIZE; ++i) {
    const auto kind = static_cast<v1::RequestKind>(i);
    const std::string slug = RequestKindSlug(kind);
    const bool is_offered = kind != v1::REQUEST_KIND_APPEAL;
    EXPECT_EQ(RequestOfForm(With(Filled(), "ask", slug), kNow).ok(), is_offered)
        << slug;
    const std::string option = absl::StrCat("<option value=\"", slug, "\">");
    if (is_offered) {
      EXPECT_THAT(html, HasSubstr(option));
    } else {
      EXPECT_THAT(html, Not(HasSubstr(option)));
    }
  }
}

TEST(RequestFormTest, WhoAsksForAnotherSaysWhatShowsThatTheyMay) {
  const FormFields agent = With(Filled(), "who", "agent");
  EXPECT_TRUE(absl::IsInvalidArgument(RequestOfForm(agent, kNow).status()));
  const auto request =
      RequestOfForm(With(agent, "permission", "of 3 May"), kNow);
  ASSERT_TRUE(request.ok());
  EXPECT_TRUE(CheckNewRequest(*request, kNow).ok());
  // Of who asks for themselves it is left out.
  EXPECT_EQ(RequestOfForm(With(Filled(), "permission", "x"), kNow)
                ->requester()
                .permission(),
            "");
}

// Covers: ca-ccpa/know-range
TEST(RequestFormTest, WhoAsksWhatWeHaveMaySayOfWhichDaysOrAskForAll) {
  for (const char* kind : {"know", "access"}) {
    const FormFields asked = With(Filled(), "ask", kind);
    const auto all = RequestOfForm(asked, kNow);
    EXPECT_EQ(all->from_day() + all->to_day(), "");
    const auto some = RequestOfForm(
        With(With(asked, "from", "2024-02-29"), "to", "2024-12-31"), kNow);
    ASSERT_TRUE(some.ok()) << some.status();
    EXPECT_EQ(some->from_day(), "2024-02-29");
    EXPECT_EQ(some->to_day(), "2024-12-31");
    EXPECT_TRUE(CheckNewRequest(*some, kNow).ok());
    EXPECT_TRUE(RequestOfForm(With(asked, "to", "2024-12-31"), kNow).ok());
  }
}

TEST(RequestFormTest, DaysThatAreNoneOrOfAnotherRequestAreAskedForInWords) {
  const FormFields asked = With(Filled(), "ask", "know");
  for (const FormFields& fields :
       {With(asked, "from", "2023-02-29"), With(asked, "to", "yesterday"),
        With(With(asked, "from", "2024-12-31"), "to", "2024-12-30"),
        With(Filled(), "from", "2024-12-31")}) {
    EXPECT_TRUE(absl::IsInvalidArgument(RequestOfForm(fields, kNow).status()));
  }
}

TEST(RequestFormTest, WhatIsMissingOrElsewhereIsAskedForInWords) {
  for (const auto& [name, value] :
       {std::pair("ask", ""), std::pair("ask", "everything"),
        std::pair("who", ""), std::pair("who", "officer"),
        std::pair("contact", ""), std::pair("residence", "US"),
        std::pair("residence", "Seattle"), std::pair("consumer", "c-1")}) {
    const auto request = RequestOfForm(With(Filled(), name, value), kNow);
    EXPECT_TRUE(absl::IsInvalidArgument(request.status())) << name << value;
    if (value[0] != '\0') {
      EXPECT_THAT(std::string(request.status().message()),
                  Not(HasSubstr(value)));
    }
  }
}

TEST(RequestFormTest, EveryFieldHasALabel) {
  const std::string html = RequestFormHtml("/requests");
  for (const char* name :
       {"ask", "who", "residence", "contact", "permission", "from", "to"}) {
    EXPECT_THAT(html, HasSubstr(absl::StrCat("<label for=\"", name, "\">")));
    EXPECT_THAT(
        html, HasSubstr(absl::StrCat("id=\"", name, "\" name=\"", name, "\"")));
  }
}

}  // namespace
}  // namespace subrosa
