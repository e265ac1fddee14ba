#include "check/kernel_cases.h"
#include "device_fixture.h"

using namespace shadenet;
using namespace shadenet::check;

TEST_CASE_METHOD(DeviceFixture, "skip: sums on odd shapes, also in place") {
    std::uint64_t seed = 0;
    for (const Shape& x : {Shape{2, 3, 5, 7}, Shape{3, 5, 7, 130}, Shape{1, 1, 1, 1}, Shape{5, 31, 17, 3}}) {
        for (const SkipTarget target : {SkipTarget::new_tensor, SkipTarget::first, SkipTarget::second}) {
            for (const Data data : {Data::normal, Data::ugly}) {
                require_passed(check_skip(device, {x, target, data, ++seed}));
            }
        }
    }
}

TEST_CASE_METHOD(DeviceFixture, "skip: more values than one call takes") {
    require_passed(check_skip(device, {.x = {33, 1, 719, 711}}));
}
