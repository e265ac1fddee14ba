// What a network is: a list of layers. A layer knows its own shapes and nothing of its neighbours.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/words.h"
#include "model/pixel_range.h"

namespace shadenet {

/// The extent of a batch of feature maps, in the order of memory: images, channels, rows, columns.
struct Shape {
    std::uint32_t n = 0, c = 0, h = 0, w = 0;
    bool operator==(const Shape&) const = default;
    /// Values of one channel of one image.
    std::size_t plane() const { return std::size_t{h} * w; }
    std::size_t values() const { return std::size_t{n} * c * plane(); }
};

enum class Padding { same, valid };
/// What convolutions meet beyond a picture's edges. `zero`: each pads its own input with zeros. Else the
/// picture is continued once, by the network's whole reach, with its outermost pixels (`edge`) or its mirror
/// image, whose axis is the outermost pixel (`reflect`): then convolutions pad nothing, and a norm's
/// statistics run over every position that is computed, the ring beyond the picture included.
enum class PicturePadding { zero, edge, reflect };
enum class ActivationKind : std::uint32_t { relu, leaky_relu, tanh, sigmoid, elu };

inline constexpr auto activation_words =
    words_of<ActivationKind>("relu", "leaky_relu", "tanh", "sigmoid", "elu");
inline constexpr auto picture_padding_words = words_of<PicturePadding>("zero", "edge", "reflect");

/// Slope of leaky_relu below zero.
inline constexpr float leaky_slope = 0.2f;

/// y[n,o,y,x] = bias[o] + Σ weight[o,i,ky,kx] · x[n,i, y·stride + ky − pad, x·stride + kx − pad], zero
/// outside. `same` pads by (kernel − 1)/2 on every side, so that stride 1 keeps the size; `valid` pads by
/// nothing. Parameters: `<name>.weight` [out,in,kernel,kernel], `<name>.bias` [out].
struct Conv {
    std::string name;
    std::uint32_t in_channels, out_channels, kernel;
    std::uint32_t stride = 1;
    Padding padding = Padding::same;
    bool operator==(const Conv&) const = default;
};

/// y[n,o] = bias[o] + Σ weight[o,i] · x[n,i] over all values of an example, in the order channel, row,
/// column. The result has one row and one column. Parameters: `<name>.weight` [out,in], `<name>.bias` [out].
struct Dense {
    std::string name;
    std::uint32_t in_features, out_features;
    bool operator==(const Dense&) const = default;
};

/// y = γ·(x − mean)/√(variance + ε) + β per channel; mean and biased variance of the batch in training, the
/// moving statistics in inference. Parameters: `<name>.weight` (γ), `<name>.bias` (β). Statistics, not
/// trainable: `<name>.running_mean`, `<name>.running_var`. All [channels].
struct BatchNorm {
    std::string name;
    std::uint32_t channels;
    float decay = 0.9f;  ///< moving = decay·moving + (1 − decay)·batch, TensorFlow's convention
    float epsilon = 1e-5f;
    bool center = true;  ///< with β; without, it is held at 0, or at what the model to begin with has
    bool scale = true;   ///< with γ; without, it is held at 1, or at what that has
    bool operator==(const BatchNorm&) const = default;
};

/// 1 − decay, PyTorch's momentum, rounded once: in float32 the difference would carry decay's own rounding.
inline float momentum_of(float decay) {
    return static_cast<float>(1.0 - static_cast<double>(decay));
}

struct Activation {
    ActivationKind kind;
    bool operator==(const Activation&) const = default;
};

/// In training keeps a value with probability `keep` and multiplies it by 1/keep, and else makes it 0;
/// philox.h has the rule. Otherwise y = x.
struct Dropout {
    float keep = 1;
    bool operator==(const Dropout&) const = default;
};

/// The mean over rows and columns.
struct Average {
    bool operator==(const Average&) const = default;
};

/// Adds an earlier tensor of the same shape: point 0 is the network's input, point i the output of layer i−1.
/// Where pictures are continued, the earlier one has a wider ring around them, which is left out.
struct Skip {
    std::size_t from_point = 0;
    bool operator==(const Skip&) const = default;
};

using Layer = std::variant<Conv, BatchNorm, Activation, Skip, Dense, Dropout, Average>;

/// The input of a network that takes pictures of any size.
constexpr Shape any_size(std::uint32_t channels) {
    return {0, channels, 0, 0};
}

struct Network {
    Shape input =
        any_size(3);  ///< of one example: `n` is 0, and rows and columns are 0 where any size is taken
    std::vector<Layer> layers;
    PixelRange range{};  ///< of its input and its output
    PicturePadding padding = PicturePadding::zero;
    bool operator==(const Network&) const = default;
};

/// The norms, in the order of the layers.
std::vector<BatchNorm> norms_of(const Network& network);
/// The convolutions likewise.
std::vector<Conv> convs_of(const Network& network);
/// Conv or dense: a layer with weights and a bias.
bool has_weights(const Layer& layer);
bool has_norm(const Network& network);
/// Layer `index` is a norm with β before an activation, which bends at 0: β says where that is.
bool is_bending_norm(const Network& network, std::size_t index);
bool has_activation(const Network& network);
/// The decay of the norm that keeps its past longest; 0 without norms.
float slowest_decay(const Network& network);

/// One tensor of a model: its name in files, its extent, and whether the optimizer moves it.
struct TensorSpec {
    std::string name;
    std::vector<std::uint32_t> shape;
    bool trainable;     ///< has a gradient
    bool held = false;  ///< stays what it is all the same: the γ or β of a norm that has none
    std::size_t values() const;
};

/// Every parameter and statistic, in the order of PyTorch's state_dict.
std::vector<TensorSpec> tensor_specs(const Network& network);

/// The shape after `layer` for input `x`. Throws InputError when the layer does not fit (channels, an input
/// smaller than the kernel, a kernel or stride of 0). Of a Skip, only point_shapes() can tell.
Shape output_shape(const Layer& layer, const Shape& x);

/// Whether pictures are continued beyond their edges.
inline bool continues_pictures(const Network& network) {
    return network.padding != PicturePadding::zero;
}
/// How many pixels they are continued by, on each side; 0 where they are not.
std::uint32_t picture_margin(const Network& network);
/// What the first layer reads of pictures of this shape: the pictures with their margin.
Shape with_margin(const Network& network, const Shape& pictures);
/// How many rows and columns each point has around the pictures, on each side.
std::vector<std::uint32_t> point_margins(const Network& network);
/// The layers as they are computed: where pictures are continued, convolutions pad nothing.
Network as_computed(Network network);

/// The shapes of all points as they are computed for these pictures: [0] is the input, with_margin(), [i] the
/// output of layer i−1. Throws InputError as above, and when the pictures have other channels than the
/// network's input, or a skip joins shapes that do not fit or looks ahead.
std::vector<Shape> point_shapes(const Network& network, const Shape& pictures);

/// Throws InputError for a network that does not make of every large picture one of 3 channels and the same
/// size.
void require_keeps_pictures(const Network& network);

/// How far, in input pixels to each side, an output pixel looks. Throws InputError for strides above 1, and
/// for dense and average layers, which look at all pixels.
std::uint32_t receptive_radius(const Network& network);

/// Where the bias of a conv or dense layer goes, or the β of a norm. A norm subtracts the batch's mean, and
/// with it a constant that was added before. Weights between leave it a constant, unless they pad with zeros.
enum class BiasPath {
    free,                ///< not into a norm: the gradient is an ordinary sum
    norm,                ///< into a norm: while that uses the batch's statistics, exactly zero
    activation_to_norm,  ///< straight through one activation into a norm: zero where the slope is constant
};
/// Of layer `index`; free where that has no bias, or a skip begins at a point between it and the norm.
BiasPath bias_path(const Network& network, std::size_t index);
/// The norm that takes the bias away, where bias_path() is norm; otherwise none.
std::optional<std::size_t> cancelling_norm(const Network& network, std::size_t index);
/// bias_path() is norm.
bool bias_feeds_norm(const Network& network, std::size_t index);

/// "relu", as texts and tables have it.
std::string to_string(ActivationKind kind);
/// None for any other word.
std::optional<ActivationKind> activation_kind(std::string_view word);

/// One line for a layer, for tables: "conv 3x3, 3 -> 16, stride 1, same padding".
/// Without the padding where pictures are continued, and convolutions have none of their own.
std::string describe(const Layer& layer, bool continued = false);
/// "their outermost pixels" or "their mirror images", of pictures that are continued.
std::string continued_by(PicturePadding padding);
/// The layer's name in files ("conv1"), or its kind where it has no parameters ("relu", "skip").
std::string layer_name(const Layer& layer);

/// The result is the input plus what the layers make: the last layer adds the input.
bool adds_input(const Network& network);
/// Width of the first convolution's window; 3 where there is no convolution.
std::uint32_t first_kernel(const Network& network);
/// Of each norm, in the order of the layers.
std::vector<float> decays(const Network& network);
/// The decay of all norms; none where they differ, or there is no norm.
std::optional<float> common_decay(const Network& network);

}  // namespace shadenet
