// The optimizers, in float64. Their formulas stand with OptimizerKind in src/model/optimizer.h.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "model/optimizer.h"

namespace shadenet::reference {

/// What an optimizer remembers of one tensor, each as long as the tensor or empty where the rule has no use
/// for it. Before the first step all of it is zero.
struct OptimizerState {
    std::vector<double> m;      ///< adam, amsgrad: mean of the gradient; momentum: its velocity
    std::vector<double> v;      ///< adam, amsgrad: mean of the squared gradient
    std::vector<double> v_max;  ///< amsgrad: the largest v so far, before bias correction
};

/// Moves `values` by one step, `step` counted from 1. Adam: Kingma & Ba 2015, algorithm 1, with ε outside the
/// root of the corrected v. AMSGrad: Reddi et al. 2018 with Adam's bias correction, applied after the
/// maximum. Every value decays by the options' weight decay. The options' constants are taken as decimals
/// (see decimal()). An empty state is filled with zeros. Throws std::invalid_argument for a gradient or state
/// of another size, or step 0.
void optimizer_step(std::vector<double>& values, const std::vector<double>& gradient, OptimizerState& state,
                    const OptimizerOptions& options, std::uint64_t step);

/// The states of all tensors of a network, by name, and the step they share.
class Optimizer {
  public:
    explicit Optimizer(const OptimizerOptions& options) : options_(options) {}

    /// From the next update on.
    void set_learning_rate(float rate) { options_.learning_rate = rate; }
    /// Moves every tensor of `values` that has a gradient. Those named in `decayed` have weight decay.
    void update(std::map<std::string, std::vector<double>>& values,
                const std::map<std::string, std::vector<double>>& gradients,
                const std::set<std::string>& decayed = {});
    /// Steps done.
    std::uint64_t step() const { return step_; }
    const std::map<std::string, OptimizerState>& states() const { return states_; }

  private:
    OptimizerOptions options_;
    std::uint64_t step_ = 0;
    std::map<std::string, OptimizerState> states_;
};

}  // namespace shadenet::reference
