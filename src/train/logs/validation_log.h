// validation.csv: a row for every look at the validation pictures, within epochs and at their ends.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "train/trainer.h"

namespace shadenet {

/// "epoch,step,validation_loss", the loss with 9 significant digits. No line end.
std::string validation_row(const ValidationRecord& record);

/// The rows of a file, in rising steps; which of them was the best is not in it. A last line without its end
/// is passed over. Throws InputError "<path>: ..." when there is no such file, it is another one, a row is
/// damaged, or it has more than 1 GiB.
std::vector<ValidationRecord> read_validations(const std::filesystem::path& path);

/// The file of a run that goes on. A row reaches it in one piece.
class ValidationLog {
  public:
    /// Begins the file anew, or with `steps_done` keeps its rows up to that step: a run that was killed may
    /// have written rows that its checkpoint knows nothing of. Throws InputError when the file to go on with
    /// is another one, WorkError when it cannot be written.
    explicit ValidationLog(std::filesystem::path path, std::optional<std::uint64_t> steps_done = {});

    /// Throws WorkError.
    void add(const ValidationRecord& record);

  private:
    std::filesystem::path path_;
};

}  // namespace shadenet
