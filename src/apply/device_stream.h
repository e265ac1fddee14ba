// The stream of pictures through a network on a device.
#pragma once

#include <memory>
#include <string>

#include "apply/careful_work.h"
#include "model/model_file.h"

namespace shadenet {

class Device;

/// Makes streams of `model` on `device`. When a new device is needed, the old one is closed, and
/// Device::open(request) opens another. `strength`: 0 gives the picture back, 1 is the network's result. The
/// returned function throws InputError and WorkError as Device::open() and PictureFilter do.
MakeStream device_streams(std::unique_ptr<Device> device, const std::string& request, const Model& model,
                          float strength);

}  // namespace shadenet
