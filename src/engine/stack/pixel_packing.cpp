#include "engine/stack/pixel_packing.h"

#include <stdexcept>

#include "engine/tensors/linear_threads.h"

namespace shadenet {

namespace {

push::StackPixelsPush pixels_push(const PictureTile& tile, float strength) {
    const TileWindow &rows = tile.rows, &columns = tile.columns;
    return {.width = columns.makes,
            .height = rows.makes,
            .pitch = tile.pitch(),
            .plane = tile.plane(),
            .own_column = columns.write - columns.made,
            .own_columns = columns.count,
            .own_row = rows.write - rows.made,
            .own_rows = rows.count,
            .strength = strength};
}

Threads pixel_threads(const PictureTile& tile) {
    return linear_threads(std::uint64_t{pieces_of(tile.columns.makes, pixels_together)} * tile.rows.makes);
}

void check_shape(const PictureTile& tile, const PackedView& packed) {
    const bool alike = tile.columns.makes == tile.columns.reads && tile.rows.makes == tile.rows.reads;
    if (!alike || packed.shape != Shape{1, 3, tile.rows.makes, tile.columns.makes}) {
        throw std::invalid_argument("a packed picture of another shape than the tile's");
    }
}

}  // namespace

PixelPacking::PixelPacking(const Device& device, PixelFormat format, const PixelRange& range)
    : pixels_(device, format, range, true),
      read_(device, "stack_read_pixels", {"picture", "packed", "levels"}, pixels_.constants(),
            light_local_size),
      write_(device, "stack_write_pixels", {"packed", "picture", "result", "levels"}, pixels_.constants(),
             light_local_size) {}

void PixelPacking::read(Recorder& recorder, const PictureTile& tile, const Buffer& picture,
                        const PackedView& to) const {
    check_shape(tile, to);
    read_(recorder,
          {{"picture", picture.range(0, tile.bytes())}, {"packed", to.range()}, {"levels", pixels_.levels()}},
          pixels_push(tile, 1), pixel_threads(tile));
}

void PixelPacking::write(Recorder& recorder, const PictureTile& tile, const PackedView& from,
                         const Buffer& picture, float strength, const Buffer& result) const {
    check_shape(tile, from);
    write_(recorder,
           {{"packed", from.range()},
            {"picture", picture.range(0, tile.bytes())},
            {"result", result.range(0, tile.result_bytes())},
            {"levels", pixels_.levels()}},
           pixels_push(tile, strength), pixel_threads(tile));
}

}  // namespace shadenet
