// What becomes of a driver's failures.
#include <filesystem>
#include <typeinfo>

#include "base/cache.h"
#include "base/error.h"
#include "base/file.h"
#include "device_fixture.h"
#include "driver_doubles.h"
#include "gpu_test_tools.h"

using namespace shadenet;

namespace {

PFN_vkDeviceWaitIdle real_wait_idle = nullptr;

VkResult wait_and_say_lost(VkDevice device) {
    real_wait_idle(device);
    return VK_ERROR_DEVICE_LOST;
}

/// Opens a device, loses it at its first submission, and closes everything; `wait_idle` in place of Vulkan's.
void lose_device(PFN_vkDeviceWaitIdle wait_idle) {
    auto device = Device::open();  // fetches Vulkan's functions: they are replaced after it
    real_wait_idle = vkDeviceWaitIdle;
    const Replaced waits(vkDeviceWaitIdle, wait_idle == nullptr ? real_wait_idle : wait_idle);
    const Replaced lost(vkQueueSubmit, PFN_vkQueueSubmit{lost_at_submission});
    {
        const Adder add(*device);  // something for the pipeline cache
        const Buffer buffer(*device, 64, "words");
        Recorder recorder(*device);
        recorder.fill(buffer.whole(), 1);
        CHECK_THROWS_AS(recorder.finish(), DeviceLost);
    }
    CHECK(device->instance().validation_messages() == 0);
    device.reset();
}

}  // namespace

TEST_CASE("failure: the driver's result says which error it is") {
    CHECK_NOTHROW(require_success(VK_SUCCESS, "vkCall", "GPU"));
    CHECK_THROWS_AS(require_success(VK_ERROR_DEVICE_LOST, "vkCall", "GPU"), DeviceLost);
    CHECK_THROWS_AS(require_success(VK_ERROR_OUT_OF_DEVICE_MEMORY, "vkCall", "GPU"), OutOfDeviceMemory);
    CHECK_THROWS_AS(require_success(VK_ERROR_OUT_OF_HOST_MEMORY, "vkCall", "GPU"), OutOfDeviceMemory);
    try {
        require_success(VK_ERROR_INITIALIZATION_FAILED, "vkCall", "GPU");
        FAIL("nothing was thrown");
    } catch (const WorkError& error) {
        CHECK(typeid(error) == typeid(WorkError));
        CHECK_THAT(error.what(), ContainsSubstring("GPU: vkCall failed with VK_ERROR_INITIALIZATION_FAILED"));
    }
}

TEST_CASE_METHOD(DeviceFixture, "failure: memory that runs out is named, and what comes later works") {
    {
        const Replaced full(vkAllocateMemory, PFN_vkAllocateMemory{no_memory});
        try {
            const Buffer buffer(device, 3 << 20, "weights");
            FAIL("nothing was thrown");
        } catch (const OutOfDeviceMemory& error) {
            CHECK_THAT(error.what(), ContainsSubstring("no memory left for weights of 3.0 MiB") &&
                                         ContainsSubstring("--tile"));
        }
    }
    const Buffer buffer(device, 3 << 20, "weights");
    CHECK(buffer.bytes() == 3 << 20);
}

TEST_CASE("failure: a lost device is closed, and its pipelines are not kept") {
    test_device();  // sets the environment
    const test::TemporaryFolder folder;
    const ScopedVariable scope("XDG_CACHE_HOME", folder.path().string());
    const auto files = [] {
        return std::filesystem::exists(cache_folder()) && !std::filesystem::is_empty(cache_folder());
    };
    SECTION("by a driver that says so to the end") {
        lose_device(wait_and_say_lost);
        CHECK_FALSE(files());
    }
    SECTION("by a driver that calls waiting a success") {
        lose_device(nullptr);
        CHECK_FALSE(files());
    }
    SECTION("and those of one that was not lost are") {
        {
            const auto device = Device::open();
            const Adder add(*device);
        }
        CHECK(files());
    }
}
