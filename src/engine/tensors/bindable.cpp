#include "engine/tensors/bindable.h"

#include "engine/tensors/tensor.h"

namespace shadenet {

void require_bindable(const Device& device, const Network& network, const Shape& picture) {
    for (const Shape& shape : point_shapes(network, picture)) {
        image_chunks(device, 1, align_up(shape.values() * sizeof(float)) / sizeof(float));
    }
}

}  // namespace shadenet
