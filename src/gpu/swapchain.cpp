#include "gpu/swapchain.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"

namespace shadenet {

namespace {

/// The longest wait for an image of the screen, which gives none while the window is hidden.
constexpr std::uint64_t patience_nanoseconds = 100'000'000;

VkExtent2D extent_for(const VkSurfaceCapabilitiesKHR& can, VkExtent2D wanted) {
    constexpr std::uint32_t undecided = 0xffffffff;  // the window takes the size of its images
    if (can.currentExtent.width != undecided) return can.currentExtent;
    return {std::clamp(wanted.width, can.minImageExtent.width, can.maxImageExtent.width),
            std::clamp(wanted.height, can.minImageExtent.height, can.maxImageExtent.height)};
}

VkCompositeAlphaFlagBitsKHR alpha_of(const VkSurfaceCapabilitiesKHR& can) {
    for (const auto alpha : {VK_COMPOSITE_ALPHA_OPAQUE_BIT_KHR, VK_COMPOSITE_ALPHA_INHERIT_BIT_KHR,
                             VK_COMPOSITE_ALPHA_PRE_MULTIPLIED_BIT_KHR}) {
        if ((can.supportedCompositeAlpha & alpha) != 0) return alpha;
    }
    return VK_COMPOSITE_ALPHA_POST_MULTIPLIED_BIT_KHR;
}

VkImageSubresourceRange whole_colour() {
    return {VK_IMAGE_ASPECT_COLOR_BIT, 0, 1, 0, 1};
}

bool must_be_made_anew(VkResult result) {
    return result == VK_ERROR_OUT_OF_DATE_KHR || result == VK_SUBOPTIMAL_KHR;
}

}  // namespace

Swapchain::Swapchain(Device& device, const std::array<float, 4>& background)
    : device_(device), background_(background) {
    choose_format();
    create_render_pass();
    for (std::size_t i = 0; i < frames_in_flight; ++i) slots_.push_back({Commands(device), make_semaphore()});
}

Swapchain::~Swapchain() {
    device_.wait_idle();
}

Swapchain::Semaphore Swapchain::make_semaphore() const {
    const VkSemaphoreCreateInfo info{VK_STRUCTURE_TYPE_SEMAPHORE_CREATE_INFO};
    return {device_, vkCreateSemaphore, info, "vkCreateSemaphore"};
}

void Swapchain::choose_format() {
    const VkSurfaceKHR surface = device_.surface().handle();
    const auto formats = vulkan_list<VkSurfaceFormatKHR>([&](std::uint32_t* count, VkSurfaceFormatKHR* all) {
        device_.require(vkGetPhysicalDeviceSurfaceFormatsKHR(device_.info().handle, surface, count, all),
                        "vkGetPhysicalDeviceSurfaceFormatsKHR");
    });
    // The values are already encoded as in files, so the format must not be one that converts to sRGB.
    for (const VkSurfaceFormatKHR& format : formats) {
        if (format.format == VK_FORMAT_B8G8R8A8_UNORM || format.format == VK_FORMAT_R8G8B8A8_UNORM) {
            format_ = format;
            return;
        }
    }
    throw WorkError(fmt::format(
        "{}: offers no 8-bit colours for this window; set the screen to 24 bits, or try another --device",
        device_.info().name));
}

void Swapchain::create_render_pass() {
    VkAttachmentDescription colour{};
    colour.format = format_.format;
    colour.samples = VK_SAMPLE_COUNT_1_BIT;
    colour.loadOp = VK_ATTACHMENT_LOAD_OP_CLEAR;
    colour.storeOp = VK_ATTACHMENT_STORE_OP_STORE;
    colour.stencilLoadOp = VK_ATTACHMENT_LOAD_OP_DONT_CARE;
    colour.stencilStoreOp = VK_ATTACHMENT_STORE_OP_DONT_CARE;
    colour.finalLayout = VK_IMAGE_LAYOUT_PRESENT_SRC_KHR;
    const VkAttachmentReference reference{0, VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL};
    VkSubpassDescription subpass{};
    subpass.pipelineBindPoint = VK_PIPELINE_BIND_POINT_GRAPHICS;
    subpass.colorAttachmentCount = 1;
    subpass.pColorAttachments = &reference;
    // Before: the screen has given the image back. After: the image may be copied.
    VkSubpassDependency before{VK_SUBPASS_EXTERNAL, 0};
    before.srcStageMask = before.dstStageMask = VK_PIPELINE_STAGE_COLOR_ATTACHMENT_OUTPUT_BIT;
    before.dstAccessMask = VK_ACCESS_COLOR_ATTACHMENT_WRITE_BIT;
    VkSubpassDependency after{0, VK_SUBPASS_EXTERNAL};
    after.srcStageMask = VK_PIPELINE_STAGE_COLOR_ATTACHMENT_OUTPUT_BIT;
    after.srcAccessMask = VK_ACCESS_COLOR_ATTACHMENT_WRITE_BIT;
    after.dstStageMask = VK_PIPELINE_STAGE_TRANSFER_BIT;
    after.dstAccessMask = VK_ACCESS_TRANSFER_READ_BIT | VK_ACCESS_TRANSFER_WRITE_BIT;
    const VkSubpassDependency dependencies[] = {before, after};
    VkRenderPassCreateInfo info{VK_STRUCTURE_TYPE_RENDER_PASS_CREATE_INFO};
    info.attachmentCount = 1;
    info.pAttachments = &colour;
    info.subpassCount = 1;
    info.pSubpasses = &subpass;
    info.dependencyCount = 2;
    info.pDependencies = dependencies;
    render_pass_ = {device_, vkCreateRenderPass, info, "vkCreateRenderPass"};
}

/// False where the window has no pixels now.
bool Swapchain::recreate(std::uint32_t width, std::uint32_t height) {
    // The fences do not tell whether the screen has waited for `rendered`; an idle device does.
    device_.require(device_.wait_idle(), "vkDeviceWaitIdle");
    images_.clear();
    stale_ = true;
    asked_ = {width, height};
    VkResult result = create_swapchain();
    if (result == VK_ERROR_SURFACE_LOST_KHR) {
        recover_surface();
        result = create_swapchain();
    }
    if (result == VK_NOT_READY || result == VK_ERROR_OUT_OF_DATE_KHR) return false;
    device_.require(result, "vkCreateSwapchainKHR");
    create_images();
    stale_ = false;
    return true;
}

/// Destroys the old swapchain, whatever happens. VK_NOT_READY where the window has no pixels.
VkResult Swapchain::create_swapchain() {
    const auto old = std::exchange(swapchain_, {});
    VkSurfaceCapabilitiesKHR can;
    const VkResult asked =
        vkGetPhysicalDeviceSurfaceCapabilitiesKHR(device_.info().handle, device_.surface().handle(), &can);
    if (asked != VK_SUCCESS) return asked;
    extent_ = extent_for(can, asked_);
    if (extent_.width == 0 || extent_.height == 0) return VK_NOT_READY;
    readable_ = (can.supportedUsageFlags & VK_IMAGE_USAGE_TRANSFER_SRC_BIT) != 0;
    VkSwapchainCreateInfoKHR info{VK_STRUCTURE_TYPE_SWAPCHAIN_CREATE_INFO_KHR};
    info.surface = device_.surface().handle();
    info.minImageCount = can.minImageCount + 1;  // one to draw to while the screen keeps the others
    if (can.maxImageCount != 0) info.minImageCount = std::min(info.minImageCount, can.maxImageCount);
    info.imageFormat = format_.format;
    info.imageColorSpace = format_.colorSpace;
    info.imageExtent = extent_;
    info.imageArrayLayers = 1;
    info.imageUsage = VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT;
    if (readable_) info.imageUsage |= VK_IMAGE_USAGE_TRANSFER_SRC_BIT;
    info.imageSharingMode = VK_SHARING_MODE_EXCLUSIVE;
    info.preTransform = can.currentTransform;
    info.compositeAlpha = alpha_of(can);
    info.presentMode = VK_PRESENT_MODE_FIFO_KHR;
    info.clipped = VK_TRUE;
    info.oldSwapchain = old;
    VkSwapchainKHR created = VK_NULL_HANDLE;
    const VkResult result = vkCreateSwapchainKHR(device_.handle(), &info, nullptr, &created);
    swapchain_ = {device_, created};
    return result;
}

void Swapchain::create_images() {
    const auto handles = vulkan_list<VkImage>([&](std::uint32_t* count, VkImage* images) {
        device_.require(vkGetSwapchainImagesKHR(device_.handle(), swapchain_, count, images),
                        "vkGetSwapchainImagesKHR");
    });
    for (VkImage handle : handles) {
        Image& image = images_.emplace_back();
        image.image = handle;
        VkImageViewCreateInfo view{VK_STRUCTURE_TYPE_IMAGE_VIEW_CREATE_INFO};
        view.image = handle;
        view.viewType = VK_IMAGE_VIEW_TYPE_2D;
        view.format = format_.format;
        view.subresourceRange = whole_colour();
        image.view = {device_, vkCreateImageView, view, "vkCreateImageView"};
        VkFramebufferCreateInfo framebuffer{VK_STRUCTURE_TYPE_FRAMEBUFFER_CREATE_INFO};
        framebuffer.renderPass = render_pass_;
        framebuffer.attachmentCount = 1;
        framebuffer.pAttachments = &image.view.get();
        framebuffer.width = extent_.width;
        framebuffer.height = extent_.height;
        framebuffer.layers = 1;
        image.framebuffer = {device_, vkCreateFramebuffer, framebuffer, "vkCreateFramebuffer"};
        image.rendered = make_semaphore();
    }
}

void Swapchain::recover_surface() {
    device_.surface().recreate();
    VkBool32 supported = VK_FALSE;
    vkGetPhysicalDeviceSurfaceSupportKHR(device_.info().handle, device_.info().queue_family,
                                         device_.surface().handle(), &supported);
    const VkFormat drawn = format_.format;
    choose_format();
    if (supported != VK_TRUE || format_.format != drawn) {
        throw WorkError(
            fmt::format("{}: the window moved to a screen that this device cannot draw to; start again",
                        device_.info().name));
    }
}

std::optional<Frame> Swapchain::begin_frame(std::uint32_t width, std::uint32_t height) {
    if (width == 0 || height == 0) return std::nullopt;
    Slot& slot = slots_[current_];
    complete(slot);
    if ((stale_ || asked_.width != width || asked_.height != height) && !recreate(width, height))
        return std::nullopt;
    if (!acquire(slot)) return std::nullopt;
    begin_commands(slot);
    return Frame{slot.commands.handle(), extent_.width, extent_.height, current_};
}

/// False where the screen has no image to draw to now.
bool Swapchain::acquire(Slot& slot) {
    const VkResult result = vkAcquireNextImageKHR(device_.handle(), swapchain_, patience_nanoseconds,
                                                  slot.acquired, VK_NULL_HANDLE, &image_);
    if (result == VK_SUCCESS) return true;
    if (result == VK_TIMEOUT || result == VK_NOT_READY) return false;
    stale_ = true;
    if (result == VK_SUBOPTIMAL_KHR) return true;
    if (result == VK_ERROR_OUT_OF_DATE_KHR || result == VK_ERROR_SURFACE_LOST_KHR) return false;
    device_.require(result, "vkAcquireNextImageKHR");
    return false;
}

void Swapchain::begin_commands(const Slot& slot) {
    slot.commands.begin();
    const VkCommandBuffer commands = slot.commands.handle();
    // Pictures are drawn from buffers that kernels wrote. Work after the frame needs no barrier here: a
    // submission of a Recorder waits for all earlier work.
    order(commands, computed, {VK_PIPELINE_STAGE_FRAGMENT_SHADER_BIT, VK_ACCESS_SHADER_READ_BIT});
    VkClearValue background{};
    std::copy(background_.begin(), background_.end(), background.color.float32);
    VkRenderPassBeginInfo pass{VK_STRUCTURE_TYPE_RENDER_PASS_BEGIN_INFO};
    pass.renderPass = render_pass_;
    pass.framebuffer = images_[image_].framebuffer;
    pass.renderArea.extent = extent_;
    pass.clearValueCount = 1;
    pass.pClearValues = &background;
    vkCmdBeginRenderPass(commands, &pass, VK_SUBPASS_CONTENTS_INLINE);
}

void Swapchain::finish_frame(const Buffer* copy) {
    Slot& slot = slots_[current_];
    vkCmdEndRenderPass(slot.commands.handle());
    if (copy != nullptr) copy_image(slot.commands.handle(), *copy);
    const VkPipelineStageFlags drawing = VK_PIPELINE_STAGE_COLOR_ATTACHMENT_OUTPUT_BIT;
    VkSubmitInfo submit{VK_STRUCTURE_TYPE_SUBMIT_INFO};
    submit.waitSemaphoreCount = 1;
    submit.pWaitSemaphores = &slot.acquired.get();
    submit.pWaitDstStageMask = &drawing;
    submit.signalSemaphoreCount = 1;
    submit.pSignalSemaphores = &images_[image_].rendered.get();
    slot.commands.end();
    slot.commands.submit(submit);
    slot.frame = ++ended_;
    current_ = (current_ + 1) % slots_.size();
    VkPresentInfoKHR present{VK_STRUCTURE_TYPE_PRESENT_INFO_KHR};
    present.waitSemaphoreCount = 1;
    present.pWaitSemaphores = &images_[image_].rendered.get();
    present.swapchainCount = 1;
    present.pSwapchains = &swapchain_.get();
    present.pImageIndices = &image_;
    const VkResult result = device_.present(present);
    if (must_be_made_anew(result) || result == VK_ERROR_SURFACE_LOST_KHR) {
        stale_ = true;
    } else {
        device_.require(result, "vkQueuePresentKHR");
    }
}

void Swapchain::copy_image(VkCommandBuffer commands, const Buffer& to) const {
    VkImageMemoryBarrier turn{VK_STRUCTURE_TYPE_IMAGE_MEMORY_BARRIER};
    turn.srcQueueFamilyIndex = turn.dstQueueFamilyIndex = VK_QUEUE_FAMILY_IGNORED;
    turn.image = images_[image_].image;
    turn.subresourceRange = whole_colour();
    turn.oldLayout = VK_IMAGE_LAYOUT_PRESENT_SRC_KHR;
    turn.newLayout = VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL;
    turn.srcAccessMask = VK_ACCESS_COLOR_ATTACHMENT_WRITE_BIT;
    turn.dstAccessMask = VK_ACCESS_TRANSFER_READ_BIT;
    vkCmdPipelineBarrier(commands,
                         VK_PIPELINE_STAGE_COLOR_ATTACHMENT_OUTPUT_BIT | VK_PIPELINE_STAGE_TRANSFER_BIT,
                         VK_PIPELINE_STAGE_TRANSFER_BIT, 0, 0, nullptr, 0, nullptr, 1, &turn);
    VkBufferImageCopy region{};
    region.imageSubresource = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 0, 1};
    region.imageExtent = {extent_.width, extent_.height, 1};
    vkCmdCopyImageToBuffer(commands, turn.image, VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL, to.handle(), 1,
                           &region);
    std::swap(turn.oldLayout, turn.newLayout);
    turn.srcAccessMask = turn.dstAccessMask = 0;
    VkMemoryBarrier to_host{VK_STRUCTURE_TYPE_MEMORY_BARRIER};
    to_host.srcAccessMask = VK_ACCESS_TRANSFER_WRITE_BIT;
    to_host.dstAccessMask = VK_ACCESS_HOST_READ_BIT;
    vkCmdPipelineBarrier(commands, VK_PIPELINE_STAGE_TRANSFER_BIT,
                         VK_PIPELINE_STAGE_HOST_BIT | VK_PIPELINE_STAGE_BOTTOM_OF_PIPE_BIT, 0, 1, &to_host, 0,
                         nullptr, 1, &turn);
}

ScreenPixels Swapchain::end_and_read_frame() {
    if (!readable_) {
        finish_frame(nullptr);
        throw WorkError(fmt::format("{}: what is on this screen cannot be read; photograph it by other means",
                                    device_.info().name));
    }
    ScreenPixels pixels{extent_.width, extent_.height, format_.format == VK_FORMAT_B8G8R8A8_UNORM, {}};
    pixels.bytes.resize(std::size_t{4} * extent_.width * extent_.height);
    const Buffer copy = Buffer::on_host(device_, pixels.bytes.size(), "screenshot");
    finish_frame(&copy);
    wait();
    copy.read(0, std::as_writable_bytes(std::span(pixels.bytes)));
    return pixels;
}

void Swapchain::wait() {
    for (Slot& slot : slots_) complete(slot);
}

void Swapchain::complete(Slot& slot) {
    if (slot.frame == 0) return;
    slot.commands.wait();
    done_ = std::max(done_, slot.frame);
    slot.frame = 0;
}

}  // namespace shadenet
