// A device that is opened again when it has failed.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "gpu/device.h"

namespace shadenet {

class ReopenedDevice {
  public:
    /// `request`: what Device::open() is asked for after the first.
    ReopenedDevice(std::unique_ptr<Device> device, std::string request)
        : current_(std::move(device)), request_(std::move(request)) {}

    /// The device, or another one, when nothing uses the old one any more. Throws as Device::open().
    std::shared_ptr<const Device> device(bool another) {
        if (another) {
            current_.reset();  // close it first: some drivers allow only one device at a time
            current_ = Device::open(request_);
        }
        return current_;
    }

  private:
    std::shared_ptr<const Device> current_;
    std::string request_;
};

}  // namespace shadenet
