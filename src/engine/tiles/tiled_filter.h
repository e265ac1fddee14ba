// Runs pictures through an inference plan, tile after tile, with several tiles and pictures under way at
// once. PictureFilter chooses the plan, checks the pictures, and is the interface for others.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <memory>
#include <optional>
#include <variant>

#include "engine/tiles/tile_kernels.h"
#include "gpu/recorder.h"
#include "gpu/transfer_buffer.h"
#include "image/image.h"
#include "model/pixel_range.h"

namespace shadenet {

/// A picture to read and one of its size to write.
template <class Kind>
struct Passage {
    const Kind* input;
    Kind* output;
};
using AnyPassage = std::variant<Passage<Image>, Passage<Picture8>, Passage<Picture16>>;

class TiledFilter {
  public:
    /// `range`: the range of the network's input and output.
    TiledFilter(const Device& device, std::unique_ptr<TileKernels> kernels, const PixelRange& range,
                PicturePadding padding);

    /// Pictures have at least one pixel, and stay where they are until finish_next() has returned for them.
    void begin(const AnyPassage& passage);
    /// Waits for the oldest picture that was begun. Throws BadResult if a value of an integer picture is not
    /// finite; later pictures go on.
    void finish_next();
    std::size_t under_way() const { return pictures_.size(); }

  private:
    struct Begun {
        AnyPassage passage;
        std::size_t tiles_under_way = 0;
        std::exception_ptr problem;  ///< kept until finish_next() comes to the picture
    };
    /// The memory of a tile. While the device works on some, the host fills and empties others.
    struct Slot {
        std::optional<TransferBuffer> picture, result;
        PictureTile tile{};
        Begun* begun = nullptr;
        std::uint64_t ticket = 0;
    };

    template <class Kind>
    void begin_tiles(const Passage<Kind>& passage);
    template <class Kind>
    void begin_tile(const Passage<Kind>& passage, const PictureTile& tile);
    void make_room(Slot& slot, const PictureTile& tile);
    void collect_oldest();

    const Device& device_;
    std::unique_ptr<TileKernels> kernels_;
    PixelRange range_;
    PicturePadding padding_;
    std::deque<Begun> pictures_;  ///< oldest first
    std::array<Slot, 4> slots_;   ///< a ring
    std::size_t oldest_ = 0, busy_ = 0;
    Recorder recorder_;  ///< last: it waits before any memory is freed
};

}  // namespace shadenet
