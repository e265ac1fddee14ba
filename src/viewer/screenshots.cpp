#include "viewer/screenshots.h"

#include <fmt/format.h>

#include "base/file.h"
#include "image/image.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

fs::path free_name() {
    for (unsigned number = 1;; ++number) {
        fs::path path = fmt::format("window-{}.png", number);
        if (!fs::exists(path)) return path;
    }
}

}  // namespace

fs::path Screenshots::take(Window& window, const Layout& layout) const {
    const fs::path path = asked_for() ? options_.file : free_name();
    const Picture8 picture = window.screenshot();
    // The layout comes first, so that anyone who waits for the picture finds both.
    if (options_.layout) {
        write_file_atomically(path.string() + ".json", layout.json(window.pixels_per_unit()));
    }
    write_png(path, picture);
    return path;
}

}  // namespace shadenet
