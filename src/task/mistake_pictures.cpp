#include "task/mistake_pictures.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <system_error>

#include <fmt/format.h>

#include "base/error.h"
#include "base/file_error.h"
#include "image/image.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

constexpr const char* mistake_prefix = "mistake_";

}  // namespace

fs::path mistake_picture(const fs::path& images, const Mistake& mistake) {
    return images / fmt::format("{}{}.png", mistake_prefix, mistake.picture);
}

std::vector<fs::path> mistake_pictures_in(const fs::path& images) {
    std::vector<fs::path> found;
    std::error_code error;
    for (fs::directory_iterator entry(images, error), end; !error && entry != end; entry.increment(error)) {
        if (entry->path().filename().string().starts_with(mistake_prefix)) found.push_back(entry->path());
    }
    return found;
}

void write_mistake_pictures(const fs::path& images, const TestResults& results,
                            const LabelledPictures& pictures) {
    std::vector<fs::path> written;
    std::error_code error;
    if (!results.worst.empty()) fs::create_directory(images, error);
    if (error) {
        throw WorkError(
            fmt::format("{}: cannot make the folder: {}", images.string(), reason_and_advice(error)));
    }
    for (const Mistake& mistake : results.worst) {
        if (written.size() == most_mistake_pictures) break;
        written.push_back(mistake_picture(images, mistake));
        write_png(written.back(), picture_of(pictures, mistake.picture));
    }
    for (const fs::path& earlier : mistake_pictures_in(images)) {
        if (std::ranges::find(written, earlier) == written.end()) fs::remove(earlier, error);
    }
}

}  // namespace shadenet
