// What the shares of a step leave for its end, where the ranks bring it together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "engine/learning/optimizer.h"
#include "engine/tensors/share_rows.h"
#include "gpu/buffer.h"
#include "gpu/recorder.h"
#include "group/shares.h"

namespace shadenet {

class StepRows;

/// A row of each share of which only the sum is wanted: a gradient of weights in blocks. Either all ranks get
/// all rows, and the optimizer adds them; or each rank gets of all rows a slice of its own, which it adds by
/// the same kernel in the same order, and all get the sums. The bits are the same.
class SumRows {
  public:
    /// The row that this rank's share `own` writes.
    BufferRange range(std::uint32_t own) const;
    /// After the exchange: what is left to be added.
    WeightPartials partials() const;

  private:
    friend class StepRows;
    struct Slices {
        std::uint32_t
            columns;  ///< of a slice; the last rank's slice may be longer than what is left of a row
        Buffer own;   ///< [own shares] of rows
        Buffer all;   ///< [shares] of this rank's slice
    };

    SumRows(const ShareRows& gathered, std::uint32_t columns, std::optional<Slices> slices)
        : gathered_(gathered), columns_(columns), slices_(std::move(slices)) {}

    const ShareRows& gathered_;  ///< the rows, or a sum of each rank's slice
    std::uint32_t columns_;
    std::optional<Slices> slices_;
};

/// All of it, which is exchanged together.
class StepRows {
  public:
    /// Rows are summed in slices where this many bytes fewer come in then. Slices are one more exchange, and
    /// one more wait for the device: as much as some hundred kilobytes take over 10 Gbit/s.
    static constexpr std::uint64_t least_spared = 256 << 10;

    /// The device must outlive it.
    StepRows(const Device& device, const Shares& shares, std::uint64_t spared = least_spared)
        : device_(device), shares_(shares), least_spared_(spared) {}

    /// Whether rows of so many columns are summed in slices.
    static bool in_slices(std::uint32_t columns, std::uint32_t shares, std::uint32_t ranks,
                          std::uint64_t spared = least_spared);

    const Shares& shares() const { return shares_; }
    /// Another matrix, which lives as long as this does.
    const ShareRows& add(std::uint32_t columns, const std::string& name);
    /// The same, where the rows are only added up. `columns`: of weights in blocks.
    const SumRows& add_sums(std::uint32_t columns, const std::string& name);
    /// Brings the rows of all ranks together, of all that were added: by one call of the group, or by two
    /// where there are slices. Waits for the device where there are other ranks, and does nothing where there
    /// are none.
    void exchange(Recorder& recorder) const;

  private:
    void sum_slices(Recorder& recorder) const;
    void gather() const;

    const Device& device_;
    Shares shares_;
    std::uint64_t least_spared_;
    std::deque<ShareRows> gathered_;
    std::deque<SumRows> sums_;
    std::optional<WeightSum> sum_;  ///< of slices, if there are any
};

}  // namespace shadenet
