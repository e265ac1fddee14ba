// The window that everything of the viewer is drawn in.
#pragma once

#include <chrono>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gpu/device.h"
#include "gpu/swapchain.h"
#include "image/image.h"
#include "viewer/glfw_window.h"
#include "viewer/imgui_session.h"
#include "viewer/picture_drawing.h"

namespace shadenet {

/// How soon the next frame is wanted.
enum class Pace {
    busy,     ///< as soon as the screen takes it
    sharing,  ///< the processor draws and does other work too: half of its time, ten frames a second first
    idle      ///< after an event, or a tenth of a second
};

/// For the main thread, all of it but wake(). Other threads may use the device meanwhile: see Device.
class Window {
  public:
    /// Opens it, on the device that choose_device() picks for `device` among those that can draw there.
    /// Throws InputError where there is no display, or no such device.
    Window(const std::string& title, int width, int height, const std::string& device = "");
    /// Waits for the frames. What still uses the device must be gone before.
    ~Window();
    Window(const Window&) = delete;
    Window& operator=(const Window&) = delete;

    /// False once the user has closed it.
    bool open() const { return !glfw_.asked_to_close(); }
    void close() { glfw_.ask_to_close(); }

    void toggle_full_screen() { glfw_.toggle_full_screen(); }

    /// Handles events and shows what `draw` makes with Dear ImGui's functions. An iconified window waits for
    /// events, and does not draw.
    void frame(const std::function<void()>& draw, Pace pace = Pace::busy);
    /// Ends the waiting; from any thread.
    static void wake() { GlfwWindow::wake(); }

    Device& device() { return *device_; }
    /// For use within `draw`.
    PictureDrawing& pictures() { return *pictures_; }

    /// Keeps what frames may still read, a buffer for one, until those have passed.
    void retire(std::shared_ptr<void> kept) { retired_.push_back({std::move(kept), not_yet}); }

    /// Called with what was dropped on the window.
    void on_drop(std::function<void(std::vector<std::filesystem::path>)> callback) {
        glfw_.on_drop = std::move(callback);
    }

    /// What the last frame shows, drawn once more. Throws WorkError where nothing can be shown or read.
    Picture8 screenshot();
    /// Pixels of a screenshot to one of Dear ImGui's units.
    ImVec2 pixels_per_unit() const { return glfw_.pixels_per_unit(); }

    /// Of the frames drawn lately; 0 before there are two.
    double frames_per_second() const { return seconds_between_ > 0 ? 1 / seconds_between_ : 0; }

  private:
    using Clock = std::chrono::steady_clock;
    static constexpr std::uint64_t not_yet = ~std::uint64_t{0};
    struct Retired {
        std::shared_ptr<void> kept;
        std::uint64_t frame;  ///< the last that may read it
    };

    bool visible() const;
    void handle_events(Pace pace);
    double longest_wait(Pace pace) const;
    void render(const std::function<void()>& draw);
    void fit_scale();
    std::optional<Frame> begin_frame();
    void let_go();
    void measure(Clock::time_point begin);

    GlfwWindow glfw_;
    std::unique_ptr<Device> device_;
    std::unique_ptr<Swapchain> swapchain_;
    std::deque<Retired> retired_;
    std::unique_ptr<PictureDrawing> pictures_;
    std::unique_ptr<ImguiSession> imgui_;
    int awake_ = 3;  ///< frames to draw without waiting: Dear ImGui needs some until all is in its place
    Clock::time_point last_begin_{};
    double seconds_between_ = 0, frame_seconds_ = 0;
};

}  // namespace shadenet
