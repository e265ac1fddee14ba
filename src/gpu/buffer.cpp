#include "gpu/buffer.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "base/error.h"
#include "gpu/commands.h"

namespace shadenet {

namespace {

constexpr std::uint64_t staging_bytes = 16 << 20;

std::optional<std::uint32_t> find_memory(const VkPhysicalDeviceMemoryProperties& memory,
                                         std::uint32_t allowed, VkMemoryPropertyFlags wanted) {
    for (std::uint32_t i = 0; i < memory.memoryTypeCount; ++i) {
        if ((allowed >> i & 1) != 0 && (memory.memoryTypes[i].propertyFlags & wanted) == wanted) return i;
    }
    return std::nullopt;
}

constexpr VkMemoryPropertyFlags host_memory =
    VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT | VK_MEMORY_PROPERTY_HOST_COHERENT_BIT;
constexpr VkMemoryPropertyFlags cached = VK_MEMORY_PROPERTY_HOST_CACHED_BIT;
constexpr VkMemoryPropertyFlags local = VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT;

/// The first kind of memory in `wishes`, best first, that the device has.
std::uint32_t choose_memory(const Device& device, std::uint32_t allowed, bool host) {
    std::vector<VkMemoryPropertyFlags> wishes;
    if (host) {
        wishes = {host_memory | cached, host_memory};
    } else if (device.info().unified_memory) {
        wishes = {local | host_memory | cached, local | host_memory, local, 0};
    } else {
        wishes = {local, 0};
    }
    for (const VkMemoryPropertyFlags wish : wishes) {
        if (const auto type = find_memory(device.memory(), allowed, wish)) return *type;
    }
    throw WorkError(fmt::format("{}: has no memory that buffers can use", device.info().name));
}

bool is_host_memory(const Device& device, std::uint32_t type) {
    return (device.memory().memoryTypes[type].propertyFlags & host_memory) == host_memory;
}

std::string readable(std::uint64_t bytes) {
    return bytes < 1 << 20 ? fmt::format("{:.1f} KiB", static_cast<double>(bytes) / 1024)
                           : fmt::format("{:.1f} MiB", static_cast<double>(bytes) / (1 << 20));
}

}  // namespace

Buffer::Buffer(const Device& device, std::uint64_t bytes, std::string name)
    : Buffer(device, bytes, std::move(name), Home::device) {}

Buffer Buffer::on_host(const Device& device, std::uint64_t bytes, std::string name) {
    return {device, bytes, std::move(name), Home::host};
}

Buffer::Buffer(const Device& device, std::uint64_t bytes, std::string name, Home home)
    : device_(&device), bytes_(std::max<std::uint64_t>(bytes, 4)), name_(std::move(name)) {
    VkBufferCreateInfo create{VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO};
    create.size = bytes_;
    create.usage = VK_BUFFER_USAGE_STORAGE_BUFFER_BIT | VK_BUFFER_USAGE_UNIFORM_TEXEL_BUFFER_BIT |
                   VK_BUFFER_USAGE_TRANSFER_SRC_BIT | VK_BUFFER_USAGE_TRANSFER_DST_BIT;
    handle_ = {device, vkCreateBuffer, create, "vkCreateBuffer"};
    VkMemoryRequirements needs;
    vkGetBufferMemoryRequirements(device_->handle(), handle_, &needs);
    if (needs.size > device_->info().max_allocation) {
        throw InputError(fmt::format(
            "{}: {} needs {}, and the device allocates {} at most; use a smaller --tile "
            "(apply), --batch or --size (train), or fewer pictures",
            device_->info().name, name_, readable(needs.size), readable(device_->info().max_allocation)));
    }
    VkMemoryAllocateInfo info{VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO};
    info.allocationSize = needs.size;
    info.memoryTypeIndex = choose_memory(*device_, needs.memoryTypeBits, home == Home::host);
    VkDeviceMemory memory = VK_NULL_HANDLE;
    const VkResult result = vkAllocateMemory(device_->handle(), &info, nullptr, &memory);
    if (result == VK_ERROR_OUT_OF_DEVICE_MEMORY || result == VK_ERROR_OUT_OF_HOST_MEMORY) {
        throw OutOfDeviceMemory(
            fmt::format("{}: no memory left for {} of {}; use a smaller --tile (apply), --batch or --size "
                        "(train), or close other programs that use the device",
                        device_->info().name, name_, readable(bytes_)));
    }
    device_->require(result, "vkAllocateMemory");
    memory_ = {device, memory};
    device_->require(vkBindBufferMemory(device_->handle(), handle_, memory_, 0), "vkBindBufferMemory");
    if (home == Home::host ||
        (device_->info().unified_memory && is_host_memory(*device_, info.memoryTypeIndex))) {
        void* pointer = nullptr;
        device_->require(vkMapMemory(device_->handle(), memory_, 0, VK_WHOLE_SIZE, 0, &pointer),
                         "vkMapMemory");
        mapped_ = static_cast<std::byte*>(pointer);
    }
    if (home == Home::device) counted_ = device.count_buffer(bytes_);
    device_->name(VK_OBJECT_TYPE_BUFFER, reinterpret_cast<std::uint64_t>(handle_.get()), name_);
}

void Buffer::write(std::uint64_t offset, std::span<const std::byte> bytes) const {
    if (bytes.empty()) return;
    if (mapped_ != nullptr) {
        std::memcpy(mapped_ + offset, bytes.data(), bytes.size());
        return;
    }
    const Buffer staging =
        on_host(*device_, std::min<std::uint64_t>(bytes.size(), staging_bytes), name_ + " staging");
    for (std::uint64_t done = 0; done < bytes.size(); done += staging.bytes_) {
        const std::uint64_t size = std::min(staging.bytes_, bytes.size() - done);
        std::memcpy(staging.mapped_, bytes.data() + done, size);
        copy_and_wait(staging.range(0, size), range(offset + done, size));
    }
}

void Buffer::read(std::uint64_t offset, std::span<std::byte> bytes) const {
    if (bytes.empty()) return;
    if (mapped_ != nullptr) {
        std::memcpy(bytes.data(), mapped_ + offset, bytes.size());
        return;
    }
    const Buffer staging =
        on_host(*device_, std::min<std::uint64_t>(bytes.size(), staging_bytes), name_ + " staging");
    for (std::uint64_t done = 0; done < bytes.size(); done += staging.bytes_) {
        const std::uint64_t size = std::min(staging.bytes_, bytes.size() - done);
        copy_and_wait(range(offset + done, size), staging.range(0, size));
        std::memcpy(bytes.data() + done, staging.mapped_, size);
    }
}

void Buffer::copy_and_wait(const BufferRange& from, const BufferRange& to) const {
    run_and_wait(*device_, [&](VkCommandBuffer commands) {
        const VkBufferCopy region{from.offset, to.offset, to.size};
        vkCmdCopyBuffer(commands, from.buffer->handle(), to.buffer->handle(), 1, &region);
    });
}

}  // namespace shadenet
