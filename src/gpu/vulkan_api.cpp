#include "gpu/vulkan_api.h"

#include <fmt/format.h>

#ifdef _WIN32
#include <windows.h>
#else
#include <dlfcn.h>
#endif

#include "base/error.h"

namespace shadenet {

#define SHADENET_DEFINE(name) PFN_##name name = nullptr;
SHADENET_GLOBAL_FUNCTIONS(SHADENET_DEFINE)
SHADENET_INSTANCE_FUNCTIONS(SHADENET_DEFINE)
SHADENET_GRAPHICS_FUNCTIONS(SHADENET_DEFINE)
SHADENET_SURFACE_FUNCTIONS(SHADENET_DEFINE)
SHADENET_DEBUG_FUNCTIONS(SHADENET_DEFINE)

namespace {

PFN_vkGetInstanceProcAddr get_instance_proc = nullptr;

PFN_vkGetInstanceProcAddr open_loader() {
#ifdef _WIN32
    HMODULE library = LoadLibraryA("vulkan-1.dll");
    return library == nullptr ? nullptr
                              : reinterpret_cast<PFN_vkGetInstanceProcAddr>(
                                    GetProcAddress(library, "vkGetInstanceProcAddr"));
#else
    for (const char* name : {"libvulkan.so.1", "libvulkan.1.dylib", "/opt/homebrew/lib/libvulkan.1.dylib",
                             "/usr/local/lib/libvulkan.1.dylib", "libMoltenVK.dylib"}) {
        if (void* library = dlopen(name, RTLD_NOW | RTLD_LOCAL)) {
            return reinterpret_cast<PFN_vkGetInstanceProcAddr>(dlsym(library, "vkGetInstanceProcAddr"));
        }
    }
    return nullptr;
#endif
}

template <class Function>
void fetch(Function& function, VkInstance instance, const char* name, bool required) {
    function = reinterpret_cast<Function>(get_instance_proc(instance, name));
    if (function == nullptr && required) {
        throw WorkError(
            fmt::format("the Vulkan loader has no {}; it is older than Vulkan 1.1: update it", name));
    }
}

/// The usual cause of a failure, and what the user can do.
const char* advice(VkResult result) {
    switch (result) {
        case VK_ERROR_OUT_OF_DEVICE_MEMORY:
            return "the device has too little free memory: close other programs that use it, or use a "
                   "smaller --tile (apply), --batch or --size (train)";
        case VK_ERROR_OUT_OF_HOST_MEMORY:
            return "the computer has too little free memory";
        case VK_ERROR_DEVICE_LOST:
            return "the driver reset the device, often because a step took too long or the driver has a "
                   "fault: try a smaller --tile (apply), --batch or --size (train), update the driver, or "
                   "run with --device cpu";
        case VK_ERROR_INITIALIZATION_FAILED:
        case VK_ERROR_INCOMPATIBLE_DRIVER:
            return "the driver did not start: `shadenet devices` lists those that do; reinstall or update "
                   "the driver";
        case VK_ERROR_LAYER_NOT_PRESENT:
        case VK_ERROR_EXTENSION_NOT_PRESENT:
            return "the driver or a layer lacks what was asked for: unset SHADENET_VALIDATION, or install "
                   "the validation layers";
        default:
            return "try `shadenet doctor`, another --device, or a newer driver";
    }
}

}  // namespace

void load_vulkan() {
    if (get_instance_proc != nullptr) return;
    get_instance_proc = open_loader();
    if (get_instance_proc == nullptr) {
        throw InputError(
            "no Vulkan loader on this machine (libvulkan.so.1); install it with the graphics driver "
            "(Debian, Ubuntu: apt install libvulkan1 mesa-vulkan-drivers)");
    }
#define SHADENET_FETCH(name) fetch(name, VK_NULL_HANDLE, #name, true);
    SHADENET_GLOBAL_FUNCTIONS(SHADENET_FETCH)
#undef SHADENET_FETCH
}

void load_vulkan(VkInstance instance, bool for_window) {
#define SHADENET_FETCH(name) fetch(name, instance, #name, true);
    SHADENET_INSTANCE_FUNCTIONS(SHADENET_FETCH)
    // An instance without a window does not overwrite the functions that a window's instance fetched.
    if (for_window) {
        SHADENET_SURFACE_FUNCTIONS(SHADENET_FETCH)
    }
#undef SHADENET_FETCH
#define SHADENET_FETCH(name) fetch(name, instance, #name, for_window);
    SHADENET_GRAPHICS_FUNCTIONS(SHADENET_FETCH)
#undef SHADENET_FETCH
#define SHADENET_FETCH(name) fetch(name, instance, #name, false);
    SHADENET_DEBUG_FUNCTIONS(SHADENET_FETCH)
#undef SHADENET_FETCH
}

std::string to_string(VkResult result) {
#define SHADENET_NAME(code) \
    case code:              \
        return #code;
    switch (result) {
        SHADENET_NAME(VK_SUCCESS)
        SHADENET_NAME(VK_NOT_READY)
        SHADENET_NAME(VK_TIMEOUT)
        SHADENET_NAME(VK_INCOMPLETE)
        SHADENET_NAME(VK_ERROR_OUT_OF_HOST_MEMORY)
        SHADENET_NAME(VK_ERROR_OUT_OF_DEVICE_MEMORY)
        SHADENET_NAME(VK_ERROR_INITIALIZATION_FAILED)
        SHADENET_NAME(VK_ERROR_DEVICE_LOST)
        SHADENET_NAME(VK_ERROR_MEMORY_MAP_FAILED)
        SHADENET_NAME(VK_ERROR_LAYER_NOT_PRESENT)
        SHADENET_NAME(VK_ERROR_EXTENSION_NOT_PRESENT)
        SHADENET_NAME(VK_ERROR_FEATURE_NOT_PRESENT)
        SHADENET_NAME(VK_ERROR_INCOMPATIBLE_DRIVER)
        SHADENET_NAME(VK_ERROR_TOO_MANY_OBJECTS)
        SHADENET_NAME(VK_ERROR_OUT_OF_POOL_MEMORY)
        SHADENET_NAME(VK_ERROR_FRAGMENTED_POOL)
        SHADENET_NAME(VK_ERROR_INVALID_EXTERNAL_HANDLE)
        SHADENET_NAME(VK_ERROR_SURFACE_LOST_KHR)
        SHADENET_NAME(VK_ERROR_NATIVE_WINDOW_IN_USE_KHR)
        SHADENET_NAME(VK_ERROR_OUT_OF_DATE_KHR)
        SHADENET_NAME(VK_SUBOPTIMAL_KHR)
        default:
            return fmt::format("VkResult {}", static_cast<int>(result));
    }
#undef SHADENET_NAME
}

void require_success(VkResult result, const char* call, const std::string& device_name) {
    if (result == VK_SUCCESS) return;
    const std::string message =
        fmt::format("{}: {} failed with {}; {}", device_name, call, to_string(result), advice(result));
    switch (result) {
        case VK_ERROR_DEVICE_LOST:
            throw DeviceLost(message);
        case VK_ERROR_OUT_OF_DEVICE_MEMORY:
        case VK_ERROR_OUT_OF_HOST_MEMORY:
            throw OutOfDeviceMemory(message);
        default:
            throw WorkError(message);
    }
}

}  // namespace shadenet
