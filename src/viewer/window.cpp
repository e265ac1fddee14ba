#include "viewer/window.h"

#include <algorithm>
#include <thread>

#include "base/error.h"
#include "viewer/theme.h"

namespace shadenet {

namespace {

constexpr double idle_wait = 0.1, slowest_sharing = 0.09;
constexpr int frames_after_event = 3;

struct Emptied {
    std::function<void()>& function;
    ~Emptied() { function = nullptr; }
};

Picture8 picture_of(const ScreenPixels& pixels) {
    Picture8 picture{pixels.width, pixels.height, {}};
    picture.rgb.resize(3 * picture.plane());
    const std::size_t red = pixels.blue_first ? 2 : 0;
    for (std::size_t i = 0; i < picture.plane(); ++i) {
        picture.rgb[3 * i] = pixels.bytes[4 * i + red];
        picture.rgb[3 * i + 1] = pixels.bytes[4 * i + 1];
        picture.rgb[3 * i + 2] = pixels.bytes[4 * i + 2 - red];
    }
    return picture;
}

}  // namespace

Window::Window(const std::string& title, int width, int height, const std::string& device)
    : glfw_(title, width, height),
      device_(Device::open(device, glfw_.window_system())),
      swapchain_(std::make_unique<Swapchain>(*device_, background_colour())),
      pictures_(std::make_unique<PictureDrawing>(*device_, swapchain_->render_pass())),
      imgui_(std::make_unique<ImguiSession>(glfw_.handle(), *device_, swapchain_->render_pass())) {
    fit_scale();
}

Window::~Window() {
    try {
        swapchain_->wait();
    } catch (const std::exception&) {
        return;  // a lost device has no frames in flight
    }
}

void Window::frame(const std::function<void()>& draw, Pace pace) {
    {
        glfw_.on_refresh = [&] { render(draw); };
        const Emptied refresh{glfw_.on_refresh};  // `draw` may not exist at the next event
        handle_events(pace);
    }
    if (!visible()) {
        swapchain_->wait();
        let_go();
        return;
    }
    render(draw);
}

bool Window::visible() const {
    const auto [width, height] = glfw_.pixels();
    return !glfw_.iconified() && width > 0 && height > 0;
}

double Window::longest_wait(Pace pace) const {
    if (!visible() || (pace == Pace::idle && awake_ == 0)) return idle_wait;
    if (pace != Pace::sharing) return 0;
    return std::clamp(slowest_sharing - frame_seconds_, 0.0, frame_seconds_);
}

void Window::handle_events(Pace pace) {
    const double wait = longest_wait(pace);
    awake_ = std::max(awake_ - 1, 0);
    if (wait == 0) {
        glfw_.poll();
    } else if (glfw_.wait(wait)) {
        awake_ = frames_after_event;
    }
}

void Window::render(const std::function<void()>& draw) {
    const Clock::time_point begin = Clock::now();
    fit_scale();
    let_go();
    pictures_->forget();
    imgui_->begin_frame();
    try {
        draw();
    } catch (...) {
        imgui_->abandon_frame();
        throw;
    }
    ImGui::Render();
    if (const auto frame = begin_frame()) {
        imgui_->draw(frame->commands);
        swapchain_->end_frame();
    } else {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));  // the screen takes no frame now
    }
    measure(begin);
}

/// The window may have moved to a screen with smaller pixels.
void Window::fit_scale() {
    const float scale = glfw_.content_scale(), per_unit = glfw_.pixels_per_unit().x;
    if (imgui_->fits(scale, per_unit)) return;
    swapchain_->wait();
    imgui_->set_scale(scale, per_unit);
}

std::optional<Frame> Window::begin_frame() {
    if (!visible()) return std::nullopt;
    const auto [width, height] = glfw_.pixels();
    const auto frame = swapchain_->begin_frame(width, height);
    if (frame) pictures_->begin_frame(*frame);
    return frame;
}

/// To be called when Dear ImGui's last frame will not be drawn again, not even by screenshot().
void Window::let_go() {
    for (Retired& one : retired_) {
        if (one.frame == not_yet) one.frame = swapchain_->ended();
    }
    std::erase_if(retired_, [&](const Retired& one) { return one.frame <= swapchain_->done(); });
}

void Window::measure(Clock::time_point begin) {
    const Clock::time_point end = Clock::now();
    frame_seconds_ = std::chrono::duration<double>(end - begin).count();
    const double between = std::chrono::duration<double>(begin - last_begin_).count();
    constexpr double pause = 0.5, weight = 0.05;
    if (last_begin_ != Clock::time_point{} && between < pause) {
        seconds_between_ =
            seconds_between_ > 0 ? seconds_between_ + weight * (between - seconds_between_) : between;
    }
    last_begin_ = begin;
}

Picture8 Window::screenshot() {
    if (ImGui::GetDrawData() == nullptr)
        throw WorkError("the window has drawn nothing yet: there is no screenshot");
    constexpr int attempts = 50;  // a screen that is being resized refuses some
    for (int i = 0; i < attempts; ++i) {
        if (const auto frame = begin_frame()) {
            imgui_->draw(frame->commands);
            return picture_of(swapchain_->end_and_read_frame());
        }
        glfw_.wait(idle_wait / 10);
    }
    throw WorkError("the window is not on a screen, so that there is no screenshot; uncover it");
}

}  // namespace shadenet
