// A row of floats from each share of a job, which a plan joins into one: where a step meets the other ranks.
#pragma once

#include <cstdint>
#include <string>

#include "gpu/buffer.h"
#include "gpu/recorder.h"
#include "group/shares.h"

namespace shadenet {

class ShareRows {
  public:
    ShareRows(const Device& device, const Shares& shares, std::uint32_t columns, const std::string& name);

    /// The matrix [shares][columns].
    BufferRange all() const { return rows_.whole(); }
    std::uint32_t count() const { return shares_.count(); }
    /// The number in it of the row that this rank's share `own` writes.
    std::uint32_t row(std::uint32_t own) const { return shares_.first() + own; }
    BufferRange range(std::uint32_t own) const;
    /// The rows of this rank's shares.
    BufferRange own() const;
    /// Brings the rows of all ranks into all(). Waits for the device where there are other ranks, and does
    /// nothing where there are none.
    void exchange(Recorder& recorder) const;

  private:
    Shares shares_;
    std::string name_;
    std::uint64_t row_bytes_;
    Buffer rows_;
};

}  // namespace shadenet
