// Every key of the window in one table, for the panels, the tooltips and the help.
#pragma once

#include <array>
#include <span>
#include <string>

#include "base/words.h"

namespace shadenet {

enum class Action {
    start_pause,
    one_step,
    one_epoch,
    save_and_stop,
    first_epoch,
    last_epoch,
    previous_epoch,
    next_epoch,
    statistics,
    loss_scale,
    side_by_side,
    wipe,
    single,
    difference,
    sides,
    hold_input,
    wipe_left,
    wipe_right,
    gain,
    previous_picture,
    next_picture,
    zoom_in,
    zoom_out,
    fit,
    one_to_one,
    pan_left,
    pan_right,
    pan_up,
    pan_down,
    help,
    close_help,
    full_screen,
    save_window,
    quit
};

enum class ActionGroup { training, view, zoom, window };

/// Further properties of a key, as bits.
enum KeyTraits : unsigned {
    kOnce = 0,
    kRepeats = 1,    ///< acts again while the key is down
    kNavigates = 2,  ///< Dear ImGui uses the key, too, while a control has the keyboard focus
    kAlways = 4,     ///< works also in dialogs and text fields, whatever other keys are held
};

/// A key in the numbers of this version of Dear ImGui (before 1.87: GLFW's numbers), and the keys that must
/// be held with it. 0 is no key.
struct Chord {
    int key = 0;
    bool ctrl = false, shift = false;
};

struct Shortcut {
    Action action;
    ActionGroup group;
    const char* keys;  ///< for the help
    /// What the action does. Actions in a row that share it are one row of the help.
    const char* description;
    std::array<Chord, 2> chords = {};
    unsigned traits = kOnce;
    const char* typed = "";  ///< any of these characters, wherever they are on the keyboard
};

/// Help for everything without an Action: the mouse, and keys that Dear ImGui handles.
struct Gesture {
    const char* keys;
    const char* description;
};

std::span<const Shortcut> shortcuts();
std::span<const Gesture> gestures();
inline constexpr auto group_titles = words_of<ActionGroup>("Training", "Pictures", "Zoom", "Window");

/// Whether the action's key went down in this frame (or repeats). Without kAlways, never while a text field
/// is active or a popup is open, and not with other keys of Ctrl, Shift, Alt and Super held than it asks for.
bool pressed(Action action);
/// Whether the action's key is down now, under the same conditions.
bool held(Action action);

/// "Wipe between two pictures (W)", for tooltips.
std::string action_text(Action action);
/// Shows action_text() while the mouse is over the item drawn last.
void action_tooltip(Action action);

}  // namespace shadenet
