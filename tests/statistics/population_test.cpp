#include "statistics/population.h"

#include <atomic>
#include <functional>

#include "check/compare.h"
#include "data/labelled_examples.h"
#include "engine/filter_test_tools.h"
#include "labelled_set.h"
#include "model/network_text.h"
#include "reference/batchnorm.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

/// Far from the 0..1 of pictures: mean 10, scale 100, and no two alike.
Image ugly_picture(std::uint32_t width, std::uint32_t height, std::uint64_t index) {
    Image image = made_picture(width, height, index);
    for (float& value : image.values) value = 10.0f + 100.0f * (value - 0.5f);
    return image;
}

/// All values of one tensor after the other, [1,c,1,values]: statistics know no more of a pixel.
reference::Tensor joined(const std::vector<reference::Tensor>& tensors) {
    std::uint32_t pixels = 0;
    for (const reference::Tensor& tensor : tensors) pixels += tensor.shape.h * tensor.shape.w;
    reference::Tensor all(Shape{1, tensors.front().shape.c, 1, pixels});
    for (std::uint32_t c = 0; c < all.shape.c; ++c) {
        auto to = all.values.begin() + c * std::ptrdiff_t{pixels};
        for (const reference::Tensor& tensor : tensors) {
            const auto plane = static_cast<std::ptrdiff_t>(tensor.shape.plane());
            to = std::copy_n(tensor.values.begin() + c * plane, plane, to);
        }
    }
    return all;
}

/// Norm by norm, over whole pictures, in float64.
reference::NamedValues reference_population(const Network& architecture, const Parameters& parameters,
                                            const std::vector<Image>& images) {
    reference::NamedValues measured;
    for (std::size_t i = 0; i < architecture.layers.size(); ++i) {
        const auto* norm = std::get_if<BatchNorm>(&architecture.layers[i]);
        if (norm == nullptr) continue;
        reference::NetworkRun network(architecture, parameters);
        for (const auto& [name, values] : measured) network.values().at(name) = values;
        std::vector<reference::Tensor> inputs;
        for (const Image& image : images) {
            const Shape shape{1, 3, image.height, image.width};
            const reference::Tensor any_target(point_shapes(architecture, shape).back());
            inputs.push_back(network
                                 .evaluate(reference::tensor_from_floats(shape, image.values), any_target,
                                           reference::Norms::frozen)
                                 .points[i]);
        }
        const reference::BatchStatistics exact = reference::batchnorm_statistics(joined(inputs));
        measured[norm->name + ".running_mean"] = exact.mean;
        measured[norm->name + ".running_var"] = exact.variance;
    }
    return measured;
}

Population measured_norms(const Network& network, const Parameters& parameters,
                          const std::vector<Image>& images, std::uint32_t tile = 512) {
    PicturesInMemory pictures(images);
    return measure_population(test_device(), network, parameters, pictures, {.tile = tile}).value();
}

void check_against_reference(const Network& network, const Parameters& parameters,
                             const std::vector<Image>& images, std::uint32_t tile) {
    const Population population = measured_norms(network, parameters, images, tile);
    const reference::NamedValues expected = reference_population(network, parameters, images);
    REQUIRE(population.statistics.tensors.size() == expected.size());
    std::uint64_t pixels = 0;
    for (const Image& image : images) pixels += image.plane();
    CHECK(population.pixels == pixels);
    CHECK(population.pictures == images.size());
    std::vector<check::Comparison> comparisons;
    for (const NamedTensor& tensor : population.statistics.tensors) {
        const auto channels = static_cast<std::uint32_t>(tensor.values.size());
        comparisons.push_back(check::compare(tensor.name, tensor.values, expected.at(tensor.name),
                                             {1, channels, 1, 1}, check::tolerance::forward));
    }
    require_passed(comparisons);
}

/// A source that calls back before every picture, and may withhold it.
class WatchedPictures : public PicturesInMemory {
  public:
    using Watch = std::function<bool(std::size_t index)>;
    WatchedPictures(const std::vector<Image>& images, Watch watch)
        : PicturesInMemory(images), watch_(std::move(watch)) {}
    std::optional<PictureView> read(std::size_t index) override {
        if (!watch_(index)) return {};
        return PicturesInMemory::read(index);
    }

