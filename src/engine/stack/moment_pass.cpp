#include "engine/stack/moment_pass.h"

namespace shadenet {

MomentPass::MomentPass(const Device& device, const Shape& largest_x, Scratch& scratch)
    : scratch_(scratch), kernel_(device, "stack_moments", {"x", "partial"}, {}, walk_local_size) {
    const PackedView x{nullptr, 0, largest_x};
    scratch_.reserve(tiling(x).bytes(x.blocks()));
}

Tiling MomentPass::tiling(const PackedView& x) {
    return Tiling::of_runs(x, push::PIXELS_PER_MOMENT_RUN);
}

BufferRange MomentPass::operator()(Recorder& recorder, const PackedView& x) const {
    const BufferRange partials = scratch_.range(tiling(x).bytes(x.blocks()));
    for (const QuadCall& call : quad_calls(recorder.device(), x, push::PIXELS_PER_MOMENT_RUN)) {
        kernel_(recorder,
                {{"x", x.images(call.images.first, call.images.count).range()}, {"partial", partials}},
                {call.walk}, {call.walk.threads});
    }
    return partials;
}

}  // namespace shadenet
