// An image that is drawn to as a window's are, on machines without a display.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <vector>

#include "device_fixture.h"
#include "gpu/buffer.h"
#include "gpu/commands.h"

namespace shadenet {

/// The tests' device with a queue that draws too: a device without a window prefers one that does not.
inline std::unique_ptr<Device> open_graphics_device() {
    setenv("SHADENET_VALIDATION", "1", 0);
    const auto instance = Instance::create();
    const auto devices = list_devices(*instance);
    DeviceInfo info = devices[choose_device(devices, "").index];
    std::uint32_t count = 0;
    vkGetPhysicalDeviceQueueFamilyProperties(info.handle, &count, nullptr);
    std::vector<VkQueueFamilyProperties> families(count);
    vkGetPhysicalDeviceQueueFamilyProperties(info.handle, &count, families.data());
    constexpr VkQueueFlags wanted = VK_QUEUE_GRAPHICS_BIT | VK_QUEUE_COMPUTE_BIT;
    for (std::uint32_t i = count; i-- > 0;) {
        if ((families[i].queueFlags & wanted) == wanted) info.queue_family = i;
    }
    return std::make_unique<Device>(instance, info, "to draw");
}

/// As DeviceFixture.
class GraphicsFixture {
  public:
    GraphicsFixture() : device(shared()), messages_(device.instance().validation_messages()) {
        REQUIRE(device.instance().validation());
    }
    ~GraphicsFixture() { CHECK(device.instance().validation_messages() == messages_); }
    GraphicsFixture(const GraphicsFixture&) = delete;
    GraphicsFixture& operator=(const GraphicsFixture&) = delete;

  protected:
    const Device& device;

  private:
    static const Device& shared() {
        static const Device& opened = []() -> const Device& {
            return kept_until_tests_end(open_graphics_device());
        }();
        return opened;
    }

    std::uint32_t messages_;
};

class Offscreen {
  public:
    Offscreen(const Device& device, std::uint32_t width, std::uint32_t height)
        : device_(device), width_(width), height_(height) {
        create_image();
        create_render_pass();
        VkFramebufferCreateInfo info{VK_STRUCTURE_TYPE_FRAMEBUFFER_CREATE_INFO};
        info.renderPass = render_pass_;
        info.attachmentCount = 1;
        info.pAttachments = &view_;
        info.width = width;
        info.height = height;
        info.layers = 1;
        REQUIRE(vkCreateFramebuffer(device.handle(), &info, nullptr, &framebuffer_) == VK_SUCCESS);
    }
    ~Offscreen() {
        vkDestroyFramebuffer(device_.handle(), framebuffer_, nullptr);
        vkDestroyRenderPass(device_.handle(), render_pass_, nullptr);
        vkDestroyImageView(device_.handle(), view_, nullptr);
        vkDestroyImage(device_.handle(), image_, nullptr);
        vkFreeMemory(device_.handle(), memory_, nullptr);
    }
    Offscreen(const Offscreen&) = delete;
    Offscreen& operator=(const Offscreen&) = delete;

    VkRenderPass render_pass() const { return render_pass_; }

    /// Red, green, blue and alpha of every pixel, after `record` has drawn on zeros.
    std::vector<std::array<std::uint8_t, 4>> draw(const std::function<void(VkCommandBuffer)>& record) {
        std::vector<std::array<std::uint8_t, 4>> pixels(std::size_t{width_} * height_);
        const Buffer copy = Buffer::on_host(device_, pixels.size() * 4, "pixels");
        run_and_wait(device_, [&](VkCommandBuffer commands) {
            const VkClearValue nothing{};
            VkRenderPassBeginInfo begin{VK_STRUCTURE_TYPE_RENDER_PASS_BEGIN_INFO};
            begin.renderPass = render_pass_;
            begin.framebuffer = framebuffer_;
            begin.renderArea.extent = {width_, height_};
            begin.clearValueCount = 1;
            begin.pClearValues = &nothing;
            vkCmdBeginRenderPass(commands, &begin, VK_SUBPASS_CONTENTS_INLINE);
            record(commands);
            vkCmdEndRenderPass(commands);
            VkBufferImageCopy region{};
            region.imageSubresource = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 0, 1};
            region.imageExtent = {width_, height_, 1};
            vkCmdCopyImageToBuffer(commands, image_, VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL, copy.handle(), 1,
                                   &region);
        });
        copy.read(0, std::as_writable_bytes(std::span(pixels)));
        return pixels;
    }

