#include "engine/two_layer/patch_gram.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <stdexcept>
#include <utility>

#include "engine/tensors/cell_sums.h"
#include "engine/tensors/moment_rows.h"
#include "engine/tensors/patch_element.h"
#include "engine/tensors/tensor.h"
#include "gpu/kernel.h"
#include "gpu/recorder.h"
#include "group/rounds.h"
#include "group/share_sums.h"
#include "model/picture_padding.h"
#include "patch_gram_push.h"

// An element of the Gram matrix is a sum over a window of the picture that depends on the element: with
// q = p + o
//
//     Σ_p x_i(p + o)·x_j(p + o') = Σ_q x_i(q)·x_j(q + lag),   lag = o' − o,   q in the window of p moved by
//     o.
//
// All elements of one lag have the same products, and their windows differ only in the outermost 2·radius
// rows and columns. So the device sums the products of cells, which are single rows and columns there, and
// the host adds the cells of every window: a quarter of the multiplications for patches of 5x5 pixels, a
// twenty-fifth for 13x13.

namespace shadenet {

namespace {

constexpr std::uint32_t cell_rows = 4, cell_columns = GRAM_CELL_PIXELS / cell_rows;
/// The most bytes of a call's sums: few enough that every device computes them in a few hundredths of a
/// second.
constexpr std::uint64_t most_bytes_per_call = 4 << 20;

/// The pixels and lags for the products of one pair of planes.
struct Extent {
    std::uint32_t width, height;
    std::uint32_t margin;  ///< around the pixels of the sums
    std::uint32_t edge;    ///< rows and columns at the edges of these pixels that are single strips
    std::int32_t first_lag;
    std::uint32_t lags, reach;  ///< lags down; the longest lag to each side
    std::uint32_t channels;     ///< of the first picture, 3 or 4

    std::uint32_t columns() const { return 2 * reach + 1; }
    std::size_t products() const { return std::size_t{lags} * channels * columns() * 3; }
};

/// The sums of one kind of products, for all pictures.
class LaggedProducts {
  public:
    /// `whole`: all values are whole 255ths.
    LaggedProducts(const Device& device, const Extent& extent, bool whole)
        : extent_(extent),
          digits_(whole ? 1 : 3),
          rows_(cells_of(extent.margin, extent.height - extent.margin, extent.edge, cell_rows)),
          columns_(cells_of(extent.margin, extent.width - extent.margin, extent.edge, cell_columns)),
          kernel_(device, "patch_gram", {"first", "second", "cuts", "sums"},
                  {{"REACH", extent.reach}, {"FRACTIONS", whole ? 0u : 1u}}, sizeof(push::PatchGramPush)),
          cuts_(device, (rows_.cuts.size() + columns_.cuts.size()) * sizeof(std::uint32_t),
                "cells of pictures"),
          sums_(device, rows_per_call(device) * row_values() * sizeof(std::int32_t), "products of pixels"),
          rows_per_call_(rows_per_call(device)),
          cells_(rows_, columns_, extent.products()) {
        cuts_.upload(std::span<const std::uint32_t>(rows_.cuts));
        cuts_.upload(std::span<const std::uint32_t>(columns_.cuts),
                     rows_.cuts.size() * sizeof(std::uint32_t));
    }

    /// Adds the products of two pictures.
    void add(Recorder& recorder, const BufferRange& first, const BufferRange& second) {
        for (std::uint32_t row = 0; row < rows_.count(); row += rows_per_call_) {
            const std::uint32_t rows = std::min(rows_per_call_, rows_.count() - row);
            const push::PatchGramPush push{.width = extent_.width,
                                           .height = extent_.height,
                                           .first_lag = extent_.first_lag,
                                           .lags = extent_.lags,
                                           .channels = extent_.channels,
                                           .first_row_cell = row,
                                           .column_cuts = static_cast<std::uint32_t>(rows_.cuts.size())};
            const Binding bindings[] = {
                {"first", first}, {"second", second}, {"cuts", cuts_.whole()}, {"sums", sums_.whole()}};
            dispatch(recorder, kernel_, bindings, std::as_bytes(std::span(&push, 1)),
                     {std::uint64_t{extent_.lags} * extent_.channels, rows, columns_.count()});
            recorder.finish();
            add_cells(row, rows);
        }
    }

