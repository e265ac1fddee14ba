#include "train/history.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

/// Read into memory whole. Some two million epochs of the network that is the default.
constexpr std::uint64_t most_bytes = std::uint64_t{1} << 30;

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

/// The lines of a history after its header.
class Lines {
  public:
    /// Throws InputError when the header is another one, or the file is too large.
    Lines(const fs::path& path, const std::string& header)
        : bytes_(read_file(path, most_bytes)),
          rest_(reinterpret_cast<const char*>(bytes_.data()), bytes_.size()) {
        if (next() == header) return;
        throw InputError(fmt::format(
            "{}: its columns are not those of this run's network; move it away, or put the run's own there",
            path.string()));
    }

    /// Without its end, be it of Windows; nothing for what has none.
    std::optional<std::string_view> next() {
        const std::size_t end = rest_.find('\n');
        if (end == std::string_view::npos) return std::nullopt;
        std::string_view line = rest_.substr(0, end);
        rest_.remove_prefix(end + 1);
        if (line.ends_with('\r')) line.remove_suffix(1);
        return line;
    }

  private:
    std::vector<std::byte> bytes_;
    std::string_view rest_;
};

struct Kept {
    std::string text;
    std::uint32_t rows = 0;
};

/// The header and the whole rows of epochs up to `epochs_done`, in rising order.
Kept kept_rows(const fs::path& path, const std::string& header, std::uint32_t epochs_done) {
    Lines lines(path, header);
    const std::ptrdiff_t columns = std::count(header.begin(), header.end(), ',') + 1;
    Kept kept{header + "\n"};
    std::uint32_t last = 0;
    while (const auto line = lines.next()) {
        const auto epoch = epoch_of(*line, columns);
        if (!epoch || *epoch <= last || *epoch > epochs_done) break;
        last = *epoch;
        ++kept.rows;
        kept.text.append(*line).push_back('\n');
    }
    return kept;
}

/// Takes the fields of a row one after the other, and knows in the end whether all were what they should be.
class Fields {
  public:
    explicit Fields(std::string_view line) : rest_(line) {}

    template <typename Number>
    void take(Number& value) {
        const std::string_view field = next();
        const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
        fine_ = fine_ && error == std::errc() && end == field.data() + field.size();
    }
    void take(std::optional<double>& value) {
        if (rest_.starts_with(',')) return void(next());
        take(value.emplace());
    }
    void take(std::vector<float>& values, std::uint32_t count) {
        values.resize(count);
        for (float& value : values) take(value);
    }
    bool fine() const { return fine_; }

  private:
    std::string_view next() {
        const std::size_t end = std::min(rest_.find(','), rest_.size());
        const std::string_view field = rest_.substr(0, end);
        rest_.remove_prefix(std::min(end + 1, rest_.size()));
        return field;
    }

    std::string_view rest_;
    bool fine_ = true;
};

/// Nothing for a damaged row. The number of its fields has been checked.
std::optional<EpochRecord> record_of(std::string_view line, const Architecture& architecture) {
    EpochRecord record;
    Fields fields(line);
    fields.take(record.epoch);
    fields.take(record.step);
    fields.take(record.learning_rate);
    fields.take(record.train_loss);
    fields.take(record.validation_loss);
    fields.take(record.seconds);
    for (const Layer& layer : architecture.layers) {
        const auto* norm = std::get_if<BatchNorm>(&layer);
        if (norm == nullptr) continue;
        NormStatistics& statistics = record.norms.emplace_back();
        statistics.name = norm->name;
        fields.take(statistics.moving_mean, norm->channels);
        fields.take(statistics.moving_variance, norm->channels);
    }
    return fields.fine() ? std::optional(std::move(record)) : std::nullopt;
}

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

std::vector<EpochRecord> read_history(const fs::path& path, const Architecture& architecture) {
    const std::string header = history_header(architecture);
    const std::ptrdiff_t columns = std::count(header.begin(), header.end(), ',') + 1;
    Lines lines(path, header);
    std::vector<EpochRecord> records;
    while (const auto line = lines.next()) {
        std::optional<EpochRecord> record;
        if (epoch_of(*line, columns)) record = record_of(*line, architecture);
        if (!record || record->epoch <= (records.empty() ? 0 : records.back().epoch)) {
            throw InputError(fmt::format("{}: line {} is damaged; remove it, or take the file from a backup",
                                         path.string(), records.size() + 2));
        }
        records.push_back(*std::move(record));
    }
    return records;
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
    append_to_file(path_, std::as_bytes(std::span(line)));
}

}  // namespace shadenet
