#include "engine/two_layer/folded_filter.h"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "base/error.h"
#include "engine/tiles/tile_window.h"

namespace shadenet {

namespace {

/// Memory of a tile stays small, and every binding within what all devices bind.
constexpr std::uint32_t largest_folded_tile = 2048;
/// A tile's calls may take several where they are slow.
constexpr std::size_t most_submissions = 8;

}  // namespace

FoldedFilter::FoldedFilter(const Device& device, const FoldedNetwork& network, bool linear,
                           std::uint32_t tile, const FoldedTiles& tiles)
    : device_(device),
      // Where a value may overflow, it must be seen before it is rounded, which the device does not tell; and
      // what pads another range than 0..1, its zero, may be no level of 8 bits.
      packs_(network.bounded() && network.range.is_unit()),
      range_(network.range),
      side_(std::min(tile, largest_folded_tile)),
      kernels_(device, network, linear, tiles, side_),
      recorder_(device, most_submissions) {}

void FoldedFilter::begin(const AnyPassage& passage) {
    // Pictures that come one by one take the same slot, whose memory the processor still has at hand.
    if (pictures_.empty()) oldest_ = 0;
    pictures_.push_back({passage});
    const auto begin_picture = [&]<class Kind>(const Passage<Kind>& typed) {
        begin_tiles(typed, std::is_same_v<Kind, Picture8> && packs_);
    };
    std::visit(begin_picture, passage);
}

template <class Kind>
void FoldedFilter::begin_tiles(const Passage<Kind>& passage, bool packed) {
    const std::uint32_t width = passage.input->width, height = passage.input->height;
    const std::uint32_t side = round_up(std::min(side_, width), kernels_.strip());
    FoldedWindow window{
        .row_margin = kernels_.row_margin(), .margin = kernels_.margin(), .packed = packed, .range = range_};
    for (window.row = 0; window.row < height; window.row += window.rows) {
        window.rows = std::min(side_, height - window.row);
        for (window.column = 0; window.column < width; window.column += window.columns) {
            window.columns = std::min(side, width - window.column);
            window.padded_columns = round_up(window.columns, kernels_.strip());
            begin_tile(passage, window);
        }
    }
}

template <class Kind>
void FoldedFilter::begin_tile(const Passage<Kind>& passage, const FoldedWindow& window) {
    if (busy_ == slots_.size()) collect_oldest();
    Slot& slot = slots_[(oldest_ + busy_) % slots_.size()];
    make_room(slot, window);
    gather(*passage.input, window, slot.picture->on_host());
    slot.picture->upload(recorder_, window.bytes());
    kernels_.record(recorder_, window, passage.input->width, passage.input->height, slot.picture->on_device(),
                    slot.result->on_device());
    slot.result->download(recorder_, window.result_bytes());
    slot.ticket = recorder_.submit();
    slot.window = window;
    slot.begun = &pictures_.back();
    ++slot.begun->tiles_under_way;
    ++busy_;
}

void FoldedFilter::make_room(Slot& slot, const FoldedWindow& window) {
    const auto grow = [&](std::optional<TransferBuffer>& buffer, std::uint64_t bytes, const char* name) {
        if (buffer && buffer->bytes() >= bytes) return;
        buffer.reset();  // before the next one takes its memory
        buffer.emplace(device_, bytes, name);
    };
    grow(slot.picture, window.bytes(), "picture tile");
    grow(slot.result, window.result_bytes(), "filtered tile");
}

void FoldedFilter::collect_oldest() {
    const Slot& slot = slots_[oldest_];
    recorder_.wait(slot.ticket);
    const auto scatter_tile = [&](const auto& passage) {
        scatter(slot.result->on_host(), slot.window, *passage.output);
    };
    try {
        std::visit(scatter_tile, slot.begun->passage);
    } catch (const BadResult&) {
        if (!slot.begun->problem) slot.begun->problem = std::current_exception();
    }
    --slot.begun->tiles_under_way;
    oldest_ = (oldest_ + 1) % slots_.size();
    --busy_;
}

void FoldedFilter::finish_next() {
    while (pictures_.front().tiles_under_way > 0) collect_oldest();
    const std::exception_ptr problem = pictures_.front().problem;
    pictures_.pop_front();
    if (problem) std::rethrow_exception(problem);
}

}  // namespace shadenet
