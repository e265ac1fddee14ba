#include "engine/picture_filter.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "engine/folded_filter.h"
#include "engine/folded_network.h"
#include "engine/layerwise.h"
#include "engine/parameter_buffers.h"
#include "engine/tensor.h"
#include "gpu/recorder.h"

namespace shadenet {

namespace {

constexpr std::uint32_t largest_tile = 512;       // every layer keeps all its channels of a tile
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

void check_keeps_pictures(const Architecture& architecture) {
    const Shape pixel = point_shapes(architecture, {1, 3, 1, 1}).back();
    if (pixel == Shape{1, 3, 1, 1}) return;
    throw InputError(fmt::format(
        "the network makes {} channels of {}x{} pixels from a picture of one pixel; only networks "
        "that keep a picture's size and its 3 colours can filter it",
        pixel.c, pixel.w, pixel.h));
}

/// Layer after layer, tile after tile.
class LayerwiseFilter {
  public:
    LayerwiseFilter(const Device& device, const Architecture& architecture, const Parameters& values,
                    std::uint32_t tile)
        : device_(device),
          architecture_(architecture),
          parameters_(device, values),
          radius_(receptive_radius(architecture)),
          tile_(std::min(tile, largest_tile)),
          recorder_(device) {
        // Networks with many channels get smaller tiles, because a device limits what one binding spans.
        const std::uint64_t bindable =
            std::min<std::uint64_t>(device.info().max_storage_range / sizeof(float), largest_image);
        const auto too_wide = [&] { return widest_image(architecture_, tile_ + 2 * radius_) > bindable; };
        while (tile_ > 1 && too_wide()) tile_ /= 2;
    }

    Image apply(const Image& input);

  private:
    /// A plan for one size of input, with that input.
    struct Stage {
        Stage(LayerwiseFilter& filter, const Shape& shape)
            : x(filter.device_, shape, "picture tile"),
              plan(filter.device_, filter.architecture_, filter.parameters_, shape, Purpose::inference) {}
        Tensor x;
        LayerwisePlan plan;
    };

    void run_tile(const Image& input, const Window& row, const Window& column, Image& output);

