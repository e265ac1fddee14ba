// Which Vulkan devices there are, what they can do, and which one to use.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gpu/instance.h"

namespace shadenet {

/// The kinds that are preferred come first.
enum class DeviceKind { discrete, integrated, virtual_gpu, other, software };
const char* to_string(DeviceKind kind);

struct DeviceInfo {
    std::uint32_t index = 0;
    std::string name;
    std::string driver;  ///< driver name and version, as the driver tells them
    DeviceKind kind = DeviceKind::other;
    /// The same in all processes, and from several drivers of one device. Zero where the driver tells none.
    std::array<std::uint8_t, 16> uuid{};
    std::uint32_t api_version = 0;
    /// Of the largest device-local heap; of a software device what this process may have of the host's
    /// memory, whatever the driver calls its heap.
    std::uint64_t memory_bytes = 0;
    std::uint64_t max_storage_range = 0;    ///< bytes that one binding may span
    std::uint64_t max_texels = 0;           ///< texels that one binding may have
    std::uint64_t max_allocation = 0;       ///< bytes that one buffer may have
    std::uint32_t max_invocations = 0;      ///< threads in a workgroup
    std::uint32_t max_shared_bytes = 0;     ///< shared memory of a workgroup
    std::uint32_t max_group_count[3] = {};  ///< workgroups in a dispatch
    double timestamp_period = 0;            ///< nanoseconds per tick; 0 where the queue has no timestamps
    bool unified_memory = false;            ///< the host reads and writes device memory directly
    std::string problem;                    ///< why it cannot be used; empty when it can

    VkPhysicalDevice handle = VK_NULL_HANDLE;
    std::uint32_t queue_family = 0;

    std::string api_version_text() const;
    /// As it is usually written, "6f3c...-...", or empty where it is zero.
    std::string uuid_text() const;
    bool has_extension(std::string_view wanted) const;
};

/// All devices in the driver's order, also unusable ones. Throws InputError when there is none.
std::vector<DeviceInfo> list_devices(const Instance& instance);

struct DeviceChoice {
    std::uint32_t index;
    std::string reason;
};

/// From now on this process takes turns with others of its machine: where choose_device() is to choose, and
/// several devices are of the best kind, it takes the one of this number, counted from 0 and round.
void take_device_turn(std::uint32_t turn);
std::uint32_t device_turn();  ///< 0 until then

/// `request`: an index, a part of a name (any case), `cpu` for a software device, or `auto` for the best:
/// discrete, then integrated, virtual, other, software. An empty request is taken from the environment
/// variable SHADENET_DEVICE, and is `auto` without it. Throws InputError, which lists the devices, when none
/// fits.
DeviceChoice choose_device(const std::vector<DeviceInfo>& devices, const std::string& request,
                           std::uint32_t turn = device_turn());

}  // namespace shadenet
