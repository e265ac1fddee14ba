// The window of the desktop: what GLFW knows of it.
#pragma once

#include <exception>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <imgui.h>

#include "gpu/surface.h"

struct GLFWmonitor;
struct GLFWwindow;

namespace shadenet {

class GlfwWindow {
  public:
    /// Size in units of 1/96 inch or so. Throws InputError where there is no display.
    GlfwWindow(const std::string& title, int width, int height);
    ~GlfwWindow();
    GlfwWindow(const GlfwWindow&) = delete;
    GlfwWindow& operator=(const GlfwWindow&) = delete;

    GLFWwindow* handle() const { return window_; }
    WindowSystem window_system() const;

    bool asked_to_close() const;
    void ask_to_close();
    bool iconified() const;
    /// On the monitor that shows the window's middle, and back to where it was.
    void toggle_full_screen();
    /// In pixels; the window's own coordinates may be coarser.
    std::uint32_t pixel_width() const;
    std::uint32_t pixel_height() const;
    ImVec2 pixels_per_unit() const;
    /// How much larger than usual things should be, in pixels.
    float content_scale() const;

    /// Lets the callbacks below be called. `wait` waits for an event for so many seconds at most; true when
    /// there was one. Throws what a callback threw.
    void poll();
    bool wait(double seconds);
    /// Ends a wait; from any thread.
    static void wake();

    std::function<void(std::vector<std::filesystem::path>)> on_drop;
    std::function<void()> on_refresh;  ///< the window has to be drawn while events are being handled

  private:
    void set_callbacks();
    void create(const std::string& title, int width, int height);
    void call(const std::function<void()>& callback);
    void rethrow();

    struct Place {
        int left = 0, top = 0, width = 0, height = 0;
    };
    Place place() const;
    static GLFWmonitor* monitor_at(const Place& place);

    GLFWwindow* window_ = nullptr;
    Place before_;               ///< of the window before it filled the screen
    std::exception_ptr thrown_;  ///< exceptions cannot pass through GLFW, which is C
};

}  // namespace shadenet
