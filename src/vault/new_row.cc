#include "src/vault/new_row.h"

#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"
#include "src/base/clock.h"
#include "src/base/status_macros.h"
#include "src/vault/record_refs.h"
#include "src/vault/sealed_row.h"

namespace subrosa {
namespace {

int32_t DayOfTimestamp(const google::protobuf::Timestamp& timestamp) {
  return DayOf(absl::FromUnixSeconds(timestamp.seconds()));
}

}  // namespace

absl::string_view SchemaOf(const v1::HealthRecord& record) {
  const absl::string_view url = record.payload().type_url();
  return url.substr(url.rfind('/') + 1);
}

absl::Status MakeNewRow(absl::string_view entity, const PutItem& item,
                        const ConsumerHandle& consumer, NewRow* made) {
  const v1::HealthRecord& record = *item.record;
  made->plaintext.clear();
  if (!record.AppendToString(&made->plaintext)) {
    return absl::InternalError("record: does not serialise");
  }
  RecordRow& row = made->row;
  row.digest = ContentDigestOf(*consumer.key, record, made->plaintext);
  row.place.data_ref = consumer.data_ref;
  row.place.record_ref = RecordRefOf(*consumer.key, record, row.digest);

  const absl::string_view schema = SchemaOf(record);
  row.facts.schema.assign(schema.data(), schema.size());
  row.facts.source = record.source();
  row.facts.purpose = record.purpose();
  static_cast<RecordKinds&>(row.facts) = item.kinds;
  row.facts.collected_day = DayOfTimestamp(record.collected_at());
  row.facts.effective_day = record.effective().has_start()
                                ? DayOfTimestamp(record.effective().start())
                                : row.facts.collected_day;
  return SealAsRevision(entity, consumer, 1, made);
}

absl::Status SealAsRevision(absl::string_view entity,
                            const ConsumerHandle& consumer, uint32_t revision,
                            NewRow* made) {
  made->row.place.revision = revision;
  return SealRow(entity, *consumer.key, consumer.key_ref, made->plaintext,
                 &made->row);
}

}  // namespace subrosa
