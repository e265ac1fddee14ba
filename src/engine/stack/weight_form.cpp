#include "engine/stack/weight_form.h"

namespace shadenet {

WeightForm WeightForm::of(const Conv& conv) {
    return {conv.name,
            {conv.out_channels, conv.in_channels, conv.kernel * conv.kernel},
            conv.kernel,
            conv.stride,
            conv.padding == Padding::same ? (conv.kernel - 1) / 2 : 0};
}

WeightForm WeightForm::of(const Dense& dense) {
    return {dense.name, {dense.out_features, dense.in_features, 1}};
}

PassImages PassImages::of(const PackedView& view, bool joined) {
    if (joined) return {1, 1, view.shape.n, 0, view.block_stride()};
    return {view.shape.n, view.shape.h, view.shape.w, view.image_stride(), view.block_stride()};
}

}  // namespace shadenet
