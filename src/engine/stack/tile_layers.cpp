#include "engine/stack/tile_layers.h"

#include <algorithm>

#include "engine/tiles/tile_pixels.h"

namespace shadenet {

namespace {

constexpr std::uint32_t largest_layer_tile = 512;
/// The most values of a tile in any layer: 64 MiB, so that memory does not grow with the network.
constexpr std::uint64_t most_tile_values = 16 << 20;

}  // namespace

TileLayers::TileLayers(const Device& device, const Network& layers, const Parameters& parameters,
                       const TileMargins& margins, std::uint32_t tile)
    : device_(device),
      layers_(layers),
      parameters_(device, parameters, WeightLayout::blocks),
      margins_(margins),
      radius_(receptive_radius(layers) + margins.around),
      reads_(picture_margin(layers)),
      tile_(fitting_tile(device.info(), layers, std::min(tile, largest_layer_tile), most_tile_values)),
      packings_(device, layers.range) {}

std::vector<TileWindow> TileLayers::cut(std::uint32_t length) const {
    if (!continues_pictures(layers_)) return tile_windows(length, tile_, radius_);
    std::vector<TileWindow> windows = inner_windows(length + 2 * margins_.beyond, tile_, radius_);
    for (TileWindow& window : windows) {
        window.length = length;
        for (std::uint32_t* first : {&window.write, &window.read, &window.made}) *first -= margins_.beyond;
    }
    return windows;
}

void TileLayers::prepare(const TileWindow& row, const TileWindow& column) {
    const Shape shape{1, 3, row.reads - 2 * reads_, column.reads - 2 * reads_};
    if (plan_ && shape_ == shape) return;
    plan_.reset();  // before the next one takes its memory
    plan_.emplace(device_, layers_, parameters_, shape, Purpose::inference,
                  StackOptions{.kept = norm_points(layers_)});
    shape_ = shape;
}

template <class Kind>
PackedView TileLayers::run(Recorder& recorder, const Kind& picture, const TileWindow& row,
                           const TileWindow& column) {
    prepare(row, column);
    const PictureTile tile{row, column, format_of<Kind>, layers_.range, layers_.padding};
    input_.resize(tile.bytes());
    gather(picture, tile, input_);
    if (!pixels_ || pixels_->bytes() < tile.bytes()) {
        pixels_.reset();  // before the next one takes its memory
        pixels_.emplace(device_, tile.bytes(), "picture tile");
    }
    pixels_->write(0, input_);
    packings_.of(tile.format).read(recorder, tile, *pixels_, plan_->input(1));
    return plan_->forward(recorder, Mode::inference);
}

template PackedView TileLayers::run(Recorder&, const Image&, const TileWindow&, const TileWindow&);
template PackedView TileLayers::run(Recorder&, const Picture8&, const TileWindow&, const TileWindow&);
template PackedView TileLayers::run(Recorder&, const Picture16&, const TileWindow&, const TileWindow&);

}  // namespace shadenet
