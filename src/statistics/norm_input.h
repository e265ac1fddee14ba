// The moments of one batch norm's input, for one picture after another.
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "engine/stack/tile_layers.h"
#include "engine/tiles/tile_window.h"
#include "gpu/recorder.h"
#include "statistics/moments.h"
#include "statistics/picture_source.h"

namespace shadenet {

/// Runs the layers before a norm in tiles, which overlap by the receptive radius of these layers, and sums
/// their output on the host.
class NormInput {
  public:
    /// `before`: the network up to the norm, which sees `margin` rows and columns around each picture (see
    /// point_margins()). Throws InputError if it does not keep a picture's size.
    NormInput(const Device& device, const Network& before, std::uint32_t margin, const Parameters& parameters,
              std::uint32_t tile);

    /// The moments of every channel of the norm's input, over one picture; over a part of it if `stop`
    /// becomes true. `stop` may be null. Values that are not finite make moments that are not finite.
    std::vector<Moments> moments(const PictureView& picture, const std::atomic<bool>* stop);

  private:
    void add_tile(std::vector<Moments>& sums, const TileWindow& row, const TileWindow& column);

    TileLayers layers_;
    std::vector<float> result_;
    Recorder recorder_;  ///< last: it waits before any memory is freed
};

}  // namespace shadenet
