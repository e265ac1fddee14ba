#include "data/labelled/decoded_files.h"

#include <algorithm>
#include <exception>
#include <mutex>
#include <thread>

#include "base/error.h"
#include "base/threads.h"
#include "data/labelled/labelled_limits.h"
#include "image/image.h"

namespace shadenet {

namespace {

/// A decoded photograph takes some hundred megabytes: not one for each core of a large machine.
constexpr unsigned most_decoders = 4;

class PartDecoder {
  public:
    PartDecoder(const ClassFiles& part, const ClassifierInput& input, const std::atomic<bool>* stop)
        : part_(part), rule_{input}, stop_(stop), plane_(std::size_t{input.height} * input.width) {
        decoded_.levels.resize(3 * plane_ * part.files.size());
        decoded_.errors.resize(part.files.size());
    }

    DecodedFiles run() {
        const auto threads = std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, most_decoders);
        {
            ThreadGroup others;
            others.start(static_cast<unsigned>(std::min(threads, part_.files.size()) - 1), [&] { work(); });
            work();
        }
        if (failure_) std::rethrow_exception(failure_);
        throw_if_stopped(stop_);
        decoded_.grey = grey_;
        decoded_.with_alpha = with_alpha_;
        decoded_.with_floats = with_floats_;
        return std::move(decoded_);
    }

  private:
    void work() {
        try {
            for (std::size_t i = next_++; i < part_.files.size() && !failed_; i = next_++) {
                throw_if_stopped(stop_);
                decode(i);
            }
        } catch (...) {
            const std::lock_guard lock(mutex_);
            failed_ = true;
            if (!failure_) failure_ = std::current_exception();
        }
    }

    void decode(std::size_t index) {
        try {
            const ImageFile file = read_image(part_.files[index].path);
            const std::vector<std::uint8_t> levels = labelled_levels(file.image, rule_);
            std::ranges::copy(levels,
                              decoded_.levels.begin() + static_cast<std::ptrdiff_t>(3 * plane_ * index));
            const auto red = levels.begin(), green = red + static_cast<std::ptrdiff_t>(plane_),
                       blue = green + static_cast<std::ptrdiff_t>(plane_);
            if (!std::equal(red, green, green) || !std::equal(red, green, blue)) grey_ = false;
            if (std::ranges::count(file.notes, "alpha (ignored)") > 0) ++with_alpha_;
            if (std::ranges::count(file.notes, "32-bit float") > 0) ++with_floats_;
        } catch (const InputError& error) {
            decoded_.errors[index] = error.what();
        }
    }

    const ClassFiles& part_;
    PictureRule rule_;
    const std::atomic<bool>* stop_;
    std::size_t plane_;
    DecodedFiles decoded_;
    std::atomic<std::size_t> next_ = 0, with_alpha_ = 0, with_floats_ = 0;
    std::atomic<bool> grey_ = true, failed_ = false;
    std::mutex mutex_;
    std::exception_ptr failure_;
};

}  // namespace

DecodedFiles decode_files(const ClassFiles& part, const ClassifierInput& input,
                          const std::atomic<bool>* stop) {
    if (part.files.empty()) return {};
    return PartDecoder(part, input, stop).run();
}

LabelledPictures readable_pictures(const ClassFiles& part, DecodedFiles decoded, const ClassifierInput& input,
                                   std::uint32_t channels,
                                   const std::function<std::string(const std::filesystem::path&)>& name_of) {
    const std::size_t plane = std::size_t{input.height} * input.width;
    LabelledPictures pictures{{1, channels, input.height, input.width}, std::move(decoded.levels), {}, {}};
    for (std::size_t i = 0; i < part.files.size(); ++i) {
        if (!decoded.errors[i].empty()) continue;
        const auto from = pictures.levels.begin() + static_cast<std::ptrdiff_t>(3 * plane * i);
        const auto to =
            pictures.levels.begin() + static_cast<std::ptrdiff_t>(channels * plane * pictures.labels.size());
        if (from != to) std::copy_n(from, channels * plane, to);
        pictures.labels.push_back(part.files[i].label);
        pictures.names.push_back(name_of(part.files[i].path));
    }
    pictures.levels.resize(channels * plane * pictures.labels.size());
    pictures.levels.shrink_to_fit();
    return pictures;
}

}  // namespace shadenet
