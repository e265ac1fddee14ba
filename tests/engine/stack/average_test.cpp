#include "engine/stack/average.h"

#include <cmath>
#include <vector>

#include "check/end_cases.h"
#include "device_fixture.h"

using namespace shadenet;
using namespace shadenet::check;

TEST_CASE_METHOD(DeviceFixture, "average: odd shapes") {
    std::uint64_t seed = 0;
    for (const std::uint32_t channels : {1u, 2u, 3u, 5u, 10u, 16u, 33u}) {
        for (const auto& [h, w] : {std::pair{1u, 1u}, {1u, 7u}, {8u, 8u}, {13u, 17u}, {70u, 66u}}) {
            for (const std::uint32_t images : {1u, 5u}) {
                for (const Data data : {Data::normal, Data::ugly, Data::offset}) {
                    require_passed(check_average(device, {{images, channels, h, w}, data, ++seed}));
                }
            }
        }
    }
}

TEST_CASE_METHOD(DeviceFixture, "average: planes of a million pixels, and many images") {
    require_passed(check_average(device, {.x = {1, 2, 1031, 1033}, .data = Data::offset}));
    require_passed(check_average(device, {.x = {5, 1, 1031, 1033}, .data = Data::ugly}));
    require_passed(check_average(device, {.x = {3001, 5, 3, 3}}));
}

TEST_CASE_METHOD(DeviceFixture, "average: a value that is not a number stays one, in its channel alone") {
    const Shape shape{2, 5, 9, 11};
    std::vector<float> values(shape.values(), 1.0f);
    values[99 * 7 + 50] = NAN;  // image 1, channel 2
    const PackedTensor x(device, shape, "x"), y(device, {2, 5, 1, 1}, "y");
    x.view().upload(values);
    const AveragePass average(device, shape);
    Recorder recorder(device);
    average.forward(recorder, x.view(), y.view());
    recorder.finish();
    const std::vector<float> means = y.view().download();
    for (std::size_t i = 0; i < means.size(); ++i) {
        INFO(i);
        CHECK(std::isnan(means[i]) == (i == 7));
    }
}
