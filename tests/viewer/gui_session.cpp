#include "viewer/gui_session.h"

namespace shadenet::test {

GuiSession::GuiSession(ImVec2 size, float scale) {
    ImGui::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.DisplaySize = size;
    io.DisplayFramebufferScale = {scale, scale};
    io.DeltaTime = 1.0f / 60;
    unsigned char* pixels = nullptr;
    int width = 0, height = 0;
    io.Fonts->GetTexDataAsRGBA32(&pixels, &width, &height);
#if IMGUI_VERSION_NUM >= 18700
    io.ConfigInputTrickleEventQueue = false;
#endif
    mouse_at({-1, -1});
}

void GuiSession::frame(const std::function<void()>& draw) {
    ImGui::NewFrame();
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 0);
    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize(ImGui::GetIO().DisplaySize);
    ImGui::Begin("screen", nullptr, ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoBringToFrontOnFocus);
    ImGui::PopStyleVar(2);
    draw();
    ImGui::End();
    ImGui::Render();
}

#if IMGUI_VERSION_NUM >= 18700

void GuiSession::mouse_at(ImVec2 point) {
    ImGui::GetIO().AddMousePosEvent(point.x, point.y);
}
void GuiSession::mouse_button(int button, bool down) {
    ImGui::GetIO().AddMouseButtonEvent(button, down);
}
void GuiSession::wheel(float steps) {
    ImGui::GetIO().AddMouseWheelEvent(0, steps);
}
void GuiSession::key(int key, bool down) {
    ImGui::GetIO().AddKeyEvent(static_cast<ImGuiKey>(key), down);
}
void GuiSession::ctrl(bool down) {
    ImGui::GetIO().AddKeyEvent(ImGuiMod_Ctrl, down);
}
void GuiSession::shift(bool down) {
    ImGui::GetIO().AddKeyEvent(ImGuiMod_Shift, down);
}

#else

void GuiSession::mouse_at(ImVec2 point) {
    ImGui::GetIO().MousePos = point;
}
void GuiSession::mouse_button(int button, bool down) {
    ImGui::GetIO().MouseDown[button] = down;
}
void GuiSession::wheel(float steps) {
    ImGui::GetIO().MouseWheel = steps;
}
void GuiSession::key(int key, bool down) {
    ImGui::GetIO().KeysDown[key] = down;
}
void GuiSession::ctrl(bool down) {
    ImGui::GetIO().KeyCtrl = down;
}
void GuiSession::shift(bool down) {
    ImGui::GetIO().KeyShift = down;
}

#endif

}  // namespace shadenet::test
