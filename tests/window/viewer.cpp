#include "viewer.h"

#include <chrono>
#include <cmath>
#include <stdexcept>
#include <thread>

#include "places.h"

namespace shadenet::test {

namespace fs = std::filesystem;

namespace {

using Clock = std::chrono::steady_clock;

std::string pixel(double place) {
    return std::to_string(std::lround(place));
}

void check_messages(const std::string& messages) {
    if (messages.find("validation:") != std::string::npos) throw std::runtime_error(messages);
}

}  // namespace

Arguments viewer_command(const fs::path& folder, const Arguments& arguments) {
    Arguments command = {"/usr/bin/env", "-C", folder.string(), viewer_program()};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return command;
}

Environment viewer_environment(const Desktop& desktop) {
    Environment environment = desktop.environment();
    environment.insert({"SHADENET_VALIDATION", "1"});
    return environment;
}

Shot screenshot_of(const Desktop& desktop, const Arguments& arguments) {
    const TemporaryFolder folder;
    Arguments all = arguments;
    all.insert(all.end(), {"--screenshot", "window.png", "--layout"});
    const Outcome outcome =
        Process(viewer_command(folder.path(), all), viewer_environment(desktop)).wait(120);
    check_messages(outcome.err);
    if (outcome.exit_code != 0) throw std::runtime_error(outcome.err);
    return Shot(folder / "window.png");
}

Viewer::Viewer(const Desktop& desktop, const Arguments& arguments)
    : desktop_(desktop),
      process_(
          [&] {
              Arguments all = arguments;
              all.emplace_back("--layout");
              return viewer_command(folder_.path(), all);
          }(),
          viewer_environment(desktop)) {
    const Arguments search = {"search", "--onlyvisible", "--name", "^shadenet$"};
    wait_until([&] {
        check_alive();
        try {
            window_ = desktop_.xdotool(search);
        } catch (const std::runtime_error&) {
            return false;  // it finds none yet
        }
        return true;
    });
    window_ = window_.substr(0, window_.find('\n'));
    desktop_.xdotool({"windowactivate", "--sync", window_});
}

void Viewer::check_alive() const {
    const std::string messages = process_.messages();
    check_messages(messages);
    if (messages.find("error:") != std::string::npos) throw std::runtime_error(messages);
}

bool Viewer::appears(const fs::path& file) const {
    const Clock::time_point end = Clock::now() + std::chrono::seconds(5);
    while (!fs::exists(file)) {
        if (Clock::now() > end) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return true;
}

/// By F12, which the window obeys in every state. Pressed again where the window had not the keyboard yet.
Shot Viewer::shot() {
    const fs::path file = folder_ / "window-1.png";
    for (int attempt = 0; attempt < 12; ++attempt) {
        check_alive();
        desktop_.xdotool({"key", "F12"});
        if (!appears(file)) continue;
        Shot shot(file);
        for (const fs::path& read : {file, fs::path(file.string() + ".json")}) fs::remove(read);
        return shot;
    }
    throw std::runtime_error("F12 writes no picture of the window: " + process_.messages());
}

Shot Viewer::shot_when(const std::function<bool(const Shot&)>& condition) {
    return shot_when(condition, [] {});
}

Shot Viewer::press_until(const std::string& keys, const std::function<bool(const Shot&)>& condition) {
    press(keys);
    Clock::time_point again = Clock::now() + std::chrono::seconds(10);
    return shot_when(condition, [&] {
        if (Clock::now() < again) return;
        press(keys);
        again = Clock::now() + std::chrono::seconds(10);
    });
}

Shot Viewer::shot_when(const std::function<bool(const Shot&)>& condition,
                       const std::function<void()>& meanwhile) {
    const Clock::time_point end = Clock::now() + std::chrono::minutes(1);
    for (;;) {
        Shot now = shot();
        if (condition(now)) return now;
        if (Clock::now() > end)
            throw std::runtime_error("the window never showed what was waited for: " + now.values());
        meanwhile();
    }
}

void Viewer::press(const std::string& keys) {
    desktop_.xdotool({"key", keys});
}

void Viewer::mouse(const Arguments& arguments) const {
    desktop_.xdotool(arguments);
}

void Viewer::move_mouse(double x, double y) {
    mouse({"mousemove", "--window", window_, pixel(x), pixel(y)});
}

void Viewer::click(const std::string& region) {
    const Place place = shot().region(region).middle();
    mouse({"mousemove", "--window", window_, pixel(place.x), pixel(place.y), "mousedown", "1"});
    shot();
    mouse({"mouseup", "1"});
    shot();  // the mouse is let go here, and not where it goes next
}

void Viewer::click_with(const std::string& key, const std::string& region) {
    desktop_.xdotool({"keydown", key});
    click(region);
    desktop_.xdotool({"keyup", key});
}

void Viewer::type(const std::string& text) {
    desktop_.xdotool({"type", text});
}

void Viewer::drag(const Place& from, const Place& to) {
    mouse({"mousemove", "--window", window_, pixel(from.x), pixel(from.y), "mousedown", "1"});
    shot();
    mouse({"mousemove", "--window", window_, pixel(to.x), pixel(to.y)});
    shot();
    mouse({"mouseup", "1"});
    shot();  // the mouse is let go here, and not where it goes next
}

void Viewer::resize(unsigned width, unsigned height) {
    desktop_.xdotool({"windowsize", window_, std::to_string(width), std::to_string(height)});
    shot_when([&](const Shot& shot) { return shot.width() == width && shot.height() == height; });
}

void Viewer::window(const std::string& command) {
    desktop_.xdotool({command, "--sync", window_});
}

Outcome Viewer::wait() {
    Outcome outcome = process_.wait(60);
    check_messages(outcome.err);
    return outcome;
}

Outcome Viewer::close() {
    desktop_.xdotool({"key", "alt+F4"});
    return wait();
}

}  // namespace shadenet::test
