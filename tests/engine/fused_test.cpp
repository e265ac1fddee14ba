#include "engine/fused.h"

#include "check/network_check.h"
#include "device_fixture.h"

using namespace shadenet;
using namespace shadenet::check;

namespace {

FusedTiles tiles_of(const Device& device, std::uint32_t kernel) {
    return default_tiles(device.info().kind, kernel);
}

void require_fused(const Device& device, const NetworkOptions& options, const Shape& x, std::uint64_t seed,
                   Data data = Data::levels) {
    const NetworkCase one{options.activation, two_layer_network(options), x, seed, data};
    require_passed(check_training_plan(device, one, PlanKind::fused, tiles_of(device, options.kernel)));
}

}  // namespace

TEST_CASE_METHOD(DeviceFixture, "fused: a step of the default network against float64") {
    require_fused(device, {}, {2, 3, 19, 13}, 1);
    require_fused(device, {}, {2, 3, 19, 13}, 2, Data::normal);
    require_fused(device, {}, {3, 3, 130, 67}, 3);
    require_fused(device, {}, {2, 3, 9, 300}, 4);
    require_fused(device, {}, {1, 3, 1, 1}, 5);
}
