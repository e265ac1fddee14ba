#include "statistics/picture_source.h"

#include <utility>

#include <fmt/format.h>

#include "base/error.h"

namespace shadenet {

std::string PicturesInMemory::name(std::size_t index) const {
    return fmt::format("picture {} of {}", index + 1, images_.size());
}

PicturesInFiles::PicturesInFiles(std::vector<std::filesystem::path> paths, std::uint32_t side,
                                 std::function<void(const std::string&)> on_unreadable)
    : paths_(std::move(paths)), side_(side), on_unreadable_(std::move(on_unreadable)) {}

std::optional<PictureView> PicturesInFiles::read(std::size_t index) {
    if (unreadable_.contains(index)) return {};
    file_ = {};  // before the next one takes its memory
    try {
        return load(paths_[index]);
    } catch (const InputError& error) {
        unreadable_.insert(index);
        on_unreadable_(error.what());
        return {};
    }
}

/// Without a side the picture keeps the type of its file, which takes a quarter of the memory of floats.
PictureView PicturesInFiles::load(const std::filesystem::path& path) {
    if (side_ > 0) {
        resized_ = resize(read_image(path).image, side_, side_);
        return &resized_;
    }
    file_ = PictureReader(path).decode();
    return std::visit([](const auto& picture) -> PictureView { return &picture; }, file_.colour);
}

}  // namespace shadenet
