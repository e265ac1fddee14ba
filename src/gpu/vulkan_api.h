// Vulkan's functions, fetched from the loader at run time, so that the program starts without Vulkan, too,
// and prints an error line. Only src/gpu and tests include this header.
#pragma once

#define VK_NO_PROTOTYPES
#include <cstdint>
#include <string>
#include <vector>

#include <vulkan/vulkan.h>

namespace shadenet {

#define SHADENET_GLOBAL_FUNCTIONS(X)          \
    X(vkEnumerateInstanceVersion)             \
    X(vkEnumerateInstanceExtensionProperties) \
    X(vkEnumerateInstanceLayerProperties)     \
    X(vkCreateInstance)

#define SHADENET_INSTANCE_FUNCTIONS(X)          \
    X(vkAllocateCommandBuffers)                 \
    X(vkAllocateDescriptorSets)                 \
    X(vkAllocateMemory)                         \
    X(vkBeginCommandBuffer)                     \
    X(vkBindBufferMemory)                       \
    X(vkCmdBindDescriptorSets)                  \
    X(vkCmdBindPipeline)                        \
    X(vkCmdCopyBuffer)                          \
    X(vkCmdDispatch)                            \
    X(vkCmdFillBuffer)                          \
    X(vkCmdPipelineBarrier)                     \
    X(vkCmdPushConstants)                       \
    X(vkCmdResetQueryPool)                      \
    X(vkCmdUpdateBuffer)                        \
    X(vkCmdWriteTimestamp)                      \
    X(vkCreateBuffer)                           \
    X(vkCreateBufferView)                       \
    X(vkCreateCommandPool)                      \
    X(vkCreateComputePipelines)                 \
    X(vkCreateDescriptorPool)                   \
    X(vkCreateDescriptorSetLayout)              \
    X(vkCreateDevice)                           \
    X(vkCreateFence)                            \
    X(vkCreatePipelineCache)                    \
    X(vkCreatePipelineLayout)                   \
    X(vkCreateQueryPool)                        \
    X(vkCreateShaderModule)                     \
    X(vkDestroyBuffer)                          \
    X(vkDestroyBufferView)                      \
    X(vkDestroyCommandPool)                     \
    X(vkDestroyDescriptorPool)                  \
    X(vkDestroyDescriptorSetLayout)             \
    X(vkDestroyDevice)                          \
    X(vkDestroyFence)                           \
    X(vkDestroyInstance)                        \
    X(vkDestroyPipeline)                        \
    X(vkDestroyPipelineCache)                   \
    X(vkDestroyPipelineLayout)                  \
    X(vkDestroyQueryPool)                       \
    X(vkDestroyShaderModule)                    \
    X(vkDeviceWaitIdle)                         \
    X(vkEndCommandBuffer)                       \
    X(vkEnumerateDeviceExtensionProperties)     \
    X(vkEnumeratePhysicalDevices)               \
    X(vkFreeMemory)                             \
    X(vkGetBufferMemoryRequirements)            \
    X(vkGetDeviceQueue)                         \
    X(vkGetPhysicalDeviceMemoryProperties)      \
    X(vkGetPhysicalDeviceProperties)            \
    X(vkGetPhysicalDeviceProperties2)           \
    X(vkGetPhysicalDeviceQueueFamilyProperties) \
    X(vkGetPipelineCacheData)                   \
    X(vkGetQueryPoolResults)                    \
    X(vkMapMemory)                              \
    X(vkQueueSubmit)                            \
    X(vkResetCommandPool)                       \
    X(vkResetDescriptorPool)                    \
    X(vkResetFences)                            \
    X(vkUpdateDescriptorSets)                   \
    X(vkWaitForFences)

/// Functions of core Vulkan that only a window needs.
#define SHADENET_GRAPHICS_FUNCTIONS(X) \
    X(vkBindImageMemory)               \
    X(vkCmdBeginRenderPass)            \
    X(vkCmdCopyImageToBuffer)          \
    X(vkCmdDraw)                       \
    X(vkCmdEndRenderPass)              \
    X(vkCmdSetScissor)                 \
    X(vkCmdSetViewport)                \
    X(vkCreateFramebuffer)             \
    X(vkCreateGraphicsPipelines)       \
    X(vkCreateImage)                   \
    X(vkCreateImageView)               \
    X(vkCreateRenderPass)              \
    X(vkCreateSemaphore)               \
    X(vkDestroyFramebuffer)            \
    X(vkDestroyImage)                  \
    X(vkDestroyImageView)              \
    X(vkDestroyRenderPass)             \
    X(vkDestroySemaphore)              \
    X(vkGetImageMemoryRequirements)

/// Present only where VK_KHR_surface is enabled, and VK_KHR_swapchain offered.
#define SHADENET_SURFACE_FUNCTIONS(X)            \
    X(vkAcquireNextImageKHR)                     \
    X(vkCreateSwapchainKHR)                      \
    X(vkDestroySurfaceKHR)                       \
    X(vkDestroySwapchainKHR)                     \
    X(vkGetPhysicalDeviceSurfaceCapabilitiesKHR) \
    X(vkGetPhysicalDeviceSurfaceFormatsKHR)      \
    X(vkGetPhysicalDeviceSurfaceSupportKHR)      \
    X(vkGetSwapchainImagesKHR)                   \
    X(vkQueuePresentKHR)

/// Present only where VK_EXT_debug_utils is enabled; null otherwise.
#define SHADENET_DEBUG_FUNCTIONS(X)    \
    X(vkCreateDebugUtilsMessengerEXT)  \
    X(vkDestroyDebugUtilsMessengerEXT) \
    X(vkSetDebugUtilsObjectNameEXT)

#define SHADENET_DECLARE(name) extern PFN_##name name;
SHADENET_GLOBAL_FUNCTIONS(SHADENET_DECLARE)
SHADENET_INSTANCE_FUNCTIONS(SHADENET_DECLARE)
SHADENET_GRAPHICS_FUNCTIONS(SHADENET_DECLARE)
SHADENET_SURFACE_FUNCTIONS(SHADENET_DECLARE)
SHADENET_DEBUG_FUNCTIONS(SHADENET_DECLARE)
#undef SHADENET_DECLARE

/// Opens the Vulkan loader and fetches the global functions; does nothing the second time.
/// Throws InputError when this machine has no Vulkan loader.
void load_vulkan();
/// Fetches everything else. Throws WorkError, which names the function, when one is missing; functions for
/// windows may be missing unless `for_window`.
void load_vulkan(VkInstance instance, bool for_window = false);

/// What one of Vulkan's functions lists that are called twice, first for the count. `given` are its arguments
/// before the count.
template <class Element, class Function, class... Given>
std::vector<Element> vulkan_list(Function function, Given... given) {
    std::uint32_t count = 0;
    function(given..., &count, nullptr);
    std::vector<Element> elements(count);
    if (count > 0) function(given..., &count, elements.data());
    return elements;
}

/// "VK_ERROR_DEVICE_LOST" and so on; the number if the code is unknown.
std::string to_string(VkResult result);

/// Throws WorkError unless `result` is VK_SUCCESS: which call, on which device, the likely cause, what to
/// try. The error is a DeviceLost or an OutOfDeviceMemory if `result` says so.
void require_success(VkResult result, const char* call, const std::string& device_name);

}  // namespace shadenet
