// shadenet-viewer on a desktop, with hands and eyes: keys, the mouse, and pictures of what it shows.
#pragma once

#include <functional>
#include <string>

#include "desktop.h"
#include "shot.h"

namespace shadenet::test {

/// A command that runs shadenet-viewer in this folder, and has the validation layers on.
Arguments viewer_command(const std::filesystem::path& folder, const Arguments& arguments);
Environment viewer_environment(const Desktop& desktop);

/// Runs it until it ends by itself, as --screenshot makes it. Throws what it says when it fails.
Shot screenshot_of(const Desktop& desktop, const Arguments& arguments);

class Viewer {
  public:
    /// Waits until the window is there. --layout is given.
    Viewer(const Desktop& desktop, const Arguments& arguments);

    /// What it shows now, after everything that was done before.
    Shot shot();
    /// The first one for which `condition` holds; throws after a minute.
    Shot shot_when(const std::function<bool(const Shot&)>& condition);
    /// Presses the keys, and again every ten seconds: a desktop that is busy may give them to nobody.
    Shot press_until(const std::string& keys, const std::function<bool(const Shot&)>& condition);

    // The window sees all of this in its order, and before the next shot.

    /// Keys as xdotool names them: "ctrl+s".
    void press(const std::string& keys);
    void move_mouse(double x, double y);
    /// To the corner of the window, where it points at nothing.
    void park_mouse() { move_mouse(1, 1); }
    void click(const std::string& region);
    /// A click while this key is held.
    void click_with(const std::string& key, const std::string& region);
    void type(const std::string& text);
    void drag(const Place& from, const Place& to);
    void resize(unsigned width, unsigned height);

    /// Asks the window to do something with itself: "windowminimize", "windowactivate".
    void window(const std::string& command);
    void signal(int number) const { process_.signal(number); }
    /// Waits for the end, which closing the window brings; throws when it said a validation message.
    Outcome wait();
    /// Closes the window as its user does, by the window manager.
    Outcome close();

  private:
    Shot shot_when(const std::function<bool(const Shot&)>& condition, const std::function<void()>& meanwhile);
    void mouse(const Arguments& arguments) const;
    void check_alive() const;
    bool appears(const std::filesystem::path& file) const;

    const Desktop& desktop_;
    TemporaryFolder folder_;
    Process process_;
    std::string window_;
};

}  // namespace shadenet::test
