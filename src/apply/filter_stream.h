// Filters picture after picture: a network on a device, or a substitute in tests.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "image/picture_file.h"

namespace shadenet {

/// Pictures are begun and finished in the same order; several may be under way. After an exception a stream
/// is unusable. Throws DeviceLost, OutOfDeviceMemory, BadResult, and other WorkErrors.
class FilterStream {
  public:
    virtual ~FilterStream() = default;
    /// `output` has the size and depth of `input`; both stay in place until the picture is finished.
    virtual void begin(const Pixels& input, Pixels& output) = 0;
    /// Waits for the oldest picture that was begun.
    virtual void finish_next() = 0;
};

/// Makes a stream with tiles of this side. The previous stream is destroyed. `new_device`: its device must
/// not be used again.
using MakeStream = std::function<std::unique_ptr<FilterStream>(std::uint32_t tile, bool new_device)>;

}  // namespace shadenet
