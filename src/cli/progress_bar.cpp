#include "cli/progress_bar.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "cli/output.h"
#include "cli/text.h"

namespace shadenet {

std::string progress_text(double fraction, double seconds_left, const std::string& label,
                          std::size_t columns) {
    fraction = std::clamp(fraction, 0.0, 1.0);
    const std::string end =
        seconds_left < 0 ? fmt::format("{:3.0f} %", 100 * fraction)
                         : fmt::format("{:3.0f} %  {} left", 100 * fraction, duration_text(seconds_left));
    constexpr std::size_t widest_end = 24, brackets_and_gaps = 6, widest_bar = 40;
    const std::size_t taken = label.size() + widest_end + brackets_and_gaps;
    const std::size_t width = std::min(widest_bar, columns > taken ? columns - taken : 0);
    if (width < 5) return fmt::format("{}  {}", label, end).substr(0, columns);
    const auto filled = static_cast<std::size_t>(fraction * static_cast<double>(width));
    std::string bar = std::string(filled, '=');
    if (filled < width) bar += '>';
    return fmt::format("{}  [{:<{}}]  {}", label, bar, width, end);
}

ProgressBar::ProgressBar(bool wanted) : enabled_(wanted && shows_notes() && redraws_lines()) {}

ProgressBar::~ProgressBar() {
    clear();
}

void ProgressBar::show(double done, double total, const std::string& label, const LinesAbove& above) {
    if (!enabled_ || total <= 0) return;
    const Clock::time_point now = Clock::now();
    if (!start_) {
        start_ = now;
        done_at_start_ = done;
    }
    if (visible_ && now - drawn_ < std::chrono::milliseconds(100)) return;
    const double worked = done - done_at_start_;
    const double elapsed = std::chrono::duration<double>(now - *start_).count();
    const double left = worked > 0 ? elapsed / worked * (total - done) : -1;
    const TerminalSize room = block_room();
    std::vector<std::string> lines;
    if (above && room.rows > 0) lines = above({room.columns, room.rows - 1});
    lines.push_back(progress_text(done / total, left, label, room.columns));
    show_block(std::move(lines));
    visible_ = true;
    drawn_ = now;
}

void ProgressBar::clear() {
    if (!visible_) return;
    show_block({});
    visible_ = false;
}

}  // namespace shadenet
