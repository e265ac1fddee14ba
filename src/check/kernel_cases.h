// Cases to check kernels in, and what is checked in each: the device against float64.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "check/compare.h"
#include "check/device_data.h"
#include "engine/stack/gemm_tile.h"
#include "engine/stack/units.h"
#include "engine/tensors/parameter_buffers.h"
#include "model/optimizer.h"

namespace shadenet::check {

struct WeightLayerCase {
    Shape x;
    std::uint32_t out_channels = 16, kernel = 3, stride = 1;
    Padding padding = Padding::same;
    Data data = Data::normal;
    std::uint64_t seed = 1;
    bool dense = false;  ///< a dense layer of x's values in the place of a convolution
    std::optional<ActivationKind> activation{};  ///< after it
    std::optional<ActivationKind> before{};      ///< whose result x is, and whose slope dx is to have
    bool add = false;                            ///< dx has a part already
    bool moments = true;                         ///< of the result
    WeightLayout layout = WeightLayout::blocks;  ///< of the parameters; dense ones have no gradients here
    bool norm = false;                           ///< after the layer, folded into it
    Sum sum = Sum::none;                         ///< of the result and another tensor
    std::optional<LayerTiles> tiles{};           ///< none: the defaults
    bool needs_dx = true;                        ///< checks the gradient to the input
};

/// Forward with its epilogue; from a random dy the gradient to the input with its epilogue, and the weights'
/// gradient. With Data::halves every value is to be exact.
std::vector<Comparison> check_weight_layer(const Device& device, const WeightLayerCase& one);

struct ReducerCase {
    std::uint32_t rows = 1, columns = 1;
    std::uint32_t to_row = 0;
    float scale = 1;
    int set = 0;  ///< of the reducer's two scratch buffers
    Data data = Data::normal;
    std::uint64_t seed = 1;
};

/// Sums of columns: exact with Data::halves and a scale that is a power of two.
std::vector<Comparison> check_reducer(const Device& device, const ReducerCase& one);

struct HistogramCase {
    Shape x;
    Data data = Data::normal;
    std::uint64_t seed = 1;
    /// The part of the values' range that the bins span: below 1 some values lie outside the bins.
    double spanned = 1;
    /// Every so-many-th value is NaN or infinite; 0: none.
    std::uint32_t spoilt_every = 0;
};

/// The extremes, and the counts of each channel and of all channels together, with bins between these
/// extremes: all exact. The kernels run twice from their beginning, as they do epoch after epoch.
std::vector<Comparison> check_histogram(const Device& device, const HistogramCase& one);

struct OptimizerCase {
    OptimizerOptions options;
    std::uint32_t channels = 5;  ///< of the convolution and the norm whose parameters are optimised
    std::uint32_t steps = 7;
    std::uint64_t seed = 1;
    WeightLayout layout = WeightLayout::dense;  ///< in blocks the weights' gradients are partial sums
};

/// Parameters and moments after several steps with random gradients. Statistics and the gaps between tensors
/// must keep their values.
std::vector<Comparison> check_optimizer(const Device& device, const OptimizerCase& one);

}  // namespace shadenet::check
