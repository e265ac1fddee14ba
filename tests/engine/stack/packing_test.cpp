#include "engine/stack/packing.h"

#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

#include "base/error.h"
#include "check/end_cases.h"
#include "device_fixture.h"
#include "effort.h"
#include "engine/tensors/example_tensor.h"

using namespace shadenet;
using namespace shadenet::check;

TEST_CASE_METHOD(DeviceFixture, "packing: odd shapes, as maps and as features, floats and levels") {
    PackingCase one{.seed = 0};
    Thinned cases;
    for (const std::uint32_t channels : {1u, 2u, 3u, 5u, 10u, 16u, 33u}) {
        for (const auto& [h, w] : {std::pair{1u, 1u}, {1u, 7u}, {5u, 3u}, {13u, 17u}, {70u, 66u}}) {
            for (const auto& [images, more] : {std::pair{1u, 0u}, {5u, 0u}, {5u, 3u}}) {
                for (const bool features : {false, true}) {
                    one.x = {images, channels, h, w};
                    one.more = more;
                    one.features = features;
                    for (const Data data : {Data::ugly, Data::levels}) {
                        one.data = data;
                        ++one.seed;
                        if (cases.takes()) require_passed(check_packing(device, one));
                    }
                }
            }
        }
    }
}

TEST_CASE_METHOD(DeviceFixture, "packing: examples that are continued beyond their edges") {
    PackingCase one;
    Thinned cases;
    for (const PicturePadding padding : {PicturePadding::edge, PicturePadding::reflect}) {
        one.padding = padding;
        for (const auto& [h, w] : {std::pair{1u, 1u}, {1u, 7u}, {13u, 5u}, {70u, 66u}}) {
            for (const std::uint32_t margin : {1u, 2u, 20u}) {
                one.margin = margin;
                for (const std::uint32_t channels : {1u, 3u, 5u, 16u}) {
                    one.x = {2, channels, h, w};
                    one.more = channels % 4;
                    one.data = margin == 2 ? Data::ugly : Data::levels;
                    ++one.seed;
                    if (cases.takes()) require_passed(check_packing(device, one));
                }
            }
        }
    }
    require_passed(check_packing(device, {.x = {3, 1, 719, 711}, .more = 1, .margin = 1}));
}

