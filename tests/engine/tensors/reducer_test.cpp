#include "engine/tensors/reducer.h"

#include "check/kernel_cases.h"
#include "device_fixture.h"

using namespace shadenet;
using namespace shadenet::check;

TEST_CASE_METHOD(DeviceFixture, "reducer: exact sums around every number of stages") {
    constexpr std::uint32_t one_stage = Reducer::rows_per_sum, two_stages = one_stage * one_stage;
    std::uint64_t seed = 0;
    for (const std::uint32_t rows :
         {1u, 2u, one_stage - 1, one_stage, one_stage + 1, two_stages, two_stages + 1}) {
        for (const std::uint32_t columns : {1u, 67u}) {
            for (const int set : {0, 1}) {
                require_passed(check_reducer(device, {rows, columns, 2, 0.25f, set, Data::halves, ++seed}));
            }
        }
    }
}

TEST_CASE_METHOD(DeviceFixture, "reducer: more rows than a loop may have turns") {
    require_passed(check_reducer(device, {.rows = 1066003, .columns = 3, .data = Data::halves}));
    require_passed(check_reducer(device, {.rows = 1066003, .columns = 3, .scale = 0.1f, .data = Data::ugly}));
}
