// Pictures of the window as files.
#pragma once

#include <filesystem>
#include <optional>

#include "viewer/layout.h"
#include "viewer/window.h"

namespace shadenet {

struct ScreenshotOptions {
    std::filesystem::path file;  ///< the file requested on the command line; may be empty
    bool layout = false;         ///< also write FILE.json with the places of things
};

class Screenshots {
  public:
    explicit Screenshots(ScreenshotOptions options) : options_(std::move(options)) {}

    /// Whether a screenshot was requested on the command line, after which the window closes.
    bool asked_for() const { return !options_.file.empty(); }

    /// Writes what the window shows into the requested file, or else into window-1.png and so on in the
    /// current folder. Returns its path. Throws WorkError.
    std::filesystem::path take(Window& window, const Layout& layout) const;

  private:
    ScreenshotOptions options_;
};

}  // namespace shadenet
