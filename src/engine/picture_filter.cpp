#include "engine/picture_filter.h"

#include <algorithm>
#include <optional>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/error.h"
#include "engine/layerwise.h"
#include "engine/parameter_buffers.h"
#include "engine/tensor.h"
#include "gpu/recorder.h"

namespace shadenet {

namespace {

constexpr std::uint32_t largest_tile = 1 << 14;
constexpr std::uint64_t largest_image = 1 << 30;  // floats: a Tensor takes no larger ones

/// A stretch of one axis: what a tile reads, and the part of it that it writes.
struct Window {
    std::uint32_t read, write, count;  ///< first pixel read, first written, pixels written
};

/// Cuts an axis of `length` pixels into windows that all read `width` of them. A window that reaches the end
/// of the axis is pushed back inside: there the network's padding is what the whole picture has too, and
/// anywhere else `radius` pixels beyond those written are read.
std::vector<Window> windows(std::uint32_t length, std::uint32_t tile, std::uint32_t radius,
                            std::uint32_t width) {
    std::vector<Window> cut;
    for (std::uint32_t first = 0; first < length; first += std::min(tile, length - first)) {
        const std::uint32_t read = std::min(first > radius ? first - radius : 0, length - width);
        cut.push_back({read, first, std::min(tile, length - first)});
    }
    return cut;
}

/// Floats of the largest image among the points of the network, for an input of `side` × `side` pixels.
std::uint64_t widest_image(const Architecture& architecture, std::uint32_t side) {
    std::uint64_t widest = 0;
    for (const Shape& shape : point_shapes(architecture, {1, architecture.in_channels, side, side})) {
        widest = std::max<std::uint64_t>(widest, shape.c * shape.plane());
    }
    return widest;
}

}  // namespace

struct PictureFilter::State {
    /// A plan for one size of input, with that input.
    struct Stage {
        Stage(State& state, const Shape& shape)
            : x(state.device, shape, "picture tile"),
              plan(state.device, state.architecture, state.parameters, shape, Purpose::inference) {}
        Tensor x;
        LayerwisePlan plan;
    };

    State(const Device& used_device, const Architecture& used_architecture, const Parameters& values,
          std::uint32_t used_tile)
        : device(used_device),
          architecture(used_architecture),
          parameters(device, values),
          radius(receptive_radius(architecture)),
          tile(used_tile),
          recorder(device) {}

    void run_tile(const Image& input, const Window& row, const Window& column, Image& output);

    const Device& device;
    Architecture architecture;
    ParameterBuffers parameters;
    std::uint32_t radius, tile;
    std::optional<Stage> stage;  ///< of the latest size: all tiles of a picture are alike
    Recorder recorder;           ///< last, so that it has waited before any memory goes
};

PictureFilter::PictureFilter(const Device& device, const Architecture& architecture,
                             const Parameters& parameters, std::uint32_t tile) {
    if (tile == 0) throw std::invalid_argument("a tile has at least one pixel");
    const Shape pixel = point_shapes(architecture, {1, 3, 1, 1}).back();
    if (pixel != Shape{1, 3, 1, 1}) {
        throw InputError(fmt::format(
            "the network makes {} channels of {}x{} pixels from a picture of one pixel; only networks "
            "that keep a picture's size and its 3 colours can filter it",
            pixel.c, pixel.w, pixel.h));
    }
    state_ = std::make_unique<State>(device, architecture, parameters, std::min(tile, largest_tile));
    // Networks with many channels get smaller tiles, because a device limits what one binding spans.
    const std::uint64_t bindable =
        std::min<std::uint64_t>(device.info().max_storage_range / sizeof(float), largest_image);
    const auto too_wide = [&] {
        return widest_image(architecture, state_->tile + 2 * state_->radius) > bindable;
    };
    while (state_->tile > 1 && too_wide()) state_->tile /= 2;
}

PictureFilter::~PictureFilter() = default;

Image PictureFilter::apply(const Image& input) {
    if (input.plane() == 0 || input.values.size() != 3 * input.plane()) {
        throw std::invalid_argument("a picture to filter has 3 values for each of its pixels");
    }
    State& state = *state_;
    const std::uint32_t reach = state.tile + 2 * state.radius;
    const Shape shape{1, 3, std::min(input.height, reach), std::min(input.width, reach)};
    if (!state.stage || state.stage->x.shape() != shape) {
        state.stage.reset();  // before the next one takes its memory
        state.stage.emplace(state, shape);
    }
    Image output{input.width, input.height, std::vector<float>(input.values.size())};
    for (const Window& row : windows(input.height, state.tile, state.radius, shape.h)) {
        for (const Window& column : windows(input.width, state.tile, state.radius, shape.w)) {
            state.run_tile(input, row, column, output);
        }
    }
    return output;
}

void PictureFilter::State::run_tile(const Image& input, const Window& row, const Window& column,
                                    Image& output) {
    const Shape& shape = stage->x.shape();
    std::vector<float> values(shape.values());
    auto to = values.begin();
    for (std::uint32_t c = 0; c < shape.c; ++c) {
        for (std::uint32_t y = 0; y < shape.h; ++y) {
            const float* from = &input.values[(c * std::size_t{input.height} + row.read + y) * input.width];
            to = std::copy_n(from + column.read, shape.w, to);
        }
    }
    stage->x.upload(values);
    const TensorView y = stage->plan.forward(recorder, stage->x.view(), Mode::inference);
    recorder.finish();
    y.buffer->read(y.offset, std::as_writable_bytes(std::span(values)));
    for (std::uint32_t c = 0; c < shape.c; ++c) {
        for (std::uint32_t r = row.write; r < row.write + row.count; ++r) {
            const float* from = &values[(c * std::size_t{shape.h} + r - row.read) * shape.w];
            std::copy_n(from + (column.write - column.read), column.count, &output.at(c, r, column.write));
        }
    }
}

}  // namespace shadenet
