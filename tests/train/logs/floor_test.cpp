#include "train/logs/floor.h"

#include <cmath>

#include "model/model_file.h"
#include "reference/network.h"
#include "reference/patch_gram.h"
#include "train/run_scene.h"
#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace fs = std::filesystem;

namespace {

/// Of what may differ between float64 solutions of the same least squares problem: the covariance has the
/// square of the patches' condition, a few thousand, and float64 sixteen digits.
constexpr double solver_tolerance = 1e-8;
/// A loss in inference mode may be below the floor by what float32 rounds: inputs and targets by 6e-8 of
/// themselves, and the outputs by some of that.
constexpr double below_floor = 1e-6;
/// Of a mean of squares, between float32's results and float64's: the loss' own tolerance, and what of it the
/// results' rounding adds where the errors are small.
constexpr double inner_loss_tolerance = 1e-5;
/// Of a column of the patches: what is left of those that depend on others, by rounding.
constexpr double dependent = 1e-7;

enum class Pictures { levels, between, grey, constant, two_flat };

Image some_picture(Pictures kind, std::uint32_t width, std::uint32_t height, std::uint64_t index) {
    if (kind == Pictures::constant || kind == Pictures::two_flat) {
        const float value = kind == Pictures::constant ? 0.3f : 0.25f * static_cast<float>(index + 1);
        return {width, height, std::vector<float>(std::size_t{3} * width * height, value)};
    }
    Image image = made_picture(width, height, index);
    if (kind == Pictures::grey) image = grey_of(image);
    return kind == Pictures::between ? image : levels_of(image);
}

/// Neither affine nor of 5x5 pixels: what a floor above zero needs.
Image squared(const Image& image) {
    Image result = image;
    for (float& value : result.values) value *= value;
    return result;
}

struct Data {
    std::uint32_t count, width, height;
    std::vector<Image> input, target;
};

Data squares_of(Pictures kind, std::uint32_t count, std::uint32_t width, std::uint32_t height) {
    Data data{count, width, height, {}, {}};
    for (std::uint32_t i = 0; i < count; ++i) {
        data.input.push_back(some_picture(kind, width, height, i));
        const Image target = squared(made_picture(width, height, i + 50));
        data.target.push_back(kind == Pictures::between ? target : levels_of(target));
    }
    return data;
}

PicturePairs pairs_of(const Data& data) {
    std::vector<std::string> stems;
    for (std::uint32_t i = 0; i < data.count; ++i) stems.push_back(fmt::format("p{}", i));
    PicturePairs set(stems, data.width, data.height);
    for (std::uint32_t i = 0; i < data.count; ++i) set.set(i, data.input[i], data.target[i]);
    return set;
}

/// As the device takes them: whole 255ths without their rounding to float32, which is upwards for all of them
/// and so does not cancel, and other values in steps of 2^-14 levels.
reference::Tensor tensor_of(const Data& data, const std::vector<Image>& images) {
    reference::Tensor tensor({data.count, 3, data.height, data.width});
    std::size_t i = 0;
    for (const Image& image : images) {
        for (const float value : image.values) {
            const float scaled = value * 4177920.0f;
            tensor.values[i++] = static_cast<double>(std::floor(scaled + 0.5f)) / 4177920;
        }
    }
    return tensor;
}

/// z of all inner pixels, in values.
std::vector<std::vector<double>> patches_of(const Data& data, std::uint32_t radius) {
    return reference::patches_and_targets(tensor_of(data, data.input), tensor_of(data, data.target), radius,
                                          0, 1);
}

AffineFilter filter_of(const Device& device, const Data& data, std::uint32_t radius) {
    return best_affine_filter(patch_gram(device, pairs_of(data).pictures(), radius));
}

/// The mean squared error of a filter, pixel by pixel.
double error_of(const AffineFilter& filter, const std::vector<std::vector<double>>& z) {
    const std::size_t patch = z.front().size() - 3;
    double squares = 0;
    for (const std::vector<double>& one : z) {
        for (std::size_t c = 0; c < 3; ++c) {
            double result = filter.bias[c];
            for (std::size_t a = 0; a < patch; ++a) result += filter.weight[c * patch + a] * one[a];
            squares += (result - one[patch + c]) * (result - one[patch + c]);
        }
    }
    return squares / (3 * static_cast<double>(z.size()));
}

/// The mean squared error of a finished run's model in float64, of the inner pixels of write_pairs()'s
/// pictures.
double inner_loss(const TrainOptions& options, std::uint32_t pictures) {
    const Model model = read_model(options.output / "model.safetensors");
    const reference::NetworkRun network(model.network, model.parameters);
    const bool all_count = continues_pictures(model.network);
    const std::uint32_t radius = all_count ? 0 : options.network.two_layer.kernel - 1;
    double squares = 0, values = 0;
    for (std::uint32_t i = 0; i < pictures; ++i) {
        const std::string name = fmt::format("p{}.png", i);
        const Image input = read_image(options.input / name).image;
        const Image target = read_image(options.target / name).image;
        const reference::Tensor result =
            network.infer(reference::tensor_from_floats({1, 3, input.height, input.width}, input.values));
        for (std::uint32_t c = 0; c < 3; ++c) {
            for (std::uint32_t y = radius; y + radius < input.height; ++y) {
                for (std::uint32_t x = radius; x + radius < input.width; ++x) {
                    const double error = result.at(0, c, y, x) - static_cast<double>(target.at(c, y, x));
                    squares += error * error;
                    values += 1;
                }
            }
        }
    }
    return squares / values;
}

/// Runs, and keeps what is said of the floor.
struct FloorWatcher : Watcher {
    explicit FloorWatcher(const TrainOptions& options, std::optional<std::uint32_t> stopped_at = {})
        : stop_at(stopped_at), end(RunScene::run(options, *this)) {}
    void on_floor_progress(std::uint32_t pair, std::uint32_t) override {
        pairs.push_back(pair);
        if (pair == stop_at) stop = true;
    }

