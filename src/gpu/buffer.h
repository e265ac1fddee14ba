// Memory on the device.
#pragma once

#include <cstddef>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "gpu/device.h"
#include "gpu/owned.h"

namespace shadenet {

class Buffer;

/// A part of a buffer, in bytes, as kernels are given it.
struct BufferRange {
    const Buffer* buffer = nullptr;
    std::uint64_t offset = 0, size = 0;
};

/// Ranges for kernels begin at multiples of this, the largest alignment that Vulkan lets a device ask for.
inline constexpr std::uint64_t range_alignment = 256;

constexpr std::uint64_t align_up(std::uint64_t bytes) {
    return (bytes + range_alignment - 1) / range_alignment * range_alignment;
}

/// Storage in device memory, with undefined content until it is written. Where the device shares the host's
/// memory it is mapped and accessed directly; elsewhere upload and download go through a staging buffer.
class Buffer {
  public:
    /// 0 `bytes` are taken as 4. Throws OutOfDeviceMemory, which names the buffer and its size, when memory
    /// runs out, and InputError when the device can never allocate so much at once.
    Buffer(const Device& device, std::uint64_t bytes, std::string name);
    /// A mapped buffer in the host's memory: the host's end of copies.
    static Buffer on_host(const Device& device, std::uint64_t bytes, std::string name);

    VkBuffer handle() const { return handle_; }
    std::uint64_t bytes() const { return bytes_; }
    const std::string& name() const { return name_; }

    BufferRange range(std::uint64_t offset, std::uint64_t size) const { return {this, offset, size}; }
    BufferRange whole() const { return {this, 0, bytes_}; }
    /// The bytes themselves if the host can reach them, else nothing. Work that is submitted later sees what
    /// the host wrote; the host sees what work wrote once it has waited for that work.
    std::span<std::byte> mapped() const { return {mapped_, mapped_ != nullptr ? bytes_ : 0}; }

    /// Copy from or to the host and wait. Submitted work must not use the range: call Recorder::finish().
    void write(std::uint64_t offset, std::span<const std::byte> bytes) const;
    void read(std::uint64_t offset, std::span<std::byte> bytes) const;

    template <class T>
    void upload(std::span<const T> values, std::uint64_t offset = 0) const {
        write(offset, std::as_bytes(values));
    }
    template <class T>
    std::vector<T> download(std::size_t count, std::uint64_t offset = 0) const {
        std::vector<T> values(count);
        read(offset, std::as_writable_bytes(std::span(values)));
        return values;
    }

  private:
    enum class Home { device, host };
    Buffer(const Device& device, std::uint64_t bytes, std::string name, Home home);
    void copy_and_wait(const BufferRange& from, const BufferRange& to) const;

    const Device* device_;
    std::uint64_t bytes_;
    std::string name_;
    Owned<VkDeviceMemory, vkFreeMemory> memory_;
    Owned<VkBuffer, vkDestroyBuffer> handle_;  ///< after memory_, so that it is destroyed first
    std::byte* mapped_ = nullptr;
    CountedBytes counted_;  ///< nothing for a buffer in the host's memory
};

/// Three planes of floats in a buffer, a picture: the value of channel c, row y, column x lies
/// `offset + c·plane + y·pitch + x` floats into the range. `value·factor + shift` is the value in the range
/// 0..1.
struct PixelPlanes {
    BufferRange range;
    std::uint32_t width = 0, height = 0;
    std::uint32_t offset = 0, pitch = 0, plane = 0;
    float factor = 1, shift = 0;
};

}  // namespace shadenet
