// Dear ImGui without a window: the tests move the mouse, press keys, and look at what was drawn.
#pragma once

#include <functional>

#include <imgui.h>

#if IMGUI_VERSION_NUM >= 18700
#define GUI_KEY(imgui, glfw) ImGuiKey_##imgui
#else
#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>
#define GUI_KEY(imgui, glfw) GLFW_KEY_##glfw
#endif

namespace shadenet::test {

/// One Dear ImGui context of a screen of this size. What is pressed stays pressed until it is let go.
class GuiSession {
  public:
    explicit GuiSession(ImVec2 size, float scale = 1);
    ~GuiSession() { ImGui::DestroyContext(); }
    GuiSession(const GuiSession&) = delete;
    GuiSession& operator=(const GuiSession&) = delete;

    /// `draw` fills a window that covers the screen.
    void frame(const std::function<void()>& draw);

    void mouse_at(ImVec2 point);
    void mouse_button(int button, bool down);
    void wheel(float steps);
    void key(int key, bool down);
    void letter(char name, bool down) { key(GUI_KEY(A, A) + (name - 'A'), down); }
    void ctrl(bool down);
    void shift(bool down);
    void type(char character) { ImGui::GetIO().AddInputCharacter(static_cast<unsigned char>(character)); }
};

}  // namespace shadenet::test
