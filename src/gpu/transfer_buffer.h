// Memory that carries data between host and device again and again, without waiting for each copy.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "gpu/buffer.h"
#include "gpu/recorder.h"

namespace shadenet {

/// A buffer of the device, and a view of it for the host. Where both share memory there is one buffer, and
/// nothing is copied; elsewhere the host has a second buffer, and copies are recorded among the kernels.
class TransferBuffer {
  public:
    /// Throws as Buffer does.
    TransferBuffer(const Device& device, std::uint64_t bytes, const std::string& name)
        : device_(device, bytes, name) {
        if (device_.mapped().empty()) host_ = Buffer::on_host(device, bytes, name + " staging");
    }

    std::uint64_t bytes() const { return device_.bytes(); }
    /// The buffer for kernels.
    const Buffer& on_device() const { return device_; }
    /// The bytes that the host writes before upload() is submitted, and reads when download() is done.
    std::span<std::byte> on_host() const { return host_ ? host_->mapped() : device_.mapped(); }

    /// Record a copy of the first `bytes`, a multiple of 4, to the other side.
    void upload(Recorder& recorder, std::uint64_t bytes) const {
        if (host_) recorder.copy(host_->range(0, bytes), device_.range(0, bytes));
    }
    void download(Recorder& recorder, std::uint64_t bytes) const {
        if (host_) recorder.copy(device_.range(0, bytes), host_->range(0, bytes));
    }

  private:
    Buffer device_;
    std::optional<Buffer> host_;  ///< only if device_ is not mapped
};

}  // namespace shadenet
