#include "statistics/norm_input.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"
#include "engine/tiles/tile_pixels.h"

namespace shadenet {

namespace {

constexpr std::uint32_t largest_tile = 512;
/// The most values of a tile in any layer: 64 MiB, so that memory does not grow with the network.
constexpr std::uint64_t most_tile_values = 16 << 20;

void check_keeps_size(const Network& before) {
    const Shape pixel = point_shapes(before, {1, 3, 1, 1}).back();
    if (pixel.h == 1 && pixel.w == 1) return;
    throw InputError(fmt::format(
        "the layers before a norm make {}x{} pixels of one; only networks that keep a picture's size have "
        "statistics of whole pictures",
        pixel.w, pixel.h));
}

}  // namespace

NormInput::NormInput(const Device& device, const Network& before, std::uint32_t margin,
                     const Parameters& parameters, std::uint32_t tile)
    : device_(device),
      before_(before),
      parameters_(device, parameters, WeightLayout::blocks),
      margin_(margin),
      radius_(receptive_radius(before)),
      tile_(fitting_tile(device.info(), before, std::min(tile, largest_tile), most_tile_values)),
      packings_(device, before.range),
      recorder_(device) {
    check_keeps_size(before);
}

/// Of one axis of a picture, with what the norm sees around it.
std::vector<TileWindow> NormInput::cut(std::uint32_t length) const {
    if (!continues_pictures(before_)) return tile_windows(length, tile_, radius_);
    std::vector<TileWindow> windows = inner_windows(length + 2 * margin_, tile_, radius_);
    for (TileWindow& window : windows) {
        window.length = length;
        for (std::uint32_t* first : {&window.write, &window.read, &window.made}) *first -= margin_;
    }
    return windows;
}

void NormInput::prepare(const TileWindow& row, const TileWindow& column) {
    const Shape shape{1, 3, row.makes, column.makes};
    if (plan_ && shape_ == shape) return;
    plan_.reset();  // before the next one takes its memory
    // Norms in passes of their own: folded into weights they cost digits where a variance is next to 0.
    plan_.emplace(device_, before_, parameters_, shape, Purpose::inference,
                  StackOptions{.kept = norm_points(before_)});
    shape_ = shape;
    result_shape_ = point_shapes(before_, shape).back();
    result_.resize(result_shape_.values());
}

std::vector<Moments> NormInput::moments(const PictureView& view, const std::atomic<bool>* stop) {
    return std::visit(
        [&](const auto* picture) {
            const std::vector<TileWindow> rows = cut(picture->height), columns = cut(picture->width);
            prepare(rows.front(), columns.front());
            std::vector<Moments> sums(result_shape_.c);
            for (const TileWindow& row : rows) {
                for (const TileWindow& column : columns) {
                    if (stop != nullptr && *stop) return sums;
                    run_tile(*picture, row, column);
                    add_tile(sums, row, column);
                }
            }
            return sums;
        },
        view);
}

template <class Kind>
void NormInput::run_tile(const Kind& picture, const TileWindow& row, const TileWindow& column) {
    const PictureTile tile{row, column, format_of<Kind>, before_.range, before_.padding};
    input_.resize(tile.bytes());
    gather(picture, tile, input_);
    if (!pixels_ || pixels_->bytes() < tile.bytes()) {
        pixels_.reset();  // before the next one takes its memory
        pixels_.emplace(device_, tile.bytes(), "picture tile");
    }
    pixels_->write(0, input_);
    packings_.of(tile.format).read(recorder_, tile, *pixels_, plan_->input(1));
    plan_->forward(recorder_, Mode::inference);
    const TensorView y = plan_->point(recorder_, before_.layers.size());
    recorder_.finish();
    y.buffer->read(y.offset, std::as_writable_bytes(std::span(result_)));
}

void NormInput::add_tile(std::vector<Moments>& sums, const TileWindow& row, const TileWindow& column) const {
    const Shape& shape = result_shape_;
    const std::size_t first = std::size_t{row.write - row.made} * shape.w + (column.write - column.made);
    for (std::uint32_t c = 0; c < shape.c; ++c) {
        const auto channel = std::span(result_).subspan(c * shape.plane() + first);
        sums[c].merge(moments_of(channel, row.count, column.count, shape.w));
    }
}

}  // namespace shadenet
