#include "cli/text.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

namespace shadenet {

std::string duration_text(double seconds) {
    if (seconds < 9.95) return fmt::format("{:.2g} s", seconds);
    const auto whole = static_cast<std::uint64_t>(std::llround(seconds));
    if (whole < 60) return fmt::format("{} s", whole);
    if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
    return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
}

std::string bytes_text(std::uint64_t bytes) {
    if (bytes < 1024) return fmt::format("{} bytes", bytes);
    constexpr std::array<const char*, 4> units = {"KiB", "MiB", "GiB", "TiB"};
    double value = static_cast<double>(bytes) / 1024;
    std::size_t unit = 0;
    for (; value >= 1024 && unit + 1 < units.size(); ++unit) value /= 1024;
    const bool whole = value >= 100 || value == std::floor(value);
    return fmt::format("{:.{}f} {}", value, whole ? 0 : 1, units.at(unit));
}

std::string on_one_line(std::string text) {
    const auto is_control = [](char letter) {
        const auto byte = static_cast<unsigned char>(letter);
        return byte < 0x20 || byte == 0x7f;
    };
    std::replace_if(text.begin(), text.end(), is_control, '?');
    return text;
}

std::string shell_quoted(const std::filesystem::path& path) {
    const std::string text = path.string();
    constexpr const char* plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=:,./@%";
    if (!text.empty() && text.find_first_not_of(plain) == std::string::npos) return text;
    std::string quoted = "'";
    for (const char letter : text) quoted += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
    return quoted + "'";
}

}  // namespace shadenet
