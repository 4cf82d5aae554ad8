#include "src/portal/request_pages.h"

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/net/http_message.h"
#include "src/portal/form_body.h"
#include "src/request/request_desk.h"
#include "src/request/sample_request.h"
#include "src/store/connection.h"
#include "src/vault/scratch_vault.h"
#include "src/vault/vault.h"
#include "subrosa/v1/policy.pb.h"
#include "subrosa/v1/request.pb.h"

namespace subrosa {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr char kDeletion[] =
    "ask=delete&who=self&residence=US-WA&contact=rosa%40mail.example"
    "&permission=";

class RequestPagesTest : public testing::Test {
 protected:
  RequestPagesTest() {
    policy_ = SampleRequestPolicy();
    policy_.set_name("Rose & <Water>");
    desk_ = RequestDesk::Open(*scratch_.OpenAnother(), SampleLawBook(), policy_,
                              scratch_.clock(), nullptr)
                .value();
    pages_ = std::make_unique<RequestPages>(*desk_, policy_, scratch_.clock());
  }

  HttpResponse Get(const std::string& path) {
    HttpRequest request;
    request.method = "GET";
    request.path = path;
    return pages_->Handle(request);
  }
  HttpResponse Post(const std::string& path, const std::string& body) {
    HttpRequest request;
    request.method = "POST";
    request.path = path;
    request.headers = {
        {"content-type", "application/x-www-form-urlencoded; charset=UTF-8"}};
    request.body = body;
    return pages_->Handle(request);
  }

  // The reference of the one request that there is.
  std::string Reference() {
    std::string ref;
    EXPECT_TRUE(desk_
                    ->VisitAll([&](const RequestView& view) {
                      ref = absl::BytesToHexString(view.kept.request_ref);
                      return absl::OkStatus();
                    })
                    .ok());
    return ref;
  }

  ScratchVault scratch_;
  v1::Policy policy_;
  std::unique_ptr<RequestDesk> desk_;
  std::unique_ptr<RequestPages> pages_;
};

TEST_F(RequestPagesTest, WhoFillsInTheFormGetsAReferenceAndTheDay) {
  const HttpResponse page = Post(kRequestFormPath, kDeletion);
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(*desk_->CountOpen(), 1);
  EXPECT_THAT(page.body, HasSubstr(Reference()));
  EXPECT_THAT(page.body, HasSubstr("to have your data deleted"));
  // 45 days from 30 June 2026 in Seattle.
  EXPECT_THAT(page.body, HasSubstr("2026-08-14"));
}

TEST_F(RequestPagesTest, TheReferenceShowsWhereItStandsAndNotWhoseItIs) {
  Post(kRequestFormPath, kDeletion);
  const HttpResponse page =
      Post(kRequestStatusPath, "reference=" + Reference());
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.body, HasSubstr("find out first who asks"));
  EXPECT_THAT(page.body, Not(HasSubstr("rosa")));
}

TEST_F(RequestPagesTest, ARequestThatWasAnsweredIsShownSo) {
  Post(kRequestFormPath, kDeletion);
  const std::string ref = absl::HexStringToBytes(Reference());
  v1::RequestEvent denial =
      DenialAt(scratch_.clock().Now(), v1::DENIAL_REASON_NOT_AUTHENTICATED);
  ASSERT_TRUE(desk_->Take(ref, denial).ok());
  const HttpResponse page =
      Post(kRequestStatusPath, "reference=" + Reference());
  EXPECT_THAT(page.body, HasSubstr("We did not do it"));
  EXPECT_THAT(page.body, Not(HasSubstr("as the letter says")));
}