    std::vector<std::uint32_t> pairs;  ///< that the search came to
    std::optional<std::uint32_t> stop_at;
    RunEnd end;
};

FloorWatcher run(const TrainOptions& options) {
    return FloorWatcher(options);
}

TrainOptions options_in(const TemporaryFolder& folder, const char* output) {
    TrainOptions options = small_options();
    options.input = folder / "input";
    options.target = folder / "target";
    options.output = folder / output;
    return options;
}

}  // namespace

TEST_CASE("floor: that of a QR decomposition of all patches") {
    const ValidatedDevice device;
    const auto [kind, radius] = GENERATE(table<Pictures, std::uint32_t>({{Pictures::levels, 0},
                                                                         {Pictures::levels, 1},
                                                                         {Pictures::levels, 2},
                                                                         {Pictures::between, 1},
                                                                         {Pictures::between, 2},
                                                                         {Pictures::grey, 1},
                                                                         {Pictures::grey, 2},
                                                                         {Pictures::constant, 2},
                                                                         {Pictures::two_flat, 2}}));
    INFO("kind " << static_cast<int>(kind) << ", radius " << radius);
    const Data data = squares_of(kind, 2, 23, 17);
    const std::vector<std::vector<double>> z = patches_of(data, radius);
    const double expected = reference::affine_floor(z, dependent);
    const AffineFilter filter = filter_of(*device, data, radius);
    REQUIRE(expected > 1e-4);
    CHECK(std::abs(filter.loss / expected - 1) <= solver_tolerance);
    // The filter is what the number says of it.
    CHECK(std::abs(error_of(filter, z) / expected - 1) <= solver_tolerance);
}

TEST_CASE("floor: an affine filter leaves what the files round") {
    const ValidatedDevice device;
    Data data{2, 31, 27, {}, {}};
    const bool rounded = GENERATE(true, false);
    for (std::uint32_t i = 0; i < data.count; ++i) {
        const Image picture = made_picture(data.width, data.height, i);
        data.input.push_back(rounded ? levels_of(picture) : picture);
        data.target.push_back(rounded ? levels_of(grey_of(data.input[i])) : grey_of(picture));
    }
    const AffineFilter filter = filter_of(*device, data, 1);
    constexpr double rounding = 1.0 / 255 / 255 / 12;  // the variance of a uniform error of one level
    if (rounded) {
        CHECK(filter.loss < rounding);
        CHECK(filter.loss > 0.8 * rounding);
    } else {
        CHECK(filter.loss < 1e-13);  // floats in place of levels
    }
    // Rec. 601's weights in the middle of each colour's taps.
    const double tolerance = rounded ? 0.02 : 1e-5;
    CHECK(std::abs(filter.weight[4] - 0.299) < tolerance);
    CHECK(std::abs(filter.weight[13] - 0.587) < tolerance);
    CHECK(std::abs(filter.weight[22] - 0.114) < tolerance);
    CHECK(std::abs(filter.bias[0]) < tolerance);
}