  private:
    void create_image() {
        VkImageCreateInfo info{VK_STRUCTURE_TYPE_IMAGE_CREATE_INFO};
        info.imageType = VK_IMAGE_TYPE_2D;
        info.format = format;
        info.extent = {width_, height_, 1};
        info.mipLevels = info.arrayLayers = 1;
        info.samples = VK_SAMPLE_COUNT_1_BIT;
        info.usage = VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT | VK_IMAGE_USAGE_TRANSFER_SRC_BIT;
        REQUIRE(vkCreateImage(device_.handle(), &info, nullptr, &image_) == VK_SUCCESS);
        VkMemoryRequirements needs;
        vkGetImageMemoryRequirements(device_.handle(), image_, &needs);
        VkMemoryAllocateInfo allocate{VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO};
        allocate.allocationSize = needs.size;
        while ((needs.memoryTypeBits >> allocate.memoryTypeIndex & 1) == 0) ++allocate.memoryTypeIndex;
        REQUIRE(vkAllocateMemory(device_.handle(), &allocate, nullptr, &memory_) == VK_SUCCESS);
        REQUIRE(vkBindImageMemory(device_.handle(), image_, memory_, 0) == VK_SUCCESS);
        VkImageViewCreateInfo view{VK_STRUCTURE_TYPE_IMAGE_VIEW_CREATE_INFO};
        view.image = image_;
        view.viewType = VK_IMAGE_VIEW_TYPE_2D;
        view.format = format;
        view.subresourceRange = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 1, 0, 1};
        REQUIRE(vkCreateImageView(device_.handle(), &view, nullptr, &view_) == VK_SUCCESS);
    }

    void create_render_pass() {
        VkAttachmentDescription colour{};
        colour.format = format;
        colour.samples = VK_SAMPLE_COUNT_1_BIT;
        colour.loadOp = VK_ATTACHMENT_LOAD_OP_CLEAR;
        colour.storeOp = VK_ATTACHMENT_STORE_OP_STORE;
        colour.finalLayout = VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL;
        const VkAttachmentReference reference{0, VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL};
        VkSubpassDescription subpass{};
        subpass.pipelineBindPoint = VK_PIPELINE_BIND_POINT_GRAPHICS;
        subpass.colorAttachmentCount = 1;
        subpass.pColorAttachments = &reference;
        VkSubpassDependency after{0, VK_SUBPASS_EXTERNAL};
        after.srcStageMask = VK_PIPELINE_STAGE_COLOR_ATTACHMENT_OUTPUT_BIT;
        after.srcAccessMask = VK_ACCESS_COLOR_ATTACHMENT_WRITE_BIT;
        after.dstStageMask = VK_PIPELINE_STAGE_TRANSFER_BIT;
        after.dstAccessMask = VK_ACCESS_TRANSFER_READ_BIT;
        VkRenderPassCreateInfo info{VK_STRUCTURE_TYPE_RENDER_PASS_CREATE_INFO};
        info.attachmentCount = info.subpassCount = info.dependencyCount = 1;
        info.pAttachments = &colour;
        info.pSubpasses = &subpass;
        info.pDependencies = &after;
        REQUIRE(vkCreateRenderPass(device_.handle(), &info, nullptr, &render_pass_) == VK_SUCCESS);
    }

    static constexpr VkFormat format = VK_FORMAT_R8G8B8A8_UNORM;

    const Device& device_;
    std::uint32_t width_, height_;
    VkImage image_ = VK_NULL_HANDLE;
    VkDeviceMemory memory_ = VK_NULL_HANDLE;
    VkImageView view_ = VK_NULL_HANDLE;
    VkFramebuffer framebuffer_ = VK_NULL_HANDLE;
    VkRenderPass render_pass_ = VK_NULL_HANDLE;
};

}  // namespace shadenet