// Covers: ca-ccpa/opt-out-confirmation
TEST_F(RequestPagesTest, WhoOptedOutCanConfirmThatItWasCarriedOut) {
  Post(kRequestFormPath,
       "ask=opt-out&who=self&contact=rosa%40mail.example&residence=US-CA");
  const std::string asks = "reference=" + Reference();
  EXPECT_THAT(Post(kRequestStatusPath, asks).body,
              Not(HasSubstr("carried out")));
  const std::string ref = absl::HexStringToBytes(Reference());
  const absl::Time now = scratch_.clock().Now();
  ASSERT_TRUE(
      desk_
          ->Identify(ref, "c-1", StepAt(now, v1::REQUEST_EVENT_KIND_IDENTIFIED))
          .ok());
  ASSERT_TRUE(
      desk_->Take(ref, StepAt(now, v1::REQUEST_EVENT_KIND_COMPLETED)).ok());
  const std::string page = Post(kRequestStatusPath, asks).body;
  // By the day in California, where it is still the day before.
  EXPECT_THAT(page, HasSubstr("It was carried out on 2026-06-30"));
}

TEST_F(RequestPagesTest, AReferenceThatLeadsToNothingIsToldFromNoOther) {
  const std::string zeros(32, '0');
  const std::string none = Post(kRequestStatusPath, "reference=" + zeros).body;
  for (const std::string& typed :
       {zeros.substr(1), zeros + "0", std::string("rosa"), std::string(),
        std::string(32, 'g')}) {
    const HttpResponse page = Post(kRequestStatusPath, "reference=" + typed);
    EXPECT_EQ(page.status, 404) << typed;
    EXPECT_EQ(page.body, none);
  }
  EXPECT_EQ(Post(kRequestStatusPath, "ref=" + zeros).status, 400);
}

TEST_F(RequestPagesTest, WhatIsMissingIsSaidAndNothingIsTakenIn) {
  for (const char* body :
       {"", "ask=delete", "ask=delete&who=self", "who=self&contact=x",
        "ask=appeal&who=self&contact=x", "ask=delete&who=self&contact=%",
        "ask=delete&who=agent&contact=x",
        "ask=delete&who=self&contact=x&consumer=c-1"}) {
    const HttpResponse page = Post(kRequestFormPath, body);
    EXPECT_EQ(page.status, 400) << body;
    EXPECT_THAT(page.body, HasSubstr("role=\"alert\"")) << body;
  }
  EXPECT_EQ(*desk_->CountOpen(), 0);
}

TEST_F(RequestPagesTest, WhatWasFilledInStandsInTheFormThatComesBack) {
  std::string umlauts;
  for (int i = 0; i < 400; ++i) umlauts += "%C3%BC";
  const HttpResponse page =
      Post(kRequestFormPath,
           absl::StrCat("ask=know&who=agent&residence=US-WA&permission=a%22b"
                        "&from=2026-01-02&to=&contact=",
                        umlauts));

  EXPECT_EQ(page.status, 400);
  EXPECT_THAT(page.body, HasSubstr("by a shorter address"));
  EXPECT_THAT(page.body, Not(HasSubstr("request.requester")));
  for (const char* filled :
       {"<option value=\"know\" selected>", "<option value=\"agent\" selected>",
        "<option value=\"US-WA\" selected>", " value=\"a&quot;b\"",
        " value=\"2026-01-02\"", " value=\"\xC3\xBC\xC3\xBC"}) {
    EXPECT_THAT(page.body, HasSubstr(filled));
  }
  EXPECT_EQ(*desk_->CountOpen(), 0);
}

TEST_F(RequestPagesTest, WhoComesWhileTheStoresAreHeldIsToldToComeBack) {
  const std::unique_ptr<Vault> other = *scratch_.OpenAnother();
  auto held = std::make_unique<Transaction>(*other->records().Begin());
  std::thread first([&] { Post(kRequestFormPath, kDeletion); });
  int answered = 200;
  // Until the first is at the desk; each attempt waits for it once it is.
  while (answered == 200) {
    answered = Post(kRequestStatusPath,
                    absl::StrCat("reference=", std::string(32, 'a')))
                   .status;
    if (answered == 404) answered = 200;
  }
  EXPECT_EQ(answered, 503);
  EXPECT_EQ(Get(kRequestFormPath).status, 200);
  held.reset();
  first.join();
  EXPECT_EQ(*desk_->CountOpen(), 1);
}

