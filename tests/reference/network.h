// A whole network in float64: any list of layers, trained and applied with the plain loops of this folder.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/network.h"
#include "model/parameters.h"
#include "reference/batchnorm.h"
#include "reference/optimizer.h"
#include "reference/tensor.h"

namespace shadenet::reference {

/// Tensors by their names in files ("conv1.weight"), row-major.
using NamedValues = std::map<std::string, std::vector<double>>;

/// What the norms of a training pass normalise by: the batch's statistics, which depend on x, or the moving
/// ones, which are constants and make an affine layer of a norm.
enum class Norms { batch, frozen };

/// One pass forward and back in training mode.
struct Evaluation {
    double loss = 0.0;
    std::vector<Tensor> points;                         ///< [0] the input, [i] the output of layer i−1
    std::map<std::string, BatchStatistics> statistics;  ///< of this batch, by the norm layer's name
    NamedValues gradients;                              ///< of every trainable tensor, held ones too
    Tensor dx;                                          ///< of the input
};

class NetworkRun {
  public:
    /// Throws std::out_of_range when `parameters` lacks a tensor of the network, std::invalid_argument
    /// when one has another size.
    NetworkRun(Network network, const Parameters& parameters);

    /// Loss and gradients with the parameters as they are; changes nothing. x and target [N,C,H,W].
    /// A conv bias that feeds a norm of the batch's statistics (see bias_feeds_norm) has a gradient of
    /// exactly zero, not of rounding noise. Throws InputError when x does not fit the network.
    Evaluation evaluate(const Tensor& x, const Tensor& target, Norms norms = Norms::batch) const;

    /// The loss alone of evaluate(), for a third of the work.
    double training_loss(const Tensor& x, const Tensor& target, Norms norms = Norms::batch) const;

    /// Evaluates, updates the moving statistics with the batch's, lets the optimizer move the parameters that
    /// are not held, and returns the loss from before that.
    double train_step(const Tensor& x, const Tensor& target, Optimizer& optimizer);

    /// Lets the optimizer move the parameters that are not held.
    void update(const NamedValues& gradients, Optimizer& optimizer);

    /// The output with the moving statistics, not clamped.
    Tensor infer(const Tensor& x) const;

    /// Parameters and moving statistics.
    const NamedValues& values() const { return values_; }
    NamedValues& values() { return values_; }
    /// Of the last train_step.
    const NamedValues& gradients() const { return gradients_; }

  private:
    Network network_;
    NamedValues values_;
    NamedValues gradients_;
};

}  // namespace shadenet::reference
