// What a reader of a network knows of a tensor before any picture is there.
#pragma once

#include <cstdint>
#include <string>

#include "model/network.h"

namespace shadenet {

/// The extent of a point along an axis of x pixels: ⌊(x + offset)/reduction⌋, or 1 whatever x is, where the
/// reduction is 0.
struct PointExtent {
    std::int64_t offset = 0, reduction = 1;
    bool operator==(const PointExtent&) const = default;

    static PointExtent one() { return {0, 0}; }
    PointExtent after(const Conv& conv) const {
        if (reduction == 0) return one();  // a kernel that is too large for it is refused
        const std::int64_t pad = conv.padding == Padding::same ? (conv.kernel - 1) / 2 : 0;
        return {offset + reduction * (2 * pad - conv.kernel + conv.stride), reduction * conv.stride};
    }
};

/// A tensor that a later layer may add.
struct NetworkPoint {
    std::string name;
    Shape shape;  ///< rows and columns are 0 where they depend on the picture's
    PointExtent extent;

    bool has_size() const { return shape.h > 0; }
};

}  // namespace shadenet
