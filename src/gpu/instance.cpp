#include "gpu/instance.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "base/error.h"

namespace shadenet {

namespace {

constexpr const char* validation_layer = "VK_LAYER_KHRONOS_validation";

bool validation_asked_for() {
    const char* value = std::getenv("SHADENET_VALIDATION");
    return value != nullptr && *value != '\0' && std::string_view(value) != "0";
}

bool has_extension(const char* layer, const char* wanted) {
    const auto extensions = vulkan_list<VkExtensionProperties>(vkEnumerateInstanceExtensionProperties, layer);
    return std::any_of(extensions.begin(), extensions.end(),
                       [&](const auto& one) { return std::string_view(one.extensionName) == wanted; });
}

void require_extensions(const std::vector<const char*>& extensions) {
    for (const char* extension : extensions) {
        if (has_extension(nullptr, extension)) continue;
        throw InputError(
            fmt::format("no Vulkan driver here has {}, which a window needs; install the graphics card's "
                        "driver, or use `shadenet train` and `shadenet apply`",
                        extension));
    }
}

bool has_layer(const char* wanted) {
    const auto layers = vulkan_list<VkLayerProperties>(vkEnumerateInstanceLayerProperties);
    return std::any_of(layers.begin(), layers.end(),
                       [&](const auto& one) { return std::string_view(one.layerName) == wanted; });
}

VKAPI_ATTR VkBool32 VKAPI_CALL on_message(VkDebugUtilsMessageSeverityFlagBitsEXT severity,
                                          VkDebugUtilsMessageTypeFlagsEXT,
                                          const VkDebugUtilsMessengerCallbackDataEXT* data, void* user) {
    ++*static_cast<std::atomic<std::uint32_t>*>(user);
    const auto level = (severity & VK_DEBUG_UTILS_MESSAGE_SEVERITY_ERROR_BIT_EXT) != 0 ? spdlog::level::err
                                                                                       : spdlog::level::warn;
    spdlog::log(level, "validation: {}", data->pMessage);
    return VK_FALSE;
}

}  // namespace

std::shared_ptr<Instance> Instance::create(const std::vector<const char*>& window_extensions) {
    load_vulkan();
    std::uint32_t version = VK_API_VERSION_1_0;
    vkEnumerateInstanceVersion(&version);
    std::shared_ptr<Instance> instance(new Instance);
    instance->api_version_ = std::min<std::uint32_t>(version, VK_API_VERSION_1_2);
    instance->validation_ = validation_asked_for();
    if (instance->validation_ && !has_layer(validation_layer)) {
        throw WorkError(
            "SHADENET_VALIDATION is set, but the Vulkan validation layers are not installed (Debian, Ubuntu: "
            "apt install vulkan-validationlayers); install them or unset it");
    }

    std::vector<const char*> layers, extensions = window_extensions;
    require_extensions(window_extensions);
    VkInstanceCreateInfo info{VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO};
    const VkValidationFeatureEnableEXT synchronization =
        VK_VALIDATION_FEATURE_ENABLE_SYNCHRONIZATION_VALIDATION_EXT;
    VkValidationFeaturesEXT features{VK_STRUCTURE_TYPE_VALIDATION_FEATURES_EXT};
    instance->debug_names_ =
        instance->validation_ || has_extension(nullptr, VK_EXT_DEBUG_UTILS_EXTENSION_NAME);
    if (instance->debug_names_) extensions.push_back(VK_EXT_DEBUG_UTILS_EXTENSION_NAME);
    if (instance->validation_) {
        layers.push_back(validation_layer);
        if (has_extension(validation_layer, VK_EXT_VALIDATION_FEATURES_EXTENSION_NAME)) {
            extensions.push_back(VK_EXT_VALIDATION_FEATURES_EXTENSION_NAME);
            features.enabledValidationFeatureCount = 1;
            features.pEnabledValidationFeatures = &synchronization;
            info.pNext = &features;
        }
    }
    // Devices that support only a part of Vulkan (MoltenVK on macOS) are listed only on request.
    if (has_extension(nullptr, VK_KHR_PORTABILITY_ENUMERATION_EXTENSION_NAME)) {
        extensions.push_back(VK_KHR_PORTABILITY_ENUMERATION_EXTENSION_NAME);
        info.flags |= VK_INSTANCE_CREATE_ENUMERATE_PORTABILITY_BIT_KHR;
    }

    VkApplicationInfo application{VK_STRUCTURE_TYPE_APPLICATION_INFO};
    application.pApplicationName = "shadenet";
    application.apiVersion = instance->api_version_;
    info.pApplicationInfo = &application;
    info.enabledLayerCount = static_cast<std::uint32_t>(layers.size());
    info.ppEnabledLayerNames = layers.data();
    info.enabledExtensionCount = static_cast<std::uint32_t>(extensions.size());
    info.ppEnabledExtensionNames = extensions.data();
    const VkResult result = vkCreateInstance(&info, nullptr, &instance->handle_);
    if (result == VK_ERROR_INCOMPATIBLE_DRIVER) {
        throw InputError(
            "no Vulkan driver on this machine; install the graphics card's driver, or a software one "
            "(Debian, Ubuntu: apt install mesa-vulkan-drivers)");
    }
    require_success(result, "vkCreateInstance", "Vulkan");
    load_vulkan(instance->handle_, !window_extensions.empty());
    if (!instance->validation_) return instance;
    VkDebugUtilsMessengerCreateInfoEXT listener{VK_STRUCTURE_TYPE_DEBUG_UTILS_MESSENGER_CREATE_INFO_EXT};
    listener.messageSeverity =
        VK_DEBUG_UTILS_MESSAGE_SEVERITY_WARNING_BIT_EXT | VK_DEBUG_UTILS_MESSAGE_SEVERITY_ERROR_BIT_EXT;
    listener.messageType =
        VK_DEBUG_UTILS_MESSAGE_TYPE_VALIDATION_BIT_EXT | VK_DEBUG_UTILS_MESSAGE_TYPE_PERFORMANCE_BIT_EXT;
    listener.pfnUserCallback = on_message;
    listener.pUserData = &instance->messages_;
    require_success(
        vkCreateDebugUtilsMessengerEXT(instance->handle_, &listener, nullptr, &instance->messenger_),
        "vkCreateDebugUtilsMessengerEXT", "Vulkan");
    return instance;
}

Instance::~Instance() {
    if (messenger_ != VK_NULL_HANDLE) vkDestroyDebugUtilsMessengerEXT(handle_, messenger_, nullptr);
    if (handle_ != VK_NULL_HANDLE) vkDestroyInstance(handle_, nullptr);
}

}  // namespace shadenet
