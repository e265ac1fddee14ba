#include "cli/text.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "base/one_line.h"
#include "base/utf8.h"

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

std::string wrapped(std::string_view text, std::size_t columns, std::size_t indent) {
    std::string lines;
    std::size_t used = indent;  // the first line begins behind something, too
    while (!text.empty()) {
        const std::size_t size = std::min(text.find(' '), text.size());
        const std::string_view word = text.substr(0, size);
        const std::size_t width = letters_of(word);
        if (!lines.empty() && used + 1 + width > columns) {
            lines += '\n' + std::string(indent, ' ');
            used = indent;
        } else if (!lines.empty()) {
            lines += ' ';
            ++used;
        }
        lines += word;
        used += width;
        text.remove_prefix(std::min(size + 1, text.size()));
    }
    return lines;
}

std::string shown(const std::filesystem::path& path) {
    return on_one_line(path.string());
}

std::string shell_quoted(const std::filesystem::path& path) {
    const std::string text = path.string();
    constexpr const char* plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=:,./@%";
    if (!text.empty() && text.find_first_not_of(plain) == std::string::npos) return text;
    const bool has_controls = on_one_line(text) != text;
    std::string quoted;
    for (const char letter : text) {
        if (letter == '\'') {
            quoted += has_controls ? "\\'" : "'\\''";
        } else {
            quoted += has_controls && letter == '\\' ? "\\\\" : std::string(1, letter);
        }
    }
    if (!has_controls) return fmt::format("'{}'", quoted);
    // In bash, zsh and ksh $'...' takes escapes.
    const auto as_bytes = [](std::string_view bytes, int) {
        std::string escape;
        for (const char byte : bytes) escape += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
        return escape;
    };
    return fmt::format("$'{}'", with_escapes(quoted, as_bytes));
}

}  // namespace shadenet
