// What a result's metadata, which came from a source file, must tell about its pixels.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace shadenet {

/// Data that repeat the source's pixels are left out, and data that describe them are corrected.
struct Revision {
    std::uint32_t width = 0, height = 0;  // of the result, upright
    int orientation = 1;                  // EXIF's number of the source; already applied
    std::vector<std::string> notes;       // what was left out, each once

    bool is_turned() const { return orientation != 1; }
    /// Whether width and height were exchanged.
    bool is_sideways() const { return orientation >= 5; }
    void note(const std::string& text) {
        if (std::find(notes.begin(), notes.end(), text) == notes.end()) notes.push_back(text);
    }
    void leave_out_thumbnail() { note("its thumbnail was left out"); }
    void leave_out_pictures() { note("further pictures in its file were left out"); }
    void leave_out_places() { note("places of faces and subjects were left out, since it was turned"); }
};

}  // namespace shadenet
