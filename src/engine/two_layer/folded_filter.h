// Inference of a two-layer network in one kernel, tile after tile, with several tiles on their way at once.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <exception>
#include <optional>

#include "engine/two_layer/folded_kernels.h"
#include "engine/two_layer/folded_network.h"
#include "engine/two_layer/folded_pixels.h"
#include "engine/two_layer/folded_tile.h"
#include "engine/tiles/picture_stream.h"
#include "gpu/recorder.h"
#include "gpu/transfer_buffer.h"

namespace shadenet {

/// Tiles are as wide as whole strips. The result depends neither on them nor on the pictures before, bit for
/// bit.
class FoldedFilter : public PictureStream {
  public:
    /// `linear` takes the single convolution, which a network without activation allows. `tile`: at most this
    /// many pixels high, and wide but for the last strip.
    FoldedFilter(const Device& device, const FoldedNetwork& network, bool linear, std::uint32_t tile,
                 const FoldedTiles& tiles);

    void begin(const AnyPassage& passage) override;
    void finish_next() override;
    std::size_t under_way() const override { return pictures_.size(); }

  private:
    struct Begun {
        AnyPassage passage;
        std::size_t tiles_under_way = 0;
        std::exception_ptr problem;  ///< kept until finish_next() comes to the picture
    };
    /// The memory of a tile. While the device works on some, the host fills and empties others.
    struct Slot {
        std::optional<TransferBuffer> picture, result;
        FoldedWindow window{};
        Begun* begun = nullptr;
        std::uint64_t ticket = 0;
    };

    template <class Kind>
    void begin_tiles(const Passage<Kind>& passage, bool packed);
    template <class Kind>
    void begin_tile(const Passage<Kind>& passage, const FoldedWindow& window);
    void make_room(Slot& slot, const FoldedWindow& window);
    void collect_oldest();

    const Device& device_;
    bool packs_;  ///< pictures of 8 bits
    PixelRange range_;
    std::uint32_t side_;
    FoldedKernels kernels_;
    std::deque<Begun> pictures_;  ///< oldest first
    std::array<Slot, 4> slots_;   ///< a ring
    std::size_t oldest_ = 0, busy_ = 0;
    Recorder recorder_;  ///< last, so that it has waited before any memory goes
};

}  // namespace shadenet
