// What a result's metadata must say of its pixels, where they came from a file with metadata of its own.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace shadenet {

/// Whatever repeats the source's pixels is left out, and whatever describes them is made right.
struct Revision {
    std::uint32_t width = 0, height = 0;  // of the result, upright
    int orientation = 1;                  // of the source, as EXIF counts; it has been applied
    std::vector<std::string> notes;       // what was left out, each once

    bool is_turned() const { return orientation != 1; }
    /// Its sides were exchanged.
    bool is_sideways() const { return orientation >= 5; }
    void note(const std::string& text) {
        if (std::find(notes.begin(), notes.end(), text) == notes.end()) notes.push_back(text);
    }
    void leave_out_thumbnail() { note("its thumbnail was left out"); }
    void leave_out_pictures() { note("further pictures in its file were left out"); }
    void leave_out_places() { note("places of faces and subjects were left out, since it was turned"); }
};

}  // namespace shadenet