TEST_F(RequestPagesTest, NothingThatWasSentStandsOnAPageAsItIs) {
  for (const char* path : {kRequestFormPath, kRequestStatusPath}) {
    for (const char* name :
         {"ask", "contact", "who", "residence", "reference", "permission"}) {
      const HttpResponse page =
          Post(path, absl::StrCat(name, "=%3Cscript%3Ealert"));
      EXPECT_THAT(page.body, Not(HasSubstr("<script"))) << name;
      EXPECT_THAT(page.body, Not(HasSubstr("alert("))) << name;
    }
  }
  EXPECT_THAT(Get(kRequestFormPath).body,
              HasSubstr("Rose &amp; &lt;Water&gt;"));
}

TEST_F(RequestPagesTest, NoPageHasAScriptACookieOrAnythingFromElsewhere) {
  Post(kRequestFormPath, kDeletion);
  for (const HttpResponse& page :
       {Get(kRequestFormPath), Get(kRequestStatusPath), Get("/"),
        Post(kRequestFormPath, kDeletion), Post(kRequestFormPath, ""),
        Post(kRequestStatusPath, "reference=x")}) {
    EXPECT_EQ(page.content_type, "text/html; charset=utf-8");
    EXPECT_EQ(*FindHeader(page.headers, "Cache-Control"), "no-store");
    EXPECT_EQ(*FindHeader(page.headers, "Referrer-Policy"), "no-referrer");
    EXPECT_THAT(
        std::string(*FindHeader(page.headers, "Content-Security-Policy")),
        HasSubstr("default-src 'none'"));
    EXPECT_FALSE(FindHeader(page.headers, "Set-Cookie").has_value());
    for (const char* word :
         {"<script", "<img", "<link", "src=", "http://", "https://", "style"}) {
      EXPECT_THAT(page.body, Not(HasSubstr(word)));
    }
  }
}

TEST_F(RequestPagesTest, WhatNoFormSendsIsRefused) {
  HttpRequest request;
  request.path = kRequestFormPath;
  request.body = kDeletion;
  for (const char* method : {"PUT", "DELETE", "OPTIONS", "get"}) {
    request.method = method;
    EXPECT_EQ(pages_->Handle(request).status, 405) << method;
  }
  request.method = "POST";
  EXPECT_EQ(pages_->Handle(request).status, 415);
  request.headers = {{"Content-Type", "application/json"}};
  EXPECT_EQ(pages_->Handle(request).status, 415);
  EXPECT_EQ(Post(kRequestFormPath, std::string(kMaxFormBytes + 1, 'a')).status,
            413);
  EXPECT_EQ(Get("/requests/").status, 404);
  EXPECT_EQ(*desk_->CountOpen(), 0);
}

TEST_F(RequestPagesTest, WhoFloodsTheFormIsToldToComeBack) {
  for (int i = 0; i < kMaxFormsAMinute; ++i) {
    ASSERT_EQ(Post(kRequestFormPath, kDeletion).status, 200);
  }
  EXPECT_EQ(Post(kRequestFormPath, kDeletion).status, 503);
  EXPECT_EQ(*desk_->CountOpen(), kMaxFormsAMinute);
  scratch_.clock().Advance(absl::Minutes(1));
  EXPECT_EQ(Post(kRequestFormPath, kDeletion).status, 200);
}

TEST_F(RequestPagesTest, ManyMayAskAtOnce) {
  std::vector<std::thread> visitors;
  for (int i = 0; i < 4; ++i) {
    visitors.emplace_back([this] {
      for (int j = 0; j < 5; ++j) {
        EXPECT_EQ(Post(kRequestFormPath, kDeletion).status, 200);
        EXPECT_EQ(Post(kRequestStatusPath, "reference=x").status, 404);
      }
    });
  }
  for (std::thread& visitor : visitors) visitor.join();
  EXPECT_EQ(*desk_->CountOpen(), 20);
}

}  // namespace
}  // namespace subrosa
