// Filters pictures, and neither takes what a failing device leaves for a result nor gives up at its first
// failure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "apply/filter_stream.h"

namespace shadenet {

/// - Too little memory on the device: tiles of half the side from then on, down to `smallest_tile`.
/// - A device that is lost, or a result that is not finite or does not pass the check: the picture is tried
///   once more, alone, on a new device, in tiles of half the side. Failing again, it has failed.
/// - Anything else that goes wrong: the picture has failed.
/// Pictures under way beside such a one are begun again.
class CarefulFilter {
  public:
    /// Throws BadResult where the output is not what the filter makes of the input, as SpotCheck does.
    using Check = std::function<void(const Pixels& input, const Pixels& output)>;
    using Log = std::function<void(const std::string& line)>;

    /// `check` may be empty; `log` hears of every change of course.
    CarefulFilter(MakeStream make, std::uint32_t tile, Check check, Log log);

    /// A picture that was begun before: its result, or why there is none.
    struct Finished {
        Pixels output;
        std::string failure;  ///< empty when all is well
    };

    /// `input` must stay in place until the picture is finished. Both throw only when no device can be opened
    /// any more, and then there is nothing to go on with.
    void begin(const Pixels& input);
    /// The oldest that was begun.
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

    /// Does `step`, and whatever it takes to have every picture that is not settled begun, when it fails.
    void persist(const std::function<void()>& step);
    void open_stream();
    void begin_all();
    void begin_on_stream(UnderWay& picture);
    void finish_oldest();
    /// The oldest that is not settled; null when all are.
    UnderWay* oldest();
    void settle(UnderWay& picture, const std::string& failure);
    void fail_current(const std::string& reason);
    void shrink_tiles(const std::string& reason);
    void try_oldest_again(const std::string& reason, bool device_lost);
    /// Small enough to cut the picture into more pieces than now.
    std::uint32_t smaller_tile(const UnderWay& picture) const;

    MakeStream make_;
    Check check_;
    Log log_;
    std::uint32_t tile_;
    bool device_failed_ = false;  ///< the next stream needs another one
    std::unique_ptr<FilterStream> stream_;
    std::deque<UnderWay> pictures_;
    UnderWay* current_ = nullptr;  ///< what the stream is working on by order
};

}  // namespace shadenet
