// shadenet as a library: learn an image filter from pictures before and after it, and apply it, on any GPU.
//
//     find_package(shadenet REQUIRED)
//     target_link_libraries(program PRIVATE shadenet::shadenet)
//
// examples/ has a whole program. Everything throws shadenet::Failure and nothing else but std::bad_alloc.
// What is made once (a Gpu, a LearnedFilter) is to be used by one thread at a time; several of them may be
// used at once. Nothing is written to the standard streams, save a warning where the cache of compiled
// shaders cannot be kept.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace shadenet {

/// What went wrong, in one line: what, with which file or device, and what to do.
class Failure : public std::runtime_error {
  public:
    /// `input`: what was given (a model, a folder, a flag, a device) cannot be used. `work`: it could, and
    /// the work failed: a full disk, a lost device, a loss that became infinite.
    enum class Kind { input, work };

    Failure(Kind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
    Kind kind() const { return kind_; }

  private:
    Kind kind_;
};

struct Training;
struct OpenedGpu;

/// An opened device with Vulkan. Stays open as long as this or a filter made with it lives.
class Gpu {
  public:
    /// `which`: a number or a part of a name, as `shadenet devices` lists them, or "cpu" for a software
    /// device. Without it, what SHADENET_DEVICE says, or the best there is: a GPU of its own before one in a
    /// processor before a software device.
    explicit Gpu(const std::string& which = "");

    std::string name() const;
    /// Computes on the CPU, which takes many times as long.
    bool is_software() const;

  private:
    friend class LearnedFilter;
    friend bool train(const Gpu& gpu, const Training& training);
    std::shared_ptr<OpenedGpu> inside_;
};

/// A model, ready to filter pictures.
class LearnedFilter {
  public:
    /// `model`: model.safetensors of a run, or any model that `shadenet apply` takes. `statistics`: of a set
    /// that `shadenet adapt` has measured; without it the model's own.
    LearnedFilter(const Gpu& gpu, const std::filesystem::path& model, const std::string& statistics = "");
    ~LearnedFilter();
    LearnedFilter(LearnedFilter&&) noexcept;
    LearnedFilter& operator=(LearnedFilter&&) noexcept;

    /// A picture of that size, of any: row by row from the top, red, green and blue of each pixel, 3 · width
    /// · height values as picture files have them, with their gamma. Bytes are 0 to 255, and so is the
    /// result, rounded to nearest. Floats are 0 to 1; the result is not clamped. Memory on the device does
    /// not grow with the picture. The same picture on the same device gives the same bits.
    std::vector<std::uint8_t> apply(const std::vector<std::uint8_t>& rgb, std::uint32_t width,
                                    std::uint32_t height);
    std::vector<float> apply(const std::vector<float>& rgb, std::uint32_t width, std::uint32_t height);

  private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

/// How far training is, at the end of an epoch.
struct TrainingProgress {
    std::uint32_t epoch, epochs;            ///< of how many, from 1
    double loss;                            ///< mean squared error, of values of 0 to 1
    std::optional<double> validation_loss;  ///< the same of pictures that are not learned from
};

/// What is to be learned from what.
struct Training {
    std::filesystem::path input, target;  ///< folders of pictures, paired by their names without endings
    std::filesystem::path output;  ///< a folder for the run: output / "model.safetensors" is the result
    /// Called after every epoch; where it returns false, training saves and ends early. It may throw, which
    /// does the same and then reaches the caller. May be empty.
    std::function<bool(const TrainingProgress&)> progress{};
    /// Further flags as `shadenet train --help` lists them, but the device's: {"--epochs", "50", "--resume"}.
    std::vector<std::string> flags{};
};

/// Learns a filter. False where `progress` has stopped it: with the flag --resume it goes on.
bool train(const Gpu& gpu, const Training& training);

}  // namespace shadenet
