// Convolution on the device: shaders/conv_*.comp. The formula stands in model/network.h.
#include <algorithm>

#include "conv_push.h"
#include "engine/layers/layer.h"
#include "engine/tensors/planes.h"
#include "engine/tiles/tile_window.h"

namespace shadenet {

namespace {

/// Pixels that a thread computes, one below the other. The thread loads every weight once for all of them. A
/// GPU has such loads nearly free, and its registers are better spent on more threads; a software driver pays
/// for every load.
std::uint32_t rows_for(const Device& device) {
    return device.info().kind == DeviceKind::software ? 16 : 4;
}

/// Channels that a thread computes: as many as keep its unrolled loop body within instruction caches.
std::uint32_t tile_for(std::uint32_t kernel, std::uint32_t channels) {
    const std::uint32_t most = kernel <= 3 ? 8 : kernel == 5 ? 4 : 2;
    return std::min(most, channels);
}

/// Pairs of channels whose sums, KERNEL² for each pair, a thread of backward_weight keeps in registers: as
/// many as a GPU has registers for. A software driver spills more of them to its stack, which costs it less
/// than the loads that they save.
std::uint32_t pairs_for(const Device& device, std::uint32_t kernel) {
    const std::uint32_t sums = device.info().kind == DeviceKind::software ? 216 : 80;
    return std::max(sums / (kernel * kernel), 1u);
}

/// How the sums of backward_weight are cut into calls and threads.
struct WeightSums {
    std::uint32_t rows_per_thread, images_per_call, outs_per_call;
};

/// Keeps the partial sums of a call below 8 Mi floats: first by longer threads, then by fewer images, then by
/// fewer output channels. The cut, and with it the order of additions, depends on the shape alone.
WeightSums cut(const Shape& dy, std::uint32_t weights_per_out) {
    constexpr std::uint64_t most_floats = 8 << 20;
    constexpr std::uint32_t longest = 4096;
    WeightSums cut{.rows_per_thread = 128, .images_per_call = dy.n, .outs_per_call = dy.c};
    const auto floats = [&] {
        return std::uint64_t{cut.images_per_call} * pieces_of(dy.h, cut.rows_per_thread) * dy.w *
               cut.outs_per_call * weights_per_out;
    };
    while (floats() > most_floats && cut.rows_per_thread < std::min(dy.h, longest)) cut.rows_per_thread *= 2;
    while (floats() > most_floats && cut.images_per_call > 1)
        cut.images_per_call = (cut.images_per_call + 1) / 2;
    // The gradients of a group must begin where a binding may begin: those of 64 channels always do.
    constexpr std::uint32_t group = range_alignment / sizeof(float);
    while (floats() > most_floats && cut.outs_per_call > group) {
        cut.outs_per_call = round_up((cut.outs_per_call + 1) / 2, group);
    }
    return cut;
}

class ConvKernels : public LayerKernels {
  public:
    ConvKernels(const LayerContext& context, const Conv& layer)
        : device_(context.device),
          reducer_(context.reducer),
          layer_(layer),
          bias_path_(context.bias_path),
          weight_(context.parameters.values(layer.name + ".weight")),
          bias_(context.parameters.values(layer.name + ".bias")),
          dweight_(context.parameters.gradient(layer.name + ".weight")),
          dbias_(context.parameters.gradient(layer.name + ".bias")),
          forward_tile_(tile_for(layer.kernel, layer.out_channels)),
          input_tile_(tile_for(layer.kernel, layer.in_channels)),
          weight_tile_(std::min({pairs_for(device_, layer.kernel), layer.out_channels, 8u})),
          weight_in_tile_(std::min(pairs_for(device_, layer.kernel) / weight_tile_, layer.in_channels)),
          rows_(rows_for(device_)),
          forward_(
              device_, "conv_forward", {"x", "weight", "bias", "y"},
              {{"KERNEL", layer.kernel}, {"STRIDE", layer.stride}, {"TILE", forward_tile_}, {"ROWS", rows_}}),
          backward_input_(
              device_, "conv_backward_input", {"dy", "weight", "dx"},
              {{"KERNEL", layer.kernel}, {"STRIDE", layer.stride}, {"TILE", input_tile_}, {"ROWS", rows_}}),
          backward_weight_(device_, "conv_backward_weight", {"x", "dy", "partial"},
                           {{"KERNEL", layer.kernel},
                            {"STRIDE", layer.stride},
                            {"TILE", weight_tile_},
                            {"IN_TILE", weight_in_tile_}}),
          plane_sum_(device_, "plane_sum", rows_per_reduction, {"x", "partial"}) {
        const Shape y = output_shape(layer, context.largest_x);
        for (Shape batch = y; batch.n > 0; --batch.n) reserve_weight_sums(batch);
        reducer_.reserve(std::uint64_t{y.n} * slots_per_image(y), y.c);
    }

