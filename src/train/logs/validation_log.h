// validation.csv: a row for every look at the validation pictures, within epochs and at their ends.
#pragma once

#include <filesystem>
#include <utility>
#include <vector>

#include "train/logs/run_observer.h"

namespace shadenet {

/// The rows of a file, "epoch,step,validation_loss" and of labelled pictures "validation_accuracy", in rising
/// steps; which of them was the best is not in
/// it. A last line without its end is passed over. Throws InputError "<path>: ..." when there is no such
/// file, it is another one, a row is damaged, or it has more than 1 GiB.
std::vector<ValidationRecord> read_validations(const std::filesystem::path& path);

/// Writes the file. A row reaches it in one piece.
class ValidationLog : public RunObserver {
  public:
    /// Where it is not `wanted` only the file of a run that has begun one is gone on with. `classes`: of a
    /// run on labelled pictures.
    ValidationLog(std::filesystem::path path, bool wanted, bool classes = false)
        : path_(std::move(path)), wanted_(wanted), classes_(classes) {}

    /// Begins the file anew, or keeps the rows up to the steps that are done. Throws InputError when the file
    /// to go on with is another one, WorkError when it cannot be written.
    void on_begin(const RunBegin& begin) override;
    /// Throws WorkError.
    void on_validation(const ValidationRecord& record) override;
    std::vector<std::filesystem::path> files() const override { return {path_}; }

  private:
    std::filesystem::path path_;
    bool wanted_, classes_;
    bool writes_ = false;
};

}  // namespace shadenet
