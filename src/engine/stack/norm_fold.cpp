#include "engine/stack/norm_fold.h"

namespace shadenet {

NormFold::NormFold(const Device& device, const ParameterBuffers& parameters, const std::string& layer,
                   const WeightExtent& extent, const BatchNorm& norm)
    : extent_(extent),
      epsilon_(norm.epsilon),
      gamma_(in_quads(parameters.values(norm.name + ".weight"))),
      beta_(in_quads(parameters.values(norm.name + ".bias"))),
      mean_(in_quads(parameters.values(norm.name + ".running_mean"))),
      variance_(in_quads(parameters.values(norm.name + ".running_var"))),
      weights_(device, extent.block_values() * sizeof(float), layer + " with its norm"),
      bias_(device, extent.out_blocks() * quad_bytes, layer + " bias with its norm"),
      kernel_(device, "stack_fold",
              {"weight", "bias", "gamma", "beta", "mean", "variance", "folded_weight", "folded_bias"}, {},
              64) {}

void NormFold::fold(Recorder& recorder, const BufferRange& weights, const BufferRange& bias) const {
    const push::FoldPush push{extent_.in_blocks(), extent_.out_blocks(), extent_.taps, extent_.out, epsilon_};
    kernel_(recorder,
            {{"weight", weights},
             {"bias", bias},
             {"gamma", gamma_},
             {"beta", beta_},
             {"mean", mean_},
             {"variance", variance_},
             {"folded_weight", weights_.whole()},
             {"folded_bias", bias_.whole()}},
            push, {std::uint64_t{push.in_blocks} * push.out_blocks * push.taps});
}

}  // namespace shadenet
