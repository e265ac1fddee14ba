#include "viewer/view_settings.h"

#include "viewer/shortcuts.h"

namespace shadenet {

namespace {

constexpr float kWipeStep = 0.05f;

PictureKind single_picture(const ViewSettings& settings, bool has_target) {
    if (settings.input_held) return PictureKind::input;
    if (settings.single == PictureKind::target && !has_target) return PictureKind::output;
    return settings.single;
}

PictureKind picture_after(PictureKind kind, bool has_target) {
    if (kind == PictureKind::input) return PictureKind::output;
    return kind == PictureKind::output && has_target ? PictureKind::target : PictureKind::input;
}

}  // namespace

ViewMode shown_mode(const ViewSettings& settings) {
    return settings.input_held ? ViewMode::single : settings.mode;
}

std::vector<PictureKind> pane_pictures(const ViewSettings& settings, bool has_target) {
    const ViewMode mode = shown_mode(settings);
    if (mode == ViewMode::single) return {single_picture(settings, has_target)};
    if (mode != ViewMode::side_by_side) return {PictureKind::output};
    if (!has_target) return {PictureKind::input, PictureKind::output};
    return {PictureKind::input, PictureKind::output, PictureKind::target};
}

std::array<PictureKind, 2> wipe_sides(const ViewSettings& settings, bool has_target) {
    if (settings.against_target && has_target) return {PictureKind::output, PictureKind::target};
    return {PictureKind::input, PictureKind::output};
}

PictureKind difference_base(bool has_target) {
    return has_target ? PictureKind::target : PictureKind::input;
}

void take_next_sides(ViewSettings& settings, bool has_target) {
    if (settings.mode == ViewMode::wipe && has_target) settings.against_target = !settings.against_target;
    if (settings.mode == ViewMode::single) {
        settings.single = picture_after(single_picture(settings, has_target), has_target);
    }
}

void apply_view_keys(ViewSettings& settings, bool has_target) {
    if (pressed(Action::side_by_side)) settings.mode = ViewMode::side_by_side;
    if (pressed(Action::wipe)) settings.mode = ViewMode::wipe;
    if (pressed(Action::single)) settings.mode = ViewMode::single;
    if (pressed(Action::difference)) settings.mode = ViewMode::difference;
    settings.input_held = held(Action::hold_input);
    if (settings.input_held) return;
    if (pressed(Action::sides)) take_next_sides(settings, has_target);
    if (settings.mode == ViewMode::wipe) {
        const int steps = pressed(Action::wipe_right) - pressed(Action::wipe_left);
        settings.wipe = std::clamp(settings.wipe + kWipeStep * static_cast<float>(steps), 0.0f, 1.0f);
    }
    if (settings.mode == ViewMode::difference && pressed(Action::gain)) {
        settings.gain = settings.gain * 2 > ViewSettings::kLargestGain ? 1 : settings.gain * 2;
    }
}

}  // namespace shadenet
