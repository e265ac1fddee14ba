#include "engine/stack/add.h"

#include <stdexcept>

#include "check/end_cases.h"
#include "device_fixture.h"

using namespace shadenet;
using namespace shadenet::check;

TEST_CASE_METHOD(DeviceFixture, "add: odd shapes, into a new tensor and in place") {
    std::uint64_t seed = 0;
    for (const Shape& x : {Shape{1, 1, 1, 1}, Shape{5, 10, 1, 1}, Shape{5, 3, 5, 7}, Shape{1, 33, 13, 17},
                           Shape{5, 16, 8, 8}, Shape{2, 5, 70, 66}}) {
        for (const SumTarget target : {SumTarget::new_tensor, SumTarget::first, SumTarget::second}) {
            require_passed(check_add(device, {x, target, Data::ugly, ++seed}));
        }
    }
}

TEST_CASE_METHOD(DeviceFixture, "add: the middle of a wider tensor, and in the middle of one") {
    std::uint64_t seed = 0;
    for (const Shape& x : {Shape{1, 1, 1, 1}, Shape{5, 10, 1, 1}, Shape{5, 3, 5, 7}, Shape{1, 33, 13, 17},
                           Shape{2, 5, 70, 66}}) {
        for (const std::uint32_t ring : {1u, 2u, 5u}) {
            require_passed(check_add_middle(device, {x, ring, Data::ugly, ++seed}));
        }
    }
    require_passed(check_add_middle(device, {.x = {9, 1, 719, 711}}));
}

TEST_CASE_METHOD(DeviceFixture, "add: more than one call takes") {
    require_passed(check_add(device, {.x = {9, 1, 719, 711}, .target = SumTarget::first}));
}

TEST_CASE_METHOD(DeviceFixture, "add: refuses other shapes") {
    const PackedTensor x(device, {2, 3, 5, 7}, "x"), other(device, {2, 3, 7, 5}, "other");
    const AddPass pass(device);
    Recorder recorder(device);
    CHECK_THROWS_AS(pass.add(recorder, x.view(), other.view(), x.view()), std::invalid_argument);
    CHECK_THROWS_AS(pass.add(recorder, x.view(), x.view(), other.view()), std::invalid_argument);
    CHECK_THROWS_AS(pass.copy(recorder, x.view(), other.view()), std::invalid_argument);
    const PackedTensor wide(device, {2, 3, 7, 9}, "wide"), skew(device, {2, 3, 7, 11}, "skew"),
        lower(device, {2, 3, 5, 9}, "lower");
    CHECK_THROWS_AS(pass.add(recorder, x.view(), wide.view(), wide.view()), std::invalid_argument);
    CHECK_THROWS_AS(pass.copy(recorder, wide.view(), x.view()), std::invalid_argument);
    for (const PackedTensor* bad : {&skew, &lower}) {
        CHECK_THROWS_AS(pass.add(recorder, x.view(), bad->view(), x.view()), std::invalid_argument);
        CHECK_THROWS_AS(pass.copy(recorder, x.view(), bad->view()), std::invalid_argument);
    }
}
