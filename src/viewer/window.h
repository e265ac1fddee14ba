// The viewer's window, in which everything is drawn.
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

/// How soon the next frame is needed.
enum class Pace {
    busy,     ///< as soon as the screen takes it
    sharing,  ///< the processor has other work, too: half of the time, but at least ten frames a second
    idle      ///< after an event, or a tenth of a second
};

/// All functions except wake() are for the main thread. Other threads may use the device: see Device.
class Window {
  public:
    /// Opens the window, on the device that choose_device() picks for `device` among those that can draw to
    /// it. Throws InputError if there is no display, or no such device.
    Window(const std::string& title, int width, int height, const std::string& device = "");
    /// Waits for the frames. All other users of the device must be destroyed before.
    ~Window();

    /// False once the user has closed the window.
    bool open() const { return !glfw_.asked_to_close(); }
    void close() { glfw_.ask_to_close(); }

    void toggle_full_screen() { glfw_.toggle_full_screen(); }

    /// Handles events and shows what `draw` draws with Dear ImGui's functions. An iconified window waits for
    /// events, and does not draw.
    void frame(const std::function<void()>& draw, Pace pace = Pace::busy);
    /// Ends the waiting for events; may be called from any thread.
    static void wake() { GlfwWindow::wake(); }

    Device& device() { return *device_; }
    /// For use within `draw`.
    PictureDrawing& pictures() { return *pictures_; }

    /// Keeps an object that frames may still read, e.g. a buffer, until those frames are done.
    void retire(std::shared_ptr<void> kept) { retired_.push_back({std::move(kept), not_yet}); }

    /// Sets the function that is called with files dropped on the window.
    void on_drop(std::function<void(std::vector<std::filesystem::path>)> callback) {
        glfw_.on_drop = std::move(callback);
    }

    /// Draws the last frame again and reads it. Throws WorkError when nothing can be shown or read.
    Picture8 screenshot();
    /// Pixels of a screenshot for one unit of Dear ImGui.
    ImVec2 pixels_per_unit() const { return glfw_.pixels_per_unit(); }

    /// The recent rate; 0 before there are two frames.
    double frames_per_second() const { return seconds_between_ > 0 ? 1 / seconds_between_ : 0; }

  private:
    using Clock = std::chrono::steady_clock;
    static constexpr std::uint64_t not_yet = ~std::uint64_t{0};
    struct Retired {
        std::shared_ptr<void> kept;
        std::uint64_t frame;  ///< the last frame that may read it
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
    int awake_ = 3;  ///< frames to draw without waiting: Dear ImGui needs some to place everything
    Clock::time_point last_begin_{};
    double seconds_between_ = 0, frame_seconds_ = 0;
};

}  // namespace shadenet
