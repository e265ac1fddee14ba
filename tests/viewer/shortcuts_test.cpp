#include "viewer/shortcuts.h"

#include <set>
#include <string>
#include <tuple>

#include "catch.h"
#include "viewer/gui_session.h"
#include "viewer/help_overlay.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

const ImVec2 kScreen = {900, 700};

/// What one frame finds pressed.
bool pressed_in_frame(GuiSession& gui, Action action) {
    bool found = false;
    gui.frame([&] { found = pressed(action); });
    return found;
}

bool help_is_shown(GuiSession& gui, HelpOverlay& help) {
    Layout layout;
    gui.frame([] {});  // lets a key of the frame before go
    gui.frame([&] { help.draw(layout); });
    return layout.json({1, 1}).find("\"help\"") != std::string::npos;
}

}  // namespace

TEST_CASE("no two actions have the same key") {
    std::set<std::tuple<int, bool, bool>> chords;
    std::set<char> characters;
    for (const Shortcut& shortcut : shortcuts()) {
        INFO(shortcut.keys);
        for (const Chord& chord : shortcut.chords) {
            if (chord.key != 0) CHECK(chords.insert({chord.key, chord.ctrl, chord.shift}).second);
        }
        for (const char* typed = shortcut.typed; *typed != 0; ++typed) {
            CHECK(characters.insert(*typed).second);
        }
    }
    CHECK(chords.size() > 25);
    CHECK(characters.size() > 7);
}

TEST_CASE("a key is pressed once, and Ctrl makes it another") {
    GuiSession gui(kScreen);
    gui.letter('S', true);
    CHECK(pressed_in_frame(gui, Action::side_by_side));
    CHECK_FALSE(pressed_in_frame(gui, Action::side_by_side));
    gui.letter('S', false);
    gui.frame([] {});
    gui.ctrl(true);
    gui.letter('S', true);
    bool saves = false, changes = false;
    gui.frame([&] {
        saves = pressed(Action::save_and_stop);
        changes = pressed(Action::side_by_side);
    });
    CHECK(saves);
    CHECK_FALSE(changes);
}

TEST_CASE("arrows move, and with Shift they go through the epochs") {
    GuiSession gui(kScreen);
    bool epoch = false, moves = false;
    const auto look = [&] {
        epoch = pressed(Action::next_epoch);
        moves = pressed(Action::pan_right);
    };
    gui.key(GUI_KEY(RightArrow, RIGHT), true);
    gui.frame(look);
    CHECK((moves && !epoch));
    gui.key(GUI_KEY(RightArrow, RIGHT), false);
    gui.frame(look);
    gui.shift(true);
    gui.key(GUI_KEY(RightArrow, RIGHT), true);
    gui.frame(look);
    CHECK((epoch && !moves));
}

TEST_CASE("punctuation counts wherever the keyboard has it") {
    GuiSession gui(kScreen);
    gui.shift(true);
    gui.type('+');
    CHECK(pressed_in_frame(gui, Action::zoom_in));
    CHECK_FALSE(pressed_in_frame(gui, Action::zoom_in));
    gui.type('.');
    CHECK(pressed_in_frame(gui, Action::one_step));
}

TEST_CASE("keys belong to a text field while one is active") {
    GuiSession gui(kScreen);
    char text[16] = "";
    const auto field = [&] {
        ImGui::SetKeyboardFocusHere();
        ImGui::InputText("name", text, sizeof text);
    };
    gui.frame(field);
    gui.frame(field);
    gui.letter('W', true);
    gui.type('+');
    bool found = false, is_held = false;
    gui.frame([&] {
        REQUIRE(ImGui::GetIO().WantTextInput);
        found = pressed(Action::wipe) || pressed(Action::zoom_in);
        is_held = held(Action::wipe);
        field();
    });
    CHECK_FALSE(found);
    CHECK_FALSE(is_held);
}

