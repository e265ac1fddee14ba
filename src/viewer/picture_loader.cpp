#include "viewer/picture_loader.h"

#include <exception>

#include <fmt/format.h>

#include "base/threads.h"

namespace shadenet {

namespace {

struct Size {
    std::uint32_t width, height;
};

/// A scaled size of at least one pixel each way.
Size scaled(Size size, double factor) {
    const auto one = [&](std::uint32_t length) {
        return std::max(1u, static_cast<std::uint32_t>(length * factor));
    };
    return {one(size.width), one(size.height)};
}

void load_whole(const LoadRequest& request, LoadedPicture& loaded) {
    const PictureFiles& files = request.files;
    loaded.input = read_image(files.input).image;
    Size size = {loaded.input.width, loaded.input.height};
    if (files.size > 0) size = {files.size, files.size};
    const Size wanted = size;
    for (double factor = 1; !request.fits(size.width, size.height);) size = scaled(wanted, factor *= 0.9);
    if (size.width != wanted.width) {
        loaded.note = fmt::format("{}: {} x {} is too large to be shown as it is; it is shrunk to {} x {}",
                                  files.name, wanted.width, wanted.height, size.width, size.height);
    }
    loaded.input = resize(loaded.input, size.width, size.height);
    if (!files.target.empty()) {
        loaded.target = resize(read_image(files.target).image, size.width, size.height);
    }
}

LoadedPicture load(const LoadRequest& request) {
    LoadedPicture loaded{request.index, request.thumbnail > 0, {}, {}, "", ""};
    try {
        if (request.thumbnail == 0) {
            load_whole(request, loaded);
        } else {
            const Image image = read_image(request.files.input).image;
            const double factor =
                static_cast<double>(request.thumbnail) / std::max(image.width, image.height);
            const Size size = scaled({image.width, image.height}, std::min(1.0, factor));
            loaded.input = resize(image, size.width, size.height);
        }
    } catch (const std::exception& error) {
        loaded.problem = error.what();
    }
    return loaded;
}

}  // namespace

PictureLoader::PictureLoader(std::function<void()> on_loaded)
    : on_loaded_(std::move(on_loaded)), thread_(start_thread([this] { work(); })) {}

PictureLoader::~PictureLoader() {
    {
        const std::lock_guard lock(mutex_);
        end_ = true;
        changed_.notify_all();
    }
    thread_.join();
}

void PictureLoader::request(LoadRequest request) {
    const std::lock_guard lock(mutex_);
    if (request.thumbnail > 0) {
        thumbnails_.push_front(std::move(request));
    } else {
        whole_ = std::move(request);
        std::erase_if(loaded_, [](const LoadedPicture& loaded) { return !loaded.thumbnail; });
    }
    changed_.notify_all();
}

void PictureLoader::forget() {
    const std::lock_guard lock(mutex_);
    whole_.reset();
    thumbnails_.clear();
    loaded_.clear();
    ++forgotten_;
}

std::vector<LoadedPicture> PictureLoader::take_loaded() {
    const std::lock_guard lock(mutex_);
    return std::exchange(loaded_, {});
}

/// Waits for a request; none when the loader ends.
std::optional<PictureLoader::Task> PictureLoader::next() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return end_ || whole_ || !thumbnails_.empty(); });
    if (end_) return std::nullopt;
    if (whole_) return Task{*std::exchange(whole_, std::nullopt), forgotten_};
    Task task{std::move(thumbnails_.front()), forgotten_};
    thumbnails_.pop_front();
    return task;
}

void PictureLoader::work() {
    while (const std::optional<Task> task = next()) {
        LoadedPicture loaded = load(task->request);
        {
            const std::lock_guard lock(mutex_);
            if (task->forgotten != forgotten_) continue;
            loaded_.push_back(std::move(loaded));
        }
        on_loaded_();
    }
}

}  // namespace shadenet
