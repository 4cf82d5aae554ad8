#include "src/erasure/connector_file.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

using testing::HasSubstr;

constexpr absl::string_view kFile = R"pb(
  connector {
    id: "mailing-list"
    kind: PARTY_KIND_STORE
    sql {
      sqlite_file: "lists.db"
      statement: "DELETE FROM member WHERE account = $1"
    }
  }
  connector {
    id: "coach-circle"
    kind: PARTY_KIND_RECIPIENT
    answer_days: 14
    webhook { url: "https://coach.example/erase" secret_file: "coach.secret" }
  }
  connector {
    id: "warehouse"
    kind: PARTY_KIND_STORE
    command { argument: "/usr/local/bin/forget" argument: "--now" }
  }
)pb";

absl::Status Parse(absl::string_view text) {
  return ParseConnectors("connectors.textproto", text).status();
}

TEST(ConnectorFileTest, StoresAndRecipientsAreToldAsTheFileSays) {
  const auto file = ParseConnectors("connectors.textproto", kFile);

  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_EQ(file->connector_size(), 3);
  EXPECT_EQ(file->connector(1).answer_days(), 14);
}

TEST(ConnectorFileTest, AHomeWithoutTheFileHasNoConnectors) {
  EXPECT_EQ(ReadConnectors(testing::TempDir())->connector_size(), 0);
}

TEST(ConnectorFileTest, WhatIsHalfSaidIsRefusedWithItsLine) {
  const std::string store = "connector { id: \"a\" kind: PARTY_KIND_STORE ";
  for (const absl::string_view wrong : {
           "connector { kind: PARTY_KIND_STORE command { argument: '/x' } }",
           "connector { id: 'a' command { argument: '/x' } }",
           "connector { id: 'A' kind: PARTY_KIND_STORE command { argument: "
           "'/x' } }",
           "connector { id: 'a' kind: PARTY_KIND_STORE }",
           "connector { id: 'a' kind: PARTY_KIND_RECIPIENT sql { sqlite_file: "
           "'x' statement: 'DELETE FROM t WHERE a = $1' } }",
           "conector { }",
       }) {
    const absl::Status status = Parse(wrong);

    EXPECT_TRUE(absl::IsInvalidArgument(status)) << wrong;
    EXPECT_THAT(std::string(status.message()),
                HasSubstr("connectors.textproto:1"));
  }
  for (const absl::string_view wrong : {
           "answer_days: 366 command { argument: '/x' }",
           "answer_days: -1 command { argument: '/x' }",
           "command { }",
           "command { argument: 'forget' }",
           "command { argument: '/x' argument: 'a\\nb' }",
           "command { argument: '/x' timeout_seconds: 601 }",
           "sql { statement: 'DELETE FROM t WHERE a = $1' }",
           "sql { sqlite_file: 'x' }",
           "sql { sqlite_file: 'x' statement: 'DELETE FROM t' }",
           "sql { sqlite_file: 'x' statement: 'DELETE FROM t WHERE a = $2' }",
           "sql { sqlite_file: 'x' statement: 'DELETE FROM t WHERE a = $10' }",
           "sql { sqlite_file: 'x' statement: 'DELETE FROM t WHERE a = ?' }",
           "sql { sqlite_file: 'x' statement: 'DELETE FROM t WHERE a = $1; "
           "DROP TABLE t' }",
           "webhook { url: 'https://x.example' }",
           "webhook { url: 'http://x.example' secret_file: 's' }",
           "webhook { url: 'file:///etc/passwd' secret_file: 's' "
           "allow_private_addresses: true }",
           "webhook { url: 'https://x' secret_file: 's' timeout_seconds: 121 }",
       }) {
    EXPECT_TRUE(absl::IsInvalidArgument(Parse(absl::StrCat(store, wrong, "}"))))
        << wrong;
  }
}

TEST(ConnectorFileTest, OneNamedTwiceIsRefused) {
  const std::string one =
      "connector { id: 'a' kind: PARTY_KIND_STORE command { argument: '/x' } }";

  EXPECT_TRUE(Parse(one).ok());
  EXPECT_TRUE(absl::IsInvalidArgument(Parse(absl::StrCat(one, "\n", one))));
}

TEST(ConnectorFileTest, MoreConnectorsThanAnyoneHasAreRefused) {
  std::string text;
  for (int i = 0; i <= kMaxConnectors; ++i) {
    absl::StrAppend(&text, "connector { id: 'a", i,
                    "' kind: PARTY_KIND_STORE command { argument: '/x' } }\n");
  }

  EXPECT_TRUE(absl::IsInvalidArgument(Parse(text)));
}

}  // namespace
}  // namespace subrosa
