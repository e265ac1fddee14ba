#include "gpu/pipeline_cache.h"

#include <algorithm>
#include <cstring>
#include <exception>
#include <span>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/cache.h"
#include "base/checksum.h"
#include "base/file.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t max_cache_bytes = 64 << 20;

fs::path cache_file(const Device& device) {
    const fs::path folder = cache_folder();
    if (folder.empty()) return {};
    VkPhysicalDeviceProperties properties;
    vkGetPhysicalDeviceProperties(device.info().handle, &properties);
    return folder / fmt::format("pipelines-{:04x}-{:04x}-{:02x}.bin", properties.vendorID,
                                properties.deviceID, fmt::join(properties.pipelineCacheUUID, ""));
}

/// The driver's bytes from our file, or nothing.
std::vector<std::byte> read_cache(const Device& device) {
    try {
        const fs::path path = cache_file(device);
        if (path.empty() || !fs::exists(path)) return {};
        std::vector<std::byte> bytes = read_file(path, max_cache_bytes);
        std::uint64_t expected = 0;
        if (bytes.size() < sizeof expected) return {};
        std::memcpy(&expected, bytes.data(), sizeof expected);
        bytes.erase(bytes.begin(), bytes.begin() + sizeof expected);
        return checksum(bytes) == expected ? bytes : std::vector<std::byte>{};
    } catch (const std::exception&) {
        return {};
    }
}

}  // namespace

VkPipelineCache load_pipeline_cache(const Device& device) {
    const std::vector<std::byte> bytes = read_cache(device);
    VkPipelineCacheCreateInfo info{VK_STRUCTURE_TYPE_PIPELINE_CACHE_CREATE_INFO};
    info.initialDataSize = bytes.size();
    info.pInitialData = bytes.data();
    VkPipelineCache cache = VK_NULL_HANDLE;
    if (vkCreatePipelineCache(device.handle(), &info, nullptr, &cache) == VK_SUCCESS) return cache;
    info.initialDataSize = 0;  // this driver cannot use the kept data
    device.require(vkCreatePipelineCache(device.handle(), &info, nullptr, &cache), "vkCreatePipelineCache");
    return cache;
}

void store_pipeline_cache(const Device& device, VkPipelineCache cache) noexcept {
    try {
        const fs::path path = cache_file(device);
        std::size_t size = 0;
        if (path.empty() || vkGetPipelineCacheData(device.handle(), cache, &size, nullptr) != VK_SUCCESS)
            return;
        std::vector<std::byte> bytes(sizeof(std::uint64_t) + size);
        if (vkGetPipelineCacheData(device.handle(), cache, &size, bytes.data() + sizeof(std::uint64_t)) !=
            VK_SUCCESS) {
            return;
        }
        bytes.resize(sizeof(std::uint64_t) + size);
        const std::span<const std::byte> data = std::span(bytes).subspan(sizeof(std::uint64_t));
        const std::vector<std::byte> old = read_cache(device);
        if (bytes.size() > max_cache_bytes || std::equal(old.begin(), old.end(), data.begin(), data.end()))
            return;
        const std::uint64_t sum = checksum(data);
        std::memcpy(bytes.data(), &sum, sizeof sum);
        keep_in_cache(path.filename().string(), bytes);
    } catch (const std::exception&) {
        return;
    }
}

}  // namespace shadenet
