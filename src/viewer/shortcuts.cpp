#include "viewer/shortcuts.h"

#include <imgui.h>
#include <imgui_internal.h>

#include "viewer/theme.h"

#if IMGUI_VERSION_NUM >= 18700
#define SHADENET_KEY(imgui, glfw) ImGuiKey_##imgui
#else
#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>
#define SHADENET_KEY(imgui, glfw) GLFW_KEY_##glfw
#endif

namespace shadenet {

namespace {

constexpr int kSpace = SHADENET_KEY(Space, SPACE), kHome = SHADENET_KEY(Home, HOME),
              kEnd = SHADENET_KEY(End, END), kLeft = SHADENET_KEY(LeftArrow, LEFT),
              kRight = SHADENET_KEY(RightArrow, RIGHT), kUp = SHADENET_KEY(UpArrow, UP),
              kDown = SHADENET_KEY(DownArrow, DOWN), kPageUp = SHADENET_KEY(PageUp, PAGE_UP),
              kPageDown = SHADENET_KEY(PageDown, PAGE_DOWN), kF1 = SHADENET_KEY(F1, F1),
              kF11 = SHADENET_KEY(F11, F11), kF12 = SHADENET_KEY(F12, F12),
              kEscape = SHADENET_KEY(Escape, ESCAPE);

/// In both kinds of numbers the letters are consecutive.
constexpr int letter(char name) {
    return SHADENET_KEY(A, A) + (name - 'A');
}
constexpr Chord ctrl(char name) {
    return {letter(name), true};
}
constexpr Chord shift(int key) {
    return {key, false, true};
}

/// A key that moves through something.
constexpr unsigned kSteps = kRepeats | kNavigates;

using enum Action;
using enum ActionGroup;

/// In the order of the enum, which is the order of the help. Punctuation and digits are compared as
/// characters, because keyboards have them in different places.
constexpr Shortcut kShortcuts[] = {
    {start_pause, training, "Space", "start or pause", {{{kSpace}}}, kNavigates},
    {one_step, training, ".", "train one step", {}, kRepeats, "."},
    {one_epoch, training, "E", "train one epoch", {{{letter('E')}}}},
    {save_and_stop, training, "Ctrl+S", "save and stop", {{ctrl('S')}}},
    {first_epoch, training, "Home", "show epoch 0 / the latest", {{{kHome}}}, kNavigates},
    {last_epoch, training, "End", "show epoch 0 / the latest", {{{kEnd}}}, kNavigates},
    {previous_epoch, training, "Shift+Left", "show the epoch before / after", {{shift(kLeft)}}, kSteps},
    {next_epoch, training, "Shift+Right", "show the epoch before / after", {{shift(kRight)}}, kSteps},
    {statistics, training, "B", "batch's own or moving statistics", {{{letter('B')}}}},
    {loss_scale, training, "L", "loss on a linear or logarithmic scale", {{{letter('L')}}}},
    {side_by_side, view, "S", "side by side", {{{letter('S')}}}},
    {wipe, view, "W", "wipe between two pictures", {{{letter('W')}}}},
    {single, view, "O", "only one picture", {{{letter('O')}}}},
    {difference, view, "D", "difference between two pictures", {{{letter('D')}}}},
    {sides, view, "T", "which pictures: input, output, target", {{{letter('T')}}}},
    {hold_input, view, "I", "the input alone, while the key is down", {{{letter('I')}}}},
    {wipe_left, view, "[", "move the wipe's line", {}, kRepeats, "["},
    {wipe_right, view, "]", "move the wipe's line", {}, kRepeats, "]"},
    {gain, view, "G", "double the difference's gain", {{{letter('G')}}}},
    {previous_picture, view, "P, PgUp", "picture before / after", {{{letter('P')}, {kPageUp}}}, kRepeats},
    {next_picture, view, "N, PgDn", "picture before / after", {{{letter('N')}, {kPageDown}}}, kRepeats},
    {zoom_in, zoom, "+", "zoom in / out", {}, kRepeats, "+="},
    {zoom_out, zoom, "-", "zoom in / out", {}, kRepeats, "-"},
    {fit, zoom, "0", "the whole picture", {}, kOnce, "0"},
    {one_to_one, zoom, "1", "one pixel on one pixel of the screen", {}, kOnce, "1"},
    {pan_left, zoom, "Left", "move over the picture", {{{kLeft}}}, kSteps},
    {pan_right, zoom, "Right", "move over the picture", {{{kRight}}}, kSteps},
    {pan_up, zoom, "Up", "move over the picture", {{{kUp}}}, kSteps},
    {pan_down, zoom, "Down", "move over the picture", {{{kDown}}}, kSteps},
    {help, window, "F1, ?", "show or hide this help", {{{kF1}}}, kOnce, "?"},
    {close_help, window, "Esc", "hide this help", {{{kEscape}}}},
    {full_screen, window, "F11", "full screen", {{{kF11}}}},
    {save_window, window, "F12", "save a picture of the window", {{{kF12}}}, kAlways},
    {quit, window, "Ctrl+Q", "quit", {{ctrl('Q')}}},
};

constexpr Gesture kGestures[] = {
    {"wheel", "zoom about the cursor"},
    {"drag", "move the picture, or the wipe's line"},
    {"double click", "the whole picture"},
    {"Tab", "from field to field"},
};

constexpr bool in_order() {
    for (std::size_t i = 0; i < std::size(kShortcuts); ++i) {
        if (kShortcuts[i].action != static_cast<Action>(i)) return false;
    }
    return std::size(kShortcuts) == static_cast<std::size_t>(quit) + 1;
}
static_assert(in_order(), "kShortcuts must list every action, in the order of the enum");

const Shortcut& shortcut(Action action) {
    return kShortcuts[static_cast<std::size_t>(action)];
}

#if IMGUI_VERSION_NUM >= 18700
using Key = ImGuiKey;
#else
using Key = int;
#endif

bool keys_are_free(const Shortcut& shortcut) {
    if ((shortcut.traits & kAlways) != 0) return true;
    const ImGuiIO& io = ImGui::GetIO();
    if (io.WantTextInput || ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopup)) return false;
    return ((shortcut.traits & kNavigates) == 0 || !io.NavVisible);
}

bool modifiers_match(const Chord& chord, unsigned traits) {
    if ((traits & kAlways) != 0) return true;
    const ImGuiIO& io = ImGui::GetIO();
    return io.KeyCtrl == chord.ctrl && io.KeyShift == chord.shift && !io.KeyAlt && !io.KeySuper;
}

template <class Test>
bool any_chord(const Shortcut& wanted, const Test& test) {
    return std::any_of(wanted.chords.begin(), wanted.chords.end(), [&](const Chord& keys) {
        return keys.key != 0 && modifiers_match(keys, wanted.traits) && test(static_cast<Key>(keys.key));
    });
}

bool typed(std::string_view characters) {
    const auto& queue = ImGui::GetIO().InputQueueCharacters;
    return std::any_of(queue.begin(), queue.end(), [&](ImWchar character) {
        return character < 128 && characters.find(static_cast<char>(character)) != std::string_view::npos;
    });
}

}  // namespace

std::span<const Shortcut> shortcuts() {
    return kShortcuts;
}

std::span<const Gesture> gestures() {
    return kGestures;
}

bool pressed(Action action) {
    const Shortcut& wanted = shortcut(action);
    if (!keys_are_free(wanted)) return false;
    const bool down =
        any_chord(wanted, [&](Key key) { return ImGui::IsKeyPressed(key, (wanted.traits & kRepeats) != 0); });
    // Dear ImGui has begun to move its focus to another control, which would take the next such key.
    if (down && (wanted.traits & kNavigates) != 0) ImGui::NavMoveRequestCancel();
    return down || typed(wanted.typed);
}

bool held(Action action) {
    const Shortcut& wanted = shortcut(action);
    return keys_are_free(wanted) && any_chord(wanted, [](Key key) { return ImGui::IsKeyDown(key); });
}

std::string action_text(Action action) {
    const Shortcut& named = shortcut(action);
    return fmt::format("{} ({})", named.description, named.keys);
}

void action_tooltip(Action action) {
    tooltip(action_text(action));
}

}  // namespace shadenet