    /// After the last picture and before the first value().
    void accumulate() { cells_.accumulate(); }

    /// Σ first_i(q)·second_j(q + (lag down, right)), in levels, over the window with `top` strips above it,
    /// `bottom` below it, and so on.
    double value(std::int32_t down, std::uint32_t i, std::int32_t right, std::uint32_t j, std::uint32_t top,
                 std::uint32_t bottom, std::uint32_t left, std::uint32_t at_right) const {
        const auto lag = static_cast<std::size_t>(down - extent_.first_lag);
        const auto column = static_cast<std::size_t>(right + static_cast<std::int32_t>(extent_.reach));
        const std::size_t product = ((lag * extent_.channels + i) * extent_.columns() + column) * 3 + j;
        return cells_.value(product, top, bottom, left, at_right);
    }

  private:
    /// Numbers of a row of cells.
    std::size_t row_values() const { return columns_.count() * extent_.products() * digits_; }

    std::uint32_t rows_per_call(const Device& device) const {
        const std::uint64_t bytes = std::min(most_bytes_per_call, device.info().max_storage_range);
        const std::uint64_t fitting = bytes / (row_values() * sizeof(std::int32_t));
        const std::uint64_t most = std::min<std::uint64_t>(device.info().max_group_count[1], rows_.count());
        return static_cast<std::uint32_t>(std::clamp<std::uint64_t>(fitting, 1, most));
    }

    double in_levels(const std::int32_t* digits) const {
        // Everything here is exact: the digits, and a sum of less than 53 bits.
        constexpr double scale = 1.0 / (std::uint64_t{1} << (2 * GRAM_LEVEL_BITS));
        constexpr double step = 1 << GRAM_LOW_BITS;
        double value = step * digits[0];
        if (digits_ == 3) value += digits[1];
        value *= step;
        if (digits_ == 3) value += digits[2];
        return value * scale;
    }

    void add_cells(std::uint32_t first_row, std::uint32_t rows) {
        const std::vector<std::int32_t> cells = sums_.download<std::int32_t>(rows * row_values());
        const std::int32_t* from = cells.data();
        for (std::uint32_t row = first_row; row < first_row + rows; ++row) {
            for (std::uint32_t column = 0; column < columns_.count(); ++column) {
                for (double& sum : cells_.at(rows_, row, columns_, column)) {
                    sum += in_levels(from);
                    from += digits_;
                }
            }
        }
    }

    Extent extent_;
    std::uint32_t digits_;
    Cells rows_, columns_;
    AnyKernel kernel_;
    Buffer cuts_, sums_;
    std::uint32_t rows_per_call_;
    CellSums cells_;
};

/// Products of inputs with inputs, of targets (and ones) with inputs, and of targets with targets, of windows
/// of one shape.
class GramSums {
  public:
    GramSums(const Device& device, const Shape& shape, std::uint32_t radius, bool whole)
        : shape_(shape),
          radius_(radius),
          input_(device, shape, "a picture before the filter"),
          target_(device, shape, "a picture after the filter"),
          inputs_(device, {shape.w, shape.h, 0, 2 * radius, 0, 2 * radius + 1, 2 * radius, 3}, whole),
          mixed_(device,
                 {shape.w, shape.h, radius, 0, -static_cast<std::int32_t>(radius), 2 * radius + 1, radius, 4},
                 whole),
          targets_(device, {shape.w, shape.h, radius, 0, 0, 1, 0, 4}, whole) {}

    const Shape& shape() const { return shape_; }

    void add(Recorder& recorder, std::span<const float> input_values, std::span<const float> target_values) {
        input_.upload(input_values);
        target_.upload(target_values);
        const BufferRange input = input_.view().range(), target = target_.view().range();
        inputs_.add(recorder, input, input);
        mixed_.add(recorder, target, input);
        targets_.add(recorder, target, target);
    }

