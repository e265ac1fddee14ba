// Memory that host and device hand to each other again and again, without a call that waits for a copy.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "gpu/buffer.h"
#include "gpu/recorder.h"

namespace shadenet {

/// A buffer of the device with an end for the host. Where the two share memory it is one buffer, and nothing
/// is ever copied; elsewhere a second one lies on the host, and copies are recorded among the kernels.
class TransferBuffer {
  public:
    /// Throws as Buffer does.
    TransferBuffer(const Device& device, std::uint64_t bytes, const std::string& name);

    std::uint64_t bytes() const { return device_.bytes(); }
    /// What kernels are given.
    const Buffer& on_device() const { return device_; }
    /// What the host writes before upload() is submitted, and reads after download() has been waited for.
    std::span<std::byte> on_host() const { return host_ ? host_->mapped() : device_.mapped(); }

    /// Record what brings the first `bytes`, a multiple of 4, to the other side.
    void upload(Recorder& recorder, std::uint64_t bytes) const;
    void download(Recorder& recorder, std::uint64_t bytes) const;

  private:
    Buffer device_;
    std::optional<Buffer> host_;  ///< where device_ is not mapped
};

}  // namespace shadenet
