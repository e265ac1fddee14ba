#include "engine/tiles/tiled_filter.h"

#include <utility>

#include "base/error.h"
#include "engine/tiles/tile_pixels.h"

namespace shadenet {

namespace {

/// The calls of a tile may need several submissions where they are slow.
constexpr std::size_t most_submissions = 8;

}  // namespace

TiledFilter::TiledFilter(const Device& device, std::unique_ptr<TileKernels> kernels, const PixelRange& range,
                         PicturePadding padding)
    : device_(device),
      kernels_(std::move(kernels)),
      range_(range),
      padding_(padding),
      recorder_(device, most_submissions) {}

void TiledFilter::begin(const AnyPassage& passage) {
    // Pictures that come one by one use the same slot, whose memory is still in the processor's cache.
    if (pictures_.empty()) oldest_ = 0;
    pictures_.push_back({passage});
    std::visit([&](const auto& typed) { begin_tiles(typed); }, passage);
}

template <class Kind>
void TiledFilter::begin_tiles(const Passage<Kind>& passage) {
    const std::vector<TileWindow> columns = kernels_->cut_columns(passage.input->width);
    for (const TileWindow& row : kernels_->cut_rows(passage.input->height)) {
        for (const TileWindow& column : columns)
            begin_tile(passage, {row, column, format_of<Kind>, range_, padding_});
    }
}

template <class Kind>
void TiledFilter::begin_tile(const Passage<Kind>& passage, const PictureTile& tile) {
    if (busy_ == slots_.size()) collect_oldest();
    Slot& slot = slots_[(oldest_ + busy_) % slots_.size()];
    make_room(slot, tile);
    gather(*passage.input, tile, slot.picture->on_host());
    slot.picture->upload(recorder_, tile.bytes());
    if (tile.integers()) recorder_.fill(slot.result->on_device().range(tile.report(), 4), ~0u);
    kernels_->record(recorder_, tile, slot.picture->on_device(), slot.result->on_device());
    slot.result->download(recorder_, tile.result_bytes());
    slot.ticket = recorder_.submit();
    slot.tile = tile;
    slot.begun = &pictures_.back();
    ++slot.begun->tiles_under_way;
    ++busy_;
}

void TiledFilter::make_room(Slot& slot, const PictureTile& tile) {
    const auto grow = [&](std::optional<TransferBuffer>& buffer, std::uint64_t bytes, const char* name) {
        if (buffer && buffer->bytes() >= bytes) return;
        buffer.reset();  // before the next one takes its memory
        buffer.emplace(device_, bytes, name);
    };
    grow(slot.picture, tile.bytes(), "picture tile");
    grow(slot.result, tile.result_bytes(), "filtered tile");
}

void TiledFilter::collect_oldest() {
    const Slot& slot = slots_[oldest_];
    recorder_.wait(slot.ticket);
    const auto scatter_tile = [&](const auto& passage) {
        scatter(slot.result->on_host(), slot.tile, *passage.output);
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

void TiledFilter::finish_next() {
    while (pictures_.front().tiles_under_way > 0) collect_oldest();
    const std::exception_ptr problem = pictures_.front().problem;
    pictures_.pop_front();
    if (problem) std::rethrow_exception(problem);
}

}  // namespace shadenet