TEST_CASE("floor: training never ends below it") {
    const auto [plan, norm, kernel] =
        GENERATE(table<PlanKind, NormPlacement, std::uint32_t>({{PlanKind::fused, NormPlacement::before, 3},
                                                                {PlanKind::stack, NormPlacement::before, 1},
                                                                {PlanKind::stack, NormPlacement::none, 3}}));
    const PicturePadding padding = GENERATE(PicturePadding::zero, PicturePadding::edge);
    const TemporaryFolder folder;
    write_pairs(folder.path(), 3, 17, 13);
    TrainOptions options = options_in(folder, "run");
    options.plan = plan;
    options.network.two_layer.norm = norm;
    options.network.two_layer.kernel = kernel;
    options.network.two_layer.padding = padding;
    options.batch = 2;
    options.epochs = 60;
    const FloorWatcher seen = run(options);
    REQUIRE(seen.floor);
    REQUIRE(seen.reached);
    CHECK_FALSE(seen.floor->reached);
    CHECK(seen.reached->loss == seen.floor->loss);
    CHECK(seen.floor->loss > 1e-7);
    const std::uint32_t ring =
        padding == PicturePadding::zero ? 2 * (kernel - 1) : 0;  // without a whole field
    CHECK(seen.floor->pixels == 3 * (17 - ring) * (13 - ring));
    CHECK(*seen.reached->reached >= seen.floor->loss * (1 - below_floor));
    CHECK(*seen.reached->reached == Approx(inner_loss(options, 3)).epsilon(inner_loss_tolerance));
    CHECK(read_floor(options.output / "floor.json")->reached == seen.reached->reached);
}

TEST_CASE("floor: a linear network comes to it, and not below") {
    const TemporaryFolder folder;
    write_pairs(folder.path(), 3, 17, 13);
    for (std::uint32_t i = 0; i < 3; ++i) {
        write_png(folder / "target" / fmt::format("p{}.png", i), squared(made_picture(17, 13, i)));
    }
    TrainOptions options = options_in(folder, "run");
    options.plan = PlanKind::stack;
    options.network.two_layer.norm = NormPlacement::none;
    options.network.two_layer.kernel = 1;
    options.epochs = 400;
    const Floor reached = run(options).reached.value();
    CHECK(reached.loss > 1e-4);
    CHECK(*reached.reached >= reached.loss * (1 - below_floor));
    CHECK(*reached.reached <= reached.loss * 1.01);
}

TEST_CASE("floor: a stop ends the search, and the run finds it when it goes on") {
    const TemporaryFolder folder;
    write_pairs(folder.path(), 3, 15, 11);
    TrainOptions options = options_in(folder, "run");
    const FloorWatcher stopped(options, 1);
    CHECK(stopped.end == RunEnd::stopped);
    CHECK(stopped.pairs == std::vector<std::uint32_t>{0, 1});
    CHECK_FALSE(stopped.floor);
    CHECK(stopped.notes.empty());
    CHECK_FALSE(fs::exists(options.output / "floor.json"));
    options.resume = true;
    const FloorWatcher resumed = run(options);
    CHECK(resumed.pairs == std::vector<std::uint32_t>{0, 1, 2});
    REQUIRE(resumed.floor);
    CHECK(resumed.floor->pixels == 3 * (15 - 4) * (11 - 4));
}

TEST_CASE("floor: of targets that a filter meets it is nothing, and not what rounding leaves") {
    const ValidatedDevice device;
    Data data{2, 23, 17, {}, {}};
    for (std::uint32_t i = 0; i < data.count; ++i) {
        data.input.push_back(levels_of(made_picture(data.width, data.height, i)));
        data.target.push_back(data.input.back());
    }
    CHECK(filter_of(*device, data, 2).loss == 0);
    // Fewer pixels than weights, whatever the targets.
    CHECK(filter_of(*device, squares_of(Pictures::levels, 1, 9, 7), 2).loss == 0);
}

TEST_CASE("floor: the loss reached is that of the inner pixels alone") {
    Image result = made_picture(7, 6, 1), target = made_picture(7, 6, 2);
    double squares = 0;
    for (std::uint32_t c = 0; c < 3; ++c) {
        for (std::uint32_t y = 2; y < 4; ++y) {
            for (std::uint32_t x = 2; x < 5; ++x) {
                squares += std::pow(static_cast<double>(result.at(c, y, x)) - target.at(c, y, x), 2);
            }
        }
    }
    result.at(1, 1, 3) = result.at(2, 4, 3) = result.at(0, 2, 5) = result.at(0, 3, 1) = 1e6f;
    CHECK(squared_errors(result, target, 2).mean() == Approx(squares / 18).epsilon(1e-12));
}

