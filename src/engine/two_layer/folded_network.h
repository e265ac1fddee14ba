// A two-layer network with its moving statistics folded into the weights, in float64 on the host.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/network.h"
#include "model/parameters.h"

namespace shadenet {

/// y = conv2(a) + bias2 + residual·x with a = scale·f(conv1(x) + bias1) + offset per channel. Outside the
/// picture a is zero unless pictures are continued, hence the offset cannot go into bias2. Without an
/// activation scale is 1 and offset 0: they are part of conv1.
struct FoldedNetwork {
    std::uint32_t hidden, kernel;
    std::uint32_t activation;            ///< KIND of shaders/include/activation.glsl
    bool norm_after;                     ///< scale and offset are not 1 and 0
    double residual;                     ///< how much of the input is added to the output
    std::vector<double> weight1, bias1;  ///< [hidden,3,kernel,kernel], [hidden]
    std::vector<double> scale, offset;   ///< [hidden]
    std::vector<double> weight2, bias2;  ///< [3,hidden,kernel,kernel], [3]
    PixelRange range{};                  ///< of x and y
    PicturePadding padding = PicturePadding::zero;

    /// Changes the output to (1 − strength)·x + strength·y, with a strength of 0..1.
    void mix_with_input(double strength);
    bool linear() const;
    /// For inputs in 0..1 no value up to the output overflows or is NaN.
    bool bounded() const;
    /// As shaders/folded_two_layer.comp reads them.
    std::vector<float> two_layer_weights() const;
    /// A linear network as one convolution of side 2·kernel − 1 with the residual in its middle, as
    /// shaders/folded_linear.comp reads it: W[o,c,s] = Σ_h Σ_t weight2[o,h,t]·weight1[h,c,s − t].
    std::vector<float> linear_weights() const;
};

struct FoldedMatch {
    std::optional<FoldedNetwork> network;
    std::string reason;  ///< if there is none: why, in words that follow "the folded plans take "
};

/// Two-layer networks with kernels of one size, odd and at most 7, and up to 1024 hidden channels. Throws
/// std::out_of_range when `parameters` lacks a tensor.
FoldedMatch fold_two_layers(const Network& network, const Parameters& parameters);
/// fold_two_layers() takes the network.
bool folds(const Network& network);

}  // namespace shadenet
