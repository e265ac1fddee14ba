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

NormInput::NormInput(const Device& device, const Network& before, const Parameters& parameters,
                     std::uint32_t tile)
    : device_(device),
      before_(before),
      parameters_(device, parameters, WeightLayout::blocks),
      radius_(receptive_radius(before)),
      tile_(fitting_tile(device.info(), before, std::min(tile, largest_tile), most_tile_values)),
      packings_(device, before.range),
      recorder_(device) {
    check_keeps_size(before);
}

void NormInput::prepare(std::uint32_t height, std::uint32_t width) {
    const std::uint32_t reach = tile_ + 2 * radius_;
    const Shape shape{1, 3, std::min(height, reach), std::min(width, reach)};
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
            prepare(picture->height, picture->width);
            std::vector<Moments> sums(result_shape_.c);
            for (const TileWindow& row : tile_windows(picture->height, tile_, radius_)) {
                for (const TileWindow& column : tile_windows(picture->width, tile_, radius_)) {
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
    const PictureTile tile{row, column, format_of<Kind>, before_.range};
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
    const std::size_t first = std::size_t{row.write - row.read} * shape.w + (column.write - column.read);
    for (std::uint32_t c = 0; c < shape.c; ++c) {
        const auto channel = std::span(result_).subspan(c * shape.plane() + first);
        sums[c].merge(moments_of(channel, row.count, column.count, shape.w));
    }
}

}  // namespace shadenet
