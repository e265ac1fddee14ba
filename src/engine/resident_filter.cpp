#include "engine/resident_filter.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/error.h"
#include "engine/stack/memory_plan.h"
#include "engine/tensors/packed.h"
#include "engine/tiles/tile_pixels.h"
#include "engine/two_layer/folded_network.h"
#include "model/two_layer.h"

namespace shadenet {

namespace {

/// The most pixels, margins included, that one call filters with the reference network: on a software device
/// in some 60 ms. Networks with more products filter fewer pixels.
constexpr std::uint64_t most_pixels = 16 << 20, most_pixels_on_software = 2 << 20;
constexpr std::uint64_t reference_products = 16 * 3 * 3;
/// The margins on both sides and the rest of a strip, for the widest kernel and strip. Rows need no more.
constexpr std::uint64_t widest_padding = 48;
/// Side of a square with more pixels than either limit, margins included.
constexpr std::uint32_t largest_shown_side = 4096 + 64;
constexpr std::uint64_t most_texels = std::uint64_t{largest_shown_side} * largest_shown_side;
/// The most memory for the feature maps of a picture, and for their gradients, which a plan for training has
/// room for, too.
constexpr std::uint64_t most_batch_bytes = std::uint64_t{1} << 30;

std::optional<FoldedKernels> kernels_of(const Device& device, const FoldedMatch& match) {
    if (!match.network) return {};
    const FoldedNetwork& network = *match.network;
    return FoldedKernels(device, network, network.linear(),
                         default_folded_tiles(device.info().kind, network.kernel), largest_shown_side);
}

/// Multiplications for a pixel, as hidden·kernel² of a two-layer network.
std::uint64_t products_of(const Network& network) {
    std::uint64_t products = 0;
    for (const Conv& conv : convs_of(network)) {
        products += std::uint64_t{conv.in_channels} * conv.out_channels * conv.kernel * conv.kernel;
    }
    return products / 6;
}

/// Whether the device can bind all feature maps of a picture, and a plan for training is to have their
/// memory.
bool fits_in_layers(const Device& device, const Network& network, const Shape& picture) {
    const std::vector<Shape> points = point_shapes(network, picture);
    const auto binds = [&](const Shape& point) {
        return packed_bytes(point) <= device.info().max_storage_range;
    };
    return std::ranges::all_of(points, binds) &&
           feature_map_bytes(network, picture, Purpose::training, most_batch_bytes) <= most_batch_bytes;
}

TileWindow whole(std::uint32_t length) {
    return {length, 0, length, 0, length, 0, length};
}

Shape batch_of_one(const Image& picture) {
    return {1, 3, picture.height, picture.width};
}

}  // namespace

ResidentPicture::ResidentPicture(const Device& device, Image image, const PictureTile& tile)
    : image_(std::move(image)),
      tile_(tile),
      input_(device, tile.bytes(), "shown picture"),
      output_(device, tile.result_bytes(), "shown result"),
      output_pitch_(tile.result_pitch()),
      output_plane_(tile.result_plane()) {
    std::vector<float> values(tile.bytes() / sizeof(float));
    gather(image_, tile, std::as_writable_bytes(std::span(values)));
    input_.upload(std::span<const float>(values));
    std::fill(values.begin(), values.end(), 0.0f);
    output_.upload(std::span<const float>(values).first(tile.result_bytes() / sizeof(float)));
}

PixelPlanes ResidentPicture::input() const {
    return {.range = input_.whole(),
            .width = image_.width,
            .height = image_.height,
            .offset = (tile_.rows.write - tile_.rows.read) * tile_.pitch() +
                      (tile_.columns.write - tile_.columns.read),
            .pitch = tile_.pitch(),
            .plane = tile_.plane(),
            .factor = factor(),
            .shift = shift()};
}

PixelPlanes ResidentPicture::output() const {
    return {.range = output_.whole(),
            .width = image_.width,
            .height = image_.height,
            .offset = 0,
            .pitch = output_pitch_,
            .plane = output_plane_,
            .factor = factor(),
            .shift = shift()};
}

float ResidentPicture::factor() const {
    return static_cast<float>(1 / tile_.range.span());
}

float ResidentPicture::shift() const {
    return static_cast<float>(tile_.range.out_of(0));
}

ResidentFilter::ResidentFilter(const Device& device, const Network& network, const Parameters& parameters)
    : device_(device),
      network_(network),
      parameters_(parameters),
      kernels_(kernels_of(device, fold_two_layers(network, parameters))),
      recorder_(device) {
    require_keeps_pictures(network);
}

bool ResidentFilter::takes(const Device& device, const Network& network, std::uint32_t width,
                           std::uint32_t height) {
    const bool software = device.info().kind == DeviceKind::software;
    const std::uint64_t most = (software ? most_pixels_on_software : most_pixels) * reference_products /
                               std::max(products_of(network), reference_products);
    // A picture of one pixel can always be shown.
    const std::uint64_t across = width + widest_padding, down = height + widest_padding;
    const std::uint64_t pixels = std::uint64_t{width} * height;
    const bool fits = pixels > 0 && (pixels == 1 || pixels <= most) && across * down <= most_texels &&
                      3 * sizeof(float) * across * down <= device.info().max_storage_range;
    return fits && (folds(network) || fits_in_layers(device, network, {1, 3, height, width}));
}

std::unique_ptr<ResidentPicture> ResidentFilter::hold(Image picture) const {
    if (!takes(device_, network_, picture.width, picture.height)) {
        throw InputError(
            fmt::format("a picture of {} x {} is too large to be shown", picture.width, picture.height));
    }
    const PictureTile all = kernels_ ? kernels_->whole(picture.width, picture.height)
                                     : PictureTile{whole(picture.height), whole(picture.width),
                                                   PixelFormat::planes, network_.range};
    return std::unique_ptr<ResidentPicture>(new ResidentPicture(device_, std::move(picture), all));
}

void ResidentFilter::set(const Parameters& parameters) {
    parameters_ = parameters;
    changed_ = true;
}

void ResidentFilter::run(ResidentPicture& picture) {
    if (!kernels_) return run_layers(layers_, picture, Mode::inference);
    // The host writes the new weights to memory from which the device may still read the earlier ones.
    if (changed_) {
        recorder_.wait(ticket_);
        kernels_->set_network(recorder_, *fold_two_layers(network_, parameters_).network);
        changed_ = false;
    }
    kernels_->record(recorder_, picture.tile_, picture.input_, picture.output_);
    picture.output_pitch_ = picture.tile_.result_pitch();
    picture.output_plane_ = picture.tile_.result_plane();
    ticket_ = recorder_.submit();
}

ResidentFilter::Layers::Layers(const Device& device, const Network& network, const Parameters& values,
                               const Shape& shape, Purpose purpose)
    : parameters(device, values, WeightLayout::blocks),
      plan(device, network, parameters, shape, purpose, {.most_bytes = most_batch_bytes}),
      x(device, plan.input_shape(), ExampleValues::floats, "shown picture as a batch") {}

void ResidentFilter::run_as_batch(ResidentPicture& picture) {
    run_layers(batch_, picture, Mode::training);
}

void ResidentFilter::run_layers(std::optional<Layers>& layers, ResidentPicture& picture, Mode mode) {
    recorder_.finish();
    const Shape shape = batch_of_one(picture.image_);
    if (!layers || layers->x.shape() != shape) {
        layers.reset();  // before the next one takes its memory
        layers.emplace(device_, network_, parameters_, shape,
                       mode == Mode::inference ? Purpose::inference : Purpose::training);
    }
    layers->parameters.upload(parameters_);
    std::vector<float> values = picture.image_.values;
    network_.range.bring_into(values);
    layers->x.upload(values);
    const TensorView result = layers->plan.forward(recorder_, layers->x.view(), mode);
    const std::uint64_t bytes = shape.values() * sizeof(float);
    recorder_.copy(result.buffer->range(result.offset, bytes), picture.output_.range(0, bytes));
    picture.output_pitch_ = shape.w;
    picture.output_plane_ = static_cast<std::uint32_t>(shape.plane());
    ticket_ = recorder_.submit();
}

bool ResidentFilter::takes_as_batch(const ResidentPicture& picture) const {
    return fits_in_layers(device_, network_, batch_of_one(picture.image_));
}

}  // namespace shadenet
