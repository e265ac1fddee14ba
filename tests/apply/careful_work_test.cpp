#include "apply/careful_work.h"

#include <algorithm>
#include <new>
#include <random>

#include "failing_stream.h"
#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

using Made = FailingDevice::Made;

/// One row of pixels, told apart by `index`.
Pixels wide_picture(std::uint8_t index, std::uint32_t width = 3000) {
    Picture8 picture{width, 1, std::vector<std::uint8_t>(3 * width, 7)};
    picture.rgb.front() = index;
    return picture;
}

std::uint8_t index_of(const Pixels& pixels) {
    return std::get<Picture8>(pixels).rgb.front();
}

bool is_inverse(const Pixels& output, const Pixels& input) {
    const auto inverse = [](std::uint8_t a, std::uint8_t b) { return a + b == 255; };
    return std::ranges::equal(std::get<Picture8>(output).rgb, std::get<Picture8>(input).rgb, inverse);
}

/// What broken devices leave.
enum class Damage { black, noise, untouched };
void damage(Damage kind, const Pixels& input, Pixels& output) {
    auto& rgb = std::get<Picture8>(output).rgb;
    std::mt19937_64 random = random_stream(1, 2);
    if (kind == Damage::untouched) output = input;
    if (kind == Damage::black) std::ranges::fill(rgb, std::uint8_t{0});
    if (kind == Damage::noise)
        std::ranges::generate(rgb, [&] { return static_cast<std::uint8_t>(random()); });
}

/// Filters `count` pictures, three under way at once. Each is "ok", "wrong", or a failure's text.
std::vector<std::string> filter_all(FailingDevice& device, std::uint8_t count,
                                    std::vector<std::string>& log) {
    CarefulFilter filter(device.maker(), 1024, inverse_check(),
                         [&](const std::string& line) { log.push_back(line); });
    std::deque<Pixels> inputs;
    std::vector<std::string> results;
    const auto finish = [&] {
        const CarefulFilter::Finished finished = filter.finish_next();
        const bool right = finished.failure.empty() && is_inverse(finished.output, inputs.at(results.size()));
        results.push_back(right ? "ok" : finished.failure.empty() ? "wrong" : finished.failure);
    };
    for (std::uint8_t i = 0; i < count; ++i) {
        inputs.push_back(wide_picture(i));
        filter.begin(inputs.back());
        if (filter.under_way() == 3) finish();
    }
    while (filter.under_way() > 0) finish();
    return results;
}

const std::vector<std::string> five_ok(5, "ok");

}  // namespace

TEST_CASE("where nothing fails there is one stream, and several pictures are under way") {
    FailingDevice device;
    std::vector<std::string> log;
    CHECK(filter_all(device, 5, log) == five_ok);
    CHECK(device.made == std::vector<Made>{{1024, false}});
    CHECK(device.most_under_way == 3);
    CHECK(log.empty());
}

TEST_CASE("too little memory halves the tile for good, on the same device") {
    FailingDevice device([](const StreamEvent&) {},
                         [](const StreamEvent& event) {
                             if (event.tile > 256) throw OutOfDeviceMemory("no memory left");
                         });
    std::vector<std::string> log;
    CHECK(filter_all(device, 5, log) == five_ok);
    CHECK(device.made == std::vector<Made>{{1024, false}, {512, false}, {256, false}});
    REQUIRE(log.size() == 2);
    CHECK(log.back() == "no memory left; going on in tiles of 256 pixels");
}

TEST_CASE("a picture that no tile is small enough for fails alone") {
    FailingDevice device([](const StreamEvent& event) {
        if (index_of(event.input) == 1) throw OutOfDeviceMemory("no memory left");
    });
    std::vector<std::string> log;
    const std::vector<std::string> expected = {"ok", "no memory left", "ok", "ok", "ok"};
    CHECK(filter_all(device, 5, log) == expected);
    CHECK(device.made.back().tile == TilePieces::smallest);
}

TEST_CASE("a lost device is opened anew, and every picture under way is begun again") {
    const bool at_begin = GENERATE(true, false);
    const auto lose = [](const StreamEvent& event) {
        if (event.stream == 0 && index_of(event.input) == 2) throw DeviceLost("the device was lost");
    };
    FailingDevice device(at_begin ? FailingDevice::Rule() : lose, at_begin ? lose : FailingDevice::Rule());
    std::vector<std::string> log;
    CHECK(filter_all(device, 5, log) == five_ok);
    CHECK(device.made == std::vector<Made>{{1024, false}, {512, true}, {512, false}});
    REQUIRE(log.size() == 1);
    CHECK(contains(log.front(), "the device was lost; trying the picture again on a newly opened device"));
}

TEST_CASE("a picture that loses every device fails, and the others do not") {
    FailingDevice device([](const StreamEvent& event) {
        if (index_of(event.input) == 1) throw DeviceLost("the device was lost");
    });
    std::vector<std::string> log;
    const std::vector<std::string> results = filter_all(device, 5, log);
    CHECK(std::count(results.begin(), results.end(), "ok") == 4);
    CHECK(results.at(1) == "the device was lost (at the second attempt, too)");
    // The second attempt lost its device, too: the pictures after it need another one.
    CHECK(device.made == std::vector<Made>{{1024, false}, {512, true}, {1024, true}});
}

