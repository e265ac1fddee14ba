// Event files, which TensorBoard draws curves, histograms and pictures from.
//
// A file is a sequence of records: the length of the data as little-endian uint64, its checksum as uint32,
// the data, and their checksum. The data are an Event of event.proto. Checksums are CRC-32C, turned right by
// 15 bits and added to 0xa282ead8, so that data which hold checksums of their own do not end in trivial ones.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace shadenet {

/// Tags are UTF-8: "loss/train" is the curve "train" of the group "loss".
struct ScalarSummary {
    std::string tag;
    float value;
};

struct PictureSummary {
    std::string tag;
    std::uint32_t width, height;
    std::vector<std::byte> png;
};

struct HistogramSummary {
    std::string tag;
    double least, greatest;  ///< of all values
    /// Rising upper ends, and how many values lie below each and not below the one before.
    std::vector<double> limits, counts;
    /// Of the values, and of their squares.
    double sum, sum_of_squares;
};

/// What there is to tell of one step.
struct StepSummary {
    std::vector<ScalarSummary> scalars;
    std::vector<HistogramSummary> histograms;
    std::vector<PictureSummary> pictures;
};

/// Grows by whole records, so that what has been added is there to read at once.
class EventFile {
  public:
    /// Begins `folder`/events.out.tfevents.<seconds>.<host>, the seconds those of now, or later ones where
    /// that file exists. `continued_from`: a run goes on at this step, and what other files of the folder
    /// tell of it and of later ones holds no more. Throws WorkError when it cannot be written.
    explicit EventFile(const std::filesystem::path& folder, std::optional<std::int64_t> continued_from = {});

    /// Throws WorkError when the disk is full or the like; the file then ends with the step before.
    void add(std::int64_t step, const StepSummary& summary);

    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

}  // namespace shadenet
