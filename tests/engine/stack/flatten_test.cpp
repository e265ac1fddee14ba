#include "engine/stack/flatten.h"

#include <stdexcept>

#include "check/end_cases.h"
#include "device_fixture.h"

using namespace shadenet;
using namespace shadenet::check;

TEST_CASE_METHOD(DeviceFixture, "flatten: odd shapes") {
    std::uint64_t seed = 0;
    for (const std::uint32_t channels : {1u, 2u, 3u, 5u, 10u, 16u, 33u}) {
        for (const auto& [h, w] : {std::pair{1u, 1u}, {1u, 7u}, {5u, 3u}, {8u, 8u}, {70u, 66u}}) {
            for (const std::uint32_t images : {1u, 5u, 19u}) {
                if (images == 19 && h == 70) continue;
                require_passed(check_flatten(device, {{images, channels, h, w}, Data::ugly, ++seed}));
            }
        }
    }
}

TEST_CASE_METHOD(DeviceFixture, "flatten: more than one call takes") {
    require_passed(check_flatten(device, {.map = {9, 3, 401, 403}}));
}

TEST_CASE_METHOD(DeviceFixture, "flatten: refuses other shapes") {
    const PackedTensor map(device, {2, 3, 5, 7}, "map");
    const PackedTensor fewer(device, {2, 104, 1, 1}, "fewer"), wide(device, {2, 105, 1, 2}, "wide");
    const Flatten flatten(device);
    Recorder recorder(device);
    CHECK_THROWS_AS(flatten.forward(recorder, map.view(), fewer.view()), std::invalid_argument);
    CHECK_THROWS_AS(flatten.backward(recorder, wide.view(), map.view()), std::invalid_argument);
}
