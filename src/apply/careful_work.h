// Work with pictures on a device that may fail: wrong results are not accepted, and the first failure does
// not end the work.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "image/picture_file.h"

namespace shadenet {

/// Takes picture after picture: a network on a device, or a substitute in tests. Pictures are begun and
/// finished in the same order; several may be under way. After an exception a stream is unusable. Throws
/// DeviceLost, OutOfDeviceMemory, BadResult, and other WorkErrors.
template <class Input, class Output>
class WorkStream {
  public:
    virtual ~WorkStream() = default;
    /// Both stay in place until the picture is finished. `output` is what blank_output() makes.
    virtual void begin(const Input& input, Output& output) = 0;
    /// Waits for the oldest picture that was begun.
    virtual void finish_next() = 0;
};

/// Makes a stream that takes pieces of this size. The previous stream is destroyed. `new_device`: its device
/// must not be used again.
template <class Input, class Output>
using MakeWork =
    std::function<std::unique_ptr<WorkStream<Input, Output>>(std::uint32_t piece, bool new_device)>;

/// What the work is cut into where the device has too little memory. Of a filter: tiles of so many pixels a
/// side.
struct TilePieces {
    static constexpr std::uint32_t smallest = 64;
    static constexpr const char* words = "in tiles of {} pixels";
    /// A tile of more pixels is no other than one of so many.
    static std::uint32_t largest(const Pixels& input);
    /// Room for a result.
    static Pixels blank_output(const Pixels& input);
};

/// A picture as a classifier sees it, [c][h][w], and its logit of each class.
using Levels = std::vector<std::uint8_t>;
using Logits = std::vector<float>;

/// Batches of so many pictures.
struct BatchPieces {
    static constexpr std::uint32_t smallest = 1;
    static constexpr const char* words = "with {} pictures at once";
    static std::uint32_t largest(const Levels&) { return UINT32_MAX; }
    static Logits blank_output(const Levels&) { return {}; }
};

/// - Too little memory on the device: pieces of half the size from then on, down to the smallest.
/// - A device that is lost, or a result that is not finite or does not pass the check: the picture is tried
///   once more, alone, on a new device, in pieces of half the size. If that fails, the picture has failed.
/// - Any other error: the picture has failed.
/// Other pictures that are under way at such a failure are begun again.
template <class Input, class Output, class Pieces>
class CarefulWork {
  public:
    using Stream = WorkStream<Input, Output>;
    using Make = MakeWork<Input, Output>;
    /// Throws BadResult, as SpotCheck does, when `output` is not the right result for `input`.
    using Check = std::function<void(const Input& input, const Output& output)>;
    using Log = std::function<void(const std::string& line)>;

    /// `check` may be empty; `log` gets a line for every failure that is reacted to.
    CarefulWork(Make make, std::uint32_t piece, Check check, Log log);

    /// The result of a picture, or why there is none.
    struct Finished {
        Output output;
        std::string failure;  ///< empty on success
    };

    /// `input` must stay in place until the picture is finished. Both functions throw only when no device can
    /// be opened any more; then nothing else can be done.
    void begin(const Input& input);
    /// Finishes the oldest picture that was begun.
    Finished finish_next();
    std::size_t under_way() const { return pictures_.size(); }

  private:
    struct UnderWay {
        const Input* input;
        Output output;
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
    void shrink_pieces(const std::string& reason);
    void try_oldest_again(const std::string& reason, bool device_lost);
    /// A size small enough to cut the work into more pieces than now.
    std::uint32_t smaller_piece(const UnderWay& picture) const;

    Make make_;
    Check check_;
    Log log_;
    std::uint32_t piece_;
    bool device_failed_ = false;  ///< the next stream needs another device
    std::unique_ptr<Stream> stream_;
    std::deque<UnderWay> pictures_;
    UnderWay* current_ = nullptr;  ///< the picture that a failure of the stream concerns
};

using MakeClassifier = MakeWork<Levels, Logits>;
using CarefulClassifier = CarefulWork<Levels, Logits, BatchPieces>;
using FilterStream = WorkStream<Pixels, Pixels>;
using MakeStream = MakeWork<Pixels, Pixels>;
using CarefulFilter = CarefulWork<Pixels, Pixels, TilePieces>;

}  // namespace shadenet