    void forward(Recorder& recorder, const TensorView& x, const TensorView& y, Mode) override {
        const std::uint32_t tiles = pieces_of(layer_.out_channels, forward_tile_);
        for (const ImageChunk chunk :
             image_chunks(device_, x.shape.n, std::max(x.image_stride, y.image_stride), tiles)) {
            forward_(recorder,
                     {{"x", x.images(chunk.first, chunk.count).range()},
                      {"weight", weight_},
                      {"bias", bias_},
                      {"y", y.images(chunk.first, chunk.count).range()}},
                     push_for(x, y),
                     {y.shape.w, pieces_of(y.shape.h, rows_), std::uint64_t{chunk.count} * tiles});
        }
    }

    /// BiasThroughActivation finds the gradient of the bias where an activation, and then a norm in training
    /// mode, come after the convolution.
    void backward(Recorder& recorder, const TensorView& x, const TensorView&, const TensorView& dy,
                  const TensorView* dx, Mode mode) override {
        backward_weight(recorder, x, dy);
        // A norm with constant statistics does not remove the bias.
        if (mode != Mode::training || bias_path_ == BiasPath::free) {
            backward_bias(recorder, dy);
        } else if (bias_path_ == BiasPath::norm) {
            recorder.fill(dbias_, 0);
        }
        if (dx != nullptr) backward_input(recorder, dy, *dx);
    }

  private:
    push::ConvPush push_for(const TensorView& x, const TensorView& y) const {
        return {.in_channels = layer_.in_channels,
                .out_channels = layer_.out_channels,
                .x_height = x.shape.h,
                .x_width = x.shape.w,
                .y_height = y.shape.h,
                .y_width = y.shape.w,
                .x_image_stride = x.image_stride,
                .y_image_stride = y.image_stride,
                .pad = layer_.padding == Padding::same ? (layer_.kernel - 1) / 2 : 0,
                .rows_per_thread = 0,
                .first_out = 0,
                .group_outs = layer_.out_channels};
    }

    void reserve_weight_sums(const Shape& dy) {
        const WeightSums sums = cut(dy, weights_per_out());
        const std::uint64_t columns = std::uint64_t{sums.outs_per_call} * weights_per_out();
        reducer_.reserve(std::uint64_t{sums.images_per_call} * pieces_of(dy.h, sums.rows_per_thread) * dy.w,
                         columns);
        reducer_.reserve(dy.n, columns, 1);
    }

