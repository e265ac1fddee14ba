// The filters that the pairs teach. Each takes and gives n/255 values, as an 8-bit file holds them.
#pragma once

#include "image/image.h"

namespace shadenet {

/// Luma of ITU-R BT.601, 0.299 R + 0.587 G + 0.114 B, in all three channels.
Image grey_target(const Image& input);

/// Unsharp mask x + (x - blur(x)), blur = [1 2 1]^T [1 2 1] / 16 with edges repeated; clamped. As one 3x3
/// kernel: [-1 -2 -1; -2 28 -2; -1 -2 -1] / 16.
Image sharpen_target(const Image& input);

/// An afternoon grade: t = M x + o with
///     M = [1.06 0.05 -0.03; 0.02 0.98 0.01; 0.01 0.06 0.80],  o = [0.020 0.005 0.010],
/// then the soft S-curve t + 0.35 t (1 - t) (2 t - 1) on t clamped to 0..1.
Image warm_target(const Image& input);

}  // namespace shadenet
