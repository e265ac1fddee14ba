// Cases to check kernels in, and what is checked in each: the device against float64.
#pragma once

#include <cstdint>
#include <vector>

#include "check/compare.h"
#include "check/device_data.h"
#include "engine/layers/layer.h"
#include "model/optimizer.h"

namespace shadenet::check {

struct ConvCase {
    Shape x;
    std::uint32_t out_channels = 16, kernel = 3, stride = 1;
    Padding padding = Padding::same;
    Data data = Data::normal;
    std::uint64_t seed = 1;
    BiasPath bias_path = BiasPath::free;
    Mode mode = Mode::training;
    std::uint32_t largest_images = 0;  ///< the largest batch of the layer; 0: the images of x
};

/// Forward; and backward from a random dy to input, weight and bias. With Data::halves every value is to be
/// exact.
std::vector<Comparison> check_conv(const Device& device, const ConvCase& one);

struct BatchNormCase {
    Shape x;
    Mode mode = Mode::training;
    Data data = Data::normal;
    std::uint64_t seed = 1;
    float decay = 0.9f, epsilon = 1e-5f;
};

/// Forward, and backward from a random dy. Training normalises by the batch's statistics and updates the
/// moving ones: both are compared. Inference and frozen normalise by the moving statistics, which must keep
/// every bit. All modes but inference record the batch's statistics, which are compared too.
std::vector<Comparison> check_batchnorm(const Device& device, const BatchNormCase& one);

struct ActivationCase {
    Shape x;
    ActivationKind kind = ActivationKind::relu;
    Data data = Data::normal;
    std::uint64_t seed = 1;
};

/// Forward, and backward from a random dy. Inputs keep away from the kink at zero.
std::vector<Comparison> check_activation(const Device& device, const ActivationCase& one);

/// The bias gradient through an activation into a norm, Σ s·dx − (mean s)·Σ dx per channel with s the slope,
/// from a random dx. Channel 0 has positive inputs only; the last channel, if there are several, has negative
/// inputs only. In these two the gradient of a relu is to be exactly 0.
std::vector<Comparison> check_bias_through_activation(const Device& device, const ActivationCase& one);

/// Where a skip writes its sum.
enum class SkipTarget { new_tensor, first, second };

struct SkipCase {
    Shape x;
    SkipTarget target = SkipTarget::new_tensor;
    Data data = Data::normal;
    std::uint64_t seed = 1;
};

/// y = x + other, exact to float32's one rounding.
std::vector<Comparison> check_skip(const Device& device, const SkipCase& one);

struct LossCase {
    Shape result;
    std::uint32_t row = 0;  ///< the row for the loss; the rows beside it must keep their values
    Data data = Data::normal;
    std::uint64_t seed = 1;
};

/// The mean squared error of two random tensors, and its gradient.
std::vector<Comparison> check_loss(const Device& device, const LossCase& one);

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
};

/// Parameters and moments after several steps with random gradients. Statistics and the gaps between tensors
/// must keep their values.
std::vector<Comparison> check_optimizer(const Device& device, const OptimizerCase& one);

}  // namespace shadenet::check