TEST_CASE("a wrong result is tried again, and never taken for a picture") {
    const bool always = GENERATE(true, false);
    const Damage kind = GENERATE(Damage::black, Damage::noise, Damage::untouched);
    FailingDevice device([&](const StreamEvent& event) {
        if (index_of(event.input) == 3 && (always || event.stream == 0))
            damage(kind, event.input, event.output);
    });
    std::vector<std::string> log;
    const std::vector<std::string> results = filter_all(device, 5, log);
    if (always) {
        CHECK(contains(results.at(3), "where float64 on the processor makes"));
        CHECK(std::count(results.begin(), results.end(), "ok") == 4);
    } else {
        CHECK(results == five_ok);
    }
    CHECK(device.made == std::vector<Made>{{1024, false}, {512, true}, {1024, false}});
}

TEST_CASE("a result of one colour is saved where it is right") {
    FailingDevice device([](const StreamEvent& event) {
        std::ranges::fill(std::get<Picture8>(event.output).rgb, std::uint8_t{255});
    });
    const SpotCheck whitening(pointwise_network(), pointwise_parameters(1, 1), 1);
    const Pixels input = wide_picture(1);
    CarefulFilter filter(device.maker(), 1024, whitening, [](const std::string&) {});
    filter.begin(input);
    const CarefulFilter::Finished finished = filter.finish_next();
    CHECK(finished.failure.empty());
    const auto& rgb = std::get<Picture8>(finished.output).rgb;
    CHECK(std::ranges::all_of(rgb, [](std::uint8_t value) { return value == 255; }));
    CHECK(device.made.size() == 1);
}

TEST_CASE("a result that is not finite is tried once more, and then reported") {
    FailingDevice device([](const StreamEvent& event) {
        if (index_of(event.input) % 2 == 0) throw BadResult("a value is nan");
    });
    std::vector<std::string> log;
    const std::string bad = "a value is nan (at the second attempt, too)";
    CHECK(filter_all(device, 5, log) == std::vector<std::string>{bad, "ok", bad, "ok", bad});
}

TEST_CASE("where no device can be opened any more, the caller is told") {
    FailingDevice device([](const StreamEvent&) { throw DeviceLost("the device was lost"); });
    device.opens = 1;
    std::vector<std::string> log;
    CHECK(message_of<WorkError>([&] { filter_all(device, 5, log); }) == "no device can be opened");
    FailingDevice none;
    none.opens = 0;
    CHECK_THROWS_AS(CarefulFilter(none.maker(), 64, {}, {}), WorkError);
}

TEST_CASE("tiles the user made small stay as they are") {
    FailingDevice device([](const StreamEvent& event) {
        if (event.stream == 0) throw DeviceLost("lost");
    });
    const Pixels input = wide_picture(1);
    CarefulFilter filter(device.maker(), 8, inverse_check(), [](const std::string&) {});
    filter.begin(input);
    CHECK(filter.finish_next().failure.empty());
    CHECK(device.made == std::vector<Made>{{8, false}, {8, true}});
}

TEST_CASE("a picture smaller than the tile is cut all the same") {
    FailingDevice device([](const StreamEvent& event) {
        if (event.stream == 0) throw DeviceLost("lost");
    });
    const Pixels input = wide_picture(1, 300);
    CarefulFilter filter(device.maker(), 1024, inverse_check(), [](const std::string&) {});
    filter.begin(input);
    CHECK(filter.finish_next().failure.empty());
    CHECK(device.made == std::vector<Made>{{1024, false}, {150, true}});
}

TEST_CASE("what no attempt can mend fails the picture that it happened to, and no other") {
    const bool at_begin = GENERATE(true, false), memory = GENERATE(true, false);
    const auto fail = [&](const StreamEvent& event) {
        if (index_of(event.input) != 3) return;
        if (memory) throw std::bad_alloc();
        throw InputError("too many workgroups");
    };
    FailingDevice device(at_begin ? FailingDevice::Rule() : fail, at_begin ? fail : FailingDevice::Rule());
    std::vector<std::string> log;
    const std::vector<std::string> results = filter_all(device, 5, log);
    CHECK(std::count(results.begin(), results.end(), "ok") == 4);
    CHECK(contains(results.at(3), memory ? "too little free memory" : "too many workgroups"));
}

TEST_CASE("a stream that does not fit the device's memory is made with smaller tiles") {
    FailingDevice device([](const StreamEvent& event) {
        if (event.stream == 0) throw DeviceLost("lost");
    });
    device.most_tile_after_first = 128;
    std::vector<std::string> log;
    CHECK(filter_all(device, 5, log) == std::vector<std::string>{"no memory left", "ok", "ok", "ok", "ok"});
    CHECK(device.made.back() == Made{128, false});
}