  private:
    Watch watch_;
};

}  // namespace

TEST_CASE("a network of another range is measured in it") {
    const ValidatedDevice device;
    NetworkOptions options = test::options(4, 3, "relu", NormPlacement::before, true);
    const Parameters parameters = worn(two_layer_network(options), 5);
    const std::vector<Image> images = {made_picture(23, 17, 1), made_picture(9, 31, 2)};
    std::vector<Image> by_hand = images;
    options.range = {-1, 1};
    for (Image& image : by_hand) options.range.bring_into(image.values);
    const auto found = measured_norms(two_layer_network(options), parameters, images, 16).statistics;
    options.range = {};
    const auto expected = measured_norms(two_layer_network(options), parameters, by_hand, 16).statistics;
    REQUIRE(found.tensors.size() == 4);
    for (std::size_t i = 0; i < found.tensors.size(); ++i) {
        CHECK(found.tensors[i].values == expected.tensors[i].values);
    }
}

TEST_CASE("population statistics are float64's, of pictures of any size and in tiles") {
    const ValidatedDevice device;
    const auto [activation, norm, kernel] =
        GENERATE(table<const char*, NormPlacement, std::uint32_t>({{"none", NormPlacement::before, 3u},
                                                                   {"leaky_relu", NormPlacement::after, 5u},
                                                                   {"tanh", NormPlacement::before, 1u}}));
    INFO(activation << ", kernel " << kernel);
    const Network network = two_layer_network(options(5, kernel, activation, norm, true));
    const std::vector<Image> images = {ugly_picture(23, 17, 1), ugly_picture(1, 1, 2)};
    check_against_reference(network, worn(network, 3), images, 9);
}

TEST_CASE("one pixel is a population") {
    const ValidatedDevice device;
    const Network network = two_layer_network(options(3, 3, "none", NormPlacement::before, true));
    const std::vector<Image> images = {ugly_picture(1, 1, 2)};
    check_against_reference(network, worn(network, 3), images, 512);
    for (const NamedTensor& tensor : measured_norms(network, worn(network, 3), images).statistics.tensors) {
        if (!tensor.name.ends_with(".running_var")) continue;
        for (const float variance : tensor.values) CHECK(variance == 0.0f);
    }
}

TEST_CASE("a picture 20000 pixels wide is a population") {
    const ValidatedDevice device;
    const Network network = two_layer_network(options(2, 3, "relu", NormPlacement::before, false));
    check_against_reference(network, worn(network, 4), {made_picture(20000, 2, 6)}, 512);
}

TEST_CASE("norms anywhere in a network are measured") {
    const ValidatedDevice device;
    const Network network{any_size(3),
                          {BatchNorm{"bn1", 3}, Conv{"conv1", 3, 3, 3}, Skip{1}, BatchNorm{"bn2", 3},
                           BatchNorm{"bn3", 3}, Skip{0}, Conv{"conv2", 3, 7, 5}, BatchNorm{"bn4", 7}}};
    check_against_reference(network, worn(network, 5), {ugly_picture(21, 18, 1), ugly_picture(5, 9, 2)}, 9);
}

TEST_CASE("around continued pictures norms see a ring, which is measured too") {
    const ValidatedDevice device;
    Network network{any_size(3),
                    {BatchNorm{"bn1", 3}, Conv{"conv1", 3, 4, 3}, BatchNorm{"bn2", 4},
                     Activation{ActivationKind::relu}, Conv{"conv2", 4, 3, 5}, Skip{1}, BatchNorm{"bn3", 3}}};
    network.padding = GENERATE(PicturePadding::edge, PicturePadding::reflect);
    check_against_reference(network, worn(network, 5), {ugly_picture(21, 18, 1), ugly_picture(1, 2, 2)}, 9);
    check_against_reference(network, worn(network, 6), {made_picture(40, 3, 1)}, 512);
    // Tiles that lie in the ring as a whole.
    check_against_reference(network, worn(network, 7), {ugly_picture(5, 4, 3)}, 1);
    const Network linear = two_layer_network({.hidden = 3, .kernel = 5, .padding = network.padding});
    check_against_reference(linear, worn(linear, 8), {ugly_picture(7, 9, 4)}, 2);
}