TEST_CASE_METHOD(DeviceFixture, "packing: examples that are moved and mirrored, as maps and as features") {
    PackingCase one{.seed = 0};
    Thinned cases;
    for (const std::uint32_t channels : {1u, 3u, 4u, 5u, 33u}) {
        for (const auto& [h, w] : {std::pair{1u, 1u}, {1u, 7u}, {5u, 3u}, {13u, 17u}, {70u, 66u}}) {
            for (const auto& [images, more] : {std::pair{1u, 0u}, {5u, 0u}, {7u, 3u}}) {
                for (const bool features : {false, true}) {
                    one.x = {images, channels, h, w};
                    one.more = more;
                    one.features = features;
                    for (const std::uint32_t most : {1u, 4u, 16'383u}) {
                        one.most_move = most;
                        one.data = (channels + most) % 2 == 0 ? Data::ugly : Data::levels;
                        ++one.seed;
                        if (cases.takes()) require_passed(check_packing(device, one));
                    }
                }
            }
        }
    }
}

TEST_CASE_METHOD(DeviceFixture, "packing: levels in a range of their own, as they are and moved") {
    PackingCase one{.data = Data::levels, .seed = 0, .range = {-255, 255}};
    for (const std::uint32_t channels : {1u, 3u, 5u}) {
        for (const bool features : {false, true}) {
            for (const std::uint32_t most : {0u, 2u}) {
                one.x = {5, channels, 5, 7};
                one.features = features;
                one.most_move = most;
                ++one.seed;
                require_passed(check_packing(device, one));
            }
        }
    }
    require_passed(
        check_packing(device, {.x = {2, 3, 5, 7}, .data = Data::levels, .margin = 2, .range = {-255, 255}}));
}

TEST_CASE_METHOD(DeviceFixture, "packing: more moved examples than one call takes or binds") {
    const PackingCase large{.x = {3, 1, 719, 711}, .more = 2, .data = Data::levels, .most_move = 300};
    require_passed(check_packing(device, large));
    require_passed(check_packing(
        device, {.x = {6007, 1, 28, 28}, .features = true, .data = Data::levels, .most_move = 4}));
    const std::unique_ptr<Device> limited = device_that_binds(70'000);
    for (const Data data : {Data::ugly, Data::levels}) {
        for (const bool features : {false, true}) {
            const Shape x = features ? Shape{7, 13, 7, 5} : Shape{7, 3, 17, 19};
            require_passed(check_packing(
                *limited, {.x = x, .features = features, .more = 161, .data = data, .most_move = 3}));
        }
    }
}

TEST_CASE_METHOD(DeviceFixture, "packing: refuses moves of other pictures") {
    const ExampleTensor map(device, {2, 3, 5, 7}, ExampleValues::floats, "map");
    const ExampleTensor features(device, {2, 105, 1, 1}, ExampleValues::floats, "features");
    const PackedTensor packed_map(device, {2, 3, 5, 7}, "packed"), wide(device, {2, 3, 7, 9}, "wide"),
        packed_features(device, {2, 105, 1, 1}, "packed features");
    const Buffer words(device, 8, "moves");
    const Packing packing(device);
    Recorder recorder(device);
    const auto pack = [&](const ExampleTensor& all, const PackedTensor& to, std::uint32_t h,
                          std::uint32_t w) {
        ExampleView view = all.view();
        view.moves = words.whole();
        view.rows = h;
        view.columns = w;
        packing.pack(recorder, view, to.view());
    };
    CHECK_NOTHROW(pack(map, packed_map, 5, 7));
    CHECK_NOTHROW(pack(features, packed_features, 5, 7));
    CHECK_THROWS_AS(pack(map, packed_map, 7, 5), std::invalid_argument);
    CHECK_THROWS_AS(pack(map, wide, 5, 7), std::invalid_argument);
    CHECK_THROWS_AS(pack(features, packed_features, 4, 7), std::invalid_argument);
    CHECK_THROWS_AS(pack(features, packed_features, 0, 0), std::invalid_argument);
    recorder.finish();
}

TEST_CASE_METHOD(DeviceFixture, "packing: more than one call takes") {
    require_passed(check_packing(device, {.x = {3, 1, 719, 711}}));
    require_passed(check_packing(device, {.x = {3, 2, 719, 711}, .more = 2, .data = Data::levels}));
    require_passed(check_packing(device, {.x = {6007, 785, 1, 1}}));
    require_passed(check_packing(device, {.x = {6007, 785, 1, 1}, .more = 100, .data = Data::levels}));
}

TEST_CASE_METHOD(DeviceFixture, "packing: more examples than the device binds at once") {
    const std::unique_ptr<Device> limited = device_that_binds(70'000);
    const Device& small = *limited;
    for (const Data data : {Data::ugly, Data::levels}) {
        for (const bool features : {false, true}) {
            const Shape x = features ? Shape{7, 13, 7, 5} : Shape{7, 3, 17, 19};
            require_passed(check_packing(small, {.x = x, .features = features, .more = 161, .data = data}));
        }
        require_passed(check_packing(small, {.x = {3, 1, 35, 33}, .more = 90, .data = data}));
    }
    const ExampleTensor large(small, {2, 1, 150, 151}, ExampleValues::floats, "large");
    CHECK_THROWS_AS(large.bindable_runs(small), InputError);
}

TEST_CASE_METHOD(DeviceFixture, "packing: refuses other shapes") {
    const ExampleTensor all(device, {2, 3, 5, 7}, ExampleValues::floats, "all");
    const Tensor planar(device, {2, 3, 5, 7}, "planar");
    const PackedTensor packed(device, {2, 3, 7, 5}, "packed"), fewer(device, {1, 105, 1, 1}, "fewer");
    const Packing packing(device);
    Recorder recorder(device);
    CHECK_THROWS_AS(packing.pack(recorder, all.view(), packed.view()), std::invalid_argument);
    CHECK_THROWS_AS(packing.unpack(recorder, fewer.view(), planar.view()), std::invalid_argument);
    const PackedTensor narrow(device, {2, 3, 3, 5}, "narrow");
    CHECK_THROWS_AS(packing.pack(recorder, all.view(), narrow.view()), std::invalid_argument);
    CHECK_THROWS_AS(all.upload(std::vector<float>(104)), std::invalid_argument);
    CHECK_THROWS_AS(all.upload(std::vector<float>(210), 1), std::invalid_argument);
    CHECK_THROWS_AS(all.upload(std::vector<float>(105), 3), std::invalid_argument);
}
