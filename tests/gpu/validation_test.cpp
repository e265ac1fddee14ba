// That validation messages are counted, and that synchronization is among what is checked: every other test
// relies on both.
#include "device_fixture.h"
#include "gpu/buffer.h"
#include "gpu/vulkan_api.h"
#include "gpu_test_tools.h"

using namespace shadenet;

namespace {

/// Records two fills of one range without a barrier between them, or with one, and drops them.
void fill_twice(const Device& device, bool with_barrier) {
    const Buffer buffer(device, 64, "filled twice");
    VkCommandPoolCreateInfo pool_info{VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO};
    pool_info.queueFamilyIndex = device.info().queue_family;
    VkCommandPool pool = VK_NULL_HANDLE;
    REQUIRE(vkCreateCommandPool(device.handle(), &pool_info, nullptr, &pool) == VK_SUCCESS);
    VkCommandBufferAllocateInfo allocate{VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO};
    allocate.commandPool = pool;
    allocate.level = VK_COMMAND_BUFFER_LEVEL_PRIMARY;
    allocate.commandBufferCount = 1;
    VkCommandBuffer commands = VK_NULL_HANDLE;
    REQUIRE(vkAllocateCommandBuffers(device.handle(), &allocate, &commands) == VK_SUCCESS);
    const VkCommandBufferBeginInfo begin{VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO};
    vkBeginCommandBuffer(commands, &begin);
    vkCmdFillBuffer(commands, buffer.handle(), 0, 64, 1);
    if (with_barrier) {
        VkMemoryBarrier barrier{VK_STRUCTURE_TYPE_MEMORY_BARRIER};
        barrier.srcAccessMask = barrier.dstAccessMask = VK_ACCESS_TRANSFER_WRITE_BIT;
        vkCmdPipelineBarrier(commands, VK_PIPELINE_STAGE_TRANSFER_BIT, VK_PIPELINE_STAGE_TRANSFER_BIT, 0, 1,
                             &barrier, 0, nullptr, 0, nullptr);
    }
    vkCmdFillBuffer(commands, buffer.handle(), 0, 64, 2);
    vkEndCommandBuffer(commands);
    vkDestroyCommandPool(device.handle(), pool, nullptr);
}

}  // namespace

TEST_CASE("validation: a missing barrier is noticed and counted") {
    test_device();  // sets the environment
    const auto device = Device::open();
    REQUIRE(device->instance().validation());
    fill_twice(*device, true);
    CHECK(device->instance().validation_messages() == 0);
    fill_twice(*device, false);
    CHECK(device->instance().validation_messages() > 0);
}

TEST_CASE("validation: is off unless asked for") {
    for (const std::optional<std::string>& value :
         {std::optional<std::string>(), std::optional<std::string>("0"), std::optional<std::string>("")}) {
        const ScopedVariable scope("SHADENET_VALIDATION", value);
        CHECK_FALSE(Instance::create()->validation());
    }
    const ScopedVariable scope("SHADENET_VALIDATION", "1");
    CHECK(Instance::create()->validation());
}
