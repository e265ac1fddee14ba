// The Gram matrix of patches and their targets: all that a least-squares fit of an affine filter needs of
// pictures. The device sums whole numbers, which is exact, and the host adds the sums.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "data/picture_set.h"
#include "gpu/device.h"
#include "model/network.h"

namespace shadenet {

/// Sums over the pixels p whose patch lies wholly inside their picture, of one or more pairs of pictures; of
/// continued pictures over all their pixels. z(p) is the patch of the input and then the target's three
/// colours: z[(i·side + oy)·side + ox] = input[i, y + oy − radius, x + ox − radius], z[3·side² + c] =
/// target[c, y, x], in levels (255·value) minus 128, because smaller squares keep more digits.
struct PatchGram {
    std::uint32_t radius = 0;
    std::uint64_t pixels = 0;     ///< 0 if the pictures are smaller than the patch; all sums are then 0
    std::vector<double> sum;      ///< [K + 3], Σ z
    std::vector<double> product;  ///< [K + 3][K + 3], Σ z·zᵀ

    std::uint32_t side() const { return 2 * radius + 1; }
    std::size_t patch() const { return std::size_t{3} * side() * side(); }  ///< K
};

/// Sums of all pairs, with values 0..1; of large pictures part by part, so that what it takes of the device
/// does not grow with them. The sums are exact for pictures of whole 255ths; other values are rounded to a
/// 2^14th part of a level, half of a float's last digit at 1/2. The ranks of the pictures' shares call it
/// together, sum up their own pairs, and get the sums of all. `go_on` is called on rank 0 with the number of
/// a pair before it and those of the other ranks; once it returns false, the sums are those of some earlier
/// pairs. Throws InputError if the device cannot bind a patch; do_rounds() tells of other ranks.
PatchGram patch_gram(const Device& device, const PictureSet& pictures, std::uint32_t radius,
                     PicturePadding padding = PicturePadding::zero,
                     const std::function<bool(std::uint32_t)>& go_on = {});

}  // namespace shadenet
