// The moments of what a convolution reads, and of what it is to make of it: all that a least-squares fit of
// its weights needs of feature maps. The device sums products of floats over few pixels, and the host adds
// these sums in double.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/tensors/cell_sums.h"
#include "engine/tensors/packed.h"
#include "engine/tensors/quad_kernel.h"
#include "feature_gram_push.h"
#include "feature_window_push.h"
#include "gpu/buffer.h"
#include "gpu/recorder.h"

namespace shadenet {

/// Sums over positions p of one or more pictures. z(p) is the patch that a stride 1 convolution of K =
/// channels·kernel² weights an output sees, in the order of these weights, and then three targets:
/// z[(i·kernel + ky)·kernel + kx] = x[i, y + ky − r, x + kx − r], z[K + c] = target[c, y, x], each less its
/// center, because smaller squares keep more digits. r = (kernel − 1)/2, and x is 0 outside its maps.
struct FeatureMoments {
    FeatureMoments(std::uint32_t channels, std::uint32_t kernel);
    std::size_t patch() const { return std::size_t{channels} * kernel * kernel; }  ///< K
    std::size_t size() const { return patch() + 3; }
    /// Of each channel, and of each target.
    std::vector<double> means() const;
    /// Adds the sums over other positions, which have the same centers.
    void add(const FeatureMoments& other);

    std::uint32_t channels, kernel;
    std::uint64_t pixels = 0;
    std::vector<double> center;   ///< [K + 3]
    std::vector<double> sum;      ///< [K + 3], Σ z
    std::vector<double> product;  ///< [K + 3][K + 3], Σ z·zᵀ
};

/// Positions of one picture, a rectangle, and the feature maps around them.
struct FeatureTile {
    PackedView maps;                   ///< one image: what lies outside is 0 to the convolution
    std::int32_t row = 0, column = 0;  ///< of the first position in the maps
    std::uint32_t rows = 0, columns = 0;
    std::vector<float> targets;  ///< [3][rows][columns]
};

class FeatureGram {
  public:
    /// `center`: of each channel and each target, [channels + 3]; may be any numbers near their means.
    FeatureGram(const Device& device, std::uint32_t channels, std::uint32_t kernel,
                const std::vector<float>& center);

    /// No sums yet.
    FeatureMoments none() const;
    /// Adds those of a tile, in an order that depends on its size alone; waits. Throws InputError where the
    /// device cannot bind so large a tile.
    void add(Recorder& recorder, const FeatureTile& tile, FeatureMoments& moments);

  private:
    /// Which products of blocks, at which lags.
    struct Products {
        std::uint32_t first_block, first_blocks, second_block, second_blocks;
        std::int32_t first_lag;
        std::uint32_t lags, reach;  ///< lags down; the longest lag to each side
        std::uint32_t edge;         ///< rows and columns at the edges that are single strips
        std::uint32_t margin;       ///< around the pixels of the sums

        std::uint32_t chunks() const { return pieces_of(2 * reach + 1, 5); }
        /// Lags of a thread.
        std::uint32_t together() const { return pieces_of(2 * reach + 1, chunks()); }
        std::uint32_t threads() const { return lags * chunks() * first_blocks * second_blocks; }
        std::size_t sums() const { return std::size_t{threads()} * together() * 16; }
        /// Of channel i of the first factor and j of the second.
        std::size_t index(std::int32_t down, std::int32_t right, std::uint32_t i, std::uint32_t j) const;
    };
    struct Window {
        std::uint32_t height, width;
    };

    void fill_window(Recorder& recorder, const FeatureTile& tile, const Window& window);
    CellSums sums_of(Recorder& recorder, const Products& products, const Window& window);
    void add_products(const CellSums& inputs, const CellSums& mixed, const CellSums& targets,
                      FeatureMoments& moments) const;
    double product(std::size_t a, std::size_t b, const CellSums& inputs, const CellSums& mixed,
                   const CellSums& targets) const;
    const Buffer& room(std::optional<Buffer>& buffer, std::uint64_t bytes, const char* name) const;

    const Device& device_;
    std::uint32_t channels_, kernel_, radius_, blocks_;
    std::vector<float> center_;
    Products inputs_, mixed_, targets_;
    QuadKernel<push::FeatureWindowPush> cut_;
    QuadKernel<push::FeatureGramPush> inputs_kernel_, mixed_kernel_, targets_kernel_;
    Buffer centers_;
    std::optional<Buffer> window_, cuts_, sums_;
};

}  // namespace shadenet
