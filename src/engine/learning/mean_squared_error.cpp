#include "engine/learning/mean_squared_error.h"

#include "engine/tensors/planes.h"

namespace shadenet {

namespace {

class MeanSquaredError : public Loss {
  public:
    MeanSquaredError(const Device& device, Reducer& reducer, const Shape& largest)
        : reducer_(reducer),
          forward_(device, "loss_forward", rows_per_reduction, {"result", "target", "partial"}),
          backward_(device, "loss_backward", rows_per_map, {"result", "target", "dresult"}) {
        reducer_.reserve(std::uint64_t{largest.n} * slots_per_image(largest) * largest.c, 1);
    }

    void forward(Recorder& recorder, const TensorView& result, const TensorView& target, BufferRange losses,
                 std::uint32_t row) override {
        const Shape& shape = result.shape;
        const std::uint32_t rows = shape.n * slots_per_image(shape) * shape.c;
        forward_(recorder, {{"result", result}, {"target", target}}, {{"partial", reducer_.partials(rows)}},
                 0.0f);
        const float scale = static_cast<float>(1.0 / static_cast<double>(shape.values()));
        reducer_.sum(recorder, 0, rows, 1, scale, losses, row);
    }

    void forward_each(Recorder& recorder, const TensorView& result, const TensorView& target,
                      BufferRange losses, std::uint32_t first_row) override {
        for (std::uint32_t i = 0; i < result.shape.n; ++i) {
            forward(recorder, result.images(i, 1), target.images(i, 1), losses, first_row + i);
        }
    }

    void backward(Recorder& recorder, const TensorView& result, const TensorView& target,
                  const TensorView& dresult) override {
        const float scale = static_cast<float>(2.0 / static_cast<double>(result.shape.values()));
        backward_(recorder, {{"result", result}, {"target", target}, {"dresult", dresult}}, {}, scale);
    }

  private:
    Reducer& reducer_;
    PlaneKernel<push::LossPush> forward_, backward_;
};

}  // namespace

const LossKind mean_squared_error{
    [](const Device& device, Reducer& reducer, const Shape& largest) -> std::unique_ptr<Loss> {
        return std::make_unique<MeanSquaredError>(device, reducer, largest);
    },
    [](const PixelRange& range) { return 1 / (range.span() * range.span()); }};

}  // namespace shadenet
