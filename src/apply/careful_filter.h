// Filters pictures on a device that may fail: wrong results are not accepted, and the first failure does not
// end the work.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "image/picture_file.h"

namespace shadenet {

/// Filters picture after picture: a network on a device, or a substitute in tests. Pictures are begun and
/// finished in the same order; several may be under way. After an exception a stream is unusable. Throws
/// DeviceLost, OutOfDeviceMemory, BadResult, and other WorkErrors.
class FilterStream {
  public:
    virtual ~FilterStream() = default;
    /// `output` has the size and depth of `input`; both stay in place until the picture is finished.
    virtual void begin(const Pixels& input, Pixels& output) = 0;
    /// Waits for the oldest picture that was begun.
    virtual void finish_next() = 0;
};

/// Makes a stream with tiles of this side. The previous stream is destroyed. `new_device`: its device must
/// not be used again.
using MakeStream = std::function<std::unique_ptr<FilterStream>(std::uint32_t tile, bool new_device)>;

/// - Too little memory on the device: tiles of half the side from then on, down to `smallest_tile`.
/// - A device that is lost, or a result that is not finite or does not pass the check: the picture is tried
///   once more, alone, on a new device, in tiles of half the side. If that fails, the picture has failed.
/// - Any other error: the picture has failed.
/// Other pictures that are under way at such a failure are begun again.
class CarefulFilter {
  public:
    /// Throws BadResult, as SpotCheck does, when `output` is not the filter's result for `input`.
    using Check = std::function<void(const Pixels& input, const Pixels& output)>;
    using Log = std::function<void(const std::string& line)>;

    /// `check` may be empty; `log` gets a line for every failure that the filter reacts to.
    CarefulFilter(MakeStream make, std::uint32_t tile, Check check, Log log);

    /// The result of a picture, or why there is none.
    struct Finished {
        Pixels output;
        std::string failure;  ///< empty on success
    };

    /// `input` must stay in place until the picture is finished. Both functions throw only when no device can
    /// be opened any more; then nothing else can be done.
    void begin(const Pixels& input);
    /// Finishes the oldest picture that was begun.
    Finished finish_next();
    std::size_t under_way() const { return pictures_.size(); }

    static constexpr std::uint32_t smallest_tile = 64;

  private:
    struct UnderWay {
        const Pixels* input;
        Pixels output;
        bool settled = false;  ///< finished early: by the second attempt, or by a failure
        std::string failure{};
    };

    /// Does `step`. If it fails, does whatever is needed to begin every unsettled picture again.
    void persist(const std::function<void()>& step);
    void open_stream();
    void begin_on_stream(UnderWay& picture);
    void finish_oldest();
    /// The oldest picture that is not settled; null when all are settled.
    UnderWay* oldest();
    void settle(UnderWay& picture, const std::string& failure);
    void fail_current(const std::string& reason);
    void shrink_tiles(const std::string& reason);
    void try_oldest_again(const std::string& reason, bool device_lost);
    /// A tile small enough to cut the picture into more pieces than now.
    std::uint32_t smaller_tile(const UnderWay& picture) const;

    MakeStream make_;
    Check check_;
    Log log_;
    std::uint32_t tile_;
    bool device_failed_ = false;  ///< the next stream needs another device
    std::unique_ptr<FilterStream> stream_;
    std::deque<UnderWay> pictures_;
    UnderWay* current_ = nullptr;  ///< the picture that a failure of the stream concerns
};

}  // namespace shadenet
