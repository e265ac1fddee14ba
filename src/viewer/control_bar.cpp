#include "viewer/control_bar.h"

#include "viewer/shortcuts.h"
#include "viewer/theme.h"

namespace shadenet {

namespace {

constexpr float smallest_rate = 1e-6f, largest_rate = 1.0f, largest_decay = 0.9999f;

/// A button that its key can press, too.
bool button(const char* text, const char* name, Action action, bool enabled, Layout& layout) {
    ImGui::BeginDisabled(!enabled);
    const bool clicked = ImGui::Button(text);
    ImGui::EndDisabled();
    action_tooltip(action);
    layout.last_item(name);
    ImGui::SameLine();
    return enabled && (clicked || pressed(action));
}

bool goes_on(const ControlView& view) {
    return view.run && (view.run->state == SessionState::paused || view.run->state == SessionState::running);
}

std::uint32_t moved(std::uint32_t epoch, std::int64_t by, std::uint32_t last) {
    return static_cast<std::uint32_t>(
        std::clamp<std::int64_t>(std::int64_t{epoch} + by, 0, std::int64_t{last}));
}

void draw_run_buttons(const ControlView& view, ControlWishes& wishes, Layout& layout) {
    const SessionState state = view.run->state;
    const bool can = goes_on(view), running = state == SessionState::running;
    wishes.start_pause = button(running ? "Pause###run" : "Start###run", "button.start_pause",
                                Action::start_pause, can, layout);
    wishes.one_step = button("Step", "button.step", Action::one_step, can, layout);
    wishes.one_epoch = button("Epoch", "button.epoch", Action::one_epoch, can, layout);
    wishes.stop = button("Stop and save", "button.stop", Action::save_and_stop, can, layout);
    ImGui::AlignTextToFramePadding();
    ImGui::TextUnformatted(session_states[state]);
    ImGui::SameLine();
    layout.value("state", session_states[state]);
    layout.value("steps", view.run->steps_done);
}

void draw_statistics_switch(const ControlView& view, ControlWishes& wishes, Layout& layout) {
    ImGui::BeginDisabled(!view.has_norm);
    bool batch = view.statistics == ShownStatistics::batch;
    if (ImGui::Checkbox("batch statistics", &batch) || (view.has_norm && pressed(Action::statistics))) {
        const bool on = view.statistics != ShownStatistics::batch;
        wishes.statistics = on ? ShownStatistics::batch : ShownStatistics::moving;
    }
    ImGui::EndDisabled();
    layout.last_item("statistics");
    if (ImGui::IsItemHovered(ImGuiHoveredFlags_AllowWhenDisabled)) {
        ImGui::SetTooltip("%s",
                          view.has_norm
                              ? "Training mode: each norm uses the mean and variance of the shown picture.\n"
                                "Off, inference mode: it uses the moving ones. (B)"
                              : "This network has no batch norm");
    }
    if (!view.statistics_fit && view.statistics == ShownStatistics::batch) {
        ImGui::SameLine();
        ImGui::TextDisabled("(too large a picture: moving ones)");
    }
    layout.value("statistics", view.statistics == ShownStatistics::batch ? "batch" : "moving");
}

void draw_scrubber(const ControlView& view, ControlWishes& wishes, Layout& layout) {
    layout.value("epoch", view.shown_epoch);
    layout.value("last_epoch", view.last_epoch);
    if (view.last_epoch == 0 && view.epochs == 0) return;
    ImGui::BeginDisabled(view.follows);
    if (ImGui::Button("Latest")) wishes.follow = true;
    ImGui::EndDisabled();
    action_tooltip(Action::last_epoch);
    layout.last_item("button.latest");
    ImGui::SameLine();
    const std::string text = view.shown_epoch == 0
                                 ? "untrained"
                                 : fmt::format("epoch {} of {}", view.shown_epoch, view.last_epoch);
    int epoch = static_cast<int>(view.shown_epoch);
    ImGui::SetNextItemWidth(-1);
    // The text is the slider's format: it never has percent signs.
    if (ImGui::SliderInt("###epoch", &epoch, 0, std::max(1, static_cast<int>(view.last_epoch)), text.c_str(),
                         ImGuiSliderFlags_AlwaysClamp)) {
        wishes.epoch = std::min(static_cast<std::uint32_t>(epoch), view.last_epoch);
    }
    layout.last_item("scrubber");
    if (pressed(Action::first_epoch)) wishes.epoch = 0;
    if (pressed(Action::last_epoch)) wishes.follow = true;
    if (pressed(Action::previous_epoch)) wishes.epoch = moved(view.shown_epoch, -1, view.last_epoch);
    if (pressed(Action::next_epoch)) wishes.epoch = moved(view.shown_epoch, 1, view.last_epoch);
}

}  // namespace

ControlWishes ControlBar::draw(const ControlView& view, Layout& layout) {
    ControlWishes wishes;
    if (view.run) {
        draw_run_buttons(view, wishes, layout);
        draw_rates(view, wishes, layout);
    }
    if (view.can_begin_again) {
        wishes.new_run = ImGui::Button("New run...");
        tooltip("The same pictures again, with or without batch norm, or at other rates");
        layout.last_item("button.new_run");
        ImGui::SameLine();
    }
    draw_statistics_switch(view, wishes, layout);
    draw_scrubber(view, wishes, layout);
    return wishes;
}

void ControlBar::draw_rates(const ControlView& view, ControlWishes& wishes, Layout& layout) {
    if (!editing_) edited_ = view.run->rates;
    const float width = ImGui::GetFontSize() * 6;
    bool active = false, done = false;
    const auto end_field = [&] {
        active |= ImGui::IsItemActive();
        done |= ImGui::IsItemDeactivatedAfterEdit();
        ImGui::SameLine();
    };
    ImGui::BeginDisabled(!goes_on(view));
    ImGui::SetNextItemWidth(width);
    ImGui::DragFloat("learning rate", &edited_.learning_rate, 0.01f, smallest_rate, largest_rate, "%.3g",
                     ImGuiSliderFlags_Logarithmic | ImGuiSliderFlags_AlwaysClamp);
    layout.last_item("learning_rate");
    tooltip("The size of a step: drag, or click twice and type");
    end_field();
    if (view.has_norm && edited_.decay) {
        ImGui::SetNextItemWidth(width);
        ImGui::SliderFloat("decay", &*edited_.decay, 0.0f, largest_decay, "%.4f",
                           ImGuiSliderFlags_AlwaysClamp);
        layout.last_item("decay");
        tooltip(fmt::format(
            "How much of the moving statistics a step keeps.\nPyTorch's momentum is 1 - decay: {:.4g}",
            1.0 - static_cast<double>(*edited_.decay)));
        end_field();
    }
    ImGui::EndDisabled();
    if (done && edited_ != view.run->rates) wishes.rates = edited_;
    editing_ = active;
    layout.value("learning_rate", view.run->rates.learning_rate);
}

}  // namespace shadenet
