#include "engine/picture_filter.h"

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/words.h"
#include "engine/stack/stack_kernels.h"
#include "engine/two_layer/folded_kernels.h"
#include "engine/two_layer/folded_network.h"

namespace shadenet {

namespace {

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

/// The plan, and why it is taken.
std::pair<InferencePlan, std::string> choose(const FoldedMatch& match, InferencePlan wanted) {
    const bool linear = match.network && match.network->linear();
    if (wanted == InferencePlan::automatic) {
        if (linear)
            return {InferencePlan::linear, "without an activation the two layers are one convolution"};
        if (match.network)
            return {InferencePlan::folded, "the network has two layers, which one kernel takes"};
        return {InferencePlan::stack, "the folded plans take " + match.reason};
    }
    const bool folded = wanted == InferencePlan::folded || wanted == InferencePlan::linear;
    if (folded && !match.network) {
        throw InputError(fmt::format("the {} plan takes {}; use the stack plan, or auto", to_string(wanted),
                                     match.reason));
    }
    if (wanted == InferencePlan::linear && !linear) {
        throw InputError(
            "the linear plan takes networks without an activation; use the folded plan, or auto");
    }
    return {wanted, "it was asked for"};
}

}  // namespace

std::string to_string(InferencePlan plan) {
    return words_of<InferencePlan>("auto", "stack", "folded", "linear")[plan];
}

PictureFilter::PictureFilter(const Device& device, const Network& network, const Parameters& parameters,
                             const FilterOptions& options) {
    check_options(options);
    require_keeps_pictures(network);
    FoldedMatch match = fold_two_layers(network, parameters);
    std::tie(plan_, reason_) = choose(match, options.plan);
    std::unique_ptr<TileKernels> kernels;
    if (plan_ == InferencePlan::stack) {
        kernels = make_stack_kernels(device, network, parameters, options.tile, options.strength);
    } else {
        FoldedNetwork& folded = *match.network;
        folded.mix_with_input(options.strength);
        kernels = std::make_unique<FoldedKernels>(
            device, folded, plan_ == InferencePlan::linear,
            options.tiles.value_or(default_folded_tiles(device.info().kind, folded.kernel)),
            std::min(options.tile, largest_folded_tile));
    }
    filter_.emplace(device, std::move(kernels), network.range, network.padding);
}

template <class Kind>
Kind PictureFilter::apply(const Kind& input) {
    if (under_way() > 0) throw std::logic_error("pictures that were begun come before another");
    Kind output{input.width, input.height, {}};
    values_of(output).resize(values_of(input).size());
    begin(input, output);
    filter_->finish_next();
    return output;
}

template <class Kind>
void PictureFilter::begin(const Kind& input, Kind& output) {
    const std::size_t count = values_of(input).size();
    if (input.plane() == 0 || count != 3 * input.plane()) {
        throw std::invalid_argument("a picture to filter has 3 values for each of its pixels");
    }
    const bool alike =
        output.width == input.width && output.height == input.height && values_of(output).size() == count;
    if (!alike || &input == &output) {
        throw std::invalid_argument("a filtered picture is another one of the input's size");
    }
    filter_->begin(Passage<Kind>{&input, &output});
}

template Image PictureFilter::apply(const Image&);
template Picture8 PictureFilter::apply(const Picture8&);
template Picture16 PictureFilter::apply(const Picture16&);
template void PictureFilter::begin(const Picture8&, Picture8&);
template void PictureFilter::begin(const Picture16&, Picture16&);
template void PictureFilter::begin(const Image&, Image&);

void PictureFilter::finish_next() {
    if (under_way() == 0) throw std::logic_error("no picture was begun");
    filter_->finish_next();
}

}  // namespace shadenet
