// The checks are checked: whatever they are there to find must be found.
#include "check/harness.h"

#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "check/device_data.h"
#include "check/suite.h"
#include "device_fixture.h"
#include "engine/stack/packing.h"

using namespace shadenet;
using namespace shadenet::check;

namespace {

constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();
constexpr float infinity = std::numeric_limits<float>::infinity();
const Shape guarded_shape{2, 3, 5, 7};

/// Expected values of `guarded_shape`, and the same from the device.
struct Values {
    std::vector<double> expected = std::vector<double>(guarded_shape.values());
    std::vector<float> actual;
    Values() {
        std::iota(expected.begin(), expected.end(), 1.0);
        actual.assign(expected.begin(), expected.end());
    }
    Comparison compared(const Tolerance& tolerance) const {
        return compare("y", actual, expected, guarded_shape, tolerance);
    }
};

}  // namespace

TEST_CASE("compare: equal values pass, and a wrong one is reported with its place and the seed") {
    Values values;
    CHECK(values.compared(tolerance::exact).passed());
    const std::size_t wrong = ((1 * 3 + 2) * 5 + 4) * 7 + 6;  // (1,2,4,6)
    values.actual[wrong] += 1.0f;
    values.actual[3] += 0.5f;
    for (const Tolerance& tolerance : {tolerance::exact, tolerance::forward, tolerance::gradient}) {
        Report report("the case", 77);
        report.add("kernel", values.compared(tolerance));
        const Comparison found = report.take().front();
        CHECK_FALSE(found.passed());
        CHECK(found.values - found.inside == 2);
        CHECK(found.worst == wrong);
        CHECK_THAT(to_string(found), ContainsSubstring("(1,2,4,6)") && ContainsSubstring("211") &&
                                         ContainsSubstring("expected 210") && ContainsSubstring("2 of 210") &&
                                         ContainsSubstring("seed 77") && ContainsSubstring("the case"));
    }
}

TEST_CASE("compare: one wrong value among many fails although the NMSE is small") {
    const Shape large{1, 1, 1000, 1000};
    const std::vector<double> expected(large.values(), 1.0);
    std::vector<float> actual(large.values(), 1.0f);
    actual[123456] = 1.001f;
    const Comparison found = compare("y", actual, expected, large, tolerance::forward);
    CHECK(found.nmse < tolerance::forward.nmse);
    CHECK_FALSE(found.passed());
    CHECK(found.worst == 123456);
}

TEST_CASE("compare: a small error everywhere fails by the NMSE although every value is inside") {
    Values values;
    const Tolerance wide{"wide", 1e-10, 0, 0, 1};
    for (float& value : values.actual) value *= 1.001f;
    const Comparison found = values.compared(wide);
    CHECK(found.inside == found.values);
    CHECK_FALSE(found.passed());
}

TEST_CASE("compare: what is not finite fails under every tolerance") {
    const Tolerance wide{"wide", tolerance::any_nmse, 1e30, 1e30, 1e30};
    for (const Tolerance& tolerance : {tolerance::exact, tolerance::forward, tolerance::gradient,
                                       tolerance::loss, tolerance::golden_parameters, wide}) {
        for (const float bad : {not_a_number, infinity, -infinity}) {
            Values values;
            values.actual[100] = bad;
            CHECK_FALSE(values.compared(tolerance).passed());
            CHECK(values.compared(tolerance).worst == 100);
            values.expected[100] = bad;  // not even where it is expected
            CHECK_FALSE(values.compared(tolerance).passed());
        }
    }
}

TEST_CASE("compare: nothing compared is nothing passed, and counts must agree") {
    CHECK_FALSE(compare("y", {}, {}, {0, 3, 5, 7}, tolerance::forward).passed());
    CHECK_FALSE(all_passed({}));
    const std::vector<float> actual(3);
    const std::vector<double> expected(3);
    CHECK_THROWS_AS(compare("y", actual, expected, {1, 1, 1, 2}, tolerance::exact), std::invalid_argument);
    CHECK_THROWS_AS(compare("y", actual, std::vector<double>(2), {1, 1, 1, 3}, tolerance::exact),
                    std::invalid_argument);
}

TEST_CASE("compare: the worst of each kernel and case is found, a failure before all") {
    Report report("case", 1);
    Values near = {}, far = {}, wrong = {};
    for (float& value : near.actual) value *= 1 + 1e-6f;
    for (float& value : far.actual) value *= 1 + 3e-6f;
    wrong.actual[0] = not_a_number;
    report.add("first", near.compared(tolerance::forward));
    report.add("first", far.compared(tolerance::forward));
    report.add("second", wrong.compared(tolerance::exact));
    report.add("second", near.compared(tolerance::exact));
    const auto worst = worst_of_each(report.take());
    REQUIRE(worst.size() == 2);
    CHECK(worst[0].nmse == far.compared(tolerance::forward).nmse);
    CHECK(figure(worst[0]).error == worst[0].nmse);
    CHECK_FALSE(worst[1].passed());
    CHECK(worst[1].worst == 0);
}

