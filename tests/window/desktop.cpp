#include "desktop.h"

#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <stdexcept>

#include <fmt/format.h>

namespace shadenet::test {

namespace fs = std::filesystem;

std::string installed(const std::string& program, const std::string& package) {
    const char* path = std::getenv("PATH");
    std::istringstream folders(path != nullptr ? path : "");
    for (std::string folder; std::getline(folders, folder, ':');) {
        if (fs::is_regular_file(fs::path(folder) / program)) return (fs::path(folder) / program).string();
    }
    throw std::runtime_error(
        program + ": not installed; the tests of the window need it (Debian: apt install " + package + ")");
}

Desktop::Desktop() : xdotool_(installed("xdotool", "xdotool")) {
    const std::string xvfb = installed("Xvfb", "xvfb"), openbox = installed("openbox", "openbox");
    const std::string size = fmt::format("{}x{}x24", width, height);
    screen_ = std::make_unique<Process>(
        Arguments{xvfb, "-displayfd", "1", "-noreset", "-nolisten", "tcp", "-screen", "0", size});
    wait_until([&] { return screen_->output().find('\n') != std::string::npos; });
    const std::string number = screen_->output();
    environment_ = {{"DISPLAY", fmt::format(":{}", number.substr(0, number.find('\n')))},
                    {"WAYLAND_DISPLAY", ""}};
    manager_ = std::make_unique<Process>(Arguments{openbox, "--sm-disable"}, environment_);
    // It answers this question once it manages windows.
    wait_until([&] { return Process({xdotool_, "get_num_desktops"}, environment_).wait(10).exit_code == 0; });
}

std::string Desktop::xdotool(const Arguments& arguments) const {
    Arguments command = {xdotool_};
    command.insert(command.end(), arguments.begin(), arguments.end());
    const Outcome outcome = Process(command, environment_).wait(30);
    if (outcome.exit_code != 0) throw std::runtime_error("xdotool: " + outcome.err);
    return outcome.out;
}

}  // namespace shadenet::test
