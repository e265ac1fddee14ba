// What kernels need that read and store pixels of one format: shaders/include/pixels.glsl.
#pragma once

#include <vector>

#include "engine/tiles/pixel_format.h"
#include "gpu/buffer.h"
#include "gpu/kernel.h"
#include "model/pixel_range.h"

namespace shadenet {

/// The numbers by which kernels bring integers into another range than 0..1 and out of it: the range's low
/// end and 1/(high − low); what every level becomes; for each level the least float that is rounded to it,
/// −∞ for the first, and ∞ after the last. Nearest, a half upwards, of the value out of the range in double.
std::vector<float> level_table(const PixelRange& range, PixelFormat format);

class PixelAccess {
  public:
    /// `range`: of the network. `checked`: results of integers that are not finite are reported.
    PixelAccess(const Device& device, PixelFormat format, const PixelRange& range, bool checked);

    /// The constants of the kernel.
    std::vector<Constant> constants() const;
    /// For the block `levels`.
    BufferRange levels() const { return levels_.whole(); }

  private:
    PixelFormat format_;
    bool other_range_, checked_;
    Buffer levels_;  ///< a level table if the range is another
};

}  // namespace shadenet
