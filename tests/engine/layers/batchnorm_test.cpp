#include "check/kernel_cases.h"
#include "device_fixture.h"

using namespace shadenet;
using namespace shadenet::check;

namespace {

const Mode modes[] = {Mode::training, Mode::frozen, Mode::inference};

}  // namespace

TEST_CASE_METHOD(DeviceFixture, "batchnorm: odd shapes in every mode") {
    // 65 and 129 rows leave a thread that sums 64 rows one row over.
    const Shape shapes[] = {{2, 3, 5, 7},  {3, 5, 7, 130}, {1, 1, 1, 1},  {5, 1, 1, 1},
                            {4, 64, 2, 3}, {2, 31, 65, 3}, {5, 3, 129, 9}};
    std::uint64_t seed = 0;
    for (const Shape& x : shapes) {
        for (const Mode mode : modes)
            require_passed(check_batchnorm(device, {x, mode, Data::normal, ++seed}));
    }
}

TEST_CASE_METHOD(DeviceFixture, "batchnorm: data far from zero keeps its digits") {
    for (const Mode mode : modes) {
        require_passed(check_batchnorm(device, {{3, 5, 17, 70}, mode, Data::ugly, 1}));
        require_passed(check_batchnorm(device, {{3, 5, 17, 70}, mode, Data::offset, 2}));
    }
}

TEST_CASE_METHOD(DeviceFixture, "batchnorm: other decays and epsilons") {
    for (const float decay : {0.0f, 0.5f, 0.99f}) {
        require_passed(
            check_batchnorm(device, {{2, 3, 9, 11}, Mode::training, Data::normal, 1, decay, 1e-3f}));
    }
}

TEST_CASE_METHOD(DeviceFixture, "batchnorm: more than a million values in one channel") {
    // A thread that looped over 1,065,023 rows of values, or of partial sums, would meet the limit of 65,535.
    for (const Mode mode : modes) {
        require_passed(check_batchnorm(device, {{1, 1, 1031, 1033}, mode, Data::ugly, 1}));
    }
}

TEST_CASE_METHOD(DeviceFixture, "batchnorm: more values than one call takes") {
    require_passed(check_batchnorm(device, {.x = {33, 1, 719, 711}}));
}

TEST_CASE_METHOD(DeviceFixture, "batchnorm: the same input gives the same bits") {
    const BatchNormCase one{.x = {3, 5, 67, 130}};
    require_same_bits(check_batchnorm(device, one), check_batchnorm(device, one));
}