TEST_CASE("floor: a resumed run keeps it, but not what was reached") {
    const TemporaryFolder folder;
    write_pairs(folder.path(), 2, 15, 11);
    TrainOptions options = options_in(folder, "run");
    options.epochs = 1;
    const FloorWatcher first = run(options);
    const fs::path file = options.output / "floor.json";
    REQUIRE(first.reached);

    TrainOptions again = options;
    again.resume = true;
    // Another number in the file shows that it is the file's which is kept.
    write_floor(file, {.loss = 0.25, .pixels = 7, .side = 5, .reached = 0.5});
    again.epochs = 2;
    const FloorWatcher longer = run(again);
    CHECK(longer.floor->loss == 0.25);
    CHECK(longer.floor->pixels == 7);
    CHECK_FALSE(longer.floor->reached);
    CHECK(longer.reached->reached != first.reached->reached);

    // A run of an earlier version has none.
    fs::remove(file);
    again.epochs = 3;
    CHECK(run(again).floor->loss == first.floor->loss);
}

TEST_CASE("floor: pictures without an inner pixel have none, and the run says so") {
    const TemporaryFolder folder;
    write_pairs(folder.path(), 2, 19, 4);
    const FloorWatcher seen = run(options_in(folder, "run"));
    CHECK_FALSE(seen.floor);
    CHECK_FALSE(seen.reached);
    REQUIRE(seen.notes.size() == 1);
    CHECK(seen.notes[0] == "there is no floor: pictures of 19x4 hold no whole receptive field of 5x5 pixels");
    CHECK_FALSE(fs::exists(folder / "run/floor.json"));
}

TEST_CASE("floor: networks that see far have none, and the run says so") {
    const TemporaryFolder folder;
    write_pairs(folder.path(), 1, 24, 24);
    TrainOptions options = options_in(folder, "run");
    options.network.given = dncnn_network({.hidden = 2, .depth = 9});
    const FloorWatcher seen = run(options);
    CHECK_FALSE(seen.floor);
    REQUIRE(seen.notes.size() == 1);
    CHECK(seen.notes[0] == "there is no floor of networks that see more than 17x17 pixels");
}

TEST_CASE("floor: what is said of it") {
    Floor floor{.loss = 0.125, .pixels = 77, .side = 5, .reached = 0.3125};
    TrainOptions options;
    CHECK(floor_meaning(floor, options) ==
          "the best any affine filter of 5x5 pixels reaches on these pictures");
    CHECK(contains(floor_meaning({.loss = 0, .pixels = 76, .side = 5}, options),
                   "on these pictures, so few that it meets any targets"));
    options.domains = {{"day", "a", "b"}, {"night", "c", "d"}};
    CHECK(contains(floor_meaning(floor, options), "one filter for all streams"));
    options.network.two_layer.activation = "tanh";
    CHECK(contains(floor_meaning(floor, options), "which the network may pass"));
    CHECK(gap_text(floor, "floor") == "0.188 above the floor, 2.5 times it");
    CHECK(floor_name(options.network.network()) == "best linear filter");
    CHECK(floor_name(TrainOptions().network.network()) == "floor");
    CHECK(gap_text(floor, "best linear filter") == "0.188 above the best linear filter, 2.5 times it");
    floor.reached = 0.0625;
    CHECK(gap_text(floor, "floor") == "0.0625 below the floor, 0.5 times it");
    floor.reached = 0.125 * (1 - 1e-7);
    CHECK(gap_text(floor, "floor") == "at the floor");
    CHECK(gap_text({.loss = 0, .pixels = 9, .side = 5, .reached = 0.5}, "floor") == "0.5 above the floor");
}

TEST_CASE("floor.json: comes back as it was, and a damaged one is refused by name") {
    const TemporaryFolder folder;
    const fs::path file = folder / "floor.json";
    CHECK_FALSE(read_floor(file));
    write_floor(file, {.loss = 1.0 / 3, .pixels = 123456789012, .side = 13, .reached = 0.1 + 0.2});
    const Floor floor = read_floor(file).value();
    CHECK(floor.loss == 1.0 / 3);
    CHECK(floor.pixels == 123456789012);
    CHECK(floor.side == 13);
    CHECK(floor.reached == 0.1 + 0.2);
    for (const char* text :
         {"", "[", "[1]", "null", "{}", R"({"loss": -1, "pixels": 1, "side": 5})",
          R"({"loss": 1e999, "pixels": 1, "side": 5})", R"({"loss": "1", "pixels": 1, "side": 5})",
          R"({"loss": 1, "pixels": 0, "side": 5})", R"({"loss": 1, "pixels": 1.5, "side": 5})",
          R"({"loss": 1, "pixels": 1, "side": 4294967301})", R"({"loss": 1, "pixels": 1})",
          R"({"loss": 1, "pixels": 1, "side": 5, "reached": null})"}) {
        INFO(text);
        write_file_atomically(file, text);
        const std::string message = message_of<InputError>([&] { read_floor(file); });
        CHECK(contains(message, file.string() + ": is damaged"));
    }
}