    /// Once, after the last window: adds all sums to the matrix.
    void finish(PatchGram& gram) {
        for (LaggedProducts* products : {&inputs_, &mixed_, &targets_}) products->accumulate();
        const std::size_t patch = gram.patch(), size = patch + 3;
        for (std::size_t a = 0; a < size; ++a) {
            gram.sum[a] += a < patch ? mixed(3, a) : targets_.value(0, 3, 0, colour(a), 0, 0, 0, 0);
            for (std::size_t b = a; b < size; ++b) {
                gram.product[a * size + b] += product(a, b, patch);
                gram.product[b * size + a] = gram.product[a * size + b];
            }
        }
    }

  private:
    std::uint32_t colour(std::size_t a) const {
        const std::size_t side = 2 * radius_ + 1;
        return static_cast<std::uint32_t>(a - 3 * side * side);
    }

    double mixed(std::uint32_t target_channel, std::size_t a) const {
        const PatchElement one = patch_element(a, 2 * radius_ + 1);
        return mixed_.value(one.y, target_channel, one.x, one.channel, 0, 0, 0, 0);
    }

    /// For a <= b.
    double product(std::size_t a, std::size_t b, std::size_t patch) const {
        if (a >= patch) return targets_.value(0, colour(a), 0, colour(b), 0, 0, 0, 0);
        if (b >= patch) return mixed(colour(b), a);
        PatchElement one = patch_element(a, 2 * radius_ + 1), other = patch_element(b, 2 * radius_ + 1);
        // Lags go down, or right in the same row; for others the two pixels change places.
        if (other.y < one.y || (other.y == one.y && other.x < one.x)) std::swap(one, other);
        const auto radius = static_cast<std::int32_t>(radius_);
        const auto strips = [](std::int32_t count) { return static_cast<std::uint32_t>(count); };
        return inputs_.value(other.y - one.y, one.channel, other.x - one.x, other.channel,
                             strips(radius + one.y), strips(radius - one.y), strips(radius + one.x),
                             strips(radius - one.x));
    }

    Shape shape_;
    std::uint32_t radius_;
    Tensor input_, target_;
    LaggedProducts inputs_, mixed_, targets_;
};

/// A part of a picture: its first pixel, which may lie beyond the picture's edge, and its size.
struct GramWindow {
    std::int64_t row, column;
    std::uint32_t height, width;
};

/// The largest side of a window.
std::uint32_t most_window_side(const Device& device, std::uint32_t radius) {
    constexpr std::uint64_t most_bytes = 48 << 20;
    const std::uint32_t least = 2 * radius + 1;
    require_bindable(device, "the patches of a network's reach", image_bytes({1, 3, least, least}));
    const std::uint64_t bytes =
        std::min(device.info().max_storage_range, most_bytes) / range_alignment * range_alignment;
    return static_cast<std::uint32_t>(std::sqrt(static_cast<double>(bytes / sizeof(float) / 3)));
}

/// Windows that have each position of the picture with a whole patch once; none where there is no position.
std::vector<GramWindow> gram_windows(const PictureSize& size, std::uint32_t radius, std::uint32_t margin,
                                     std::uint32_t most_side) {
    const std::uint32_t around = 2 * radius, most = most_side - around;
    std::vector<GramWindow> windows;
    if (size.height + 2 * margin <= around || size.width + 2 * margin <= around) return windows;
    const std::uint32_t rows = size.height + 2 * margin - around, columns = size.width + 2 * margin - around;
    // Of about one size, so that there are few shapes.
    const std::uint32_t height = pieces_of(rows, pieces_of(rows, most));
    const std::uint32_t width = pieces_of(columns, pieces_of(columns, most));
    for (std::uint32_t row = 0; row < rows; row += height) {
        for (std::uint32_t column = 0; column < columns; column += width) {
            windows.push_back({std::int64_t{row} - margin, std::int64_t{column} - margin,
                               std::min(height, rows - row) + around,
                               std::min(width, columns - column) + around});
        }
    }
    return windows;
}

/// The values of a window, [3][height][width].
std::vector<float> window_values(const std::vector<float>& picture, const PictureSize& size,
                                 const GramWindow& window, PicturePadding padding) {
    std::vector<std::size_t> columns;
    for (std::uint32_t x = 0; x < window.width; ++x)
        columns.push_back(*continued_pixel(window.column + x, size.width, padding));
    std::vector<float> values;
    values.reserve(std::size_t{3} * window.height * window.width);
    for (std::size_t c = 0; c < 3; ++c) {
        for (std::uint32_t y = 0; y < window.height; ++y) {
            const std::size_t row = *continued_pixel(window.row + y, size.height, padding);
            const float* const from = picture.data() + (c * size.height + row) * size.width;
            for (const std::size_t column : columns) values.push_back(from[column]);
        }
    }
    return values;
}

/// The sums of one share.
class ShareGram {
  public:
    ShareGram(const Device& device, const PictureSet& pictures, std::uint32_t radius, PicturePadding padding)
        : device_(device),
          pictures_(pictures),
          padding_(padding),
          whole_(pictures.whole_levels()),
          gram_{.radius = radius, .pixels = 0, .sum = {}, .product = {}},
          recorder_(device) {
        gram_.sum.resize(gram_.patch() + 3);
        gram_.product.resize(gram_.sum.size() * gram_.sum.size());
    }

