// A whole network in float64: any list of layers, trained and applied with the plain loops of this folder.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "model/network.h"
#include "model/parameters.h"
#include "reference/batchnorm.h"
#include "reference/dropout.h"
#include "reference/loss.h"
#include "reference/optimizer.h"
#include "reference/tensor.h"

namespace shadenet::reference {

/// Tensors by their names in files ("conv1.weight"), row-major.
using NamedValues = std::map<std::string, std::vector<double>>;

/// What the norms of a pass normalise by: the batch's statistics, which depend on x, or the moving
/// ones, which are constants and make an affine layer of a norm.
enum class Norms { batch, frozen };

/// One pass forward and back in training mode.
struct Evaluation {
    double loss = 0.0;
    std::vector<double> example_losses;  ///< whose mean is the loss
    std::uint32_t correct = 0;           ///< examples of the right class, where there are classes
    std::vector<Tensor> points;          ///< [0] the input with its margin, [i] the output of layer i−1
    std::map<std::string, BatchStatistics> statistics;  ///< of this batch, by the norm layer's name
    NamedValues gradients;                              ///< of every trainable tensor, held ones too
    Tensor dx;                                          ///< of the input with its margin
};

class NetworkRun {
  public:
    /// Throws std::out_of_range when `parameters` lacks a tensor of the network, std::invalid_argument
    /// when one has another size.
    NetworkRun(Network network, const Parameters& parameters);

    /// Loss and gradients with the parameters as they are, dropout's masks being those of the key; changes
    /// nothing. x [N,C,H,W]; the target a tensor of the output's shape, or N labels. A bias that
    /// a norm of the batch's statistics takes away (see bias_feeds_norm) has a gradient of
    /// exactly zero, not of rounding noise. Throws InputError when x does not fit the network.
    /// `disturb`, if any, changes each point and each gradient of a point as soon as it is computed.
    Evaluation evaluate(const Tensor& x, const Target& target, Norms norms = Norms::batch,
                        const DropoutKey& key = {}, const std::function<void(Tensor&)>& disturb = {}) const;

    /// The loss alone of evaluate(), for a third of the work.
    double training_loss(const Tensor& x, const Target& target, Norms norms = Norms::batch,
                         const DropoutKey& key = {}) const;

    /// Evaluates with the seed's masks of the step that the optimizer has come to, updates the moving
    /// statistics with the batch's, lets the optimizer move the parameters that are not held, and returns the
    /// loss from before that.
    double train_step(const Tensor& x, const Target& target, Optimizer& optimizer, std::uint64_t seed = 0);

    /// Lets the optimizer move the parameters that are not held. Weights of conv and dense layers decay.
    void update(const NamedValues& gradients, Optimizer& optimizer);

    /// The output with the moving statistics, or with those of x, not clamped; without dropout.
    Tensor infer(const Tensor& x, Norms norms = Norms::frozen) const;

    /// Parameters and moving statistics.
    const NamedValues& values() const { return values_; }
    NamedValues& values() { return values_; }
    /// Of the last train_step.
    const NamedValues& gradients() const { return gradients_; }
    std::uint32_t correct() const { return correct_; }

  private:
    Network network_;
    NamedValues values_;
    NamedValues gradients_;
    std::uint32_t correct_ = 0;
};

}  // namespace shadenet::reference
