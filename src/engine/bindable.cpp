#include "engine/bindable.h"

#include "engine/tensor.h"

namespace shadenet {

void require_bindable(const Device& device, const Architecture& architecture, const Shape& picture) {
    for (const Shape& shape : point_shapes(architecture, picture)) {
        image_chunks(device, 1, align_up(shape.values() * sizeof(float)) / sizeof(float));
    }
}

}  // namespace shadenet