TEST_CASE("the tile changes roundings at most, and the same call gives the same bits") {
    const ValidatedDevice device;
    const Network network = two_layer_network(options(4, 3, "relu", NormPlacement::before, true));
    const Parameters parameters = worn(network, 6);
    const std::vector<Image> images = {made_picture(41, 37, 1)};
    const NamedStatistics whole = measured_norms(network, parameters, images).statistics;
    CHECK(same_bits(measured_norms(network, parameters, images).statistics, whole));
    // The device's values are the same bits in any tile; float64's sums round, and then float32 once.
    constexpr double last_bit = 1.2e-7;
    for (const std::uint32_t tile : {6u, 40u}) {
        const NamedStatistics cut = measured_norms(network, parameters, images, tile).statistics;
        for (std::size_t i = 0; i < cut.tensors.size(); ++i) {
            for (std::size_t c = 0; c < cut.tensors[i].values.size(); ++c) {
                INFO(cut.tensors[i].name << " " << c << ", tile " << tile);
                CHECK(cut.tensors[i].values[c] == Approx(whole.tensors[i].values[c]).epsilon(last_bit));
            }
        }
    }
}

TEST_CASE("nothing of the moving statistics or the norms' own remains") {
    const ValidatedDevice device;
    const Network network = two_layer_network(options(4, 3, "none", NormPlacement::before, true));
    Parameters parameters = worn(network, 7);
    const std::vector<Image> images = {made_picture(19, 23, 1)};
    const NamedStatistics before = measured_norms(network, parameters, images).statistics;
    for (const char* name : {"bn1.running_mean", "bn1.running_var", "bn2.running_mean", "bn2.running_var"}) {
        for (float& value : parameters.at(name).values) value = 1e30f;
    }
    CHECK(same_bits(measured_norms(network, parameters, images).statistics, before));
}

TEST_CASE("progress is told norm by norm, and a stop ends the work") {
    const ValidatedDevice device;
    const Network network = two_layer_network(options(2, 1, "none", NormPlacement::before, true));
    const Parameters parameters = worn(network, 8);
    const std::vector<Image> images = {made_picture(5, 4, 1), made_picture(5, 4, 2)};
    PicturesInMemory pictures(images);
    std::vector<std::string> told;
    const auto tell = [&](const PopulationProgress& progress) {
        told.push_back(fmt::format("{} {}/{} {}/{}", progress.name, progress.norm, progress.norms,
                                   progress.picture, progress.pictures));
    };
    REQUIRE(measure_population(*device, network, parameters, pictures, {.on_picture = tell}));
    CHECK(told == std::vector<std::string>{"bn1 0/2 0/2", "bn1 0/2 1/2", "bn2 1/2 0/2", "bn2 1/2 1/2"});

    for (const std::size_t stop_after : {0u, 1u, 2u, 3u}) {
        std::atomic<bool> stop = stop_after == 0;
        std::size_t done = 0;
        const auto count = [&](const PopulationProgress&) { stop = ++done == stop_after; };
        INFO(stop_after);
        CHECK_FALSE(
            measure_population(*device, network, parameters, pictures, {.on_picture = count, .stop = &stop}));
        CHECK(done == stop_after);
    }
    // Within a picture, too: it is cut off, and what is missing of it is not taken for the whole.
    std::atomic<bool> stop = false;
    WatchedPictures stopping(images, [&](std::size_t index) {
        stop = index == 1;
        return true;
    });
    CHECK_FALSE(measure_population(*device, network, parameters, stopping, {.stop = &stop}));
}

