#include "gpu/commands.h"

namespace shadenet {

Commands::Commands(const Device& device) : device_(&device) {
    VkCommandPoolCreateInfo pool{VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO};
    pool.queueFamilyIndex = device.info().queue_family;
    pool_ = {device, vkCreateCommandPool, pool, "vkCreateCommandPool"};
    const VkFenceCreateInfo fence{VK_STRUCTURE_TYPE_FENCE_CREATE_INFO};
    fence_ = {device, vkCreateFence, fence, "vkCreateFence"};
    VkCommandBufferAllocateInfo allocate{VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO};
    allocate.commandPool = pool_;
    allocate.level = VK_COMMAND_BUFFER_LEVEL_PRIMARY;
    allocate.commandBufferCount = 1;
    device.require(vkAllocateCommandBuffers(device.handle(), &allocate, &handle_),
                   "vkAllocateCommandBuffers");
}

void Commands::begin(Use use) const {
    device_->require(vkResetCommandPool(device_->handle(), pool_, 0), "vkResetCommandPool");
    VkCommandBufferBeginInfo begin{VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO};
    if (use == Use::once) begin.flags = VK_COMMAND_BUFFER_USAGE_ONE_TIME_SUBMIT_BIT;
    device_->require(vkBeginCommandBuffer(handle_, &begin), "vkBeginCommandBuffer");
}

void Commands::end() const {
    device_->require(vkEndCommandBuffer(handle_), "vkEndCommandBuffer");
}

void Commands::submit(VkSubmitInfo info, const Commands* before) const {
    const VkCommandBuffer both[] = {before != nullptr ? before->handle_ : VK_NULL_HANDLE, handle_};
    info.commandBufferCount = before != nullptr ? 2 : 1;
    info.pCommandBuffers = before != nullptr ? both : &handle_;
    device_->require(device_->submit(info, fence_), "vkQueueSubmit");
}

void Commands::wait() const {
    device_->require(vkWaitForFences(device_->handle(), 1, &fence_.get(), VK_TRUE, UINT64_MAX),
                     "vkWaitForFences");
    device_->require(vkResetFences(device_->handle(), 1, &fence_.get()), "vkResetFences");
}

void Commands::wait_at_end() const {
    vkWaitForFences(device_->handle(), 1, &fence_.get(), VK_TRUE, UINT64_MAX);
}

void order(VkCommandBuffer commands, MemoryUse before, MemoryUse after) {
    VkMemoryBarrier barrier{VK_STRUCTURE_TYPE_MEMORY_BARRIER};
    barrier.srcAccessMask = before.access;
    barrier.dstAccessMask = after.access;
    vkCmdPipelineBarrier(commands, before.stages, after.stages, 0, 1, &barrier, 0, nullptr, 0, nullptr);
}

void order_after_everything(VkCommandBuffer commands, VkPipelineStageFlags stages) {
    order(commands, {VK_PIPELINE_STAGE_ALL_COMMANDS_BIT, VK_ACCESS_MEMORY_WRITE_BIT},
          {stages, VK_ACCESS_MEMORY_READ_BIT | VK_ACCESS_MEMORY_WRITE_BIT});
}

void run_and_wait(const Device& device, const std::function<void(VkCommandBuffer)>& record) {
    const Commands commands(device);
    commands.begin();
    // These commands may read what earlier work wrote, and later work may read what they write.
    order_after_everything(commands.handle(), VK_PIPELINE_STAGE_ALL_COMMANDS_BIT);
    record(commands.handle());
    order_after_everything(commands.handle(),
                           VK_PIPELINE_STAGE_ALL_COMMANDS_BIT | VK_PIPELINE_STAGE_HOST_BIT);
    commands.end();
    commands.submit();
    commands.wait();
}

}  // namespace shadenet
