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
#include <optional>
#include <vector>

#include "model/network.h"
#include "model/parameters.h"
#include "train/trainer.h"

namespace shadenet {

/// The network after an epoch.
struct EpochState {
    Parameters parameters;
    /// With the batch's own statistics alone, where they are known.
    std::vector<NormStatistics> norms;
    /// False where the file has only NaN: the run was begun without this file.
    bool known = true;
};

/// The file of a run that goes on. A record reaches it in one piece.
class EpochLog {
  public:
    /// Begins the file anew, or keeps the states up to epoch `epochs_done` of a run that goes on: what cannot
    /// be read of them becomes unknown, since a run can go on without. Throws WorkError when it cannot be
    /// written.
    EpochLog(std::filesystem::path path, const Network& network,
             std::optional<std::uint32_t> epochs_done = {});

    /// The next state; `norms` may be empty. Beyond 1 GiB, thousands of epochs of the widest networks, no
    /// more are kept. Throws WorkError.
    void add(const Parameters& parameters, const std::vector<NormStatistics>& norms);

  private:
    std::filesystem::path path_;
    std::uint64_t header_bytes_;
    std::size_t values_;      ///< of a record
    std::uint64_t next_ = 0;  ///< epoch of the next state
};

/// State [e] is that after epoch e, of those that are kept. An unfinished last record is left out. Throws
/// InputError "<path>: ..." for a file that does not exist, is no such file, or is of another network.
std::vector<EpochState> read_epoch_log(const std::filesystem::path& path, const Network& network);

}  // namespace shadenet
