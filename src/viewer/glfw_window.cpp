#include "viewer/glfw_window.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <utility>

#include <GLFW/glfw3.h>
#include <fmt/format.h>

#include "base/error.h"

namespace shadenet {

namespace {

std::string last_error() {
    const char* description = nullptr;
    const int code = glfwGetError(&description);
    return description != nullptr ? description : fmt::format("error {}", code);
}

[[maybe_unused]] bool is_set(const char* name) {
    const char* const value = std::getenv(name);
    return value != nullptr && *value != '\0';
}

/// Why nothing can be shown here, and what to do about it.
std::string no_display() {
    constexpr const char* instead = "on a machine without one, use `shadenet train` or `shadenet apply`";
#if defined(_WIN32) || defined(__APPLE__)
    return fmt::format("no display here; {}", instead);
#else
    if (is_set("DISPLAY")) {
        return fmt::format("the display {} cannot be opened; correct DISPLAY, or {}", std::getenv("DISPLAY"),
                           instead);
    }
    if (!is_set("WAYLAND_DISPLAY")) {
        return fmt::format("no display here, neither DISPLAY nor WAYLAND_DISPLAY is set; {}", instead);
    }
    if (std::string_view(glfwGetVersionString()).find("Wayland") == std::string_view::npos) {
        return "this desktop is Wayland's, and the GLFW library here opens windows of X11 only; install "
               "Xwayland (Debian, Ubuntu: apt install xwayland) and log in again, or GLFW for Wayland "
               "(Debian 12: apt install libglfw3-wayland)";
    }
    return fmt::format("the Wayland display {} cannot be opened; correct WAYLAND_DISPLAY, or {}",
                       std::getenv("WAYLAND_DISPLAY"), instead);
#endif
}

/// Keeps GLFW 3.4 from trying Wayland first where there can be none: Wayland's library would then write a
/// line to stderr, even if X11 works.
void choose_platform() {
#if defined(GLFW_PLATFORM_X11)
    const bool wayland = is_set("WAYLAND_DISPLAY") || (!is_set("DISPLAY") && is_set("XDG_RUNTIME_DIR"));
    if (!wayland && glfwPlatformSupported(GLFW_PLATFORM_X11) == GLFW_TRUE) {
        glfwInitHint(GLFW_PLATFORM, GLFW_PLATFORM_X11);
    }
#endif
}

GlfwWindow& self(GLFWwindow* window) {
    return *static_cast<GlfwWindow*>(glfwGetWindowUserPointer(window));
}

}  // namespace

/// The monitor that shows the middle of the place, else the first one; null if there is none.
GLFWmonitor* GlfwWindow::monitor_at(const Place& place) {
    int count = 0;
    GLFWmonitor** monitors = glfwGetMonitors(&count);
    const int x = place.left + place.width / 2, y = place.top + place.height / 2;
    for (int i = 0; i < count; ++i) {
        int left = 0, top = 0;
        glfwGetMonitorPos(monitors[i], &left, &top);
        const GLFWvidmode* mode = glfwGetVideoMode(monitors[i]);
        if (mode == nullptr || x < left || y < top) continue;
        if (x < left + mode->width && y < top + mode->height) return monitors[i];
    }
    return count > 0 ? monitors[0] : nullptr;
}

GlfwWindow::GlfwWindow(const std::string& title, int width, int height) {
    choose_platform();
    if (glfwInit() != GLFW_TRUE) throw InputError(no_display());
    try {
        create(title, width, height);
    } catch (...) {
        glfwTerminate();
        throw;
    }
    set_callbacks();
}

GlfwWindow::~GlfwWindow() {
    glfwDestroyWindow(window_);
    glfwTerminate();
}

void GlfwWindow::create(const std::string& title, int width, int height) {
    if (glfwVulkanSupported() != GLFW_TRUE) {
        throw InputError(
            "no Vulkan loader on this machine (libvulkan.so.1); install it with the graphics driver "
            "(Debian, Ubuntu: apt install libvulkan1 mesa-vulkan-drivers)");
    }
    glfwWindowHint(GLFW_CLIENT_API, GLFW_NO_API);
    glfwWindowHint(GLFW_SCALE_TO_MONITOR, GLFW_TRUE);
    window_ = glfwCreateWindow(width, height, title.c_str(), nullptr, nullptr);
    if (window_ == nullptr) {
        throw InputError(fmt::format(
            "no window can be opened here ({}); use `shadenet train` or `shadenet apply`", last_error()));
    }
}

void GlfwWindow::set_callbacks() {
    glfwSetWindowUserPointer(window_, this);
    glfwSetDropCallback(window_, [](GLFWwindow* window, int count, const char** names) {
        GlfwWindow& own = self(window);
        own.call([&] {
            std::vector<std::filesystem::path> paths;
            for (int i = 0; i < count; ++i) {  // UTF-8 on every system
                const std::u8string name(names[i], names[i] + std::char_traits<char>::length(names[i]));
                paths.emplace_back(name);
            }
            if (own.on_drop) own.on_drop(std::move(paths));
        });
    });
    glfwSetWindowRefreshCallback(window_, [](GLFWwindow* window) {
        GlfwWindow& own = self(window);
        if (own.on_refresh) own.call(own.on_refresh);
    });
}

void GlfwWindow::call(const std::function<void()>& callback) {
    if (thrown_ != nullptr) return;
    try {
        callback();
    } catch (...) {
        thrown_ = std::current_exception();
    }
}

void GlfwWindow::rethrow() {
    if (thrown_ != nullptr) std::rethrow_exception(std::exchange(thrown_, nullptr));
}

WindowSystem GlfwWindow::window_system() const {
    std::uint32_t count = 0;
    const char** names = glfwGetRequiredInstanceExtensions(&count);
    if (names == nullptr) {
        throw InputError(
            "no Vulkan driver here can draw to a window; install the graphics card's driver, or use "
            "`shadenet train` and `shadenet apply`");
    }
    return {{names, names + count}, [window = window_](VkInstance instance, VkSurfaceKHR* surface) {
                return glfwCreateWindowSurface(instance, window, nullptr, surface);
            }};
}

bool GlfwWindow::asked_to_close() const {
    return glfwWindowShouldClose(window_) == GLFW_TRUE;
}

void GlfwWindow::ask_to_close() {
    glfwSetWindowShouldClose(window_, GLFW_TRUE);
}

bool GlfwWindow::iconified() const {
    return glfwGetWindowAttrib(window_, GLFW_ICONIFIED) == GLFW_TRUE;
}

GlfwWindow::Place GlfwWindow::place() const {
    Place place;
    glfwGetWindowPos(window_, &place.left, &place.top);
    glfwGetWindowSize(window_, &place.width, &place.height);
    return place;
}

void GlfwWindow::toggle_full_screen() {
    if (glfwGetWindowMonitor(window_) != nullptr) {
        glfwSetWindowMonitor(window_, nullptr, before_.left, before_.top, before_.width, before_.height,
                             GLFW_DONT_CARE);
        return;
    }
    GLFWmonitor* const monitor = monitor_at(place());
    const GLFWvidmode* mode = monitor != nullptr ? glfwGetVideoMode(monitor) : nullptr;
    if (mode == nullptr) return;
    before_ = place();
    glfwSetWindowMonitor(window_, monitor, 0, 0, mode->width, mode->height, mode->refreshRate);
}

VkExtent2D GlfwWindow::pixels() const {
    int width = 0, height = 0;
    glfwGetFramebufferSize(window_, &width, &height);
    return {static_cast<std::uint32_t>(std::max(width, 0)), static_cast<std::uint32_t>(std::max(height, 0))};
}

ImVec2 GlfwWindow::pixels_per_unit() const {
    const auto [width, height] = pixels();
    int units_x = 0, units_y = 0;
    glfwGetWindowSize(window_, &units_x, &units_y);
    if (units_x <= 0 || units_y <= 0 || width == 0 || height == 0) return {1, 1};
    return {static_cast<float>(width) / static_cast<float>(units_x),
            static_cast<float>(height) / static_cast<float>(units_y)};
}

float GlfwWindow::content_scale() const {
    float x = 1, y = 1;
    glfwGetWindowContentScale(window_, &x, &y);
    return std::clamp(std::max(x, y), 0.5f, 8.0f);
}

void GlfwWindow::poll() {
    glfwPollEvents();
    rethrow();
}

bool GlfwWindow::wait(double seconds) {
    using Clock = std::chrono::steady_clock;
    const Clock::time_point begin = Clock::now();
    glfwWaitEventsTimeout(seconds);
    rethrow();
    return std::chrono::duration<double>(Clock::now() - begin).count() < seconds;
}

void GlfwWindow::wake() {
    glfwPostEmptyEvent();
}

}  // namespace shadenet
