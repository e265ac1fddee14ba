#include "engine/picture_filter.h"

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "engine/stack/layerwise_kernels.h"
#include "engine/tiles/tiled_filter.h"
#include "engine/two_layer/folded_kernels.h"
#include "engine/two_layer/folded_network.h"

namespace shadenet {

namespace {

void check_keeps_pictures(const Network& network) {
    const Shape pixel = point_shapes(network, {1, 3, 1, 1}).back();
    if (pixel == Shape{1, 3, 1, 1}) return;
    throw InputError(fmt::format(
        "the network makes {} channels of {}x{} pixels from a picture of one pixel; only networks "
        "that keep a picture's size and its 3 colours can filter it",
        pixel.c, pixel.w, pixel.h));
}

void check_options(const FilterOptions& options) {
    if (options.tile == 0) throw std::invalid_argument("a tile has at least one pixel");
    if (!(options.strength >= 0 && options.strength <= 1)) {
        throw std::invalid_argument("a filter's strength lies from 0 to 1");
    }
}

auto& values_of(auto& picture) {
    if constexpr (requires { picture.values; }) {
        return picture.values;
    } else {
        return picture.rgb;
    }
}

template <class Kind>
void begin_checked(TiledFilter& stream, const Kind& input, Kind& output) {
    const std::size_t count = values_of(input).size();
    if (input.plane() == 0 || count != 3 * input.plane()) {
        throw std::invalid_argument("a picture to filter has 3 values for each of its pixels");
    }
    const bool alike =
        output.width == input.width && output.height == input.height && values_of(output).size() == count;
    if (!alike || &input == &output) {
        throw std::invalid_argument("a filtered picture is another one of the input's size");
    }
    stream.begin(Passage<Kind>{&input, &output});
}

template <class Kind>
Kind apply_alone(TiledFilter& stream, const Kind& input) {
    if (stream.under_way() > 0) throw std::logic_error("pictures that were begun come before another");
    Kind output{input.width, input.height, {}};
    values_of(output).resize(values_of(input).size());
    begin_checked(stream, input, output);
    stream.finish_next();
    return output;
}

constexpr std::array<const char*, 4> plan_words = {"auto", "layerwise", "folded", "linear"};

/// The plan, and why it is taken.
std::pair<InferencePlan, std::string> choose(const FoldedMatch& match, InferencePlan wanted) {
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

struct PictureFilter::State {
    InferencePlan plan;
    std::string reason;
    std::optional<TiledFilter> stream;
};

PictureFilter::PictureFilter(const Device& device, const Network& network, const Parameters& parameters,
                             const FilterOptions& options)
    : state_(std::make_unique<State>()) {
    check_options(options);
    check_keeps_pictures(network);
    FoldedMatch match = fold_two_layers(network, parameters);
    std::tie(state_->plan, state_->reason) = choose(match, options.plan);
    std::unique_ptr<TileKernels> kernels;
    if (plan() == InferencePlan::layerwise) {
        kernels =
            std::make_unique<LayerwiseKernels>(device, network, parameters, options.tile, options.strength);
    } else {
        FoldedNetwork& folded = *match.network;
        folded.mix_with_input(options.strength);
        kernels = std::make_unique<FoldedKernels>(
            device, folded, plan() == InferencePlan::linear,
            options.tiles.value_or(default_folded_tiles(device.info().kind, folded.kernel)),
            std::min(options.tile, largest_folded_tile));
    }
    state_->stream.emplace(device, std::move(kernels), network.range);
}

PictureFilter::~PictureFilter() = default;

InferencePlan PictureFilter::plan() const {
    return state_->plan;
}

const std::string& PictureFilter::plan_reason() const {
    return state_->reason;
}

Image PictureFilter::apply(const Image& input) {
    return apply_alone(*state_->stream, input);
}

Picture8 PictureFilter::apply(const Picture8& input) {
    return apply_alone(*state_->stream, input);
}

Picture16 PictureFilter::apply(const Picture16& input) {
    return apply_alone(*state_->stream, input);
}

void PictureFilter::begin(const Picture8& input, Picture8& output) {
    begin_checked(*state_->stream, input, output);
}

void PictureFilter::begin(const Picture16& input, Picture16& output) {
    begin_checked(*state_->stream, input, output);
}

void PictureFilter::finish_next() {
    if (under_way() == 0) throw std::logic_error("no picture was begun");
    state_->stream->finish_next();
}

std::size_t PictureFilter::under_way() const {
    return state_->stream->under_way();
}

}  // namespace shadenet
