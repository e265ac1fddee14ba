#include "engine/picture_losses.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include "check/device_data.h"
#include "device_fixture.h"
#include "engine/crop_test_tools.h"
#include "model/presets.h"
#include "reference/network.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

/// In float64.
double true_loss(const reference::NetworkRun& network, const Image& input, const Image& target) {
    const reference::Tensor result =
        network.infer(reference::tensor_from_floats({1, 3, input.height, input.width}, input.values));
    double sum = 0;
    for (std::size_t i = 0; i < target.values.size(); ++i)
        sum += std::pow(result.values[i] - static_cast<double>(target.values[i]), 2);
    return sum / static_cast<double>(target.values.size());
}

}  // namespace

TEST_CASE_METHOD(DeviceFixture, "picture losses: those of float64 on pictures of unequal sizes") {
    const auto padding = GENERATE(PicturePadding::zero, PicturePadding::edge, PicturePadding::reflect);
    const auto [activation, norm] = GENERATE(table<const char*, NormPlacement>(
        {{"none", NormPlacement::before}, {"relu", NormPlacement::before}, {"tanh", NormPlacement::after}}));
    INFO(to_string(padding) << ", " << activation);
    Network network = two_layer_network({.hidden = 5, .activation = activation, .norm = norm});
    network.padding = padding;
    const PictureSet pictures = random_set(1, false, {{31, 18}, {5, 44}, {1, 1}, {31, 18}});
    PictureLosses losses(device, network, pictures);
    for (const std::uint64_t seed : {1u, 2u}) {  // other parameters, and then the same again
        const Parameters parameters = random_parameters(network, check::Data::normal, seed);
        const std::vector<double> found = losses.losses(parameters);
        REQUIRE(found.size() == pictures.size());
        const reference::NetworkRun truth(network, parameters);
        for (std::uint32_t i = 0; i < pictures.size(); ++i) {
            const double expected = true_loss(truth, pictures.input_picture(i), pictures.target_picture(i));
            CHECK(std::abs(found[i] / expected - 1) <= 1e-5);
        }
        CHECK(losses.losses(parameters) == found);
    }
}

TEST_CASE("picture losses: the mean of the squared differences of two pictures") {
    const Image one{2, 1, {0, 1, 0.5f, 0.5f, 0, 0}}, other{2, 1, {0.5f, 1, 0.5f, 0, 0, 2}};
    CHECK(squared_errors(one, other).mean() == (0.25 + 0.25 + 4) / 6);
    CHECK_THROWS_AS(squared_errors(one, {1, 2, other.values}), std::invalid_argument);
    SquaredErrors both = squared_errors(one, other);
    both.add(squared_errors(one, one));
    CHECK(both.mean() == (0.25 + 0.25 + 4) / 12);
}
