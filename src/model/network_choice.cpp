#include "model/network_choice.h"

#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "model/classifier.h"

namespace shadenet {

namespace {

constexpr std::uint32_t colours = 3;
/// Of a picture that no network of the allowed reach makes nothing of.
constexpr std::uint32_t tried_side = 16'384;

}  // namespace

void NetworkChoice::look_up() {
    if (asked.empty()) return;
    require_shape(two_layer);
    const std::string name = std::exchange(asked, {});
    take(named_network(name, two_layer));
    fits_data = is_fixed_preset(name);
}

void NetworkChoice::take(Network network) {
    asked.clear();
    fits_data = false;
    given = std::move(network);
    // The preset is known by its options, to files and to older readers.
    if (auto options = two_layer_options(*given)) {
        options->depth = two_layer.depth;
        if (two_layer_network(two_layer) != *given) two_layer = *options;
        given.reset();
    }
}

void NetworkChoice::fit(const Shape& example, std::uint32_t classes) {
    if (fits_data) take(fitted_to(*given, example, classes));
}

void require_shape(const NetworkOptions& shape) {
    try {
        validate(shape);
    } catch (const InputError& error) {
        // It begins with the option's name, which is the flag's without its dashes.
        throw InputError(fmt::format("--{}", error.what()));
    }
}

void require_filter(const Network& network) {
    const Shape& input = network.input;
    if (input.c != colours) {
        throw InputError(fmt::format("--network takes {} channels; a filter takes {}", input.c, colours));
    }
    if (input.h != 0) {
        throw InputError(fmt::format("--network takes pictures of {}x{} alone; a filter takes any size",
                                     input.h, input.w));
    }
    const Shape output = point_shapes(network, {1, colours, tried_side, tried_side}).back();
    if (output.c != colours) {
        throw InputError(
            fmt::format("--network makes {} channels of {}; a filter makes {}", output.c, colours, colours));
    }
    if (output.h == tried_side && output.w == tried_side) return;
    throw InputError(fmt::format(
        "--network makes a picture {0} pixels wide of one of {1}; a filter keeps the size, without "
        "stride, valid, average or dense",
        output.w, tried_side));
}

}  // namespace shadenet
