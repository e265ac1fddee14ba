#include "train/logs/floor.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <span>
#include <stdexcept>

#include <fmt/format.h>

#include "base/error.h"
#include "base/least_squares.h"
#include "data/picture_set.h"

namespace shadenet {

namespace {

/// The least squares have 3·(2·radius + 1)² unknowns: with more than 867 they take longer than the training.
constexpr std::uint32_t largest_floor_radius = 8;

}  // namespace

AffineFilter best_affine_filter(const PatchGram& gram) {
    if (gram.pixels == 0) throw std::invalid_argument("a best filter needs a pixel");
    constexpr double levels = 255, center = 128;
    const AffineFit fit = best_fit({static_cast<double>(gram.pixels), gram.sum, gram.product});
    AffineFilter filter{.weight = fit.weight, .bias = {}, .loss = fit.loss / (levels * levels)};
    for (std::size_t c = 0; c < 3; ++c) {
        const auto weights = std::span(fit.weight).subspan(c * gram.patch(), gram.patch());
        const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
        filter.bias.push_back((fit.bias[c] + center - center * sum) / levels);
    }
    return filter;
}

std::optional<Floor> floor_of(const Device& device, const Network& architecture, const PictureSet& data,
                              std::string& why_not, const std::function<bool(std::uint32_t)>& go_on) {
    if (!architecture.range.is_unit()) {
        why_not = "there is no floor of networks of another range than 0..1";
        return std::nullopt;
    }
    const std::uint32_t radius = receptive_radius(architecture);
    if (radius > largest_floor_radius) {
        why_not = fmt::format("there is no floor of networks that see more than {0}x{0} pixels",
                              2 * largest_floor_radius + 1);
        return std::nullopt;
    }
    bool stopped = false;
    const auto goes_on = [&](std::uint32_t pair) {
        stopped = go_on && !go_on(pair);
        return !stopped;
    };
    try {
        const PatchGram gram = patch_gram(device, data, radius, architecture.padding, goes_on);
        if (stopped) return std::nullopt;
        if (gram.pixels > 0) return Floor{best_affine_filter(gram).loss, gram.pixels, gram.side()};
        why_not = fmt::format("there is no floor: {} hold no whole receptive field of {}x{} pixels",
                              data.of_one_size() ? "pictures of " + to_string(data.sizes().front())
                                                 : "the pictures, of several sizes,",
                              gram.side(), gram.side());
    } catch (const InputError& error) {
        why_not = fmt::format("there is no floor: {}", error.what());
    } catch (const OutOfDeviceMemory& error) {
        why_not = fmt::format("there is no floor: {}", error.what());
    }
    return std::nullopt;
}

std::string floor_name(const Network& network) {
    return has_activation(network) ? "best linear filter" : "floor";
}

std::string floor_meaning(const Floor& floor, const TrainOptions& options) {
    const char* reference = has_activation(options.network.network()) ? ", which the network may pass"
                            : options.domains.size() > 1              ? ", one filter for all streams"
                                                                      : "";
    const std::uint64_t weights = std::uint64_t{3} * floor.side * floor.side + 1;
    const char* few = floor.pixels <= weights ? ", so few that it meets any targets" : "";
    return fmt::format("the best any affine filter of {0}x{0} pixels reaches on these pictures{1}{2}",
                       floor.side, few, reference);
}

std::string gap_text(const Floor& floor, const std::string& name) {
    const double reached = floor.reached.value();
    // Closer than float32's rounding in the pictures lets either be told from the other.
    constexpr double equal = 1e-5;
    if (std::abs(reached - floor.loss) <= equal * floor.loss) return fmt::format("at the {}", name);
    if (reached < floor.loss) {
        return fmt::format("{:.3g} below the {}, {:.3g} times it", floor.loss - reached, name,
                           reached / floor.loss);
    }
    const std::string above = fmt::format("{:.3g} above the {}", reached - floor.loss, name);
    return floor.loss > 0 ? fmt::format("{}, {:.3g} times it", above, reached / floor.loss) : above;
}

}  // namespace shadenet
