#include "base/error.h"
#include "base/memory.h"
#include "device_fixture.h"
#include "gpu/device_info.h"
#include "gpu_test_tools.h"

using namespace shadenet;

namespace {

DeviceInfo made_up(std::uint32_t index, const char* name, DeviceKind kind, const char* problem = "") {
    DeviceInfo info;
    info.index = index;
    info.name = name;
    info.kind = kind;
    info.problem = problem;
    return info;
}

const std::vector<DeviceInfo> all_kinds = {
    made_up(0, "llvmpipe (LLVM)", DeviceKind::software), made_up(1, "Strange Thing", DeviceKind::other),
    made_up(2, "Virtio Venus", DeviceKind::virtual_gpu), made_up(3, "Intel Iris", DeviceKind::integrated),
    made_up(4, "NVIDIA One", DeviceKind::discrete),      made_up(5, "NVIDIA Two", DeviceKind::discrete)};

/// What would be chosen, with SHADENET_DEVICE set to `variable`.
DeviceChoice chosen(const std::vector<DeviceInfo>& devices, const std::string& request,
                    const std::optional<std::string>& variable = std::nullopt) {
    const ScopedVariable scope("SHADENET_DEVICE", variable);
    return choose_device(devices, request);
}

/// `devices` without the best of them, renumbered.
std::vector<DeviceInfo> first(std::size_t count) {
    return {all_kinds.begin(), all_kinds.begin() + static_cast<std::ptrdiff_t>(count)};
}

}  // namespace

TEST_CASE("choose_device: discrete, then integrated, virtual, other, software, the first of each") {
    CHECK(chosen(all_kinds, "").index == 4);
    CHECK(chosen(first(4), "").index == 3);
    CHECK(chosen(first(3), "").index == 2);
    CHECK(chosen(first(2), "").index == 1);
    CHECK(chosen(first(1), "").index == 0);
}

TEST_CASE("choose_device: says why, and names a software device as one") {
    CHECK_THAT(chosen(first(1), "").reason, ContainsSubstring("software"));
    CHECK_THAT(chosen(all_kinds, "").reason, ContainsSubstring("discrete") && !ContainsSubstring("software"));
    CHECK_THAT(chosen(all_kinds, "3").reason, ContainsSubstring("--device 3"));
    CHECK_THAT(chosen(all_kinds, "", "3").reason, ContainsSubstring("SHADENET_DEVICE 3"));
}

TEST_CASE("choose_device: by index, by part of a name in any case, and cpu") {
    CHECK(chosen(all_kinds, "2").index == 2);
    CHECK(chosen(all_kinds, "0").index == 0);
    CHECK(chosen(all_kinds, "iris").index == 3);
    CHECK(chosen(all_kinds, "NVIDIA two").index == 5);
    CHECK(chosen(all_kinds, "nvidia").index == 4);
    CHECK(chosen(all_kinds, "cpu").index == 0);
    CHECK(chosen(all_kinds, "CPU").index == 0);
}

TEST_CASE("choose_device: a number is an index where it can be, else part of a name") {
    const std::vector<DeviceInfo> devices = {made_up(0, "Radeon 1", DeviceKind::integrated),
                                             made_up(1, "GeForce RTX 3080", DeviceKind::discrete),
                                             made_up(2, "GeForce RTX 4090", DeviceKind::discrete)};
    CHECK(chosen(devices, "3080").index == 1);
    CHECK(chosen(devices, "4090").index == 2);
    CHECK(chosen(devices, "", "4090").index == 2);
    CHECK(chosen(devices, "1").index == 1);
    CHECK_THROWS_WITH(chosen(devices, "5090"), ContainsSubstring("5090: no such device"));
}

TEST_CASE("choose_device: the environment variable counts only where nothing is asked for") {
    CHECK(chosen(all_kinds, "", "iris").index == 3);
    CHECK(chosen(all_kinds, "2", "iris").index == 2);
    CHECK(chosen(all_kinds, "", "").index == 4);
}