TEST_CASE("compare: zeros that should be zeros pass only as zeros") {
    const std::vector<double> expected(4, 0.0);
    std::vector<float> actual(4, 0.0f);
    CHECK(compare("y", actual, expected, {1, 1, 1, 4}, tolerance::gradient).passed());
    actual[2] = 1e-20f;
    CHECK_FALSE(compare("y", actual, expected, {1, 1, 1, 4}, tolerance::gradient).passed());
}

TEST_CASE("compare: the checksum tells different bits apart") {
    Values a, b;
    CHECK(a.compared(tolerance::forward).bits == b.compared(tolerance::forward).bits);
    b.actual[5] = std::nextafter(b.actual[5], infinity);
    CHECK(a.compared(tolerance::forward).bits != b.compared(tolerance::forward).bits);
}

TEST_CASE_METHOD(DeviceFixture, "harness: what a kernel leaves out is NaN, and fails") {
    const GuardedTensor y(device, guarded_shape, "y");
    for (const float value : y.download()) CHECK(std::isnan(value));
    std::mt19937_64 random(1);
    const std::vector<float> values = random_values(guarded_shape.values(), Data::normal, random);
    const PackedTensor packed(device, guarded_shape, "packed");
    packed.view().upload(values);
    const Packing packing(device);
    Recorder recorder(device);
    packing.unpack(recorder, packed.view().images(0, 1), y.view().images(0, 1));
    recorder.finish();
    const std::vector<double> expected(values.begin(), values.end());
    const Comparison found = compare("y", y.download(), expected, guarded_shape, tolerance::exact);
    CHECK(found.inside == guarded_shape.values() / 2);
    CHECK_FALSE(found.passed());
}

TEST_CASE_METHOD(DeviceFixture,
                 "harness: a write before, between or after the images is reported by its buffer") {
    std::mt19937_64 random(1);
    const GuardedTensor x(device, guarded_shape, "x",
                          random_values(guarded_shape.values(), Data::normal, random));
    const Packing packing(device);
    Recorder recorder(device);
    // Views that lie: shifted by one binding, with an image too many, with rows too many.
    TensorView before = x.view(), after = x.view(), between = x.view();
    before.offset -= range_alignment;
    after.shape.n = 3;
    between.shape = {1, 3, 5, 8};
    for (const TensorView& wrong : {before, after, between}) {
        const GuardedTensor y(device, guarded_shape, "planted",
                              std::vector<float>(guarded_shape.values(), 1.0f));
        CHECK(y.damage().empty());
        TensorView to = wrong;
        to.buffer = y.view().buffer;
        const PackedTensor zeros(device, wrong.shape, "zeros");
        zeros.view().upload(std::vector<float>(wrong.shape.values(), 0.0f));
        packing.unpack(recorder, zeros.view(), to);
        recorder.finish();
        CHECK_THAT(y.damage(), ContainsSubstring("planted"));
        Report report("case", 1);
        add_damage(report, "kernel", {&y});
        const auto comparisons = report.take();
        REQUIRE(comparisons.size() == 1);
        CHECK_FALSE(comparisons.front().passed());
        CHECK_THAT(to_string(comparisons.front()), ContainsSubstring("FAIL") && ContainsSubstring("planted"));
    }
    CHECK(x.damage().empty());
}

TEST_CASE_METHOD(DeviceFixture, "harness: a write between the gradients is reported") {
    const Network network{any_size(3), {Conv{"conv", 3, 5, 3}}};
    const Parameters parameters = initial_parameters(network, 1);
    const ParameterBuffers buffers(device, parameters);
    poison_gradients(buffers, parameters);
    CHECK(gradient_damage(buffers, parameters).empty());
    const BufferRange bias = buffers.gradient("conv.bias");
    CHECK(std::isnan(bias.buffer->download<float>(1, bias.offset).front()));
    const float stray = 1.0f;
    bias.buffer->upload(std::span(&stray, 1), bias.offset + bias.size);
    CHECK_THAT(gradient_damage(buffers, parameters), ContainsSubstring("gradients"));
}

TEST_CASE("data: is what its name says, and the same for the same seed") {
    for (const Data data : {Data::normal, Data::ugly, Data::offset, Data::halves}) {
        std::mt19937_64 random(1), again(1);
        const std::vector<float> values = random_values(100000, data, random);
        CHECK(values == random_values(100000, data, again));
        double mean = 0, square = 0;
        for (const float value : values) mean += static_cast<double>(value) / 1e5;
        for (const float value : values) square += (value - mean) * (value - mean) / 1e5;
        INFO(to_string(data));
        CHECK(mean == Approx(data == Data::ugly ? 10 : data == Data::offset ? 100 : 0).margin(1));
        CHECK(std::sqrt(square) == Approx(data == Data::ugly     ? 100
                                          : data == Data::halves ? 2.45
                                                                 : 1)
                                       .epsilon(0.02));
        if (data != Data::halves) continue;
        for (const float value : values) REQUIRE(2 * value == std::round(2 * value));
    }
}

TEST_CASE_METHOD(DeviceFixture, "doctor: all of its checks pass on this device") {
    for (const Check& check : kernel_checks()) {
        INFO(check.name);
        require_passed(check.run(device));
    }
}