    void add(std::uint32_t pair) {
        const std::uint32_t radius = gram_.radius, margin = padding_ == PicturePadding::zero ? 0 : radius;
        const PictureSize& of_pair = pictures_.sizes()[pair];
        const std::vector<float> input = pictures_.input(pair), target = pictures_.target(pair);
        for (const GramWindow& window :
             gram_windows(of_pair, radius, margin, most_window_side(device_, radius))) {
            const Shape shape{1, 3, window.height, window.width};
            if (!of_shape_ || of_shape_->shape() != shape) {
                if (of_shape_) of_shape_->finish(gram_);
                // The kernels stay, because the new sums share them with the old ones.
                of_shape_ = std::make_unique<GramSums>(device_, shape, radius, whole_);
            }
            of_shape_->add(recorder_, window_values(input, of_pair, window, padding_),
                           window_values(target, of_pair, window, padding_));
            gram_.pixels += std::uint64_t{window.height - 2 * radius} * (window.width - 2 * radius);
        }
    }
    /// After the last pair.
    void finish() {
        if (of_shape_) of_shape_->finish(gram_);
        of_shape_.reset();
    }

    const PatchGram& sums() const { return gram_; }

  private:
    const Device& device_;
    const PictureSet& pictures_;
    PicturePadding padding_;
    bool whole_;
    PatchGram gram_;
    std::unique_ptr<GramSums> of_shape_;  ///< of the latest windows, and not in gram_ yet
    Recorder recorder_;                   ///< last, so that it has waited before any memory goes
};

}  // namespace

PatchGram patch_gram(const Device& device, const PictureSet& pictures, std::uint32_t radius,
                     PicturePadding padding, const std::function<bool(std::uint32_t)>& go_on) {
    const Shares& shares = pictures.shares();
    const std::uint32_t of_share = pieces_of(pictures.size(), shares.count());
    const auto goes_on = [&](std::uint32_t round) {
        const std::uint32_t pair = round * shares.group().size();
        return !go_on || go_on(std::min(pair, pictures.size() - 1));
    };
    ShareSum sum(shares);
    std::optional<ShareGram> gram;  // of a share, share after share
    const auto work = [&](std::uint32_t round) {
        const std::uint32_t own = round / of_share, number = round % of_share,
                            pair = number * shares.count() + shares.first() + own;
        if (number == 0) gram.emplace(device, pictures, radius, padding);
        if (pair < pictures.size()) gram->add(pair);
        if (number + 1 < of_share) return;
        gram->finish();
        sum.add(row_of(gram->sums()));
    };
    const bool all_done =
        do_rounds(shares.group(), {.count = of_share * shares.own(), .go_on = goes_on, .work = work});
    PatchGram all = gram ? gram->sums() : PatchGram{.radius = radius, .pixels = 0, .sum = {}, .product = {}};
    if (all_done) take_row(all, sum.of_all());
    return all;
}

}  // namespace shadenet
