#include "statistics/output_difference.h"

#include <cmath>
#include <stdexcept>

#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

Image plain(std::uint32_t width, std::uint32_t height, float value) {
    return {width, height, std::vector<float>(std::size_t{3} * width * height, value)};
}

/// With γ of the last norm 0 the network adds β to every picture.
Parameters adding(float beta) {
    Parameters parameters = initial_parameters(two_layer_network({}), 1);
    parameters.at("bn2.weight").values.assign(3, 0.0f);
    parameters.at("bn2.bias").values.assign(3, beta);
    return parameters;
}

}  // namespace

TEST_CASE("differences are in grey levels of values as files hold them") {
    DifferenceSum sum;
    CHECK(sum.difference().pictures == 0);
    CHECK(sum.difference().mean == 0);
    sum.add(plain(2, 1, 0.2f), plain(2, 1, 0.4f));
    Image one = plain(2, 2, 0.5f), other = one;
    one.values[7] = -3;
    other.values[7] = 0;  // clamped, the same
    other.values[0] = 7;  // 1
    sum.add(one, other);
    const OutputDifference difference = sum.difference();
    CHECK(difference.pictures == 2);
    CHECK(difference.largest == Approx(127.5));
    CHECK(difference.mean == Approx((6 * 51 + 127.5) / 18));
}

TEST_CASE("a difference that is no number stays one, and other sizes are refused") {
    DifferenceSum sum;
    CHECK_THROWS_AS(sum.add(plain(2, 1, 0), plain(1, 2, 0)), std::invalid_argument);
    Image broken = plain(1, 1, 0.5f);
    broken.values[1] = std::nanf("");
    sum.add(broken, plain(1, 1, 0.5f));
    sum.add(plain(1, 1, 0.5f), plain(1, 1, 0.5f));
    CHECK(std::isnan(sum.difference().mean));
    CHECK(std::isnan(sum.difference().largest));
}

TEST_CASE("the first eight pictures that can be read are compared") {
    const ValidatedDevice device;
    std::vector<Image> images;
    for (std::uint32_t i = 0; i < 10; ++i) images.push_back(plain(3 + i, 2, i < 8 ? 0.25f : 0.99f));
    PicturesInMemory pictures(images);
    const OutputDifference difference =
        difference_of(*device, two_layer_network({}), adding(0), adding(0.1f), pictures);
    CHECK(difference.pictures == 8);
    CHECK(difference.mean == Approx(25.5).margin(1e-3));
    CHECK(difference.largest == Approx(25.5).margin(1e-3));
}

TEST_CASE("of a large picture the middle is compared") {
    const ValidatedDevice device;
    std::vector<Image> images = {plain(1026, 3, 0.25f)};
    for (std::uint32_t y = 0; y < 3; ++y) images[0].at(0, y, 0) = images[0].at(1, y, 1025) = 0.95f;
    PicturesInMemory pictures(images);
    const OutputDifference difference =
        difference_of(*device, two_layer_network({}), adding(0), adding(0.1f), pictures);
    // At the edges 0.95 + 0.1 would be cut at 1.
    CHECK(difference.mean == Approx(25.5).margin(1e-3));
}

TEST_CASE("files that cannot be read are passed over") {
    const ValidatedDevice device;
    const TemporaryFolder folder;
    write_png(folder / "a.png", plain(4, 3, 250 / 255.0f));
    std::vector<Image> images = {plain(4, 3, 250 / 255.0f)};
    PicturesInFiles files({folder / "a.png", folder / "missing.png"}, 0, [](const std::string&) {});
    PicturesInMemory memory(images);
    const Network network = two_layer_network({});
    const auto of_files = difference_of(*device, network, adding(0), adding(0.1f), files);
    const auto of_memory = difference_of(*device, network, adding(0), adding(0.1f), memory);
    CHECK(of_files.pictures == 1);
    CHECK(of_files.mean == Approx(of_memory.mean));
    CHECK(of_files.mean == Approx(5).margin(1e-3));
}