    const Device& device_;
    Architecture architecture_;
    ParameterBuffers parameters_;
    std::uint32_t radius_, tile_;
    std::optional<Stage> stage_;  ///< of the latest size: all tiles of a picture are alike
    Recorder recorder_;           ///< last, so that it has waited before any memory goes
};

Image LayerwiseFilter::apply(const Image& input) {
    const std::uint32_t reach = tile_ + 2 * radius_;
    const Shape shape{1, 3, std::min(input.height, reach), std::min(input.width, reach)};
    if (!stage_ || stage_->x.shape() != shape) {
        stage_.reset();  // before the next one takes its memory
        stage_.emplace(*this, shape);
    }
    Image output = blank_like(input);
    for (const Window& row : windows(input.height, tile_, radius_, shape.h)) {
        for (const Window& column : windows(input.width, tile_, radius_, shape.w)) {
            run_tile(input, row, column, output);
        }
    }
    return output;
}

void LayerwiseFilter::run_tile(const Image& input, const Window& row, const Window& column, Image& output) {
    const Shape& shape = stage_->x.shape();
    std::vector<float> values(shape.values());
    auto to = values.begin();
    for (std::uint32_t c = 0; c < shape.c; ++c) {
        for (std::uint32_t y = 0; y < shape.h; ++y) {
            const float* from = &input.values[(c * std::size_t{input.height} + row.read + y) * input.width];
            to = std::copy_n(from + column.read, shape.w, to);
        }
    }
    stage_->x.upload(values);
    const TensorView y = stage_->plan.forward(recorder_, stage_->x.view(), Mode::inference);
    recorder_.finish();
    y.buffer->read(y.offset, std::as_writable_bytes(std::span(values)));
    for (std::uint32_t c = 0; c < shape.c; ++c) {
        for (std::uint32_t r = row.write; r < row.write + row.count; ++r) {
            const float* from = &values[(c * std::size_t{shape.h} + r - row.read) * shape.w];
            std::copy_n(from + (column.write - column.read), column.count, &output.at(c, r, column.write));
        }
    }
}

constexpr std::array<const char*, 4> plan_words = {"auto", "layerwise", "folded", "linear"};

struct Choice {
    InferencePlan plan;
    std::string reason;
};

Choice choose(const FoldedMatch& match, InferencePlan wanted) {
    const bool linear = match.network && match.network->linear();
    if (wanted == InferencePlan::automatic) {
        if (linear)
            return {InferencePlan::linear, "without an activation the two layers are one convolution"};
        if (match.network)
            return {InferencePlan::folded, "the network has two layers, which one kernel takes"};
        return {InferencePlan::layerwise, "the folded plans take " + match.reason};
    }
    const bool folded = wanted == InferencePlan::folded || wanted == InferencePlan::linear;
    if (folded && !match.network) {
        throw InputError(fmt::format("the {} plan takes {}; use the layerwise plan, or auto",
                                     to_string(wanted), match.reason));
    }
    if (wanted == InferencePlan::linear && !linear) {
        throw InputError(
            "the linear plan takes networks without an activation; use the folded plan, or auto");
    }
    return {wanted, "it was asked for"};
}

}  // namespace

std::string to_string(InferencePlan plan) {
    return plan_words.at(static_cast<std::size_t>(plan));
}

InferencePlan inference_plan(const std::string& text) {
    const auto found = std::find(plan_words.begin(), plan_words.end(), text);
    if (found != plan_words.end()) return static_cast<InferencePlan>(found - plan_words.begin());
    throw InputError(fmt::format("'{}' is no plan of inference; use {}", text, fmt::join(plan_words, ", ")));
}

struct PictureFilter::State {
    Choice choice;
    bool bounded = false;  ///< 8-bit pictures are rounded on the device
    std::optional<LayerwiseFilter> layerwise;
    std::optional<FoldedFilter> folded;  ///< for the linear plan too
};

PictureFilter::PictureFilter(const Device& device, const Architecture& architecture,
                             const Parameters& parameters, std::uint32_t tile, InferencePlan plan,
                             const std::optional<FoldedTiles>& tiles)
    : state_(std::make_unique<State>()) {
    if (tile == 0) throw std::invalid_argument("a tile has at least one pixel");
    check_keeps_pictures(architecture);
    const FoldedMatch match = fold_two_layers(architecture, parameters);
    state_->choice = choose(match, plan);
    if (this->plan() == InferencePlan::layerwise) {
        state_->layerwise.emplace(device, architecture, parameters, tile);
        return;
    }
    const FoldedNetwork& network = *match.network;
    state_->bounded = network.bounded();
    state_->folded.emplace(device, network, this->plan() == InferencePlan::linear, tile,
                           tiles.value_or(default_folded_tiles(device.info().kind, network.kernel)));
}

PictureFilter::~PictureFilter() = default;

InferencePlan PictureFilter::plan() const {
    return state_->choice.plan;
}

const std::string& PictureFilter::plan_reason() const {
    return state_->choice.reason;
}

Image PictureFilter::apply(const Image& input) {
    if (input.plane() == 0 || input.values.size() != 3 * input.plane()) {
        throw std::invalid_argument("a picture to filter has 3 values for each of its pixels");
    }
    return state_->layerwise ? state_->layerwise->apply(input) : state_->folded->apply(input);
}

Picture8 PictureFilter::apply(const Picture8& input) {
    if (input.plane() == 0 || input.rgb.size() != 3 * input.plane()) {
        throw std::invalid_argument("a picture to filter has 3 values for each of its pixels");
    }
    // Where a value may overflow, it must be seen before it is rounded.
    if (!state_->bounded) return to_picture8(apply(to_image(input)));
    return state_->folded->apply(input);
}

}  // namespace shadenet