    void backward_weight(Recorder& recorder, const TensorView& x, const TensorView& dy) {
        const WeightSums sums = cut(dy.shape, weights_per_out());
        const std::uint64_t stride = std::max(x.image_stride, dy.image_stride);
        const std::uint32_t in_tiles = pieces_of(layer_.in_channels, weight_in_tile_);
        const std::uint32_t all_tiles = in_tiles * pieces_of(layer_.out_channels, weight_tile_);
        const std::uint32_t bindable = image_chunks(device_, x.shape.n, stride, all_tiles).front().count;
        const std::uint32_t images_per_call = std::min(bindable, sums.images_per_call);
        const std::uint32_t calls = pieces_of(x.shape.n, images_per_call);
        push::ConvPush push = push_for(x, dy);
        push.rows_per_thread = sums.rows_per_thread;
        for (std::uint32_t out = 0; out < layer_.out_channels; out += sums.outs_per_call) {
            push.first_out = out;
            push.group_outs = std::min(sums.outs_per_call, layer_.out_channels - out);
            const std::uint32_t columns = push.group_outs * weights_per_out();
            const std::uint64_t offset = std::uint64_t{out} * weights_per_out() * sizeof(float);
            const BufferRange dweight =
                dweight_.buffer->range(dweight_.offset + offset, columns * sizeof(float));
            for (std::uint32_t call = 0; call < calls; ++call) {
                const std::uint32_t first = call * images_per_call;
                const std::uint32_t count = std::min(images_per_call, x.shape.n - first);
                const std::uint32_t rows = count * pieces_of(dy.shape.h, push.rows_per_thread) * dy.shape.w;
                const std::uint32_t tiles = pieces_of(push.group_outs, weight_tile_);
                backward_weight_(recorder,
                                 {{"x", x.images(first, count).range()},
                                  {"dy", dy.images(first, count).range()},
                                  {"partial", reducer_.partials(std::uint64_t{rows} * columns)}},
                                 push,
                                 {dy.shape.w, pieces_of(dy.shape.h, push.rows_per_thread),
                                  std::uint64_t{count} * in_tiles * tiles});
                const bool only = calls == 1;
                reducer_.sum(recorder, 0, rows, columns, 1.0f,
                             only ? dweight : reducer_.partials(std::uint64_t{calls} * columns, 1),
                             only ? 0 : call);
            }
            if (calls > 1) reducer_.sum(recorder, 1, calls, columns, 1.0f, dweight);
        }
    }

    void backward_bias(Recorder& recorder, const TensorView& dy) {
        const std::uint32_t rows = dy.shape.n * slots_per_image(dy.shape);
        plane_sum_(recorder, {{"x", dy}}, {{"partial", reducer_.partials(std::uint64_t{rows} * dy.shape.c)}});
        reducer_.sum(recorder, 0, rows, dy.shape.c, 1.0f, dbias_);
    }

    void backward_input(Recorder& recorder, const TensorView& dy, const TensorView& dx) {
        const std::uint32_t tiles = pieces_of(layer_.in_channels, input_tile_);
        for (const ImageChunk chunk :
             image_chunks(device_, dy.shape.n, std::max(dx.image_stride, dy.image_stride), tiles)) {
            backward_input_(recorder,
                            {{"dy", dy.images(chunk.first, chunk.count).range()},
                             {"weight", weight_},
                             {"dx", dx.images(chunk.first, chunk.count).range()}},
                            push_for(dx, dy),
                            {dx.shape.w, pieces_of(dx.shape.h, rows_), std::uint64_t{chunk.count} * tiles});
        }
    }

    std::uint32_t weights_per_out() const { return layer_.in_channels * layer_.kernel * layer_.kernel; }

    const Device& device_;
    Reducer& reducer_;
    Conv layer_;
    BiasPath bias_path_;
    BufferRange weight_, bias_, dweight_, dbias_;
    std::uint32_t forward_tile_, input_tile_, weight_tile_, weight_in_tile_, rows_;
    Kernel<push::ConvPush> forward_, backward_input_, backward_weight_;
    PlaneKernel<> plane_sum_;
};

}  // namespace

std::unique_ptr<LayerKernels> make_kernels(const LayerContext& context, const Conv& layer) {
    return std::make_unique<ConvKernels>(context, layer);
}

}  // namespace shadenet
