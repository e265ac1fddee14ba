#include "engine/stack/pixel_packing.h"

#include <stdexcept>

#include "engine/tensors/linear_threads.h"

namespace shadenet {

namespace {

Threads pixel_threads(const push::StackPixelsPush& push) {
    return linear_threads(std::uint64_t{pieces_of(push.width, pixels_together)} * push.height);
}

void require_shape(const PackedView& packed, std::uint32_t rows, std::uint32_t columns) {
    if (packed.shape == Shape{1, 3, rows, columns}) return;
    throw std::invalid_argument("a packed picture of another shape than the tile's");
}

}  // namespace

PixelPacking::PixelPacking(const Device& device, PixelFormat format, const PixelRange& range)
    : pixels_(device, format, range, true),
      read_(device, "stack_read_pixels", {"picture", "packed", "levels"}, pixels_.constants(),
            light_local_size),
      write_(device, "stack_write_pixels", {"packed", "before", "result", "levels"}, pixels_.constants(),
             light_local_size) {}

void PixelPacking::read(Recorder& recorder, const PictureTile& tile, const Buffer& picture,
                        const PackedView& to) const {
    require_shape(to, tile.rows.reads, tile.columns.reads);
    const push::StackPixelsPush push{
        .width = tile.columns.reads, .height = tile.rows.reads, .pitch = tile.pitch(), .plane = tile.plane()};
    read_(recorder,
          {{"picture", picture.range(0, tile.bytes())}, {"packed", to.range()}, {"levels", pixels_.levels()}},
          push, pixel_threads(push));
}

void PixelPacking::write(Recorder& recorder, const PictureTile& tile, const PackedView& from,
                         const PackedView& input, float strength, const Buffer& result) const {
    const TileWindow &rows = tile.rows, &columns = tile.columns;
    require_shape(from, rows.makes, columns.makes);
    require_shape(input, rows.reads, columns.reads);
    const push::StackPixelsPush push{
        .width = columns.makes,
        .height = rows.makes,
        .pitch = tile.result_pitch(),
        .plane = tile.result_plane(),
        .input_first = (rows.made - rows.read) * columns.reads + columns.made - columns.read,
        .input_row = columns.reads,
        .own_column = columns.write - columns.made,
        .own_columns = columns.count,
        .own_row = rows.write - rows.made,
        .own_rows = rows.count,
        .strength = strength};
    write_(recorder,
           {{"packed", from.range()},
            {"before", input.range()},
            {"result", result.range(0, tile.result_bytes())},
            {"levels", pixels_.levels()}},
           push, pixel_threads(push));
}

}  // namespace shadenet
