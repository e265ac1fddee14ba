#include "cli/live_block.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace shadenet {

namespace {

constexpr const char* erase_rest_of_row = "\x1b[K";
constexpr const char* erase_all_below = "\x1b[J";

}  // namespace

TerminalSize room_for_block(TerminalSize terminal) {
    return {std::max<std::size_t>(terminal.columns, 1) - 1, std::max<std::size_t>(terminal.rows, 1) - 1};
}

/// A terminal that has become narrower since has wrapped the lines that are now too long for it. (All but
/// xterm and the console do, which cut them: there a line above the block may be overwritten then.)
std::string LiveBlock::to_top(std::size_t columns) const {
    std::size_t rows = 0;
    for (const std::size_t width : widths_) rows += width <= columns ? 1 : (width + columns - 1) / columns;
    return rows == 0 ? "" : fmt::format("\r\x1b[{}A", rows);
}

std::string LiveBlock::show(std::vector<std::string> lines, TerminalSize terminal) {
    if (lines.empty() && widths_.empty()) return "";
    lines_ = std::move(lines);
    std::string text = to_top(terminal.columns);
    widths_.clear();
    const TerminalSize room = room_for_block(terminal);
    // Row by row over the old text, which is never gone for a moment: that would flicker.
    for (std::size_t i = lines_.size() - std::min(lines_.size(), room.rows); i < lines_.size(); ++i) {
        const std::string line = lines_[i].substr(0, room.columns);
        text += line + erase_rest_of_row + '\n';
        widths_.push_back(line.size());
    }
    return text + erase_all_below;
}

std::string LiveBlock::take_away(TerminalSize terminal) {
    if (widths_.empty()) return "";
    const std::string text = to_top(terminal.columns) + erase_all_below;
    widths_.clear();
    return text;
}

std::string LiveBlock::put_back(TerminalSize terminal) {
    return show(std::exchange(lines_, {}), terminal);
}

}  // namespace shadenet
