// Inference of any network that keeps a picture's size and colours, layer after layer.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/stack/layerwise.h"
#include "engine/tensors/parameter_buffers.h"
#include "engine/tiles/tile_kernels.h"

namespace shadenet {

class LayerwiseKernels : public TileKernels {
  public:
    /// The result is (1 − strength)·input + strength·network(input). `tile`: at most this many pixels high
    /// and wide.
    LayerwiseKernels(const Device& device, const Network& network, const Parameters& values,
                     std::uint32_t tile, double strength);

    std::vector<TileWindow> cut_rows(std::uint32_t height) const override;
    std::vector<TileWindow> cut_columns(std::uint32_t width) const override { return cut_rows(width); }
    void record(Recorder& recorder, const PictureTile& tile, const Buffer& picture,
                const Buffer& result) override;
    void complete(std::span<const std::byte> picture, std::span<std::byte> result) const override;

  private:
    const Device& device_;
    Network network_;
    ParameterBuffers parameters_;
    std::uint32_t radius_, tile_;
    double strength_;
    Shape shape_;                        ///< of the latest tile: all tiles of a picture are alike
    std::optional<LayerwisePlan> plan_;  ///< for that shape
};

}  // namespace shadenet