TEST_CASE("choose_device: processes that take turns get the devices of the best kind one after the other") {
    const auto turns = [](const std::vector<DeviceInfo>& devices, const std::string& request = "") {
        const ScopedVariable scope("SHADENET_DEVICE", std::nullopt);
        std::vector<std::uint32_t> indices;
        for (std::uint32_t turn = 0; turn < 3; ++turn)
            indices.push_back(choose_device(devices, request, turn).index);
        return indices;
    };
    using Indices = std::vector<std::uint32_t>;
    CHECK(turns(all_kinds) == Indices{4, 5, 4});
    CHECK(turns(all_kinds, "auto") == Indices{4, 5, 4});
    CHECK(turns(first(4)) == Indices{3, 3, 3});
    CHECK(turns(all_kinds, "1") == Indices{1, 1, 1});
    CHECK(turns(all_kinds, "nvidia") == Indices{4, 4, 4});
    CHECK(choose_device(all_kinds, "auto", 1).reason == "discrete GPU device 2 of 2");

    std::vector<DeviceInfo> devices = all_kinds;
    devices[5].problem = "has no compute queue";
    CHECK(turns(devices) == Indices{4, 4, 4});

    // One device that two drivers offer counts once; drivers that tell no UUID offer devices of their own.
    devices = all_kinds;
    devices.push_back(made_up(6, "NVIDIA One by another driver", DeviceKind::discrete));
    CHECK(turns(devices) == Indices{4, 5, 6});
    devices[4].uuid[0] = devices[6].uuid[0] = 7;
    CHECK(turns(devices) == Indices{4, 5, 4});
}

TEST_CASE("choose_device: auto is the best, whatever the environment variable says") {
    CHECK(chosen(all_kinds, "auto", "3").index == 4);
    CHECK(chosen(all_kinds, "", "auto").index == 4);
    CHECK(chosen(all_kinds, "", "").index == 4);
}

TEST_CASE("choose_device: what does not fit is refused with a list of what there is") {
    for (const char* request : {"6", "99999999999999999999", "-1", "4x", "radeon"}) {
        INFO(request);
        CHECK_THROWS_WITH(chosen(all_kinds, request),
                          ContainsSubstring(request) && ContainsSubstring("5: NVIDIA Two"));
        CHECK_THROWS_AS(chosen(all_kinds, request), InputError);
        CHECK_THROWS_AS(chosen(all_kinds, "", request), InputError);
    }
    CHECK_THROWS_AS(chosen({made_up(0, "GPU", DeviceKind::discrete)}, "cpu"), InputError);
}

TEST_CASE("choose_device: an unusable device is passed over, and refused by name") {
    std::vector<DeviceInfo> devices = all_kinds;
    devices[4].problem = "has no compute queue";
    CHECK(chosen(devices, "").index == 5);
    CHECK_THROWS_WITH(chosen(devices, "4"), ContainsSubstring("NVIDIA One has no compute queue"));
    for (DeviceInfo& device : devices) device.problem = "has no compute queue";
    CHECK_THROWS_AS(chosen(devices, ""), InputError);
    CHECK_THROWS_WITH(chosen(devices, ""), ContainsSubstring("no compute queue"));
}

TEST_CASE_METHOD(DeviceFixture, "list_devices: tells of the limits that Vulkan guarantees, or more") {
    const auto devices = list_devices(device.instance());
    REQUIRE_FALSE(devices.empty());
    for (std::size_t i = 0; i < devices.size(); ++i) {
        INFO(devices[i].name);
        CHECK(devices[i].index == i);
        CHECK_FALSE(devices[i].name.empty());
        CHECK_FALSE(devices[i].driver.empty());
        CHECK(devices[i].max_invocations >= 128);
        CHECK(devices[i].max_shared_bytes >= 16384);
        CHECK(devices[i].max_storage_range >= 1u << 27);
        CHECK(devices[i].memory_bytes > 0);
        if (devices[i].kind == DeviceKind::software) CHECK(devices[i].memory_bytes == usable_memory());
        for (const std::uint32_t count : devices[i].max_group_count) CHECK(count >= 65535);
    }
    CHECK(device.info().problem.empty());
    CHECK_FALSE(device.reason().empty());
}
