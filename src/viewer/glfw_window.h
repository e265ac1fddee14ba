// The desktop's window, as GLFW knows it.
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
    /// The size is in units of about 1/96 inch. Throws InputError when there is no display.
    GlfwWindow(const std::string& title, int width, int height);
    ~GlfwWindow();
    GlfwWindow(const GlfwWindow&) = delete;
    GlfwWindow& operator=(const GlfwWindow&) = delete;

    GLFWwindow* handle() const { return window_; }
    WindowSystem window_system() const;

    bool asked_to_close() const;
    void ask_to_close();
    bool iconified() const;
    /// Fills the monitor that shows the window's middle, or returns to the old place.
    void toggle_full_screen();
    /// Sizes in pixels; the window's own coordinates may be coarser.
    VkExtent2D pixels() const;
    ImVec2 pixels_per_unit() const;
    /// The factor by which things should have more pixels than usual.
    float content_scale() const;

    /// Handle events, which calls the callbacks below. wait() waits at most `seconds` for an event; true when
    /// there was one. Both rethrow what a callback threw.
    void poll();
    bool wait(double seconds);
    /// Ends wait(); may be called from any thread.
    static void wake();

    std::function<void(std::vector<std::filesystem::path>)> on_drop;
    std::function<void()> on_refresh;  ///< the window must be drawn while events are handled

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
    Place before_;               ///< the window's place before it filled the screen
    std::exception_ptr thrown_;  ///< from a callback; exceptions cannot pass through C code
};

}  // namespace shadenet
