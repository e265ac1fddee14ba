// Memory for partial results.
#pragma once

#include <cstdint>
#include <optional>

#include "gpu/buffer.h"

namespace shadenet {

/// All passes of a plan share it: the barriers between calls keep their work one after the other. It has two
/// halves, so that a stage of a reduction reads one and writes the other.
class Scratch {
  public:
    explicit Scratch(const Device& device) : device_(device) {}

    /// Announces that so much of a half will be needed. Before allocate().
    void reserve(std::uint64_t bytes, int half = 0);
    /// Takes the memory, unless it is taken already; range() calls it too. Throws InputError when a half
    /// exceeds what the device binds.
    void allocate();
    /// The beginning of a half; no more than was reserved.
    BufferRange range(std::uint64_t bytes, int half = 0);

  private:
    const Device& device_;
    std::uint64_t reserved_[2] = {0, 0};
    std::optional<Buffer> halves_[2];
};

}  // namespace shadenet
