#include "src/erasure/connector_file.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "simdjson.h"
#include "src/base/file.h"
#include "src/base/slug.h"
#include "src/base/status_macros.h"
#include "src/base/textproto_file.h"
#include "src/crypto/secret_buffer.h"
#include "src/erasure/command_connector.h"
#include "src/erasure/sql_connector.h"
#include "src/erasure/webhook_connector.h"
#include "src/net/http_client.h"

namespace subrosa {
namespace {

constexpr int kMaxStatements = 64;
constexpr int kMaxArguments = 64;
constexpr size_t kMaxTextBytes = 4096;
constexpr int kMaxAnswerDays = 365;
constexpr int kMaxWebhookSeconds = 120;
constexpr int kMaxCommandSeconds = 600;
constexpr int kWebhookSeconds = 30;
constexpr int kCommandSeconds = 60;

absl::Status Wrong(absl::string_view field, absl::string_view want,
                   absl::string_view got) {
  return absl::InvalidArgumentError(
      absl::StrCat("connector.", field, ": want ", want, ", got ", got));
}

absl::Status CheckRange(absl::string_view field, int value, int most) {
  if (value >= 0 && value <= most) return absl::OkStatus();
  return Wrong(field, absl::StrCat("0 to ", most), absl::StrCat(value));
}

absl::Status CheckText(absl::string_view field, absl::string_view text) {
  if (text.empty() || text.size() > kMaxTextBytes) {
    return Wrong(field, absl::StrCat("1 to ", kMaxTextBytes, " bytes"),
                 absl::StrCat(text.size()));
  }
  const bool is_line =
      simdjson::validate_utf8(text.data(), text.size()) &&
      std::none_of(text.begin(), text.end(),
                   [](unsigned char c) { return absl::ascii_iscntrl(c); });
  return is_line ? absl::OkStatus()
                 : Wrong(field, "one line of UTF-8", "something else");
}

absl::Status CheckCount(absl::string_view field, int count, int most) {
  if (count >= 1 && count <= most) return absl::OkStatus();
  return Wrong(field, absl::StrCat("1 to ", most), absl::StrCat(count));
}

// One statement, whose only parameter is $1.
absl::Status CheckSql(absl::string_view sql) {
  constexpr absl::string_view kField = "sql.statement";
  SUBROSA_RETURN_IF_ERROR(CheckText(kField, sql));
  if (absl::StrContains(sql, ";")) {
    return Wrong(kField, "one statement without a semicolon", "one with it");
  }
  size_t parameters = 0;
  for (size_t i = 0; i < sql.size(); ++i) {
    if (sql[i] == '?' || sql[i] == ':' || sql[i] == '@') {
      return Wrong(kField, "$1 as its only parameter", "another");
    }
    if (sql[i] != '$') continue;
    const absl::string_view rest = sql.substr(i + 1);
    if (!absl::StartsWith(rest, "1") ||
        (rest.size() > 1 &&
         absl::ascii_isalnum(static_cast<unsigned char>(rest[1])))) {
      return Wrong(kField, "$1 as its only parameter", "another");
    }
    ++parameters;
  }
  return parameters > 0 ? absl::OkStatus()
                        : Wrong(kField, "$1, the account id, in it", "none");
}

absl::Status CheckWay(const v1::Connector& connector) {
  switch (connector.how_case()) {
    case v1::Connector::kSql: {
      if (connector.kind() != v1::PARTY_KIND_STORE) {
        return Wrong("sql", "a store, which is told account ids",
                     "a recipient");
      }
      const v1::SqlConnector& sql = connector.sql();
      SUBROSA_RETURN_IF_ERROR(CheckText("sql.sqlite_file", sql.sqlite_file()));
      SUBROSA_RETURN_IF_ERROR(
          CheckCount("sql.statement", sql.statement_size(), kMaxStatements));
      for (const std::string& statement : sql.statement()) {
        SUBROSA_RETURN_IF_ERROR(CheckSql(statement));
      }
      return absl::OkStatus();
    }
    case v1::Connector::kWebhook: {
      const v1::WebhookConnector& webhook = connector.webhook();
      SUBROSA_RETURN_IF_ERROR(CheckText("webhook.url", webhook.url()));
      if (!absl::StartsWith(webhook.url(), "https://") &&
          !(webhook.allow_private_addresses() &&
            absl::StartsWith(webhook.url(), "http://"))) {
        return Wrong("webhook.url",
                     "https://…, or http://… with allow_private_addresses",
                     "another");
      }
      SUBROSA_RETURN_IF_ERROR(
          CheckText("webhook.secret_file", webhook.secret_file()));
      if (!webhook.authorities_file().empty()) {
        SUBROSA_RETURN_IF_ERROR(
            CheckText("webhook.authorities_file", webhook.authorities_file()));
      }
      return CheckRange("webhook.timeout_seconds", webhook.timeout_seconds(),
                        kMaxWebhookSeconds);
    }
    case v1::Connector::kCommand: {
      const v1::CommandConnector& command = connector.command();
      SUBROSA_RETURN_IF_ERROR(CheckCount(
          "command.argument", command.argument_size(), kMaxArguments));
      for (const std::string& argument : command.argument()) {
        SUBROSA_RETURN_IF_ERROR(CheckText("command.argument", argument));
      }
      if (!absl::StartsWith(command.argument(0), "/")) {
        return Wrong("command.argument", "a program's absolute path first",
                     "another");
      }
      return CheckRange("command.timeout_seconds", command.timeout_seconds(),
                        kMaxCommandSeconds);
    }
    case v1::Connector::HOW_NOT_SET:
      break;
  }
  return Wrong("how", "sql, webhook or command", "none");
}

absl::Status CheckConnector(const v1::Connector& connector,
                            std::set<absl::string_view>* seen) {
  SUBROSA_RETURN_IF_ERROR(CheckSlug("connector.id", connector.id()));
  if (!seen->insert(connector.id()).second) {
    return Wrong("id", "each once", absl::StrCat(connector.id(), " twice"));
  }
  if (connector.kind() != v1::PARTY_KIND_RECIPIENT &&
      connector.kind() != v1::PARTY_KIND_STORE) {
    return Wrong("kind", "PARTY_KIND_STORE or PARTY_KIND_RECIPIENT", "none");
  }
  SUBROSA_RETURN_IF_ERROR(
      CheckRange("answer_days", connector.answer_days(), kMaxAnswerDays));
  return CheckWay(connector);
}

std::string PathFrom(const std::string& folder, const std::string& path) {
  return absl::StartsWith(path, "/") ? path : absl::StrCat(folder, "/", path);
}

}  // namespace

absl::StatusOr<v1::ConnectorFile> ParseConnectors(absl::string_view name,
                                                  absl::string_view text) {
  TextprotoFile file(name, text);
  v1::ConnectorFile connectors;
  SUBROSA_RETURN_IF_ERROR(file.Read(kMaxConnectorFileBytes, &connectors));
  if (connectors.connector_size() > kMaxConnectors) {
    return file.At(Wrong("size", absl::StrCat("at most ", kMaxConnectors),
                         absl::StrCat(connectors.connector_size())));
  }
  std::set<absl::string_view> seen;
  for (int i = 0; i < connectors.connector_size(); ++i) {
    SUBROSA_RETURN_IF_ERROR(
        file.At(connectors, "connector", i,
                CheckConnector(connectors.connector(i), &seen)));
  }
  return connectors;
}

absl::StatusOr<v1::ConnectorFile> ReadConnectors(const std::string& folder) {
  const absl::StatusOr<std::string> text = ReadFile(
      absl::StrCat(folder, "/", kConnectorFileName), kMaxConnectorFileBytes);
  if (absl::IsNotFound(text.status())) return v1::ConnectorFile();
  if (!text.ok()) return text.status();
  return ParseConnectors(kConnectorFileName, *text);
}

const v1::Connector* FindConnector(const v1::ConnectorFile& connectors,
                                   v1::PartyKind kind, absl::string_view id) {
  for (const v1::Connector& connector : connectors.connector()) {
    if (connector.kind() == kind && connector.id() == id) return &connector;
  }
  return nullptr;
}

absl::StatusOr<std::unique_ptr<Connector>> OpenConnector(
    const v1::Connector& connector, const std::string& folder,
    const Clock& clock) {
  if (connector.has_sql()) {
    return std::make_unique<SqliteEraser>(
        PathFrom(folder, connector.sql().sqlite_file()),
        std::vector<std::string>(connector.sql().statement().begin(),
                                 connector.sql().statement().end()));
  }
  if (connector.has_command()) {
    const int seconds = connector.command().timeout_seconds();
    return std::make_unique<CommandRunner>(
        std::vector<std::string>(connector.command().argument().begin(),
                                 connector.command().argument().end()),
        absl::Seconds(seconds == 0 ? kCommandSeconds : seconds));
  }
  const v1::WebhookConnector& webhook = connector.webhook();
  absl::StatusOr<SecretBuffer> secret =
      ReadSecretFile(PathFrom(folder, webhook.secret_file()));
  if (!secret.ok()) {
    return Annotate(secret.status(),
                    absl::StrCat("connector ", connector.id()));
  }
  HttpClientOptions options;
  options.allow_private_addresses = webhook.allow_private_addresses();
  options.timeout =
      absl::Seconds(webhook.timeout_seconds() == 0 ? kWebhookSeconds
                                                   : webhook.timeout_seconds());
  if (!webhook.authorities_file().empty()) {
    options.authorities_file = PathFrom(folder, webhook.authorities_file());
  }
  return std::make_unique<WebhookCaller>(webhook.url(), *std::move(secret),
                                         std::move(options), clock);
}

}  // namespace subrosa