TEST_CASE("what cannot be measured is refused") {
    const ValidatedDevice device;
    const Network network = two_layer_network(options(2, 3, "none", NormPlacement::before, true));
    const Parameters parameters = worn(network, 9);
    const std::vector<Image> images = {made_picture(5, 4, 1), made_picture(5, 4, 2)};
    const auto measure = [&](const Network& layers, const Parameters& values, PictureSource& pictures) {
        measure_population(*device, layers, values, pictures);
    };
    const auto failure = [&](const Network& layers, const Parameters& values, PictureSource& pictures) {
        return message_of<WorkError>([&] { measure(layers, values, pictures); });
    };
    PicturesInMemory pictures(images);
    const Network plain = two_layer_network(options(2, 3, "none", NormPlacement::none, true));
    CHECK(contains(message_of<InputError>([&] { measure(plain, initial_parameters(plain, 1), pictures); }),
                   "has no batch norm"));
    const Network shrinking{any_size(3), {Conv{"conv1", 3, 3, 1, 2}, BatchNorm{"bn1", 3}}};
    CHECK_THROWS_AS(measure(shrinking, initial_parameters(shrinking, 1), pictures), InputError);

    PicturesInMemory none({});
    CHECK(contains(failure(network, parameters, none), "there is no picture"));
    WatchedPictures unreadable(images, [](std::size_t) { return false; });
    CHECK(contains(failure(network, parameters, unreadable), "none of the 2 pictures can be read"));
    int reads = 0;
    WatchedPictures vanishing(images, [&](std::size_t) { return ++reads < 4; });
    CHECK(contains(failure(network, parameters, vanishing), "changed while they were measured"));

    Parameters large = parameters;
    for (float& value : large.at("conv1.weight").values) value = 3e38f;
    CHECK(contains(failure(network, large, pictures), "picture 1 of 2: the layers before bn1"));
    for (float& value : large.at("conv1.weight").values) value *= 1e-10f;
    CHECK(contains(failure(network, large, pictures), "the input of bn1 has the variance"));
}

TEST_CASE("the population of a classifier is that of all its examples, without dropout") {
    const ValidatedDevice device;
    const Network network = parse_network(
        "input 1x4x5, conv 3 3x3 stride 2, norm, relu, dropout 0.5, dense 400, norm, relu, dense 3",
        "network");
    Parameters parameters = initial_parameters(network, 3);
    parameters.at("bn1.running_mean").values[1] = 5;  // of no effect
    // More than fit in a batch, which does not divide them.
    const LabelledExamples examples(labelled_set(6'001, 4, 5, 3));
    const Population population = measure_population(*device, network, parameters, examples, {}).value();
    CHECK(population.pictures == 6'001);
    CHECK(population.pixels == 6'001 * 20);
    std::vector<float> inputs;
    for (std::uint32_t i = 0; i < examples.size(); ++i) {
        const std::vector<float> one = examples.input(i);
        inputs.insert(inputs.end(), one.begin(), one.end());
    }
    const reference::Tensor x = reference::tensor_from_floats({examples.size(), 1, 4, 5}, inputs);
    const Network plain = parse_network(
        "input 1x4x5, conv 3 3x3 stride 2, norm, relu, dense 400, norm, relu, dense 3", "network");
    const reference::Tensor any_target(point_shapes(plain, x.shape).back());
    const reference::Evaluation all =
        reference::NetworkRun(plain, parameters).evaluate(x, any_target, reference::Norms::batch);
    const Parameters measured(population.statistics.tensors);
    for (const auto& [norm, point] : {std::pair("bn1", 1u), std::pair("bn2", 4u)}) {
        INFO(norm);
        const reference::BatchStatistics exact = reference::batchnorm_statistics(all.points.at(point));
        for (std::size_t c = 0; c < exact.mean.size(); ++c) {
            CHECK(measured.at(std::string(norm) + ".running_mean").values[c] ==
                  Approx(exact.mean[c]).epsilon(1e-5).margin(1e-6));
            CHECK(measured.at(std::string(norm) + ".running_var").values[c] ==
                  Approx(exact.variance[c]).epsilon(1e-5));
        }
    }
    const std::atomic<bool> stop = true;
    CHECK_FALSE(measure_population(*device, network, parameters, examples, {.stop = &stop}));
    parameters.at("fc1.weight").values[0] = 3e38f;
    CHECK_THAT(message_of<WorkError>([&] { measure_population(*device, network, parameters, examples); }),
               ContainsSubstring("of these pictures is not finite; the model's numbers are too large"));
}
