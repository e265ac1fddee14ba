#include "engine/folded_filter.h"

#include <algorithm>
#include <span>
#include <type_traits>

namespace shadenet {

namespace {

/// Loops of one thread, of the 65,535 rounds after which software drivers stop without a word.
constexpr std::uint32_t most_rounds = 60'000;
/// Memory of a tile stays small, and every binding within what all devices bind.
constexpr std::uint32_t largest_tile = 2048;

std::uint32_t round_up(std::uint32_t value, std::uint32_t multiple) {
    return (value + multiple - 1) / multiple * multiple;
}

Buffer weights_buffer(const Device& device, std::span<const float> weights, const char* name) {
    Buffer buffer(device, weights.size_bytes(), name);
    buffer.upload(weights);
    return buffer;
}

}  // namespace

FoldedFilter::FoldedFilter(const Device& device, const FoldedNetwork& network, bool linear,
                           std::uint32_t tile, const FoldedTiles& tiles)
    : device_(device),
      hidden_(network.hidden),
      kernel_(network.kernel),
      activation_(network.activation),
      norm_after_(network.norm_after),
      residual_(network.residual),
      linear_(linear),
      tile_(linear ? tiles.linear : tiles.two_layer),
      tile_side_(std::min(tile, largest_tile)),
      two_layer_weights_(weights_buffer(device, network.two_layer_weights(), "folded weights")),
      recorder_(device) {
    if (linear) linear_weights_ = weights_buffer(device, network.linear_weights(), "composed weights");
    const std::uint64_t side = tile_side_ + 2 * FOLDED_MARGIN(kernel_) + tile_.strip;
    tile_.texels = tile_.texels && 3 * side * side <= device.info().max_texels;
}

const FoldedFilter::Kernels& FoldedFilter::kernels(bool packed) {
    Kernels& made = kernels_.at(packed);
    const auto names = {"picture", "folded", "result", "picture_texels", "folded_texels"};
    const Constant shared[] = {{"KERNEL", kernel_},
                               {"STRIP", tile_.strip},
                               {"PACKED", packed},
                               {"TEXELS", tile_.texels},
                               {local_size_constant, tile_.local_size}};
    // A kernel of 1 leaves no pixel whose neighbourhood ends outside the picture.
    if (made.two_layer == nullptr && (!linear_ || kernel_ > 1)) {
        made.two_layer =
            std::make_unique<FoldedKernel>(device_, "folded_two_layer", names,
                                           std::initializer_list<Constant>{shared[0],
                                                                           shared[1],
                                                                           shared[2],
                                                                           shared[3],
                                                                           shared[4],
                                                                           {"KIND", activation_},
                                                                           {"CHANNELS", hidden_},
                                                                           {"NORM_AFTER", norm_after_}});
    }
    if (made.linear == nullptr && linear_) {
        made.linear = std::make_unique<FoldedKernel>(
            device_, "folded_linear", names,
            std::initializer_list<Constant>{
                shared[0], shared[1], shared[2], shared[3], shared[4], {"HELD", tile_.held}});
    }
    return made;
}

void FoldedFilter::make_room(std::uint64_t words, std::uint64_t result_words) {
    const auto grow = [&](std::unique_ptr<Buffer>& buffer, std::uint64_t bytes, const char* name) {
        if (buffer != nullptr && buffer->bytes() >= bytes) return;
        buffer.reset();  // before the next one takes its memory
        buffer = std::make_unique<Buffer>(device_, bytes, name);
    };
    grow(picture_, words * sizeof(std::uint32_t), "picture tile");
    for (auto& result : results_) grow(result, result_words * sizeof(std::uint32_t), "filtered tile");
    words_.resize(words);
    result_words_.resize(result_words);
}

template <class Picture>
Picture FoldedFilter::run(const Picture& picture) {
    Picture output = blank_like(picture);
    const std::uint32_t side = round_up(std::min(tile_side_, picture.width), tile_.strip);
    FoldedWindow window{.row_margin = kernel_ - 1,
                        .margin = FOLDED_MARGIN(kernel_),
                        .packed = std::is_same_v<Picture, Picture8>};
    std::optional<FoldedWindow> before;
    std::size_t turn = 0;
    const auto collect = [&](const FoldedWindow& written, const Buffer& result) {
        const std::span<std::uint32_t> words(result_words_.data(), written.result_words());
        result.read(0, std::as_writable_bytes(words));
        scatter(words, written, output);
    };
    // While the device works on a tile, the host fetches the one before and prepares the next.
    for (window.row = 0; window.row < picture.height; window.row += window.rows) {
        window.rows = std::min(tile_side_, picture.height - window.row);
        for (window.column = 0; window.column < picture.width; window.column += window.columns) {
            window.columns = std::min(side, picture.width - window.column);
            window.padded_columns = round_up(window.columns, tile_.strip);
            if (!before) make_room(window.words(), window.result_words());
            const std::span<std::uint32_t> words(words_.data(), window.words());
            gather(picture, window, words);
            recorder_.finish();
            picture_->upload(std::span<const std::uint32_t>(words));
            record_tile(window, picture.width, picture.height, *results_[turn]);
            recorder_.submit();
            turn = 1 - turn;
            if (before) collect(*before, *results_[turn]);
            before = window;
        }
    }
    recorder_.finish();
    collect(*before, *results_[1 - turn]);
    return output;
}

Image FoldedFilter::apply(const Image& picture) {
    return run(picture);
}

Picture8 FoldedFilter::apply(const Picture8& picture) {
    return run(picture);
}

void FoldedFilter::record_tile(const FoldedWindow& window, std::uint32_t width, std::uint32_t height,
                               const Buffer& result) {
    const std::uint32_t strips = round_up(width, tile_.strip) / tile_.strip;
    if (!linear_) {
        record(window, width, height, result, false, {0, height, 0, strips});
        return;
    }
    // The ring is cut in whole strips. It is the picture's, not the tile's: a pixel is computed alike in all
    // tiles.
    const std::uint32_t ring = (kernel_ - 1) / 2;
    const std::uint32_t top = std::min(ring, height), bottom = std::max(top, height - top);
    const std::uint32_t left = ring > 0 ? 1 : 0;
    const std::uint32_t right =
        ring > 0 ? std::max(left, (width - std::min(ring, width)) / tile_.strip) : strips;
    record(window, width, height, result, true, {top, bottom, left, right});
    record(window, width, height, result, false, {0, top, 0, strips});
    record(window, width, height, result, false, {bottom, height, 0, strips});
    record(window, width, height, result, false, {top, bottom, 0, left});
    record(window, width, height, result, false, {top, bottom, right, strips});
}

void FoldedFilter::record(const FoldedWindow& window, std::uint32_t width, std::uint32_t height,
                          const Buffer& result, bool linear, Region region) {
    const std::uint32_t first_strip = window.column / tile_.strip;
    region.first_row = std::max(region.first_row, window.row);
    region.last_row = std::min(region.last_row, window.row + window.rows);
    region.first_strip = std::max(region.first_strip, first_strip);
    region.last_strip = std::min(region.last_strip, first_strip + window.padded_columns / tile_.strip);
    if (region.first_row >= region.last_row || region.first_strip >= region.last_strip) return;
    push::FoldedPush push{
        .width = width,
        .height = height,
        .tile_row = window.row,
        .tile_column = window.column,
        .pitch = window.pitch(),
        .plane = window.plane(),
        .result_pitch = window.result_pitch(),
        .result_plane = window.result_plane(),
        .first_row = region.first_row,
        .rows = region.last_row - region.first_row,
        .first_strip = region.first_strip,
        .strips = region.last_strip - region.first_strip,
        .block_rows =
            linear ? tile_.block_rows : std::min(tile_.block_rows, most_rounds / (hidden_ + 1) - kernel_),
        .residual = residual_ ? 1.0f : 0.0f,
    };
    push.blocks = (push.rows + push.block_rows - 1) / push.block_rows;
    const Kernels& made = kernels(window.packed);
    const Buffer& weights = linear ? *linear_weights_ : two_layer_weights_;
    const BufferRange picture = picture_->range(0, std::uint64_t{window.words()} * sizeof(std::uint32_t));
    const BufferRange unread = weights.range(0, sizeof(std::uint32_t));
    const FoldedKernel& kernel = linear ? *made.linear : *made.two_layer;
    kernel(recorder_,
           {{"picture", picture},
            {"folded", weights.whole()},
            {"result", result.whole()},
            {"picture_texels", tile_.texels ? picture : unread},
            {"folded_texels", tile_.texels ? weights.whole() : unread}},
           push, {std::uint64_t{push.strips} * push.blocks});
}

}  // namespace shadenet
