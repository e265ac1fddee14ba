// Pictures of the window as files.
#pragma once

#include <filesystem>
#include <optional>

#include "viewer/layout.h"
#include "viewer/window.h"

namespace shadenet {

struct ScreenshotOptions {
    std::filesystem::path file;  ///< the one that is asked for on the command line; may be empty
    bool layout = false;         ///< beside each, FILE.json says where things are on it
};

class Screenshots {
  public:
    explicit Screenshots(ScreenshotOptions options) : options_(std::move(options)) {}

    /// One is to be written into this file and the window closed after it.
    bool asked_for() const { return !options_.file.empty(); }

    /// Writes what the window shows, into the file asked for or else into window-1.png and so on in the
    /// current folder. Returns its path. Throws WorkError.
    std::filesystem::path take(Window& window, const Layout& layout) const;

  private:
    ScreenshotOptions options_;
};

}  // namespace shadenet
