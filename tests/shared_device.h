// Devices that the tests of a program share.
#pragma once

#include <memory>

#include "gpu/device.h"

namespace shadenet {

/// Keeps the device until the last test has run, and closes it before main() returns. In static storage it
/// would outlive what the driver and the validation layers have there.
const Device& kept_until_tests_end(std::unique_ptr<Device> device);

}  // namespace shadenet
