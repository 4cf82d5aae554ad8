// How erasures are ordered.
#include <algorithm>
#include <future>
#include <numeric>
#include <optional>
#include <set>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "src/base/status_macros.h"
#include "src/erasure/erasure_run.h"
#include "src/erasure/stored_erasure.h"
#include "src/vault/consumer_erasure.h"
#include "src/vault/key_custody.h"
#include "src/vault/key_store.h"
#include "src/vault/record_store.h"

namespace subrosa {
namespace {

// An erasure is kept at least so long after the day on which backups forget.
constexpr int32_t kAfterwardsDays = 30;

}  // namespace

struct ErasureRun::Drafted {
  absl::Status status;
  // To be kept; none where nothing is new.
  std::optional<ErasureEntry> entry;
  bool is_new = false;
  // The place of an order of the same consumer that it was added to.
  std::optional<size_t> twin;
};

struct ErasureRun::OrderMoment {
  int32_t until_day = 0;
  uint64_t log_size = 0;
};

// Orders that are kept in one transaction.
struct ErasureRun::OrderBatch {
  absl::Span<const ErasureOrder> orders;
  std::vector<Drafted> drafts;  // One an order.
  // Those that are to be drafted again, once it is kept (KeepSome).
  std::future<absl::StatusOr<std::vector<size_t>>> kept;
};

absl::Status ErasureRun::DraftNew(const ErasureOrder& order,
                                  const OrderMoment& moment,
                                  ErasureEntry* entry) {
  SUBROSA_ASSIGN_OR_RETURN(const std::shared_ptr<const ConsumerHandle> consumer,
                           vault_->keys().FindShared(order.consumer));
  SUBROSA_ASSIGN_OR_RETURN(
      const PreparedErasure prepared,
      vault_->keys().PrepareErasure(order.consumer, *consumer));
  SUBROSA_ASSIGN_OR_RETURN(ErasureDraft draft,
                           planner_.Draft(order, *consumer));
  v1::StoredErasure& erasure = entry->erasure;
  erasure = std::move(draft.erasure);
  SetPrepared(prepared, &erasure);
  erasure.set_log_size_before(moment.log_size);
  AddRequest(order, &erasure);
  return absl::OkStatus();
}

absl::Status ErasureRun::DraftOne(const ErasureOrder& order,
                                  const OrderMoment& moment, Drafted* drafted) {
  drafted->entry.reset();
  drafted->twin.reset();
  drafted->status = CheckErasureOrder(order);
  if (!drafted->status.ok()) return absl::OkStatus();
  SUBROSA_ASSIGN_OR_RETURN(ErasureBook::Places places,
                           book_.FindPlaces(order.consumer, moment.until_day));
  const bool is_ordered =
      places.newest.has_value() && !places.newest->erasure.keys_destroyed();
  absl::Status status = DraftNew(order, moment, &places.next);
  if (status.ok() && !is_ordered) {
    drafted->entry = std::move(places.next);
    drafted->is_new = true;
    return status;
  }
  if (absl::IsInvalidArgument(status) || absl::IsFailedPrecondition(status)) {
    drafted->status = std::move(status);
    return absl::OkStatus();
  }
  if (!status.ok() && !absl::IsNotFound(status)) return status;
  // It is ordered already, or nobody of that id is known: any more, if they
  // were erased.
  if (!places.newest.has_value()) {
    drafted->status = std::move(status);
    return absl::OkStatus();
  }
  if (AddRequest(order, &places.newest->erasure)) {
    places.newest->state = ErasureState::kOpen;
    drafted->entry = std::move(places.newest);
    drafted->is_new = false;
  }
  return absl::OkStatus();
}

absl::Status ErasureRun::DraftSome(absl::Span<const ErasureOrder> orders,
                                   absl::Span<const size_t> places,
                                   const OrderMoment& moment,
                                   std::vector<Drafted>* drafts) {
  // All see both stores as they are at one instant, and look once.
  SUBROSA_ASSIGN_OR_RETURN(const ReadTransaction keys,
                           ReadTransaction::Begin(vault_->keys().database()));
  SUBROSA_ASSIGN_OR_RETURN(const ReadTransaction records,
                           vault_->records().BeginReading());
  absl::flat_hash_map<absl::string_view, size_t> seen;
  for (const size_t place : places) {
    const ErasureOrder& order = orders[place];
    Drafted& drafted = (*drafts)[place];
    const auto [twin, is_first] = seen.try_emplace(order.consumer, place);
    Drafted& first = (*drafts)[twin->second];
    if (!is_first && first.entry.has_value()) {
      // Ordered twice at once.
      drafted.status = CheckErasureOrder(order);
      if (drafted.status.ok()) {
        AddRequest(order, &first.entry->erasure);
        drafted.twin = twin->second;
      }
      continue;
    }
    twin->second = place;
    SUBROSA_RETURN_IF_ERROR(DraftOne(order, moment, &drafted));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<size_t>> ErasureRun::KeepSome(
    absl::Span<const size_t> places, Vault& vault, ErasureBook& book,
    std::vector<Drafted>* drafts) {
  std::vector<size_t> kept;
  for (const size_t place : places) {
    if ((*drafts)[place].entry.has_value()) kept.push_back(place);
  }
  // In no order of the caller's: rows keep it, and the log's leaves have it.
  std::sort(kept.begin(), kept.end(), [&](size_t one, size_t other) {
    return (*drafts)[one].entry->ref < (*drafts)[other].entry->ref;
  });
  std::set<size_t> again;
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction, vault.records().Begin());
  for (const size_t place : kept) {
    ErasureEntry& entry = *(*drafts)[place].entry;
    SUBROSA_ASSIGN_OR_RETURN(const bool is_kept, (*drafts)[place].is_new
                                                     ? book.Insert(entry)
                                                     : book.Put(&entry));
    if (!is_kept) again.insert(place);
  }
  SUBROSA_RETURN_IF_ERROR(transaction.Commit());
  if (!again.empty()) {
    for (const size_t place : places) {
      const std::optional<size_t> twin = (*drafts)[place].twin;
      if (twin.has_value() && again.count(*twin) > 0) again.insert(place);
    }
  }
  return std::vector<size_t>(again.begin(), again.end());
}

absl::Status ErasureRun::KeepAll(const OrderMoment& moment,
                                 std::vector<size_t> again, OrderBatch* batch) {
  while (!again.empty()) {
    SUBROSA_RETURN_IF_ERROR(
        DraftSome(batch->orders, again, moment, &batch->drafts));
    SUBROSA_ASSIGN_OR_RETURN(again,
                             KeepSome(again, *vault_, book_, &batch->drafts));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<absl::Status>> ErasureRun::Order(
    absl::Span<const ErasureOrder> orders) {
  OrderMoment moment;
  SUBROSA_ASSIGN_OR_RETURN(moment.log_size, steward_.ReadLogSize());
  SUBROSA_ASSIGN_OR_RETURN(const int32_t holds_from,
                           vault_->Custody().ReadHoldsFromIfRotated());
  moment.until_day = holds_from + kAfterwardsDays;
  SUBROSA_RETURN_IF_ERROR(book_.MakeKeyFor(moment.until_day));
  if (orders.size() > kAtOnce && keeper_ == nullptr) {
    SUBROSA_ASSIGN_OR_RETURN(keeper_, steward_.OpenUngatedVault());
    keeper_book_ = std::make_unique<ErasureBook>(*keeper_, steward_.clock());
  }
  std::vector<absl::Status> statuses;
  // What is drafted is kept while the next are drafted.
  std::unique_ptr<OrderBatch> under_way;
  const auto finish = [&]() -> absl::Status {
    if (under_way == nullptr) return absl::OkStatus();
    if (under_way->kept.valid()) {
      SUBROSA_ASSIGN_OR_RETURN(std::vector<size_t> again,
                               under_way->kept.get());
      SUBROSA_RETURN_IF_ERROR(
          KeepAll(moment, std::move(again), under_way.get()));
    }
    for (Drafted& drafted : under_way->drafts) {
      statuses.push_back(std::move(drafted.status));
    }
    return absl::OkStatus();
  };
  for (size_t begin = 0; begin < orders.size(); begin += kAtOnce) {
    auto next = std::make_unique<OrderBatch>();
    next->orders = orders.subspan(begin, kAtOnce);
    next->drafts.resize(next->orders.size());
    std::vector<size_t> places(next->orders.size());
    std::iota(places.begin(), places.end(), 0);
    if (orders.size() <= kAtOnce) {
      under_way = std::move(next);
      SUBROSA_RETURN_IF_ERROR(
          KeepAll(moment, std::move(places), under_way.get()));
      break;
    }
    SUBROSA_RETURN_IF_ERROR(
        DraftSome(next->orders, places, moment, &next->drafts));
    SUBROSA_RETURN_IF_ERROR(finish());
    under_way = std::move(next);
    under_way->kept = std::async(
        std::launch::async,
        [this, batch = under_way.get(), places = std::move(places)] {
          return KeepSome(places, *keeper_, *keeper_book_, &batch->drafts);
        });
  }
  SUBROSA_RETURN_IF_ERROR(finish());
  return statuses;
}

}  // namespace subrosa
