#include "check/kernel_cases.h"
#include "device_fixture.h"

using namespace shadenet;
using namespace shadenet::check;

TEST_CASE_METHOD(DeviceFixture, "loss: odd shapes and rows") {
    std::uint64_t seed = 0;
    for (const Shape& result :
         {Shape{2, 3, 5, 7}, Shape{3, 5, 7, 130}, Shape{1, 1, 1, 1}, Shape{5, 2, 65, 3}}) {
        for (const std::uint32_t row : {0u, 3u}) {
            for (const Data data : {Data::normal, Data::ugly}) {
                require_passed(check_loss(device, {result, row, data, ++seed}));
            }
        }
    }
}

TEST_CASE_METHOD(DeviceFixture, "loss: millions of values") {
    require_passed(check_loss(device, {.result = {1, 1, 1031, 1033}, .data = Data::ugly}));
    require_passed(check_loss(device, {.result = {33, 1, 719, 711}}));  // more than one call takes
}

TEST_CASE_METHOD(DeviceFixture, "loss: the same input gives the same bits") {
    const LossCase one{.result = {3, 5, 67, 130}};
    require_same_bits(check_loss(device, one), check_loss(device, one));
}
