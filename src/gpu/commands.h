// A command buffer, and what is recorded into it in several places.
#pragma once

#include <functional>

#include "gpu/device.h"
#include "gpu/owned.h"

namespace shadenet {

/// A command buffer that is recorded and submitted again and again, with the fence that tells when it is
/// done.
class Commands {
  public:
    explicit Commands(const Device& device);

    VkCommandBuffer handle() const { return handle_; }
    enum class Use { once, again };
    /// Begins to record, in place of earlier commands. They must be done.
    void begin(Use use = Use::once) const;
    void end() const;
    /// Submits what was recorded, which must not be in flight; `info` may name semaphores. `before`: commands
    /// that go with it, in front of it, and are done when it is.
    void submit(VkSubmitInfo info = {VK_STRUCTURE_TYPE_SUBMIT_INFO}, const Commands* before = nullptr) const;
    /// Waits until what was submitted is done. To be called once for each submission.
    void wait() const;
    /// The same for the last submission; does not throw.
    void wait_at_end() const;

  private:
    const Device* device_;
    Owned<VkCommandPool, vkDestroyCommandPool> pool_;
    Owned<VkFence, vkDestroyFence> fence_;
    VkCommandBuffer handle_ = VK_NULL_HANDLE;
};

/// A stage of the device's work, and how it uses memory there.
struct MemoryUse {
    VkPipelineStageFlags stages;
    VkAccessFlags access;
};

inline constexpr VkPipelineStageFlags kernels_and_copies =
    VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT | VK_PIPELINE_STAGE_TRANSFER_BIT;
/// What kernels and copies have written.
inline constexpr MemoryUse computed{kernels_and_copies,
                                    VK_ACCESS_SHADER_WRITE_BIT | VK_ACCESS_TRANSFER_WRITE_BIT};

/// Makes later commands wait for earlier ones, and see what they wrote.
void order(VkCommandBuffer commands, MemoryUse before, MemoryUse after);
/// The same for whatever was submitted or recorded before, and whatever `stages` do with it.
void order_after_everything(VkCommandBuffer commands, VkPipelineStageFlags stages);

/// Runs the commands that `record` records, after all earlier submissions and before all later ones, and
/// waits for them.
void run_and_wait(const Device& device, const std::function<void(VkCommandBuffer)>& record);

}  // namespace shadenet
