// The losses and their gradients, in float64.
#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "reference/tensor.h"

namespace shadenet::reference {

/// The class of each example, counted from 0.
using Labels = std::vector<std::uint32_t>;

/// What a network's output is to be: a tensor of its shape, by the mean squared error, or classes, by the
/// cross-entropy.
using Target = std::variant<Tensor, Labels>;

struct Loss {
    double loss = 0.0;             ///< the mean of `examples`
    Tensor dout;                   ///< of the output's shape
    std::vector<double> examples;  ///< the loss of each example
    std::uint32_t correct = 0;     ///< examples of the right class; 0 where there are no classes
};

/// loss = Σ(out − target)²/V over all V = N·C·H·W values, of an example over its C·H·W; dout = 2(out −
/// target)/V. Throws std::invalid_argument when the shapes differ.
Loss mean_squared_error(const Tensor& out, const Tensor& target);

/// Of logits z [N,K,1,1] and N labels below K: an example's loss is log Σ e^z[k] − z[label], computed with
/// the largest logit subtracted from all; dout = (softmax(z) − one where k is the label)/N. An example is of
/// the right class where its label has the largest logit, and no lower class has the same; never where a
/// logit is NaN. Throws std::invalid_argument for other shapes and labels.
Loss cross_entropy(const Tensor& logits, const Labels& labels);

/// The one that belongs to the target.
Loss loss_of(const Tensor& out, const Target& target);

}  // namespace shadenet::reference
