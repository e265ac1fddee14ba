// Inference of any network that keeps a picture's size and colours: layer after layer, tile after tile.
#pragma once

#include <cstdint>
#include <deque>
#include <exception>
#include <optional>
#include <vector>

#include "engine/stack/layerwise.h"
#include "engine/tensors/parameter_buffers.h"
#include "engine/tiles/picture_stream.h"
#include "engine/tensors/tensor.h"
#include "engine/tiles/tile_window.h"
#include "gpu/recorder.h"

namespace shadenet {

/// begin() does all the work. The result does not depend on the tiles, bit for bit.
class LayerwiseFilter : public PictureStream {
  public:
    /// The result is (1 − strength)·input + strength·network(input). `tile`: at most this many pixels high
    /// and wide.
    LayerwiseFilter(const Device& device, const Network& network, const Parameters& values,
                    std::uint32_t tile, double strength);

    void begin(const AnyPassage& passage) override;
    void finish_next() override;
    std::size_t under_way() const override { return problems_.size(); }

  private:
    /// A plan for one size of input, with that input.
    struct Stage {
        Stage(LayerwiseFilter& filter, const Shape& shape)
            : x(filter.device_, shape, "picture tile"),
              plan(filter.device_, filter.network_, filter.parameters_, shape, Purpose::inference) {}
        Tensor x;
        LayerwisePlan plan;
    };

    template <class Kind>
    void filter(const Passage<Kind>& passage);
    template <class Kind>
    void run_tile(const Passage<Kind>& passage, const TileWindow& row, const TileWindow& column);
    void mix();

    const Device& device_;
    Network network_;
    ParameterBuffers parameters_;
    std::uint32_t radius_, tile_;
    double strength_;
    std::optional<Stage> stage_;               ///< of the latest size: all tiles of a picture are alike
    std::vector<float> input_, result_;        ///< of a tile
    std::deque<std::exception_ptr> problems_;  ///< of the pictures begun, most of them empty
    Recorder recorder_;                        ///< last, so that it has waited before any memory goes
};

}  // namespace shadenet
