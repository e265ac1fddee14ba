#include "engine/learning/loss.h"

#include <cmath>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "base/error.h"
#include "check/end_cases.h"
#include "device_fixture.h"

using namespace shadenet;
using namespace shadenet::check;

namespace {

struct Answers {
    float loss, correct;
    std::vector<float> gradient;
};

/// The cross-entropy of one example.
Answers cross_entropy_of(const Device& device, const std::vector<float>& logits, std::uint32_t label) {
    const Shape shape{1, static_cast<std::uint32_t>(logits.size()), 1, 1};
    const PackedTensor result(device, shape, "result"), dresult(device, shape, "dresult");
    const Buffer labels(device, sizeof label, "labels"), losses(device, 4, "losses"),
        correct(device, 4, "correct");
    result.view().upload(logits);
    labels.upload(std::span<const std::uint32_t>(&label, 1));
    const auto loss = cross_entropy.make(device, shape);
    Recorder recorder(device);
    loss->step(recorder, result.view(), {.labels = labels.whole()}, dresult.view(),
               {losses.whole(), 0, correct.whole()});
    recorder.finish();
    return {losses.download<float>(1).front(), correct.download<float>(1).front(), dresult.view().download()};
}

}  // namespace

TEST_CASE_METHOD(DeviceFixture, "squared error: odd shapes and rows") {
    std::uint64_t seed = 0;
    for (const Shape& result :
         {Shape{1, 1, 1, 1}, Shape{1, 33, 1, 1}, Shape{300, 10, 1, 1}, Shape{5, 1000, 1, 1},
          Shape{2, 3, 5, 7}, Shape{5, 16, 7, 13}, Shape{1, 2, 70, 66}, Shape{5, 5, 70, 66}}) {
        for (const std::uint32_t row : {0u, 3u}) {
            for (const Data data : {Data::normal, Data::ugly}) {
                require_passed(check_squared_error(device, {result, row, data, ++seed}));
            }
        }
    }
}

TEST_CASE_METHOD(DeviceFixture, "squared error: millions of values") {
    require_passed(check_squared_error(device, {.result = {1, 1, 1031, 1033}, .data = Data::ugly}));
    require_passed(check_squared_error(device, {.result = {9, 1, 719, 711}}));  // more than one call takes
}

TEST_CASE_METHOD(DeviceFixture, "squared error: a value that is not a number stays one") {
    const Shape shape{3, 5, 9, 11};
    std::vector<float> values(shape.values(), 1.0f);
    values[5 * 99 + 17] = std::numeric_limits<float>::quiet_NaN();
    const PackedTensor result(device, shape, "result"), target(device, shape, "target"),
        dresult(device, shape, "dresult");
    const Buffer losses(device, 4 * sizeof(float), "losses");
    result.view().upload(values);
    target.view().upload(std::vector<float>(shape.values(), 0.0f));
    const auto loss = mean_squared_error.make(device, shape);
    Recorder recorder(device);
    loss->step(recorder, result.view(), {.values = target.view()}, dresult.view(), {losses.whole(), 0});
    loss->each(recorder, result.view(), {.values = target.view()}, {losses.whole(), 1});
    recorder.finish();
    const std::vector<float> rows = losses.download<float>(4);
    CHECK(std::isnan(rows[0]));
    CHECK(rows[1] == 1.0f);
    CHECK(std::isnan(rows[2]));
    CHECK(rows[3] == 1.0f);
    CHECK(std::isnan(dresult.view().download()[5 * 99 + 17]));
}

TEST_CASE_METHOD(DeviceFixture, "cross-entropy: classes and examples") {
    std::uint32_t number = 0;
    for (const std::uint32_t classes : {1u, 2u, 3u, 10u, 33u, 1000u}) {
        for (const std::uint32_t images : {1u, 5u, 300u}) {
            for (const Logits logits :
                 {Logits::normal, Logits::ugly, Logits::confident, Logits::huge, Logits::equal}) {
                ++number;
                require_passed(check_cross_entropy(
                    device, {images, classes, logits, number % 3, number % 4 != 0, number}));
            }
        }
    }
}

TEST_CASE_METHOD(DeviceFixture, "cross-entropy: sums of many examples, and many classes") {
    require_passed(check_cross_entropy(device, {.images = 20011, .classes = 10}));
    require_passed(check_cross_entropy(device, {.images = 2, .classes = 65535}));
    CHECK_THROWS_AS(cross_entropy.make(device, {1, 65537, 1, 1}), InputError);
}

TEST_CASE_METHOD(DeviceFixture, "cross-entropy: of tied logits the lowest class is the answer") {
    CHECK(cross_entropy_of(device, {1, 2, 0, 2, 2}, 1).correct == 1.0f);
    CHECK(cross_entropy_of(device, {1, 2, 0, 2, 2}, 3).correct == 0.0f);
    CHECK(cross_entropy_of(device, {1, 2, 0, 2, 2}, 4).correct == 0.0f);
}

TEST_CASE_METHOD(DeviceFixture,
                 "cross-entropy: logits that are not numbers make the loss none, and are never right") {
    const float nan = std::numeric_limits<float>::quiet_NaN();
    for (std::size_t place = 0; place < 6; ++place) {
        std::vector<float> logits = {1, 2, 0, 5, -2, 3};
        logits[place] = nan;
        for (std::uint32_t label = 0; label < 6; ++label) {
            INFO(place << ", label " << label);
            const Answers answers = cross_entropy_of(device, logits, label);
            CHECK(std::isnan(answers.loss));
            CHECK(answers.correct == 0.0f);
            for (const float gradient : answers.gradient) CHECK(std::isnan(gradient));
        }
    }
    CHECK(std::isnan(cross_entropy_of(device, {nan}, 0).loss));
    CHECK(cross_entropy_of(device, {nan}, 0).correct == 0.0f);
}

TEST_CASE_METHOD(DeviceFixture, "cross-entropy: infinite logits and wrong labels make the loss useless") {
    const float infinity = std::numeric_limits<float>::infinity();
    CHECK(std::isnan(cross_entropy_of(device, {1, infinity, 0}, 1).loss));
    const Answers wrong = cross_entropy_of(device, {1, infinity, 0}, 0);
    CHECK_FALSE(std::isfinite(wrong.loss));
    for (const float gradient : wrong.gradient) CHECK(std::isnan(gradient));
    CHECK(std::isnan(cross_entropy_of(device, {-infinity, -infinity}, 0).loss));
    CHECK(cross_entropy_of(device, {0, -infinity}, 0).loss == 0.0f);
    CHECK_FALSE(std::isfinite(cross_entropy_of(device, {0, -infinity}, 1).loss));
    CHECK(std::isnan(cross_entropy_of(device, {1, 2, 3}, 3).loss));
    CHECK(std::isnan(cross_entropy_of(device, {1, 2, 3, 4}, 4).loss));
}

TEST_CASE_METHOD(DeviceFixture, "stack losses: the same input gives the same bits") {
    const SquaredErrorCase squares{.result = {3, 5, 67, 130}};
    require_same_bits(check_squared_error(device, squares), check_squared_error(device, squares));
    const CrossEntropyCase classes{.images = 300, .classes = 33};
    require_same_bits(check_cross_entropy(device, classes), check_cross_entropy(device, classes));
}

TEST_CASE("stack losses: what they take, and how they scale with the range of values") {
    CHECK_FALSE(mean_squared_error.takes_labels);
    CHECK(cross_entropy.takes_labels);
    CHECK(mean_squared_error.to_unit_range({-1, 1}) == 0.25);
    CHECK(cross_entropy.to_unit_range({-1, 1}) == 1.0);
}
