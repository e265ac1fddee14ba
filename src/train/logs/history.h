// history.csv: a row for every epoch of a run.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "model/network.h"
#include "train/logs/run_observer.h"

namespace shadenet {

/// What the columns of a run depend on beside its network.
struct HistoryColumns {
    std::vector<std::string> domains{};  ///< all but the first, whose statistics are the network's own
    bool classes = false;                ///< a run on labelled pictures
    std::vector<std::string> sets{};     ///< of SetScores
    bool operator==(const HistoryColumns&) const = default;
};

/// "epoch,step,learning_rate,train_loss,validation_loss,seconds", then for each norm layer
/// "bn1.moving_mean.0" and so on, "bn1.moving_variance.0" and so on, and the same for each further domain,
/// "night.bn1.moving_mean.0". Of labelled pictures "train_accuracy,validation_accuracy" comes before the
/// norms, and for each set "<set>_batch_loss,<set>_batch_accuracy,<set>_moving_loss,<set>_moving_accuracy";
/// a norm with more than most_channels_kept has "bn1.moving_mean.smallest" and the other quantile_names. No
/// line end.
std::string history_header(const Network& network, const HistoryColumns& columns = {});
inline constexpr std::uint32_t most_channels_kept = 64;
/// In the order of quantile_names; linear between two values, as is usual. Of at least one value.
std::vector<float> quantiles_of(std::vector<float> values);
/// Numbers with 9 significant digits; an empty field where there is no validation. No line end.
std::string history_row(const EpochRecord& record, const HistoryColumns& columns = {});

/// The epochs of a file that `network` has written, in rising order, with whatever columns; the batch's
/// statistics are not in it. A last line without its end, which a killed process or a full disk leaves, is
/// passed over. Throws InputError "<path>: ..." when there is no such file, its columns are another
/// network's, a row is damaged, or it has more than 1 GiB.
std::vector<EpochRecord> read_history(const std::filesystem::path& path, const Network& network);

/// Writes the file. A row reaches it in one piece, so that it is whole whenever it is looked at.
class History : public RunObserver {
  public:
    History(std::filesystem::path path, const Network& network, HistoryColumns columns = {});

    /// Begins the file anew, or keeps the rows of the epochs that are done, and notes how many are not there.
    /// Throws InputError when the file to go on with is another network's, has other columns or more than 1
    /// GiB, WorkError when it cannot be written.
    void on_begin(const RunBegin& begin) override;
    /// Throws WorkError when the disk is full or the like; the file then ends with the row before.
    void on_epoch(const EpochRecord& record, const Parameters& parameters) override;
    std::vector<std::filesystem::path> files() const override { return {path_}; }

  private:
    std::filesystem::path path_;
    HistoryColumns columns_;
    std::string header_;
};

}  // namespace shadenet
