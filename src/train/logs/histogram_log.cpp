#include "train/logs/histogram_log.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "train/logs/csv.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view together = "all";

std::string histogram_header() {
    std::string line = "epoch,layer,side,channel,least,greatest,not_finite,low,high,below,above";
    for (std::uint32_t i = 0; i < NormHistogram::bins; ++i) {
        fmt::format_to(std::back_inserter(line), ",count.{}", i);
    }
    return line;
}

void append_row(std::string& text, const NormHistogram& one) {
    fmt::format_to(std::back_inserter(text), "{},{},{},{},{:.9g},{:.9g},{},{:.9g},{:.9g},{},{}", one.epoch,
                   one.layer, to_string(one.side),
                   one.channel ? fmt::format("{}", *one.channel) : std::string(together), one.least,
                   one.greatest, one.not_finite, one.low, one.high, one.below, one.above);
    for (const std::uint64_t count : one.counts) fmt::format_to(std::back_inserter(text), ",{}", count);
    text += '\n';
}

bool ends_are_fine(const NormHistogram& one) {
    return std::isfinite(one.low) && std::isfinite(one.high) && one.low < one.high;
}

/// Nothing for a damaged row.
std::optional<NormHistogram> histogram_of(std::string_view line) {
    NormHistogram one;
    CsvFields fields(line);
    fields.take(one.epoch);
    one.layer = fields.text();
    const std::string_view side = fields.text(), channel = fields.text();
    one.side = side == to_string(NormSide::output) ? NormSide::output : NormSide::input;
    fields.require(!one.layer.empty() && side == to_string(one.side));
    if (channel != together) fields.parse(channel, one.channel.emplace());
    fields.take(one.least);
    fields.take(one.greatest);
    fields.take(one.not_finite);
    fields.take(one.low);
    fields.take(one.high);
    fields.take(one.below);
    fields.take(one.above);
    for (std::uint64_t& count : one.counts) fields.take(count);
    return fields.fine() && ends_are_fine(one) ? std::optional(std::move(one)) : std::nullopt;
}

void check_histograms(CsvLines& lines, const fs::path& path) {
    if (lines.next() == histogram_header()) return;
    throw InputError(fmt::format("{}: does not hold the histograms of a run; move it away", path.string()));
}

struct KeptHistograms {
    std::string text;
    std::uint32_t last_epoch = 0;
};

/// The header and the whole rows of epochs up to `epochs_done`.
KeptHistograms kept_histograms(const fs::path& path, std::uint32_t epochs_done) {
    KeptHistograms kept{histogram_header() + "\n"};
    if (epochs_done == 0 || !fs::exists(path)) return kept;
    CsvLines lines(path);
    check_histograms(lines, path);
    while (const auto line = lines.next()) {
        const std::optional<NormHistogram> one = histogram_of(*line);
        if (!one || one->epoch > epochs_done) break;
        kept.last_epoch = one->epoch;
        kept.text.append(*line).push_back('\n');
    }
    return kept;
}

}  // namespace

HistogramLog::HistogramLog(fs::path path, std::uint32_t epochs_done) : path_(std::move(path)) {
    const KeptHistograms kept = kept_histograms(path_, epochs_done);
    bytes_ = kept.text.size();
    last_epoch_ = kept.last_epoch;
    write_file_atomically(path_, kept.text);
}

void HistogramLog::add(std::span<const NormHistogram> histograms) {
    std::string rows;
    for (const NormHistogram& one : histograms) append_row(rows, one);
    bytes_ += rows.size();
    if (!histograms.empty()) last_epoch_ = histograms.back().epoch;
    if (bytes_ <= most_csv_bytes) append_to_file(path_, std::as_bytes(std::span(rows)));
}

HistogramHistory read_histograms(const fs::path& path) {
    CsvLines lines(path);
    check_histograms(lines, path);
    HistogramHistory history;
    for (std::uint64_t row = 2; const auto line = lines.next(); ++row) {
        std::optional<NormHistogram> one = histogram_of(*line);
        const std::uint32_t last = history.layers.empty() ? 0 : history.layers.back().epoch;
        if (!one || one->epoch < std::max(last, 1u)) {
            throw InputError(fmt::format("{}: line {} is damaged; remove it, or take the file from a backup",
                                         path.string(), row));
        }
        if (one->epoch > last) history.channels.clear();
        (one->channel ? history.channels : history.layers).push_back(*std::move(one));
    }
    return history;
}

}  // namespace shadenet
