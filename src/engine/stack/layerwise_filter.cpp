#include "engine/stack/layerwise_filter.h"

#include <algorithm>
#include <span>

#include "base/error.h"
#include "engine/tiles/pixel_rows.h"

namespace shadenet {

namespace {

constexpr std::uint32_t largest_layerwise_tile = 512;  // every layer keeps all its channels of a tile

}  // namespace

LayerwiseFilter::LayerwiseFilter(const Device& device, const Network& network,
                                 const Parameters& values, std::uint32_t tile, double strength)
    : device_(device),
      network_(network),
      parameters_(device, values),
      radius_(receptive_radius(network)),
      tile_(fitting_tile(device.info(), network, std::min(tile, largest_layerwise_tile))),
      strength_(strength),
      recorder_(device) {}

void LayerwiseFilter::begin(const AnyPassage& passage) {
    std::exception_ptr& problem = problems_.emplace_back();
    try {
        std::visit([&](const auto& typed) { filter(typed); }, passage);
    } catch (const BadResult&) {
        problem = std::current_exception();
    }
}

void LayerwiseFilter::finish_next() {
    const std::exception_ptr problem = problems_.front();
    problems_.pop_front();
    if (problem) std::rethrow_exception(problem);
}

template <class Kind>
void LayerwiseFilter::filter(const Passage<Kind>& passage) {
    const std::uint32_t width = passage.input->width, height = passage.input->height;
    const std::uint32_t reach = tile_ + 2 * radius_;
    const Shape shape{1, 3, std::min(height, reach), std::min(width, reach)};
    if (!stage_ || stage_->x.shape() != shape) {
        stage_.reset();  // before the next one takes its memory
        stage_.emplace(*this, shape);
        input_.resize(shape.values());
        result_.resize(shape.values());
    }
    for (const TileWindow& row : tile_windows(height, tile_, radius_)) {
        for (const TileWindow& column : tile_windows(width, tile_, radius_)) run_tile(passage, row, column);
    }
}

template <class Kind>
void LayerwiseFilter::run_tile(const Passage<Kind>& passage, const TileWindow& row,
                               const TileWindow& column) {
    const Shape& shape = stage_->x.shape();
    const auto part = [&](std::vector<float>& values, std::uint32_t c, std::uint32_t y) {
        return std::span(values).subspan((c * std::size_t{shape.h} + y) * shape.w, shape.w);
    };
    for (std::uint32_t c = 0; c < shape.c; ++c) {
        for (std::uint32_t y = 0; y < shape.h; ++y) {
            read_row(*passage.input, {c, row.read + y, column.read}, part(input_, c, y), network_.range);
        }
    }
    stage_->x.upload(input_);
    const TensorView y = stage_->plan.forward(recorder_, stage_->x.view(), Mode::inference);
    recorder_.finish();
    y.buffer->read(y.offset, std::as_writable_bytes(std::span(result_)));
    mix();
    for (std::uint32_t c = 0; c < shape.c; ++c) {
        for (std::uint32_t r = row.write; r < row.write + row.count; ++r) {
            const auto from =
                part(result_, c, r - row.read).subspan(column.write - column.read, column.count);
            write_row(from, {c, r, column.write}, *passage.output, network_.range);
        }
    }
}

void LayerwiseFilter::mix() {
    if (strength_ == 1) return;  // the network's own bits, also those of −0
    for (std::size_t i = 0; i < result_.size(); ++i) {
        result_[i] = static_cast<float>((1 - strength_) * static_cast<double>(input_[i]) +
                                        strength_ * static_cast<double>(result_[i]));
    }
}

}  // namespace shadenet
