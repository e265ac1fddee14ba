#include "train/logs/csv.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"

namespace shadenet {

CsvLines::CsvLines(fs::path path)
    : path_(std::move(path)), bytes_(read_file(path_, most_csv_bytes)), rest_(text_of(bytes_)) {
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    if (rest_.starts_with(byte_order_mark)) rest_.remove_prefix(byte_order_mark.size());
}

CsvLines::CsvLines(fs::path path, std::string_view header, const char* refusal) : CsvLines(std::move(path)) {
    require(next() == header, refusal);
}

void CsvLines::require(bool holds, const char* refusal) const {
    if (!holds) throw InputError(fmt::format("{}: {}", path_.string(), refusal));
}

std::optional<std::string_view> CsvLines::next() {
    const std::size_t end = rest_.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    ++line_;
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

void CsvLines::take_all(const TakeRow& take) {
    while (const auto line = next()) {
        if (take(*line)) continue;
        throw InputError(fmt::format("{}: line {} is damaged; remove it, or take the file from a backup",
                                     path_.string(), line_));
    }
}

std::uint64_t begin_csv(const fs::path& path, std::string_view header, const char* refusal, bool goes_on,
                        const TakeRow& keep) {
    std::string text = fmt::format("{}\n", header);
    if (goes_on && fs::exists(path)) {
        CsvLines lines(path, header, refusal);
        for (auto line = lines.next(); line && keep(*line); line = lines.next()) {
            text.append(*line).push_back('\n');
        }
    }
    write_file_atomically(path, text);
    return text.size();
}

void append_row(const fs::path& path, const std::string& row) {
    append_to_file(path, row + "\n");
}

std::string_view CsvFields::text() {
    require(!done_);
    const std::size_t end = std::min(rest_.find(','), rest_.size());
    const std::string_view field = rest_.substr(0, end);
    done_ = end == rest_.size();
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    return field;
}

void CsvFields::take(std::optional<double>& value) {
    const std::string_view field = text();
    if (field.empty()) return value.reset();
    parse(field, value.emplace());
}

void CsvFields::take(std::vector<float>& values, std::uint32_t count) {
    values.resize(count);
    for (float& value : values) take(value);
}

}  // namespace shadenet
