// Decodes pictures on a thread of its own, so that the window does not wait for files.
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

/// Whether a picture of this size can be shown; if not, it is made smaller. Called on the loader's thread.
using Fits = std::function<bool(std::uint32_t width, std::uint32_t height)>;

struct LoadRequest {
    std::size_t index = 0;  ///< the caller's number for the picture
    PictureFiles files;
    std::uint32_t thumbnail = 0;  ///< longest side of a small picture; 0: the whole picture, with its target
    Fits fits;                    ///< only for a whole picture
};

struct LoadedPicture {
    std::size_t index = 0;
    bool thumbnail = false;
    Image input;
    std::optional<Image> target;  ///< has the input's size
    std::string note;             ///< tells that the picture was made smaller
    std::string problem;          ///< why there is no picture, in one line
};

class PictureLoader {
  public:
    /// `on_loaded` is called on the loader's thread for every picture.
    explicit PictureLoader(std::function<void()> on_loaded);
    ~PictureLoader();

    /// Whole pictures come before thumbnails, and the latest thumbnail comes first. A request for a whole
    /// picture replaces earlier ones that are not being decoded yet.
    void request(LoadRequest request);
    /// Drops all earlier requests and their pictures.
    void forget();
    std::vector<LoadedPicture> take_loaded();

  private:
    void work();
    struct Task {
        LoadRequest request;
        std::uint64_t forgotten;  ///< value of `forgotten_` when the task began
    };
    std::optional<Task> next();

    std::function<void()> on_loaded_;
    std::mutex mutex_;  ///< guards the members below
    std::condition_variable changed_;
    std::optional<LoadRequest> whole_;
    std::deque<LoadRequest> thumbnails_;  ///< the latest first
    std::vector<LoadedPicture> loaded_;
    std::uint64_t forgotten_ = 0;  ///< number of calls of forget()
    bool end_ = false;
    std::thread thread_;  ///< last, so that it begins when all other members exist
};

}  // namespace shadenet
