// Whole pictures on the device, from which crops are cut there.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "data/picture_set.h"
#include "gpu/buffer.h"

namespace shadenet {

/// What pictures may take of a device.
struct PictureRoom {
    std::uint64_t bytes;      ///< inputs and targets together
    std::uint64_t run_bytes;  ///< those that one binding has

    /// A quarter of its memory, and what it binds.
    explicit PictureRoom(const DeviceInfo& device)
        : bytes(device.memory_bytes / 4),
          run_bytes(std::min(device.max_storage_range, device.max_allocation)) {}
    PictureRoom(std::uint64_t most_bytes, std::uint64_t most_run_bytes)
        : bytes(most_bytes), run_bytes(most_run_bytes) {}
};

/// The inputs or the targets of pairs of a set whose values are all whole 255ths: a word a pixel, red in its
/// lowest byte, in as many buffers as the device needs to bind them all.
class DevicePictures {
  public:
    enum class Side { inputs, targets };
    /// Where the pixels of a picture begin.
    struct Place {
        std::uint32_t run;     ///< the buffer
        std::uint32_t offset;  ///< words
    };

    /// All values of the set are whole 255ths, and inputs and targets of `pairs` together fit the room.
    static bool fit(const PictureSet& pictures, std::span<const std::uint32_t> pairs,
                    const PictureRoom& room);
    /// Of inputs and targets together.
    static std::uint64_t bytes(const std::vector<PictureSize>& pairs);

    /// Uploads those of `pairs`, which fit. Throws InputError as buffers do.
    DevicePictures(const Device& device, const PictureSet& pictures, std::span<const std::uint32_t> pairs,
                   Side side, const PictureRoom& room);

    const std::vector<Buffer>& runs() const { return runs_; }
    /// Of a pair that is here.
    const Place& place(std::uint32_t pair) const { return places_.at(pair); }

  private:
    std::vector<Buffer> runs_;
    std::map<std::uint32_t, Place> places_;
};

}  // namespace shadenet
