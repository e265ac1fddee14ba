#include "apply/picture_bands.h"

#include <algorithm>
#include <deque>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "image/samples.h"

namespace shadenet {

namespace {

constexpr std::size_t bands_under_way = 2;

/// What the decoder of a TIFF keeps of its strips or tiles.
constexpr std::uint64_t tiff_bytes = std::uint64_t{1} << 28;

std::uint32_t own_rows(const PictureFacts& facts, const BandOptions& options) {
    const std::uint64_t rows = std::max<std::uint64_t>(1, options.pixels / facts.width);
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(rows, facts.height));
}

PixelRows blank_rows(const PictureFacts& facts, std::uint32_t count) {
    const std::size_t pixels = std::size_t{facts.width} * count;
    PixelRows rows;
    if (facts.sixteen_bit) {
        rows.colour = Picture16{facts.width, count, std::vector<std::uint16_t>(3 * pixels)};
    } else {
        rows.colour = Picture8{facts.width, count, std::vector<std::uint8_t>(3 * pixels)};
    }
    if (facts.alpha) rows.alpha.resize(pixels);
    return rows;
}

template <class Values>
void copy_values(const Values& from, std::size_t first, std::size_t count, Values& to) {
    std::copy_n(from.begin() + static_cast<std::ptrdiff_t>(first), count, to.begin());
}

/// `count` rows from `first` on, to the top of `to`, which is of the same picture.
void copy_rows(const PixelRows& from, std::uint32_t first, std::uint32_t count, PixelRows& to) {
    with_integers(from.colour, [&]<class Kind>(const Kind& colour) {
        const std::size_t width = colour.width;
        copy_values(colour.rgb, 3 * width * first, 3 * width * count, std::get<Kind>(to.colour).rgb);
        if (!from.alpha.empty()) copy_values(from.alpha, width * first, width * count, to.alpha);
    });
}

}  // namespace

bool goes_by_rows(const PictureFacts& facts, FileFormat result) {
    const bool written =
        result == FileFormat::png || result == FileFormat::jpeg || result == FileFormat::tiff;
    return facts.by_rows && written;
}

std::uint64_t memory_of_bands(const PictureFacts& facts, const BandOptions& options) {
    const std::uint64_t rows = std::uint64_t{own_rows(facts, options)} + 2 * std::uint64_t{options.reach};
    const std::uint64_t colours = 2 * 3 * facts.sample_bytes();  // before and after the filter
    const std::uint64_t each = colours + (facts.alpha ? 2 : 0);
    const std::uint64_t file = std::min(facts.file_bytes, options.most_file_bytes);
    return file + (bands_under_way + 1) * facts.width * rows * each +
           (facts.format == FileFormat::tiff ? tiff_bytes : 0);
}

BandReader::BandReader(PictureRows& rows, const BandOptions& options)
    : rows_(rows),
      height_(rows.facts().height),
      reach_(std::min(options.reach, height_)),
      band_rows_(own_rows(rows.facts(), options)) {}

std::optional<PictureBand> BandReader::next() {
    if (next_ == height_) return std::nullopt;
    const auto start_of = [&](std::uint32_t own) { return own - std::min(own, reach_); };
    const std::uint32_t count = std::min(band_rows_, height_ - next_), top = start_of(next_);
    const std::uint32_t end = next_ + count + std::min(reach_, height_ - next_ - count);
    PictureBand band{blank_rows(rows_.facts(), end - top), top, next_ - top, count};
    if (read_ > top) copy_rows(kept_, 0, read_ - top, band.pixels);
    if (end > read_) rows_.read(band.pixels, read_ - top, end - read_);
    read_ = end;
    next_ += count;
    if (next_ < height_) {
        const std::uint32_t again = start_of(next_);
        kept_ = blank_rows(rows_.facts(), end - again);
        copy_rows(band.pixels, again - top, end - again, kept_);
    }
    return band;
}

PictureInBands::PictureInBands(std::unique_ptr<PictureRows> rows, std::filesystem::path output,
                               const WriteOptions& result, const BandOptions& options)
    : rows_(std::move(rows)), output_(std::move(output)), result_(result), options_(options) {}

std::string PictureInBands::filter(CarefulFilter& filter) {
    std::deque<PictureBand> under_way;
    std::string failure;
    bool is_stopped = false;
    const auto attempt = [&](const auto& step) {
        try {
            step();
        } catch (...) {
            problem_ = std::current_exception();
        }
    };
    const auto finish_oldest = [&] {
        const CarefulFilter::Finished finished = filter.finish_next();
        const PictureBand band = std::move(under_way.front());
        under_way.pop_front();
        if (!failure.empty() || problem_) return;
        if (finished.failure.empty()) {
            attempt([&] { writer_->write({finished.output, band.pixels.alpha, band.first, band.count}); });
        } else {
            failure = fmt::format("in the part whose row 0 is row {}: {}", band.top, finished.failure);
        }
    };
    attempt([&] { writer_ = write_rows(output_, about(), rows_->facts().alpha, result_); });
    BandReader reader(*rows_, options_);
    while (failure.empty() && !problem_) {
        std::optional<PictureBand> band;
        attempt([&] { band = reader.next(); });
        if (!band) break;
        is_stopped = options_.stop != nullptr && *options_.stop;
        if (is_stopped) break;
        under_way.push_back(std::move(*band));
        filter.begin(under_way.back().pixels.colour);
        if (under_way.size() == bands_under_way) finish_oldest();
    }
    while (!under_way.empty()) finish_oldest();
    if (is_stopped && failure.empty() && !problem_) throw Stopped();
    return failure;
}

Written PictureInBands::finish() {
    if (problem_) std::rethrow_exception(problem_);
    return writer_->finish();
}

void read_through(PictureReader& reader, const std::atomic<bool>& stop) {
    const std::unique_ptr<PictureRows> rows = reader.rows();
    BandReader bands(*rows, {});
    while (bands.next()) {
        if (stop) throw Stopped();
    }
}

}  // namespace shadenet
