// epochs.bin: every parameter and statistic at every epoch of a run, for looking back.
//
// The file begins with one line of JSON, {"format": "shadenet epochs 1", "tensors": [[name, shape], ...]},
// padded with spaces to a multiple of 4 bytes with its line end. After it come records of little-endian
// float32, the tensors one after the other: of the untrained network, and of epoch 1, 2, and so on. A norm
// layer's own statistics of an epoch's last batch are tensors named bn1.batch_mean and bn1.batch_var. What is
// not known is NaN.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "model/network.h"
#include "model/parameters.h"
#include "train/logs/run_observer.h"

namespace shadenet {

/// The network after an epoch.
struct EpochState {
    Parameters parameters;
    /// With the batch's own statistics alone, where they are known.
    std::vector<NormStatistics> norms;
    /// False where the file has only NaN: the run was begun without this file.
    bool known = true;
};

/// Writes the file. A record reaches it in one piece. Beyond 1 GiB, thousands of epochs of the widest
/// networks, no more are kept.
class EpochLog : public RunObserver {
  public:
    EpochLog(std::filesystem::path path, const Network& network);

    /// Begins the file anew with the untrained network, or keeps the states of the epochs that are done: what
    /// cannot be read of them becomes unknown, since a run can go on without. Throws WorkError when it cannot
    /// be written.
    void on_begin(const RunBegin& begin) override;
    /// Throws WorkError.
    void on_epoch(const EpochRecord& record, const Parameters& parameters) override;
    std::vector<std::filesystem::path> files() const override { return {path_}; }

  private:
    void add(const Parameters& parameters, const std::vector<NormStatistics>& norms);

    std::filesystem::path path_;
    Network network_;
    std::uint64_t next_ = 0;  ///< epoch of the next state
};

/// State [e] is that after epoch e, of those that are kept. An unfinished last record is left out. Throws
/// InputError "<path>: ..." for a file that does not exist, is no such file, or is of another network.
std::vector<EpochState> read_epoch_log(const std::filesystem::path& path, const Network& network);

}  // namespace shadenet
