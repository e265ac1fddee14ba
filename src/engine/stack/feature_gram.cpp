#include "engine/stack/feature_gram.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "engine/tensors/linear_threads.h"
#include "engine/tensors/patch_element.h"

// As for the patches of pictures (engine/two_layer/patch_gram.cpp), with q = p + o
//
//     Σ_p x_i(p + o)·x_j(p + o') = Σ_q x_i(q)·x_j(q + lag),   lag = o' − o,   q in the window of p moved by
//     o,
//
// so that all pairs of offsets with one lag share their products, but for the outermost rows and columns. A
// convolution of 3x3 over C channels has 81·C² pairs of weights and 13·C² different products a pixel; rows of
// whole blocks make 15·C² of them.

namespace shadenet {

namespace {

constexpr std::uint32_t gram_cell_rows = 4, gram_cell_columns = 64;
/// The most bytes of a call's sums, unless a row of cells has more.
constexpr std::uint64_t most_gram_bytes = 8 << 20;

QuadKernel<push::FeatureGramPush> gram_kernel(const Device& device, std::uint32_t together) {
    return {device, "stack_gram", {"z", "cuts", "sums"}, {{"LAGS", together}}, heavy_local_size(device)};
}

}  // namespace

FeatureMoments::FeatureMoments(std::uint32_t of_channels, std::uint32_t of_kernel)
    : channels(of_channels), kernel(of_kernel), center(size()), sum(size()), product(size() * size()) {}

std::vector<double> FeatureMoments::means() const {
    const std::size_t taps = std::size_t{kernel} * kernel;
    std::vector<double> means;
    const auto add = [&](std::size_t a) {
        means.push_back(center[a] + sum[a] / static_cast<double>(pixels));
    };
    for (std::size_t c = 0; c < channels; ++c) add(c * taps + taps / 2);
    for (std::size_t c = 0; c < 3; ++c) add(patch() + c);
    return means;
}

void FeatureMoments::add(const FeatureMoments& other) {
    if (channels != other.channels || kernel != other.kernel || center != other.center) {
        throw std::invalid_argument("moments of other patches, or about other centers");
    }
    pixels += other.pixels;
    for (std::size_t a = 0; a < sum.size(); ++a) sum[a] += other.sum[a];
    for (std::size_t a = 0; a < product.size(); ++a) product[a] += other.product[a];
}

std::size_t FeatureGram::Products::index(std::int32_t down, std::int32_t right, std::uint32_t i,
                                         std::uint32_t j) const {
    const auto lag = static_cast<std::size_t>(down - first_lag);
    const auto column = static_cast<std::uint32_t>(right + static_cast<std::int32_t>(reach));
    const std::size_t pair = (lag * chunks() + column / together()) * first_blocks + i / 4;
    const std::size_t thread = pair * second_blocks + j / 4;
    return (thread * together() + column % together()) * 16 + std::size_t{i % 4} * 4 + j % 4;
}

FeatureGram::FeatureGram(const Device& device, std::uint32_t channels, std::uint32_t kernel,
                         const std::vector<float>& center)
    : device_(device),
      channels_(channels),
      kernel_(kernel),
      radius_(kernel / 2),
      blocks_(blocks_of(channels)),
      center_(center),
      inputs_{0, blocks_, 0, blocks_, 0, 2 * radius_ + 1, 2 * radius_, 2 * radius_, 0},
      mixed_{blocks_,         1,       0, blocks_, -static_cast<std::int32_t>(radius_),
             2 * radius_ + 1, radius_, 0, radius_},
      targets_{blocks_, 1, blocks_, 1, 0, 1, 0, 0, radius_},
      cut_(device, "stack_window", {"from", "center", "to"}, {}, light_local_size),
      inputs_kernel_(gram_kernel(device, inputs_.together())),
      mixed_kernel_(gram_kernel(device, mixed_.together())),
      targets_kernel_(gram_kernel(device, targets_.together())),
      centers_(device, std::uint64_t{blocks_} * quad_bytes, "centers of features") {
    if (kernel % 2 == 0) throw std::invalid_argument("patches have an odd size");
    if (center.size() != channels + 3) throw std::invalid_argument("a center for each channel and target");
    std::vector<float> padded(center.begin(), center.end() - 3);
    padded.resize(std::size_t{blocks_} * 4);
    centers_.upload(std::span<const float>(padded));
}

FeatureMoments FeatureGram::none() const {
    FeatureMoments moments(channels_, kernel_);
    const std::size_t taps = std::size_t{kernel_} * kernel_;
    for (std::size_t a = 0; a < moments.size(); ++a) {
        const bool target = a >= moments.patch();
        moments.center[a] = center_[target ? channels_ + (a - moments.patch()) : a / taps];
    }
    return moments;
}

const Buffer& FeatureGram::room(std::optional<Buffer>& buffer, std::uint64_t bytes, const char* name) const {
    if (!buffer || buffer->bytes() < bytes) {
        buffer.reset();  // before the next one takes its memory
        buffer.emplace(device_, bytes, name);
    }
    return *buffer;
}

/// The maps' blocks, and behind them one of the three targets and a 1.
void FeatureGram::fill_window(Recorder& recorder, const FeatureTile& tile, const Window& window) {
    const std::uint64_t plane = std::uint64_t{window.height} * window.width;
    const std::uint64_t map_bytes = blocks_ * plane * quad_bytes;
    require_bindable(device_, "feature maps of a tile", map_bytes + plane * quad_bytes);
    const Buffer& to = room(window_, map_bytes + plane * quad_bytes, "feature maps of a tile");
    const auto radius = static_cast<std::int32_t>(radius_);
    cut_(recorder,
         {{"from", tile.maps.range()}, {"center", centers_.whole()}, {"to", to.range(0, map_bytes)}},
         {.blocks = blocks_,
          .height = static_cast<std::int32_t>(window.height),
          .width = static_cast<std::int32_t>(window.width),
          .first_row = tile.row - radius,
          .first_column = tile.column - radius,
          .map_height = static_cast<std::int32_t>(tile.maps.shape.h),
          .map_width = static_cast<std::int32_t>(tile.maps.shape.w)},
         linear_threads(blocks_ * plane));
    recorder.finish();
    std::vector<float> quads(plane * 4);
    const std::size_t pixels = std::size_t{tile.rows} * tile.columns;
    for (std::uint32_t row = 0; row < tile.rows; ++row) {
        for (std::uint32_t column = 0; column < tile.columns; ++column) {
            float* quad = &quads[((row + radius_) * std::size_t{window.width} + column + radius_) * 4];
            const std::size_t pixel = std::size_t{row} * tile.columns + column;
            for (std::size_t c = 0; c < 3; ++c) {
                quad[c] = tile.targets[c * pixels + pixel] - center_[channels_ + c];
            }
            quad[3] = 1;
        }
    }
    to.upload(std::span<const float>(quads), map_bytes);
}

CellSums FeatureGram::sums_of(Recorder& recorder, const Products& products, const Window& window) {
    const auto cut = [&](std::uint32_t length, std::uint32_t most) {
        return cells_of(products.margin, length - products.margin, products.edge, most);
    };
    const Cells rows = cut(window.height, gram_cell_rows), columns = cut(window.width, gram_cell_columns);
    std::vector<std::uint32_t> cuts = rows.cuts;
    cuts.insert(cuts.end(), columns.cuts.begin(), columns.cuts.end());
    const Buffer& places = room(cuts_, cuts.size() * sizeof(std::uint32_t), "cells of feature maps");
    places.upload(std::span<const std::uint32_t>(cuts));
    const std::uint64_t row_bytes = columns.count() * products.sums() * sizeof(float);
    const auto rows_per_call =
        static_cast<std::uint32_t>(std::clamp<std::uint64_t>(most_gram_bytes / row_bytes, 1, rows.count()));
    require_bindable(device_, "products of feature maps", rows_per_call * row_bytes);
    const Buffer& partial = room(sums_, rows_per_call * row_bytes, "products of feature maps");
    const QuadKernel<push::FeatureGramPush>& kernel = &products == &inputs_  ? inputs_kernel_
                                                      : &products == &mixed_ ? mixed_kernel_
                                                                             : targets_kernel_;
    const std::uint64_t window_bytes = std::uint64_t{blocks_ + 1} * window.height * window.width * quad_bytes;

    CellSums sums(rows, columns, products.sums());
    for (std::uint32_t first = 0; first < rows.count(); first += rows_per_call) {
        const std::uint32_t count = std::min(rows_per_call, rows.count() - first);
        kernel(recorder,
               {{"z", window_->range(0, window_bytes)}, {"cuts", places.whole()}, {"sums", partial.whole()}},
               {.height = static_cast<std::int32_t>(window.height),
                .width = static_cast<std::int32_t>(window.width),
                .first_block = static_cast<std::int32_t>(products.first_block),
                .first_blocks = static_cast<std::int32_t>(products.first_blocks),
                .second_block = static_cast<std::int32_t>(products.second_block),
                .second_blocks = static_cast<std::int32_t>(products.second_blocks),
                .first_lag = products.first_lag,
                .lags = static_cast<std::int32_t>(products.lags),
                .reach = static_cast<std::int32_t>(products.reach),
                .chunks = static_cast<std::int32_t>(products.chunks()),
                .first_row_cell = first,
                .column_cuts = static_cast<std::uint32_t>(rows.cuts.size())},
               {products.threads(), count, columns.count()});
        recorder.finish();
        const auto cells = partial.download<float>(count * columns.count() * products.sums());
        const float* from = cells.data();
        for (std::uint32_t row = first; row < first + count; ++row) {
            for (std::uint32_t column = 0; column < columns.count(); ++column) {
                for (double& sum : sums.at(rows, row, columns, column)) sum += *from++;
            }
        }
    }
    sums.accumulate();
    return sums;
}

/// For a <= b.
double FeatureGram::product(std::size_t a, std::size_t b, const CellSums& inputs, const CellSums& mixed,
                            const CellSums& targets) const {
    const std::size_t patch = std::size_t{channels_} * kernel_ * kernel_;
    const auto target = [&](std::size_t element) { return static_cast<std::uint32_t>(element - patch); };
    if (a >= patch) return targets.value(targets_.index(0, 0, target(a), target(b)), 0, 0, 0, 0);
    PatchElement one = patch_element(a, kernel_);
    if (b >= patch) return mixed.value(mixed_.index(one.y, one.x, target(b), one.channel), 0, 0, 0, 0);
    PatchElement other = patch_element(b, kernel_);
    // Lags go down, or along the same row; for others the two pixels change places.
    if (other.y < one.y) std::swap(one, other);
    const auto radius = static_cast<std::int32_t>(radius_);
    const auto strips = [](std::int32_t count) { return static_cast<std::uint32_t>(count); };
    return inputs.value(inputs_.index(other.y - one.y, other.x - one.x, one.channel, other.channel),
                        strips(radius + one.y), strips(radius - one.y), strips(radius + one.x),
                        strips(radius - one.x));
}

void FeatureGram::add_products(const CellSums& inputs, const CellSums& mixed, const CellSums& targets,
                               FeatureMoments& moments) const {
    const std::size_t size = moments.size(), patch = moments.patch();
    constexpr std::uint32_t ones = 3;  // the fourth channel of the targets' block
    for (std::size_t a = 0; a < size; ++a) {
        if (a < patch) {
            const PatchElement one = patch_element(a, kernel_);
            moments.sum[a] += mixed.value(mixed_.index(one.y, one.x, ones, one.channel), 0, 0, 0, 0);
        } else {
            const auto target = static_cast<std::uint32_t>(a - patch);
            moments.sum[a] += targets.value(targets_.index(0, 0, ones, target), 0, 0, 0, 0);
        }
        for (std::size_t b = a; b < size; ++b) {
            const double sum = product(a, b, inputs, mixed, targets);
            moments.product[a * size + b] += sum;
            if (a != b) moments.product[b * size + a] += sum;
        }
    }
}

void FeatureGram::add(Recorder& recorder, const FeatureTile& tile, FeatureMoments& moments) {
    const std::size_t pixels = std::size_t{tile.rows} * tile.columns;
    if (tile.maps.shape.n != 1 || tile.maps.shape.c != channels_ || pixels == 0 ||
        tile.targets.size() != 3 * pixels) {
        throw std::invalid_argument("a tile has the channels of its maps, and three targets a position");
    }
    const Window window{tile.rows + 2 * radius_, tile.columns + 2 * radius_};
    fill_window(recorder, tile, window);
    const CellSums inputs = sums_of(recorder, inputs_, window), mixed = sums_of(recorder, mixed_, window),
                   targets = sums_of(recorder, targets_, window);
    add_products(inputs, mixed, targets, moments);
    moments.pixels += pixels;
}

}  // namespace shadenet
