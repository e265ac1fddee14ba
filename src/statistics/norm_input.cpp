#include "statistics/norm_input.h"

#include <cstddef>
#include <span>
#include <variant>

#include <fmt/format.h>

#include "base/error.h"
#include "engine/tensors/tensor.h"

namespace shadenet {

namespace {

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
    : layers_(device, before, parameters, {.beyond = margin}, tile), recorder_(device) {
    check_keeps_size(before);
}

std::vector<Moments> NormInput::moments(const PictureView& view, const std::atomic<bool>* stop) {
    std::vector<Moments> sums;
    std::visit(
        [&](const auto* picture) {
            const std::vector<TileWindow> columns = layers_.cut(picture->width);
            for (const TileWindow& row : layers_.cut(picture->height)) {
                for (const TileWindow& column : columns) {
                    if (stop != nullptr && *stop) return;
                    layers_.run(recorder_, *picture, row, column);
                    add_tile(sums, row, column);
                }
            }
        },
        view);
    return sums;
}

void NormInput::add_tile(std::vector<Moments>& sums, const TileWindow& row, const TileWindow& column) {
    const TensorView y = layers_.planar(recorder_);
    recorder_.finish();
    result_.resize(y.shape.values());
    y.buffer->read(y.offset, std::as_writable_bytes(std::span(result_)));
    sums.resize(y.shape.c);
    const std::size_t first = std::size_t{layers_.first_of(row)} * y.shape.w + layers_.first_of(column);
    for (std::uint32_t c = 0; c < y.shape.c; ++c) {
        const auto channel = std::span(result_).subspan(c * y.shape.plane() + first);
        sums[c].merge(moments_of(channel, row.count, column.count, y.shape.w));
    }
}

}  // namespace shadenet
