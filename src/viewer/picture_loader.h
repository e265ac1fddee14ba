// Decodes pictures on a thread of its own, so that the window need not wait for files.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "image/image.h"
#include "viewer/subject.h"

namespace shadenet {

/// Whether a picture of a size can be shown; larger ones are shrunk until it is so. Called on another thread.
using Fits = std::function<bool(std::uint32_t width, std::uint32_t height)>;

struct LoadRequest {
    std::size_t index = 0;  ///< the asker's number for it
    PictureFiles files;
    std::uint32_t thumbnail = 0;  ///< longest side of a small picture; 0: the whole picture, with its target
    Fits fits;                    ///< of a whole picture
};

struct LoadedPicture {
    std::size_t index = 0;
    bool thumbnail = false;
    Image input;
    std::optional<Image> target;  ///< of the input's size
    std::string note;             ///< that it was shrunk
    std::string problem;          ///< why there is no picture, in one line
};

class PictureLoader {
  public:
    /// `on_loaded` is called on the loader's thread for every picture.
    explicit PictureLoader(std::function<void()> on_loaded);
    ~PictureLoader();
    PictureLoader(const PictureLoader&) = delete;
    PictureLoader& operator=(const PictureLoader&) = delete;

    /// Whole pictures come before thumbnails, and the latest thumbnail first. Of whole pictures only the one
    /// that was asked for last is wanted: those before are forgotten.
    void request(LoadRequest request);
    /// Nothing that was asked for before will come any more.
    void forget();
    std::vector<LoadedPicture> take_loaded();

  private:
    void work();
    struct Task {
        LoadRequest request;
        std::uint64_t forgotten;  ///< when it was taken
    };
    std::optional<Task> next();

    std::function<void()> on_loaded_;
    std::mutex mutex_;  ///< of what follows
    std::condition_variable changed_;
    std::optional<LoadRequest> whole_;
    std::deque<LoadRequest> thumbnails_;  ///< the latest first
    std::vector<LoadedPicture> loaded_;
    std::uint64_t forgotten_ = 0;  ///< how often
    bool end_ = false;
    std::thread thread_;  ///< last: it begins when all else is there
};

}  // namespace shadenet
