// One frame of the window: where its parts are, and what its controls do.
#include <algorithm>

#include <fmt/format.h>
#include <imgui.h>

#include "viewer/app.h"
#include "viewer/mistakes_panel.h"
#include "viewer/shortcuts.h"

namespace shadenet {

namespace {

constexpr float widest_column = 40, least_column = 18;  // in heights of a line
constexpr float column_share = 0.36f;
/// Always behind other windows. It has no background, because the frame begins with that colour: on a
/// software device every layer that covers the window costs some milliseconds.
constexpr ImGuiWindowFlags whole_window =
    ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
    ImGuiWindowFlags_NoBringToFrontOnFocus | ImGuiWindowFlags_NoBackground;

template <class Content>
void child(const char* name, ImVec2 size, const Content& content) {
    ImGui::BeginChild(
        name, size, false,
        ImGuiWindowFlags_NoScrollWithMouse | ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoBackground);
    content();
    ImGui::EndChild();
}

}  // namespace

void App::draw() {
    listen();
    subject_.story.decay = shown_decay();
    layout_.clear();
    const ImGuiViewport& viewport = *ImGui::GetMainViewport();
    ImGui::SetNextWindowPos(viewport.WorkPos);
    ImGui::SetNextWindowSize(viewport.WorkSize);
    if (ImGui::Begin("shadenet", nullptr, whole_window)) draw_content();
    ImGui::End();
    if (const std::optional<TrainOptions> options = new_run_.draw(layout_)) train(*options);
    help_.draw(layout_);
    take_keys();
}

void App::draw_content() {
    const float line = ImGui::GetFrameHeightWithSpacing();
    const ImVec2 room = ImGui::GetContentRegionAvail();
    const float bottom = 2 * line + ImGui::GetTextLineHeightWithSpacing();
    const float height = std::max(room.y - bottom, 2 * line);
    const bool learns = subject_.story.epochs > 0;
    const float wanted = std::clamp(room.x * column_share, least_column * line, widest_column * line);
    const float column = learns ? std::min(wanted, room.x / 2) : 0;
    const float left = std::max(room.x - column - (learns ? ImGui::GetStyle().ItemSpacing.x : 0), line);
    child("pictures", {left, height}, [&] { draw_pictures(); });
    if (learns) {
        ImGui::SameLine();
        child("learning", {0, height}, [&] {
            const auto asked = learning_.draw(subject_.story, shown_epoch(), layout_);
            if (asked) pinned_epoch_ = std::min(*asked, subject_.story.last_epoch());
        });
    }
    child("controls", {0, 0}, [&] {
        draw_controls();
        draw_status();
    });
}

std::string App::moment_text() const {
    if (subject_.story.epochs == 0) return "";
    if (!pinned_epoch_ && resting_) return fmt::format(", step {}", resting_->steps_done);
    const std::uint32_t epoch = shown_epoch();
    const bool kept = subject_.story.parameters_after(epoch) != nullptr;
    return (epoch == 0 ? ", untrained" : fmt::format(", epoch {}", epoch)) + (kept ? "" : " (not kept)") +
           (subject_.story.is_solved(epoch) ? " solved" : "");
}

/// The decay of the shown epoch, which may differ from the decay at the beginning.
float App::shown_decay() const {
    const float own = slowest_decay(subject_.story.network);
    if (!pinned_epoch_ && session_ != nullptr) return session_->status().rates.decay.value_or(own);
    if (!subject_.options || shown_epoch() == 0) return own;
    const std::uint64_t steps = std::uint64_t{shown_epoch()} * subject_.story.steps_per_epoch;
    return subject_.options->rates(steps - 1).decay.value_or(own);
}

void App::draw_mistakes() {
    const std::optional<TestResults>& test = subject_.story.test;
    if (!test || view_.pictures.empty()) {
        ImGui::TextWrapped("%s", no_mistakes_text(test ? &*test : nullptr).c_str());
        return;
    }
    request_thumbnails(draw_mistakes_panel(*test, view_, stage_, layout_).thumbnails);
}

void App::draw_pictures() {
    if (subject_.story.classes) return draw_mistakes();
    if (view_.pictures.empty()) {
        ImGui::TextWrapped(
            "Drop pictures here, a folder of them, a model (.safetensors) or the folder of a run.");
        return;
    }
    view_.width = stage_.width();
    view_.height = stage_.height();
    const bool batch = stage_.statistics() == ShownStatistics::batch && stage_.statistics_fit();
    const bool norm = has_norm(subject_.story.network);
    view_.output_label = fmt::format("output{}{}", moment_text(),
                                     !norm ? "" : (batch ? ", batch statistics" : ", moving statistics"));
    view_.values = stage_.values();
    const PicturesWishes wishes = pictures_panel_.draw(view_, stage_, layout_);
    stage_.read(wishes.cursor);
    request_thumbnails(wishes.thumbnails);
    if (wishes.chosen && *wishes.chosen < subject_.pictures.size()) choose_picture(*wishes.chosen);
}

void App::draw_controls() {
    ControlView view;
    if (session_ != nullptr) view.run = session_->status();
    view.can_begin_again = subject_.options.has_value() && !training();
    view.has_norm = has_norm(subject_.story.network);
    view.statistics = stage_.statistics();
    view.statistics_fit = stage_.statistics_fit();
    view.last_epoch = subject_.story.last_epoch();
    view.epochs = subject_.story.epochs;
    view.shown_epoch = shown_epoch();
    view.follows = !pinned_epoch_;
    obey(controls_.draw(view, layout_));
}

void App::obey(const ControlWishes& wishes) {
    if (wishes.statistics) stage_.show_statistics(*wishes.statistics);
    if (wishes.epoch) pinned_epoch_ = wishes.epoch;
    if (wishes.follow) pinned_epoch_.reset();
    if (wishes.new_run) new_run_.open(*subject_.options);
    if (session_ == nullptr) return;
    const bool pauses = wishes.start_pause && session_->status().state == SessionState::running;
    if (pauses) session_->pause();
    if (wishes.start_pause && !pauses) session_->run();
    if ((wishes.start_pause && !pauses) || wishes.one_step || wishes.one_epoch) pinned_epoch_.reset();
    if (wishes.one_step) session_->one_step();
    if (wishes.one_epoch) session_->one_epoch();
    if (wishes.stop) session_->stop();
    if (!wishes.rates) return;
    try {
        session_->change_rates(*wishes.rates);
    } catch (const std::exception& error) {
        note(error.what());
    }
}

void App::draw_status() {
    const std::string problem = session_ != nullptr ? session_->status().problem : "";
    std::string text = fmt::format("{}  |  {:.0f} frames/s  |  F1: keys", window_.device().info().name,
                                   window_.frames_per_second());
    if (!problem.empty()) {
        text += "  |  " + problem;
    } else if (!notes_.empty()) {
        text += "  |  " + notes_.back();
    }
    ImGui::TextDisabled("%s", text.c_str());
    layout_.last_item("status");
    if (ImGui::IsItemHovered() && !notes_.empty()) {
        ImGui::BeginTooltip();
        for (const std::string& line : notes_) ImGui::TextUnformatted(line.c_str());
        ImGui::EndTooltip();
    }
    layout_.value("frames_per_second", window_.frames_per_second());
    layout_.value("status", problem);
}

void App::take_keys() {
    if (pressed(Action::quit)) window_.close();
    if (pressed(Action::full_screen)) window_.toggle_full_screen();
    if (pressed(Action::save_window)) save_asked_ = true;
}

}  // namespace shadenet
