#include <algorithm>
#include <map>
#include <tuple>

#include "check/value_cases.h"
#include "device_fixture.h"
#include "effort.h"
#include "engine/stack/quad_walk.h"

using namespace shadenet;
using namespace shadenet::check;

namespace {

constexpr ActivationKind point_activations[] = {ActivationKind::relu, ActivationKind::leaky_relu,
                                                ActivationKind::tanh, ActivationKind::sigmoid,
                                                ActivationKind::elu};

}  // namespace

TEST_CASE_METHOD(DeviceFixture, "stack points: every combination of layers") {
    std::uint64_t seed = 0;
    Thinned cases;
    for (const bool norm : {false, true}) {
        for (const float keep : {0.0f, 0.6f}) {
            for (const Shape& x : {Shape{3, 5, 9, 7}, Shape{37, 10, 1, 1}}) {
                for (const ActivationKind kind : point_activations) {
                    ++seed;
                    if (!cases.takes()) continue;
                    require_passed(check_points(
                        device, {.x = x, .norm = norm, .activation = kind, .keep = keep, .seed = seed}));
                }
                if (!norm && keep == 0) continue;
                require_passed(check_points(device, {.x = x, .norm = norm, .keep = keep, .seed = ++seed}));
            }
        }
    }
}

TEST_CASE_METHOD(DeviceFixture, "stack points: odd shapes, in place too") {
    const Shape shapes[] = {{1, 1, 1, 1},  {5, 1, 1, 1},  {5, 2, 1, 1},   {100, 33, 1, 1}, {2, 3, 1, 65},
                            {1, 5, 4, 16}, {5, 10, 8, 8}, {2, 16, 65, 3}, {1, 3, 70, 66},  {130, 4, 1, 1}};
    std::uint64_t seed = 0;
    Thinned cases;
    for (const Shape& x : shapes) {
        for (const bool in_place : {false, true}) {
            seed += 2;
            if (!cases.takes()) continue;
            require_passed(check_points(device, {.x = x,
                                                 .norm = true,
                                                 .activation = ActivationKind::relu,
                                                 .in_place = in_place,
                                                 .seed = seed - 1}));
            require_passed(check_points(
                device, {.x = x, .norm = true, .keep = 0.3f, .in_place = in_place, .seed = seed}));
        }
    }
}

TEST_CASE_METHOD(DeviceFixture, "stack points: an activation's slope from its result") {
    for (const ActivationKind kind : point_activations) {
        require_passed(check_points(
            device, {.x = {3, 5, 9, 17}, .activation = kind, .from_result = true, .in_place = true}));
    }
}

TEST_CASE_METHOD(DeviceFixture, "stack points: data far from zero") {
    for (const ActivationKind kind : point_activations) {
        for (const Data data : {Data::ugly, Data::offset}) {
            require_passed(
                check_points(device, {.x = {2, 5, 9, 17}, .norm = true, .activation = kind, .data = data}));
            require_passed(check_points(device, {.x = {2, 5, 9, 17}, .activation = kind, .data = data}));
        }
    }
}

TEST_CASE_METHOD(DeviceFixture, "stack points: dropout changes nothing in an evaluation") {
    require_passed(check_points(device, {.x = {2, 5, 9, 17}, .keep = 0.5f, .evaluation = true}));
    require_passed(check_points(
        device, {.x = {20, 5, 1, 1}, .activation = ActivationKind::relu, .keep = 0.5f, .evaluation = true}));
}

TEST_CASE_METHOD(DeviceFixture,
                 "stack points: masks are those of the mini-batch, wherever four values begin") {
    Thinned cases;
    // 5·7, 3·3·3 and 7 values of an example: Philox's words begin at each of four places.
    for (const Shape& x : {Shape{5, 5, 1, 7}, Shape{5, 3, 3, 3}, Shape{9, 7, 1, 1}, Shape{4, 6, 1, 1}}) {
        // 800,000,000 examples are more values than 32 bits count.
        for (const std::uint32_t first : {0U, 1U, 5U, 800'000'000U}) {
            for (const float keep : {0.5f, 0.9f, 1.0f}) {
                if (!cases.takes()) continue;
                require_passed(check_points(device, {.x = x, .keep = keep, .first_example = first}));
            }
        }
    }
}

TEST_CASE_METHOD(DeviceFixture, "stack points: more values than one call takes") {
    // A call takes a part of a plane, some images, or some planes of an image.
    require_passed(check_points(
        device, {.x = {1, 1, 2203, 1999}, .norm = true, .activation = ActivationKind::relu, .keep = 0.5f}));
    require_passed(check_points(
        device, {.x = {7, 2, 811, 797}, .norm = true, .activation = ActivationKind::elu, .keep = 0.5f}));
    require_passed(check_points(device, {.x = {1, 5, 1451, 1453}, .norm = true}));
}

TEST_CASE_METHOD(DeviceFixture, "stack points: the same input gives the same bits") {
    const PointCase one{.x = {3, 5, 67, 130}, .norm = true, .activation = ActivationKind::tanh, .keep = 0.5f};
    require_same_bits(check_points(device, one), check_points(device, one));
}

TEST_CASE_METHOD(DeviceFixture, "stack walk: every run of every plane is in exactly one call") {
    for (const Shape& shape :
         {Shape{3, 9, 5, 7}, Shape{50, 9, 1, 1}, Shape{1, 1, 1, 1}, Shape{7, 3, 2, 16}}) {
        const PackedView x{nullptr, 0, shape};
        for (const std::uint64_t most : {1, 40, 64, 300, 1 << 24}) {
            std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>, int> seen;
            for (const QuadCall& call : quad_calls(device, x, 8, most)) {
                CHECK(call.walk.threads > 0);
                CHECK(call.walk.threads <= std::max<std::uint64_t>(most / 32, 1));
                for (std::uint32_t thread = 0; thread < call.walk.threads; ++thread) {
                    const std::uint32_t block = call.walk.first_block + thread / call.walk.runs;
                    const std::uint32_t image = call.walk.first_image + block / call.walk.blocks;
                    CHECK(image < call.images.count);
                    ++seen[{call.walk.images_before + image, block % call.walk.blocks,
                            call.walk.first_run + thread % call.walk.runs}];
                }
            }
            CHECK(seen.size() == std::size_t{x.image_count()} * x.blocks() * pieces_of(x.pixels(), 8));
            for (const auto& [run, times] : seen) CHECK(times == 1);
        }
    }
}
