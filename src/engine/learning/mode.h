// What a forward pass is for.
#pragma once

namespace shadenet {

/// Training: norms use the batch's statistics, and update the moving ones. Inference: norms use the moving
/// statistics, and change nothing. Frozen is for training steps: norms use the moving statistics without
/// updating them, and are affine layers in the backward pass; the batch's statistics are computed for display
/// only.
enum class Mode { training, frozen, inference };

}  // namespace shadenet
