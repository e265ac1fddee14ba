// Whether a device can bind a network's feature maps: to be known before any memory is taken for them.
#pragma once

#include "model/network.h"

namespace shadenet {

class Device;

/// Throws InputError where a feature map of one picture of `picture`'s extent is more than the device binds.
void require_bindable(const Device& device, const Network& network, const Shape& picture);

}  // namespace shadenet
