// Pictures that are continued beyond their edges.
#pragma once

#include <cstdint>

#include "model/network.h"
#include "reference/tensor.h"

namespace shadenet::reference {

/// x with `margin` more pixels on every side: its outermost pixels again, or its mirror image, whose axis is
/// the outermost pixel, and which is mirrored again where the picture is smaller than the margin. x where the
/// margin is 0.
Tensor continued(const Tensor& x, std::uint32_t margin, PicturePadding padding);

/// The middle of x, in the shape of what lies there.
Tensor inner(const Tensor& x, const Shape& shape);

/// x in the middle of zeros.
Tensor surrounded(const Tensor& x, const Shape& shape);

}  // namespace shadenet::reference
