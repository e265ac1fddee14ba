#include "train/logs/csv.h"

#include <algorithm>

#include "base/file.h"

namespace shadenet {

CsvLines::CsvLines(const std::filesystem::path& path)
    : bytes_(read_file(path, most_csv_bytes)),
      rest_(reinterpret_cast<const char*>(bytes_.data()), bytes_.size()) {
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    if (rest_.starts_with(byte_order_mark)) rest_.remove_prefix(byte_order_mark.size());
}

std::optional<std::string_view> CsvLines::next() {
    const std::size_t end = rest_.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
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
