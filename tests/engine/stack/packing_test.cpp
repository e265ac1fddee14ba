#include "engine/stack/packing.h"

#include <stdexcept>

#include "check/end_cases.h"
#include "device_fixture.h"

using namespace shadenet;
using namespace shadenet::check;

TEST_CASE_METHOD(DeviceFixture, "packing: odd shapes, as maps and as features") {
    std::uint64_t seed = 0;
    for (const std::uint32_t channels : {1u, 2u, 3u, 5u, 10u, 16u, 33u}) {
        for (const auto& [h, w] : {std::pair{1u, 1u}, {1u, 7u}, {5u, 3u}, {13u, 17u}, {70u, 66u}}) {
            for (const std::uint32_t images : {1u, 5u}) {
                for (const bool features : {false, true}) {
                    require_passed(
                        check_packing(device, {{images, channels, h, w}, features, Data::ugly, ++seed}));
                }
            }
        }
    }
}

TEST_CASE_METHOD(DeviceFixture, "packing: more than one call takes") {
    require_passed(check_packing(device, {.x = {3, 1, 719, 711}}));
    require_passed(check_packing(device, {.x = {6007, 785, 1, 1}}));
}

TEST_CASE_METHOD(DeviceFixture, "packing: refuses other shapes") {
    const Tensor planar(device, {2, 3, 5, 7}, "planar");
    const PackedTensor packed(device, {2, 3, 7, 5}, "packed"), fewer(device, {1, 105, 1, 1}, "fewer");
    const Packing packing(device);
    Recorder recorder(device);
    CHECK_THROWS_AS(packing.pack(recorder, planar.view(), packed.view()), std::invalid_argument);
    CHECK_THROWS_AS(packing.unpack(recorder, fewer.view(), planar.view()), std::invalid_argument);
}