TEST_CASE("a picture of the window is saved while a field is active and Ctrl held, too") {
    GuiSession gui(kScreen);
    char text[16] = "";
    const auto field = [&] {
        ImGui::SetKeyboardFocusHere();
        ImGui::InputText("name", text, sizeof text);
    };
    gui.frame(field);
    gui.frame(field);
    gui.ctrl(true);
    gui.key(GUI_KEY(F12, F12), true);
    gui.key(GUI_KEY(F11, F11), true);
    bool saves = false, fills = false;
    gui.frame([&] {
        REQUIRE(ImGui::GetIO().WantTextInput);
        saves = pressed(Action::save_window);
        fills = pressed(Action::full_screen);
        field();
    });
    CHECK(saves);
    CHECK_FALSE(fills);
}

TEST_CASE("keys belong to a popup while there is one") {
    GuiSession gui(kScreen);
    bool found = false;
    const auto question = [&] {
        found = pressed(Action::wipe);
        if (ImGui::BeginPopup("question")) {
            ImGui::TextUnformatted("?");
            ImGui::EndPopup();
        }
    };
    gui.frame([&] {
        ImGui::OpenPopup("question");
        question();
    });
    gui.letter('W', true);
    gui.frame(question);
    CHECK_FALSE(found);
}

TEST_CASE("Space and the arrows go to the control that the keyboard's frame is around") {
    GuiSession gui(kScreen);
    gui.key(GUI_KEY(Space, SPACE), true);
    gui.letter('E', true);
    bool starts = false, trains = false, starts_without = false;
    gui.frame([&] {
        starts_without = pressed(Action::start_pause);
        ImGui::GetIO().NavVisible = true;
        starts = pressed(Action::start_pause);
        trains = pressed(Action::one_epoch);
    });
    CHECK(starts_without);
    CHECK_FALSE(starts);
    CHECK(trains);
}

TEST_CASE("tooltips name the key") {
    CHECK(action_text(Action::wipe) == "wipe between two pictures (W)");
    CHECK(action_text(Action::quit) == "quit (Ctrl+Q)");
}

TEST_CASE("F1 and ? show the help and hide it, Escape hides it") {
    GuiSession gui(kScreen);
    HelpOverlay help;
    Layout layout;
    CHECK_FALSE(help_is_shown(gui, help));
    gui.key(GUI_KEY(F1, F1), true);
    gui.frame([&] { help.draw(layout); });
    CHECK(help_is_shown(gui, help));
    gui.type('?');
    gui.frame([&] { help.draw(layout); });
    CHECK_FALSE(help_is_shown(gui, help));
    gui.type('?');
    gui.frame([&] { help.draw(layout); });
    CHECK(help.open());
    gui.key(GUI_KEY(Escape, ESCAPE), true);
    gui.frame([&] { help.draw(layout); });
    CHECK_FALSE(help.open());
}

TEST_CASE("both columns of the help have keys and what they do") {
    GuiSession gui({1600, 1000});
    HelpOverlay help;
    help.toggle();
    Layout layout;
    for (int i = 0; i < 3; ++i) gui.frame([&] { help.draw(layout); });
    const ImU32 dim = ImGui::GetColorU32(ImGuiCol_TextDisabled);
    int left = 0, right = 0;
    const ImDrawData& data = *ImGui::GetDrawData();
    for (int i = 0; i < data.CmdListsCount; ++i) {
        for (const ImDrawVert& corner : data.CmdLists[i]->VtxBuffer) {
            left += corner.col == dim && corner.pos.x < 800;
            right += corner.col == dim && corner.pos.x > 800;
        }
    }
    CHECK(left > 500);
    CHECK(right > 500);
}

TEST_CASE("the help stays on the screen, however small that is") {
    for (const ImVec2 size : {ImVec2{1600, 1000}, ImVec2{400, 200}, ImVec2{60, 40}}) {
        GuiSession gui(size);
        HelpOverlay help;
        help.toggle();
        Layout layout;
        for (int i = 0; i < 3; ++i) gui.frame([&] { help.draw(layout); });
        gui.frame([&] {
            help.draw(layout);
            ImGui::Begin("###help");
            const ImVec2 min = ImGui::GetWindowPos(), extent = ImGui::GetWindowSize();
            ImGui::End();
            CHECK(min.x >= 0);
            CHECK(min.y >= 0);
            CHECK(min.x + extent.x <= size.x);
            CHECK(min.y + extent.y <= size.y);
        });
    }
}
