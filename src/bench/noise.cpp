#include "bench/noise.h"

#include <cmath>

#include "base/error.h"
#include "engine/tensors/tensor.h"
#include "model/network_choice.h"
#include "model/random.h"

namespace shadenet {

namespace {

constexpr Shape one_value{1, 1, 1, 1};

bool is_classifier(const Network& network, const Shape& result) {
    return result.plane() == 1 && result.c > 1 && !filters_pictures(network);
}

}  // namespace

bool filters_pictures(const Network& network) {
    try {
        require_filter(network);
        return true;
    } catch (const InputError&) {
        return false;
    }
}

Noise::Noise(const Network& network, const Shape& input)
    : Noise(network, input, point_shapes(network, input).back(),
            is_classifier(network, point_shapes(network, input).back())) {}

Noise::Noise(const Network& network, const Shape& input, const Shape& result, bool labels)
    : Examples(input.n, with_images(input, 1), labels ? one_value : with_images(result, 1)),
      range_(network.range),
      result_(result),
      has_labels_(labels) {}

std::vector<float> Noise::input(std::uint32_t index) const {
    return values(input_shape(), 2 * index);
}

std::vector<float> Noise::target(std::uint32_t index) const {
    if (!has_labels_) return values(target_shape(), 2 * index + 1);
    std::mt19937_64 random = random_stream(bench_seed, 2 * index + 1);
    return {static_cast<float>(std::floor(uniform(random) * result_.c))};
}

std::vector<float> Noise::values(const Shape& shape, std::uint32_t stream) const {
    std::mt19937_64 random = random_stream(bench_seed, stream);
    std::vector<float> values(shape.values());
    for (float& value : values) value = static_cast<float>(std::floor(uniform(random) * 256.0)) / 255.0f;
    range_.bring_into(values);
    return values;
}

}  // namespace shadenet
