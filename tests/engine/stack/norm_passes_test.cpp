#include "check/value_cases.h"
#include "device_fixture.h"
#include "effort.h"

using namespace shadenet;
using namespace shadenet::check;

namespace {

const Mode norm_modes[] = {Mode::training, Mode::frozen, Mode::inference};

}  // namespace

TEST_CASE_METHOD(DeviceFixture, "stack norm: odd shapes in every mode") {
    // Runs of 16 and of 64 pixels that end early, exactly, or one pixel over; images side by side.
    const Shape shapes[] = {{1, 1, 1, 1},  {5, 1, 1, 1},   {5, 2, 1, 1},   {100, 10, 1, 1}, {2, 3, 5, 7},
                            {1, 5, 4, 16}, {5, 10, 1, 65}, {2, 16, 65, 3}, {3, 33, 13, 11}, {1, 3, 70, 66}};
    std::uint64_t seed = 0;
    Thinned cases;
    for (const Shape& x : shapes) {
        for (const Mode mode : norm_modes) {
            ++seed;
            if (cases.takes()) require_passed(check_stack_norm(device, {x, mode, Data::normal, seed}));
        }
    }
}

TEST_CASE_METHOD(DeviceFixture, "stack norm: data far from zero keeps its digits") {
    for (const Mode mode : norm_modes) {
        require_passed(check_stack_norm(device, {{3, 5, 17, 70}, mode, Data::ugly, 1}));
        require_passed(check_stack_norm(device, {{3, 5, 17, 70}, mode, Data::offset, 2}));
        require_passed(check_stack_norm(device, {{1000, 6, 1, 1}, mode, Data::offset, 3}));
    }
}

TEST_CASE_METHOD(DeviceFixture, "stack norm: other decays and epsilons") {
    for (const float decay : {0.0f, 0.5f, 0.99f}) {
        require_passed(
            check_stack_norm(device, {{2, 3, 9, 11}, Mode::training, Data::normal, 1, decay, 1e-3f}));
    }
}

TEST_CASE_METHOD(DeviceFixture, "stack norm: moments of a convolution's tiles") {
    struct Tile {
        std::uint32_t columns, rows;
    };
    Thinned cases;
    for (const Tile& tile : {Tile{8, 1}, Tile{4, 2}, Tile{1, 1}, Tile{3, 5}, Tile{100, 100}}) {
        for (const Shape& x :
             {Shape{3, 5, 17, 19}, Shape{2, 6, 8, 16}, Shape{77, 7, 1, 1}, Shape{1, 3, 70, 66}}) {
            if (!cases.takes()) continue;
            StackNormCase one{.x = x, .data = Data::offset, .columns = tile.columns, .rows = tile.rows};
            require_passed(check_stack_norm(device, one));
            one.mode = Mode::frozen;
            require_passed(check_stack_norm(device, one));
        }
    }
}

TEST_CASE_METHOD(DeviceFixture, "stack norm: more than half a million values in one channel") {
    // A thread that looped over all 537,151 values would meet the limit of 65,535 rounds. Tiles of one pixel
    // are merged three times.
    for (const Mode mode : norm_modes) {
        require_passed(check_stack_norm(device, {{1, 1, 1031, 521}, mode, Data::ugly, 1}));
    }
    require_passed(check_stack_norm(device, {.x = {1, 1, 1031, 521}, .data = Data::offset, .columns = 1}));
    require_passed(check_stack_norm(device, {.x = {70001, 2, 1, 1}, .data = Data::ugly}));
}

TEST_CASE_METHOD(DeviceFixture, "stack norm: more values than one call takes") {
    require_passed(check_stack_norm(device, {.x = {1, 1, 2203, 1999}}));
    require_passed(check_stack_norm(device, {.x = {7, 2, 811, 797}}));
}

TEST_CASE_METHOD(DeviceFixture, "stack norm: the same input gives the same bits") {
    const StackNormCase one{.x = {3, 5, 67, 130}};
    require_same_bits(check_stack_norm(device, one), check_stack_norm(device, one));
}
