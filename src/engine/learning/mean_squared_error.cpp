#include <cstdint>
#include <memory>
#include <stdexcept>

#include "engine/learning/loss.h"
#include "engine/learning/loss_sums.h"
#include "engine/tensors/linear_threads.h"
#include "engine/tensors/quad_kernel.h"

namespace shadenet {

namespace {

constexpr std::uint64_t compared_per_call = 16 << 20;  // values
constexpr std::uint32_t quads_per_slot = 16;           // E of the shader

std::uint32_t quads_of_example(const Shape& shape) {
    return static_cast<std::uint32_t>(blocks_of(shape.c) * shape.plane());
}

/// Partial sums of an example: the same in a batch of any size.
std::uint32_t slots_of_example(const Shape& shape) {
    return row_threads(quads_of_example(shape), quads_per_slot);
}

class SquaredError : public Loss {
  public:
    SquaredError(const Device& device, const Shape& largest)
        : device_(device),
          sums_(device, std::uint64_t{largest.n} * slots_of_example(largest)),
          step_(device, "squared_error", {"result", "target", "dresult", "partial"}, {{"GRADIENT", 1}},
                light_local_size),
          each_(device, "squared_error", {"result", "target", "dresult", "partial"}, {{"GRADIENT", 0}},
                light_local_size) {}

    void step(Recorder& recorder, const PackedView& result, const LossTarget& target,
              const PackedView& dresult, const LossRows& to) override {
        const Shape& shape = result.shape;
        const auto values = static_cast<double>(with_images(shape, target.images(shape.n)).values());
        compare(recorder, result, target.values, &dresult, static_cast<float>(2.0 / values));
        const float scale = static_cast<float>(1.0 / values);
        sums_.sum(recorder, 1, shape.n * slots_of_example(shape), 1, scale, to);
    }

    void each(Recorder& recorder, const PackedView& result, const LossTarget& target,
              const LossRows& to) override {
        compare(recorder, result, target.values, nullptr, 0);
        const Shape& shape = result.shape;
        const double values = static_cast<double>(with_images(shape, 1).values());
        sums_.sum(recorder, shape.n, slots_of_example(shape), shape.n, static_cast<float>(1.0 / values), to);
    }

  private:
    /// The squares' partial sums, and the gradient where there is one, `scale` times the differences.
    void compare(Recorder& recorder, const PackedView& result, const PackedView& target,
                 const PackedView* dresult, float scale) const {
        const Shape& shape = result.shape;
        if (target.shape != shape || (dresult != nullptr && dresult->shape != shape)) {
            throw std::invalid_argument("a result, its target and its gradient have one shape");
        }
        const bool side_by_side = result.side_by_side();
        const std::uint32_t slots = slots_of_example(shape);
        const BufferRange partial = sums_.partials(std::uint64_t{shape.n} * slots);
        const auto values = std::uint64_t{quads_of_example(shape)} * 4;
        for (const ImageChunk& chunk : packed_chunks(device_, result, target, values, compared_per_call)) {
            const auto part = [&](const PackedView& all) {
                return all.images(chunk.first, chunk.count).range();
            };
            const push::SquaredErrorPush push{
                .images = chunk.count,
                .quads = quads_of_example(shape),
                .image_stride = result.image_stride(),
                .quad_stride = side_by_side ? result.block_stride() : 1,
                .last_block = static_cast<std::uint32_t>((result.blocks() - 1) * shape.plane()),
                .last_channels = shape.c - (result.blocks() - 1) * 4,
                .first_partial = chunk.first * slots,
                .scale = scale};
            (dresult != nullptr ? step_ : each_)(recorder,
                                                 {{"result", part(result)},
                                                  {"target", part(target)},
                                                  {"dresult", dresult != nullptr ? part(*dresult) : partial},
                                                  {"partial", partial}},
                                                 push, linear_threads(std::uint64_t{chunk.count} * slots));
        }
    }

    const Device& device_;
    LossSums sums_;
    QuadKernel<push::SquaredErrorPush> step_, each_;
};

}  // namespace

const LossKind mean_squared_error{[](const Device& device, const Shape& largest) -> std::unique_ptr<Loss> {
                                      return std::make_unique<SquaredError>(device, largest);
                                  },
                                  [](const PixelRange& range) { return 1 / (range.span() * range.span()); },
                                  false};

}  // namespace shadenet
