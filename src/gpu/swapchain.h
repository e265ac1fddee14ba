// The images of a window, drawn to in turn: begin a frame, record, end it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "gpu/buffer.h"
#include "gpu/commands.h"
#include "gpu/device.h"

namespace shadenet {

/// The pixels of a frame: 4 bytes a pixel, rows without gaps, blue first or red first.
struct ScreenPixels {
    std::uint32_t width = 0, height = 0;
    bool blue_first = false;
    std::vector<std::uint8_t> bytes;
};

/// One frame that is being recorded. Its render pass has begun.
struct Frame {
    VkCommandBuffer commands = VK_NULL_HANDLE;
    std::uint32_t width = 0, height = 0;
    std::size_t slot = 0;  ///< the resources of the slot's previous frame are free again
};

/// For one thread. A frame sees everything that was submitted to the device before it.
class Swapchain {
  public:
    /// For a device that was opened for a window. `background`: red, green, blue and alpha that every frame
    /// begins with. Throws WorkError when the window's screen has no 8-bit colours.
    Swapchain(Device& device, const std::array<float, 4>& background);
    ~Swapchain();
    Swapchain(const Swapchain&) = delete;
    Swapchain& operator=(const Swapchain&) = delete;

    /// Begins the next frame, for a window of this size in pixels. Nothing if the window has no pixels, or
    /// its screen takes no frame now: try again later.
    std::optional<Frame> begin_frame(std::uint32_t width, std::uint32_t height);
    /// Sends the frame to the screen.
    void end_frame() { finish_frame(nullptr); }
    /// Sends the frame, waits for it and reads it. Throws WorkError when the screen's images cannot be read.
    ScreenPixels end_and_read_frame();

    /// Waits for all frames that were ended.
    void wait();
    /// Frames are numbered from 1: the last one that was ended, and the last one that is known to be done.
    std::uint64_t ended() const { return ended_; }
    std::uint64_t done() const { return done_; }

    VkRenderPass render_pass() const { return render_pass_; }
    static constexpr std::size_t frames_in_flight = 2;

  private:
    using Semaphore = Owned<VkSemaphore, vkDestroySemaphore>;
    struct Slot {
        Commands commands;
        Semaphore acquired;
        std::uint64_t frame = 0;  ///< the frame in flight; 0 when there is none
    };
    /// `rendered` belongs to the image: when the screen gives the image back, it has waited for `rendered`.
    struct Image {
        VkImage image = VK_NULL_HANDLE;
        Owned<VkImageView, vkDestroyImageView> view;
        Owned<VkFramebuffer, vkDestroyFramebuffer> framebuffer;
        Semaphore rendered;
    };

    void choose_format();
    void create_render_pass();
    bool recreate(std::uint32_t width, std::uint32_t height);
    VkResult create_swapchain();
    void create_images();
    void recover_surface();
    bool acquire(Slot& slot);
    void begin_commands(const Slot& slot);
    void finish_frame(const Buffer* copy);
    void copy_image(VkCommandBuffer commands, const Buffer& to) const;
    void complete(Slot& slot);
    Semaphore make_semaphore() const;

    Device& device_;
    std::array<float, 4> background_;
    VkSurfaceFormatKHR format_{};
    Owned<VkRenderPass, vkDestroyRenderPass> render_pass_;
    Owned<VkSwapchainKHR, vkDestroySwapchainKHR> swapchain_;
    VkExtent2D asked_{}, extent_{};
    bool stale_ = true, readable_ = false;
    std::vector<Image> images_;
    std::vector<Slot> slots_;
    std::size_t current_ = 0;
    std::uint32_t image_ = 0;  ///< index of the image for the current frame
    std::uint64_t ended_ = 0, done_ = 0;
};

}  // namespace shadenet
