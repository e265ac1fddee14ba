// Taking whole-pixel shifts out of pairs: what `train --align` does.
#pragma once

#include <cstdint>

#include "image/image.h"

namespace shadenet {

struct PixelShift {
    std::int32_t x = 0, y = 0;  ///< of the target, to the right and down
    bool is_none() const { return x == 0 && y == 0; }
};

/// The shift of a pair that the fit of look_at_pair() confirms, in whole pixels; none where the pictures have
/// different sizes, or it leaves no pixel. The same pictures give the same shift.
PixelShift found_shift(const Image& input, const Image& target);

/// Moves the target's pixels onto the input's. What a shift leaves without a partner at the borders is
/// replaced in both by the outermost pixels that have one, so that they keep their size, and lie on each
/// other everywhere.
void take_out(const PixelShift& shift, Image& input, Image& target);

}  // namespace shadenet
