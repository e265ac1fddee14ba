#include "engine/layers/skip.h"

#include "engine/tensors/planes.h"

namespace shadenet {

SkipKernels::SkipKernels(const Device& device)
    : device_(device), add_(device, "skip_add", {"x", "other", "y"}) {}

void SkipKernels::add(Recorder& recorder, const TensorView& x, const TensorView& other, const TensorView& y) {
    for (const ImageChunk chunk : plane_chunks(device_, x)) {
        const TensorView part = x.images(chunk.first, chunk.count);
        add_(recorder,
             {{"x", part.range()},
              {"other", other.images(chunk.first, chunk.count).range()},
              {"y", y.images(chunk.first, chunk.count).range()}},
             planes_push(part, rows_per_map), plane_threads(part.shape, rows_per_map));
    }
}

}  // namespace shadenet
