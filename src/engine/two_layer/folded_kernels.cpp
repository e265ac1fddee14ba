#include "engine/two_layer/folded_kernels.h"

#include <algorithm>
#include <future>
#include <span>
#include <stdexcept>
#include <vector>

namespace shadenet {

namespace {

/// The most rounds of a thread's loops: software drivers end a loop after 65,535 rounds without a message.
constexpr std::uint32_t most_rounds = 60'000;

TransferBuffer weights_buffer(const Device& device, std::span<const float> weights, const char* name) {
    TransferBuffer buffer(device, weights.size_bytes(), name);
    buffer.on_device().upload(weights);
    return buffer;
}

void replace(Recorder& recorder, const TransferBuffer& buffer, const std::vector<float>& weights) {
    const std::span<const std::byte> bytes = std::as_bytes(std::span(weights));
    std::copy(bytes.begin(), bytes.end(), buffer.on_host().begin());
    buffer.upload(recorder, bytes.size());
}

}  // namespace

FoldedKernels::FoldedKernels(const Device& device, const FoldedNetwork& network, bool linear,
                             const FoldedTiles& tiles, std::uint32_t side)
    : device_(device),
      hidden_(network.hidden),
      kernel_(network.kernel),
      activation_(network.activation),
      norm_after_(network.norm_after),
      linear_(linear),
      checked_(!network.bounded() || !network.range.is_unit()),
      range_(network.range),
      padding_(network.padding),
      residual_(static_cast<float>(network.residual)),
      side_(side),
      tile_(linear ? tiles.linear : tiles.two_layer),
      two_layer_weights_(weights_buffer(device, network.two_layer_weights(), "folded weights")) {
    if (linear) linear_weights_ = weights_buffer(device, network.linear_weights(), "composed weights");
    const std::uint64_t reach = side + 2 * column_margin() + tile_.strip;
    tile_.texels = tile_.texels && 3 * reach * reach <= device.info().max_texels;
}

std::vector<TileWindow> FoldedKernels::cut_rows(std::uint32_t height) const {
    return padded_windows(height, side_, row_margin(), 1);
}

std::vector<TileWindow> FoldedKernels::cut_columns(std::uint32_t width) const {
    return padded_windows(width, round_up(std::min(side_, width), tile_.strip), column_margin(), tile_.strip);
}

PictureTile FoldedKernels::whole(std::uint32_t width, std::uint32_t height) const {
    return {padded_windows(height, height, row_margin(), 1).front(),
            padded_windows(width, width, column_margin(), tile_.strip).front(), PixelFormat::planes, range_,
            padding_};
}

void FoldedKernels::set_network(Recorder& recorder, const FoldedNetwork& network) {
    if (network.hidden != hidden_ || network.kernel != kernel_ || network.activation != activation_ ||
        network.norm_after != norm_after_ || network.padding != padding_) {
        throw std::invalid_argument("the kernels were made for a network of another form");
    }
    residual_ = static_cast<float>(network.residual);
    replace(recorder, two_layer_weights_, network.two_layer_weights());
    if (linear_weights_) replace(recorder, *linear_weights_, network.linear_weights());
}

AnyKernel FoldedKernels::make_kernel(const PixelAccess& pixels, bool linear) const {
    std::vector<Constant> constants = pixels.constants();
    constants.insert(constants.end(), {{"KERNEL", kernel_},
                                       {"STRIP", tile_.strip},
                                       {"TEXELS", tile_.texels},
                                       {"CONTINUED", padding_ != PicturePadding::zero},
                                       {local_size_constant, tile_.local_size}});
    if (linear) {
        constants.push_back({"HELD", tile_.held});
    } else {
        constants.insert(constants.end(),
                         {{"KIND", activation_}, {"CHANNELS", hidden_}, {"NORM_AFTER", norm_after_}});
    }
    const std::vector<const char*> names = {"picture",        "folded",        "result",
                                            "picture_texels", "folded_texels", "levels"};
    return {device_, linear ? "folded_linear" : "folded_two_layer", names, constants,
            sizeof(push::FoldedPush)};
}

const FoldedKernels::Kernels& FoldedKernels::kernels(PixelFormat format) {
    Kernels& made = kernels_.at(static_cast<std::size_t>(format));
    if (made.two_layer || made.linear) return made;
    const PixelAccess& pixels = made.pixels.emplace(device_, format, range_, checked_);
    if (!linear_) {
        made.two_layer = make_kernel(pixels, false);
        return made;
    }
    if (padding_ != PicturePadding::zero) {
        made.linear = make_kernel(pixels, true);
        return made;
    }
    // A driver compiles on the thread that asks it to: a second thread halves the wait.
    std::future<AnyKernel> linear =
        std::async(std::launch::async | std::launch::deferred, [&] { return make_kernel(pixels, true); });
    made.two_layer = make_kernel(pixels, false);
    made.linear = linear.get();
    return made;
}

void FoldedKernels::record(Recorder& recorder, const PictureTile& tile, const Buffer& picture,
                           const Buffer& result) {
    if (tile.padding != padding_) throw std::invalid_argument("a tile that is continued otherwise");
    const Call call{recorder, tile, picture, result};
    const std::uint32_t width = tile.columns.length, height = tile.rows.length;
    const std::uint32_t strips = pieces_of(width, tile_.strip);
    if (!linear_) {
        record(call, false, {0, height, 0, strips});
        return;
    }
    // Beyond the edges of a continued picture conv2 sees what conv1 makes there, as everywhere.
    if (padding_ != PicturePadding::zero) {
        record(call, true, {0, height, 0, strips});
        return;
    }
    // The ring has whole strips. It belongs to the picture and not to the tile, so that a pixel is computed
    // alike in all tiles.
    const std::uint32_t ring = (kernel_ - 1) / 2;
    const std::uint32_t top = std::min(ring, height), bottom = std::max(top, height - top);
    const std::uint32_t left = ring > 0 ? 1 : 0;
    const std::uint32_t right =
        ring > 0 ? std::max(left, (width - std::min(ring, width)) / tile_.strip) : strips;
    record(call, true, {top, bottom, left, right});
    record(call, false, {0, top, 0, strips});
    record(call, false, {bottom, height, 0, strips});
    record(call, false, {top, bottom, 0, left});
    record(call, false, {top, bottom, right, strips});
}

void FoldedKernels::record(const Call& call, bool linear, Region region) {
    const TileWindow &rows = call.tile.rows, &columns = call.tile.columns;
    const std::uint32_t first_strip = columns.write / tile_.strip;
    region.first_row = std::max(region.first_row, rows.write);
    region.last_row = std::min(region.last_row, rows.write + rows.count);
    region.first_strip = std::max(region.first_strip, first_strip);
    region.last_strip = std::min(region.last_strip, first_strip + columns.makes / tile_.strip);
    if (region.first_row >= region.last_row || region.first_strip >= region.last_strip) return;
    push::FoldedPush push{
        .width = columns.length,
        .height = rows.length,
        .tile_row = rows.write,
        .tile_column = columns.write,
        .pitch = call.tile.pitch(),
        .plane = call.tile.plane(),
        .result_pitch = call.tile.result_pitch(),
        .result_plane = call.tile.result_plane(),
        .first_row = region.first_row,
        .rows = region.last_row - region.first_row,
        .first_strip = region.first_strip,
        .strips = region.last_strip - region.first_strip,
        .block_rows =
            linear ? tile_.block_rows : std::min(tile_.block_rows, most_rounds / (hidden_ + 1) - kernel_),
        .residual = residual_,
    };
    push.blocks = pieces_of(push.rows, push.block_rows);
    const Buffer& weights = (linear ? *linear_weights_ : two_layer_weights_).on_device();
    const BufferRange picture = call.picture.range(0, call.tile.bytes());
    const BufferRange unread = weights.range(0, sizeof(float));
    const Kernels& made = kernels(call.tile.format);
    const Binding bindings[] = {{"picture", picture},
                                {"folded", weights.whole()},
                                {"result", call.result.range(0, call.tile.result_bytes())},
                                {"picture_texels", tile_.texels ? picture : unread},
                                {"folded_texels", tile_.texels ? weights.whole() : unread},
                                {"levels", made.pixels->levels()}};
    dispatch(call.recorder, linear ? *made.linear : *made.two_layer, bindings,
             std::as_bytes(std::span(&push, 1)), {std::uint64_t{push.strips} * push.blocks});
}

}  // namespace shadenet
