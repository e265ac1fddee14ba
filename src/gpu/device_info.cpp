#include "gpu/device_info.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <system_error>

#include <fmt/format.h>

#include "base/error.h"
#include "base/lower_case.h"
#include "base/memory.h"
#include "base/words.h"

namespace shadenet {

namespace {

constexpr auto device_kinds =
    words_of<DeviceKind>("discrete GPU", "integrated GPU", "virtual GPU", "other", "software");

DeviceKind kind_of(VkPhysicalDeviceType type) {
    switch (type) {
        case VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU:
            return DeviceKind::discrete;
        case VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU:
            return DeviceKind::integrated;
        case VK_PHYSICAL_DEVICE_TYPE_VIRTUAL_GPU:
            return DeviceKind::virtual_gpu;
        case VK_PHYSICAL_DEVICE_TYPE_CPU:
            return DeviceKind::software;
        default:
            return DeviceKind::other;
    }
}

/// Fills name, driver, version and limits.
void read_properties(DeviceInfo& info, std::uint32_t instance_version) {
    VkPhysicalDeviceProperties plain;
    vkGetPhysicalDeviceProperties(info.handle, &plain);
    info.name = plain.deviceName;
    info.kind = kind_of(plain.deviceType);
    info.api_version = plain.apiVersion;
    info.driver = fmt::format("version {:#x}", plain.driverVersion);
    info.max_storage_range = plain.limits.maxStorageBufferRange;
    info.max_texels = plain.limits.maxTexelBufferElements;
    info.max_invocations = plain.limits.maxComputeWorkGroupInvocations;
    info.max_shared_bytes = plain.limits.maxComputeSharedMemorySize;
    std::copy_n(plain.limits.maxComputeWorkGroupCount, 3, info.max_group_count);
    info.timestamp_period = plain.limits.timestampPeriod;
    if (plain.apiVersion < VK_API_VERSION_1_1) return;
    VkPhysicalDeviceDriverProperties driver{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_DRIVER_PROPERTIES};
    VkPhysicalDeviceIDProperties id{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_ID_PROPERTIES};
    VkPhysicalDeviceMaintenance3Properties maintenance{
        VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MAINTENANCE_3_PROPERTIES};
    VkPhysicalDeviceProperties2 properties{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2};
    const bool names_driver = std::min(plain.apiVersion, instance_version) >= VK_API_VERSION_1_2;
    if (names_driver) id.pNext = &driver;
    maintenance.pNext = &id;
    properties.pNext = &maintenance;
    vkGetPhysicalDeviceProperties2(info.handle, &properties);
    info.max_allocation = maintenance.maxMemoryAllocationSize;
    std::copy_n(id.deviceUUID, info.uuid.size(), info.uuid.begin());
    if (names_driver) info.driver = fmt::format("{} {}", driver.driverName, driver.driverInfo);
}

void read_memory(DeviceInfo& info) {
    VkPhysicalDeviceMemoryProperties memory;
    vkGetPhysicalDeviceMemoryProperties(info.handle, &memory);
    for (std::uint32_t i = 0; i < memory.memoryHeapCount; ++i) {
        if ((memory.memoryHeaps[i].flags & VK_MEMORY_HEAP_DEVICE_LOCAL_BIT) != 0) {
            info.memory_bytes = std::max<std::uint64_t>(info.memory_bytes, memory.memoryHeaps[i].size);
        }
    }
    info.unified_memory = info.kind == DeviceKind::integrated || info.kind == DeviceKind::software;
    if (info.kind == DeviceKind::software) info.memory_bytes = usable_memory();
}

/// Finds a compute queue. One without graphics is preferred: it does not compete with the desktop.
void find_queue(DeviceInfo& info) {
    const auto families =
        vulkan_list<VkQueueFamilyProperties>(vkGetPhysicalDeviceQueueFamilyProperties, info.handle);
    bool found = false;
    for (std::uint32_t i = 0; i < families.size(); ++i) {
        if ((families[i].queueFlags & VK_QUEUE_COMPUTE_BIT) == 0) continue;
        const bool compute_only = (families[i].queueFlags & VK_QUEUE_GRAPHICS_BIT) == 0;
        if (found && !compute_only) continue;
        info.queue_family = i;
        found = true;
        if (compute_only) break;
    }
    if (!found) {
        info.problem = "has no compute queue";
    } else if (families[info.queue_family].timestampValidBits == 0) {
        info.timestamp_period = 0;
    }
}

std::string names_of(const std::vector<DeviceInfo>& devices) {
    std::string names;
    for (const auto& device : devices) {
        names += fmt::format("{}{}: {}", names.empty() ? "" : ", ", device.index, device.name);
    }
    return names;
}

bool same_device(const DeviceInfo& one, const DeviceInfo& other) {
    return one.uuid == other.uuid && one.uuid != decltype(one.uuid){};
}

/// The usable devices of the best kind. One that several drivers offer counts once.
std::vector<const DeviceInfo*> best_devices(const std::vector<DeviceInfo>& devices) {
    std::vector<const DeviceInfo*> best;
    for (const auto& device : devices) {
        if (!device.problem.empty()) continue;
        if (!best.empty() && device.kind < best.front()->kind) best.clear();
        const bool is_known =
            std::any_of(best.begin(), best.end(), [&](auto* one) { return same_device(*one, device); });
        if (best.empty() || (device.kind == best.front()->kind && !is_known)) best.push_back(&device);
    }
    return best;
}

DeviceChoice best_device(const std::vector<DeviceInfo>& devices, std::uint32_t turn) {
    const std::vector<const DeviceInfo*> candidates = best_devices(devices);
    if (candidates.empty()) {
        throw InputError(
            fmt::format("no usable Vulkan device: {} {}; update its driver, or install a software one",
                        devices.front().name, devices.front().problem));
    }
    const std::size_t number = turn % candidates.size();
    const DeviceInfo* best = candidates[number];
    if (number > 0) {
        return {best->index,
                fmt::format("{} device {} of {}", to_string(best->kind), number + 1, candidates.size())};
    }
    const bool only =
        std::count_if(devices.begin(), devices.end(), [](auto& d) { return d.problem.empty(); }) == 1;
    if (best->kind == DeviceKind::software) {
        return {best->index, only ? "a software device, the only one here: slow, but exact"
                                  : "a software device: there is no GPU with a usable driver here"};
    }
    return {best->index,
            only ? "the only usable device" : fmt::format("the first {} device", to_string(best->kind))};
}

bool matches(const DeviceInfo& device, const std::string& request) {
    if (request == "cpu") return device.kind == DeviceKind::software;
    return lower_case(device.name).find(request) != std::string::npos;
}

std::uint32_t turn_of_process = 0;

/// By index, or else by name; null when nothing fits.
const DeviceInfo* requested_device(const std::vector<DeviceInfo>& devices, const std::string& wanted) {
    const char* last = wanted.data() + wanted.size();
    std::uint32_t index = 0;
    const auto [end, error] = std::from_chars(wanted.data(), last, index);
    // A number that is no index may be part of a name, such as 3080.
    if (error == std::errc() && end == last && index < devices.size()) return &devices[index];
    const std::string part = lower_case(wanted);
    const auto found =
        std::find_if(devices.begin(), devices.end(), [&](auto& d) { return matches(d, part); });
    return found == devices.end() ? nullptr : &*found;
}

}  // namespace

const char* to_string(DeviceKind kind) {
    return device_kinds[kind];
}

std::string DeviceInfo::uuid_text() const {
    if (uuid == decltype(uuid){}) return "";
    std::string text;
    for (std::size_t i = 0; i < uuid.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
        text += fmt::format("{:02x}", uuid[i]);
    }
    return text;
}

std::string DeviceInfo::api_version_text() const {
    return fmt::format("{}.{}.{}", VK_API_VERSION_MAJOR(api_version), VK_API_VERSION_MINOR(api_version),
                       VK_API_VERSION_PATCH(api_version));
}

bool DeviceInfo::has_extension(std::string_view wanted) const {
    const auto extensions =
        vulkan_list<VkExtensionProperties>(vkEnumerateDeviceExtensionProperties, handle, nullptr);
    return std::any_of(extensions.begin(), extensions.end(),
                       [&](const auto& one) { return one.extensionName == wanted; });
}

std::vector<DeviceInfo> list_devices(const Instance& instance) {
    const auto handles = vulkan_list<VkPhysicalDevice>(vkEnumeratePhysicalDevices, instance.handle());
    if (handles.empty()) {
        throw InputError(
            "no Vulkan device on this machine; install the graphics card's driver, or a software one "
            "(Debian, Ubuntu: apt install mesa-vulkan-drivers)");
    }
    std::vector<DeviceInfo> devices(handles.size());
    for (std::uint32_t i = 0; i < devices.size(); ++i) {
        DeviceInfo& info = devices[i];
        info.index = i;
        info.handle = handles[i];
        read_properties(info, instance.api_version());
        read_memory(info);
        find_queue(info);
        if (info.api_version < VK_API_VERSION_1_1) {
            info.problem = fmt::format("supports Vulkan {} only, and 1.1 is needed", info.api_version_text());
        }
    }
    return devices;
}

void take_device_turn(std::uint32_t turn) {
    turn_of_process = turn;
}

std::uint32_t device_turn() {
    return turn_of_process;
}

DeviceChoice choose_device(const std::vector<DeviceInfo>& devices, const std::string& request,
                           std::uint32_t turn) {
    std::string wanted = request;
    std::string source = "--device";
    if (wanted.empty()) {
        const char* variable = std::getenv("SHADENET_DEVICE");
        if (variable == nullptr || *variable == '\0') return best_device(devices, turn);
        wanted = variable;
        source = "SHADENET_DEVICE";
    }
    if (lower_case(wanted) == "auto") return best_device(devices, turn);
    const DeviceInfo* chosen = requested_device(devices, wanted);
    if (chosen == nullptr) {
        throw InputError(
            fmt::format("{} {}: no such device; there is {}", source, wanted, names_of(devices)));
    }
    if (!chosen->problem.empty()) {
        throw InputError(fmt::format("{} {}: {} {}", source, wanted, chosen->name, chosen->problem));
    }
    return {chosen->index, fmt::format("chosen by {} {}", source, wanted)};
}

}  // namespace shadenet
