#include "viewer/speed_panel.h"

#include <cmath>

#include <fmt/format.h>

#include "base/median.h"
#include "cli/text.h"
#include "report/axis.h"

namespace shadenet {

namespace {

constexpr std::size_t epochs_measured = 20;
/// Thirty years; longer times are meaningless.
constexpr double longest_wait = 1e9;

void draw_number(const char* name, const std::string& text) {
    ImGui::TableNextColumn();
    ImGui::TextDisabled("%s", name);
    ImGui::TextUnformatted(text.c_str());
}

std::string step_text(double seconds) {
    return seconds < 1 ? fmt::format("{} ms", short_number(seconds * 1000, 3)) : duration_text(seconds);
}

}  // namespace

std::optional<Speed> speed_of(const RunStory& story) {
    std::vector<double> seconds;
    for (std::size_t i = story.records.size(); i-- > 0 && seconds.size() < epochs_measured;) {
        const double one = story.records[i].seconds;
        if (std::isfinite(one) && one > 0) seconds.push_back(one);
    }
    if (seconds.empty()) return std::nullopt;
    const double epoch = upper_median(seconds);
    const std::uint32_t done = story.records.back().epoch;
    const std::uint32_t left = story.epochs > done ? story.epochs - done : 0;
    return Speed{epoch / std::max(story.steps_per_epoch, 1u), story.examples / epoch, 60 / epoch,
                 std::min(left * epoch, longest_wait)};
}

void draw_speed_panel(const RunStory& story, Layout& layout) {
    const std::optional<Speed> speed = speed_of(story);
    if (!speed) {
        ImGui::TextDisabled("The speed is known after the first epoch.");
        return;
    }
    if (!ImGui::BeginTable("speed", 4, ImGuiTableFlags_SizingStretchSame)) return;
    draw_number("a step", step_text(speed->step_seconds));
    draw_number(story.of_crops ? "crops a second" : "pictures a second",
                short_number(speed->pictures_per_second, 3));
    draw_number("epochs a minute", short_number(speed->epochs_per_minute, 3));
    draw_number("time left", speed->seconds_left > 0 ? duration_text(speed->seconds_left) : "done");
    ImGui::EndTable();
    layout.last_item("speed");
    layout.value("speed.step_seconds", speed->step_seconds);
    layout.value("speed.pictures_per_second", speed->pictures_per_second);
    layout.value("speed.epochs_per_minute", speed->epochs_per_minute);
    layout.value("speed.seconds_left", speed->seconds_left);
}

}  // namespace shadenet
