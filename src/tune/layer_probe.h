// A layer of the stack plan with random values, to check and to time its passes with any tiles.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "check/kernel_cases.h"
#include "engine/learning/optimizer.h"
#include "engine/stack/gemm_tile.h"
#include "engine/stack/layer_classes.h"
#include "engine/stack/scratch.h"
#include "engine/stack/weight_layer.h"
#include "engine/tensors/packed.h"
#include "engine/tensors/parameter_buffers.h"
#include "gpu/recorder.h"
#include "tune/trials.h"

namespace shadenet {

/// The pass of the weights' gradient is timed with the one that adds its splits.
enum class LayerPass { forward, input, weights };

/// Runs all passes of a layer, and compares them with float64: check::check_weight_layer, but for tests.
using LayerCheck =
    std::function<std::vector<check::Comparison>(const Device&, const check::WeightLayerCase&)>;

class LayerProbe {
  public:
    /// Of the layer of `network` that `layer` is.
    LayerProbe(const Device& device, const Network& network, const UnitLayer& layer, LayerCheck check);

    /// The time of a pass over as much of the layer's maps as takes a millisecond or more, by comparison with
    /// the tiles that the pass was first measured with. All passes are checked against float64, on maps that
    /// take the host as long.
    Measurement measure(LayerPass pass, const LayerTiles& tiles);

    /// The tile, and then those of its forms for other numbers of threads that cut what is timed into other
    /// splits.
    std::vector<WeightTile> with_other_splits(const WeightTile& tile,
                                              const std::vector<std::uint32_t>& least_threads) const;

  private:
    struct Timed {
        std::unique_ptr<Scratch> scratch;
        std::unique_ptr<WeightLayer> layer;
    };
    struct First {
        std::string tiles;
        double seconds;
    };

    const Timed& timed(const LayerTiles& tiles);
    void run(LayerPass pass, WeightLayer& layer);
    const std::string& problem(const LayerTiles& tiles);

    const Device& device_;
    UnitLayer layer_;
    check::WeightLayerCase checked_;
    Shape x_shape_, y_shape_;
    ParameterBuffers parameters_;
    OptimizerKernels optimizer_;
    PackedTensor x_, y_, dx_;
    LayerCheck check_;
    std::map<LayerPass, First> first_;
    std::map<std::string, Timed> timed_;           ///< by the tiles' names; they keep their kernels
    std::map<std::string, std::string> problems_;  ///< likewise
    Recorder recorder_;
};

}  // namespace shadenet
