#include "train/history.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <iterator>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t most_bytes = std::uint64_t{1} << 32;

void append_numbers(std::string& row, const std::vector<float>& values) {
    for (const float value : values) fmt::format_to(std::back_inserter(row), ",{:.9g}", value);
}

/// The epoch that a row tells of; nothing for a line that is no row of `columns` fields.
std::optional<std::uint32_t> epoch_of(std::string_view line, std::ptrdiff_t columns) {
    std::uint32_t epoch = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), epoch);
    const bool is_row = error == std::errc() && end != line.data() + line.size() && *end == ',' &&
                        std::count(line.begin(), line.end(), ',') == columns - 1;
    return is_row ? std::optional(epoch) : std::nullopt;
}

struct Kept {
    std::string text;
    std::uint32_t rows = 0;
};

/// The header and the whole rows of epochs up to `epochs_done`, in rising order.
Kept kept_rows(const fs::path& path, const std::string& header, std::uint32_t epochs_done) {
    const std::vector<std::byte> bytes = read_file(path, most_bytes);
    std::string_view rest(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    const auto next_line = [&]() -> std::optional<std::string_view> {
        const std::size_t end = rest.find('\n');
        if (end == std::string_view::npos) return std::nullopt;
        const std::string_view line = rest.substr(0, end);
        rest.remove_prefix(end + 1);
        return line;
    };
    if (next_line() != header) {
        throw InputError(fmt::format(
            "{}: is the history of another network; move it away, or use another --output", path.string()));
    }
    const std::ptrdiff_t columns = std::count(header.begin(), header.end(), ',') + 1;
    Kept kept{header + "\n"};
    std::uint32_t last = 0;
    while (const auto line = next_line()) {
        const auto epoch = epoch_of(*line, columns);
        if (!epoch || *epoch <= last || *epoch > epochs_done) break;
        last = *epoch;
        ++kept.rows;
        kept.text.append(*line).push_back('\n');
    }
    return kept;
}

struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
};

}  // namespace

std::string history_header(const Architecture& architecture) {
    std::string header = "epoch,step,learning_rate,train_loss,validation_loss,seconds";
    for (const Layer& layer : architecture.layers) {
        const auto* norm = std::get_if<BatchNorm>(&layer);
        if (norm == nullptr) continue;
        for (const char* statistic : {"moving_mean", "moving_variance"}) {
            for (std::uint32_t c = 0; c < norm->channels; ++c) {
                fmt::format_to(std::back_inserter(header), ",{}.{}.{}", norm->name, statistic, c);
            }
        }
    }
    return header;
}

std::string history_row(const EpochRecord& record) {
    const std::string validation =
        record.validation_loss ? fmt::format("{:.9g}", *record.validation_loss) : "";
    std::string row = fmt::format("{},{},{:.9g},{:.9g},{},{:.9g}", record.epoch, record.step,
                                  record.learning_rate, record.train_loss, validation, record.seconds);
    for (const NormStatistics& norm : record.norms) {
        append_numbers(row, norm.moving_mean);
        append_numbers(row, norm.moving_variance);
    }
    return row;
}

History::History(fs::path path, const Architecture& architecture, std::uint32_t epochs_done)
    : path_(std::move(path)) {
    Kept kept{history_header(architecture) + "\n"};
    if (epochs_done > 0 && fs::exists(path_)) {
        kept = kept_rows(path_, history_header(architecture), epochs_done);
    }
    rows_kept_ = kept.rows;
    write_file_atomically(path_, kept.text);
}

void History::add(const EpochRecord& record) {
    const std::string line = history_row(record) + "\n";
    std::error_code unknown;
    const std::uintmax_t before = fs::file_size(path_, unknown);
    const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path_.string().c_str(), "ab"));
    // Without a buffer the line is one write to the system, which a killed process has made wholly or not at
    // all.
    if (file) std::setvbuf(file.get(), nullptr, _IONBF, 0);
    if (file && std::fwrite(line.data(), 1, line.size(), file.get()) == line.size()) return;
    const std::string reason = std::strerror(errno);
    std::error_code ignored;
    if (file && !unknown) fs::resize_file(path_, before, ignored);
    throw WorkError(fmt::format("{}: cannot write: {}; check the folder, its permissions and the free space",
                                path_.string(), reason));
}

}  // namespace shadenet
