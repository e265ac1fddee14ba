#include "gpu/one_time_commands.h"

namespace shadenet {

namespace {

/// The Vulkan objects of one run, destroyed after it.
struct Run {
    explicit Run(const Device& used) : device(used) {}
    ~Run() {
        if (fence != VK_NULL_HANDLE) vkDestroyFence(device.handle(), fence, nullptr);
        if (pool != VK_NULL_HANDLE) vkDestroyCommandPool(device.handle(), pool, nullptr);
    }
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;

    void create();

    const Device& device;
    VkCommandPool pool = VK_NULL_HANDLE;
    VkFence fence = VK_NULL_HANDLE;
    VkCommandBuffer commands = VK_NULL_HANDLE;
};

void Run::create() {
    VkCommandPoolCreateInfo pool_info{VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO};
    pool_info.flags = VK_COMMAND_POOL_CREATE_TRANSIENT_BIT;
    pool_info.queueFamilyIndex = device.info().queue_family;
    device.require(vkCreateCommandPool(device.handle(), &pool_info, nullptr, &pool), "vkCreateCommandPool");
    VkFenceCreateInfo fence_info{VK_STRUCTURE_TYPE_FENCE_CREATE_INFO};
    device.require(vkCreateFence(device.handle(), &fence_info, nullptr, &fence), "vkCreateFence");
    VkCommandBufferAllocateInfo allocate{VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO};
    allocate.commandPool = pool;
    allocate.level = VK_COMMAND_BUFFER_LEVEL_PRIMARY;
    allocate.commandBufferCount = 1;
    device.require(vkAllocateCommandBuffers(device.handle(), &allocate, &commands),
                   "vkAllocateCommandBuffers");
}

void order_after_everything(VkCommandBuffer commands, VkPipelineStageFlags next) {
    VkMemoryBarrier everything{VK_STRUCTURE_TYPE_MEMORY_BARRIER};
    everything.srcAccessMask = VK_ACCESS_MEMORY_WRITE_BIT;
    everything.dstAccessMask = VK_ACCESS_MEMORY_READ_BIT | VK_ACCESS_MEMORY_WRITE_BIT;
    vkCmdPipelineBarrier(commands, VK_PIPELINE_STAGE_ALL_COMMANDS_BIT, next, 0, 1, &everything, 0, nullptr, 0,
                         nullptr);
}

}  // namespace

void run_and_wait(const Device& device, const std::function<void(VkCommandBuffer)>& record) {
    Run run(device);
    run.create();
    VkCommandBufferBeginInfo begin{VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO};
    begin.flags = VK_COMMAND_BUFFER_USAGE_ONE_TIME_SUBMIT_BIT;
    device.require(vkBeginCommandBuffer(run.commands, &begin), "vkBeginCommandBuffer");
    // These commands may read what earlier work wrote, and later work may read what they write.
    order_after_everything(run.commands, VK_PIPELINE_STAGE_ALL_COMMANDS_BIT);
    record(run.commands);
    order_after_everything(run.commands, VK_PIPELINE_STAGE_ALL_COMMANDS_BIT | VK_PIPELINE_STAGE_HOST_BIT);
    device.require(vkEndCommandBuffer(run.commands), "vkEndCommandBuffer");
    VkSubmitInfo submit{VK_STRUCTURE_TYPE_SUBMIT_INFO};
    submit.commandBufferCount = 1;
    submit.pCommandBuffers = &run.commands;
    device.require(device.submit(submit, run.fence), "vkQueueSubmit");
    device.require(vkWaitForFences(device.handle(), 1, &run.fence, VK_TRUE, UINT64_MAX), "vkWaitForFences");
}

}  // namespace shadenet
