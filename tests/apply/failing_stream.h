// A stand-in for a device: it inverts pictures, and fails when it is told to.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "apply/careful_work.h"
#include "apply/spot_check.h"
#include "base/error.h"
#include "model/parameters.h"

namespace shadenet::test {

/// A network of one layer, of one pixel.
inline Network pointwise_network() {
    return {any_size(3), {Conv{"point", 3, 3, 1}}};
}

/// Its numbers when it makes light·x + lift of every value.
inline Parameters pointwise_parameters(float light, float lift) {
    Parameters parameters = initial_parameters(pointwise_network(), 1);
    std::vector<float>& weights = parameters.at("point.weight").values;
    for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = i % 4 == 0 ? light : 0.0f;
    for (float& value : parameters.at("point.bias").values) value = lift;
    return parameters;
}

/// Knows what the stand-in rightly makes.
inline SpotCheck inverse_check() {
    return SpotCheck(pointwise_network(), pointwise_parameters(-1, 1), 1);
}

/// What is asked before a picture is finished; it may throw, or spoil the result.
struct StreamEvent {
    std::uint32_t tile;
    std::size_t stream;  ///< how many were made before this one
    const Pixels& input;
    Pixels& output;
};

template <class Sample>
void invert(const Picture<Sample>& from, Picture<Sample>& to) {
    for (std::size_t i = 0; i < from.rgb.size(); ++i) to.rgb[i] = static_cast<Sample>(~from.rgb[i]);
}

/// Makes streams and remembers how.
class FailingDevice {
  public:
    using Rule = std::function<void(const StreamEvent&)>;
    explicit FailingDevice(Rule on_finish = {}, Rule on_begin = {})
        : on_finish_(std::move(on_finish)), on_begin_(std::move(on_begin)) {}

    MakeStream maker() {
        return [this](std::uint32_t tile, bool new_device) -> std::unique_ptr<FilterStream> {
            made.push_back({tile, new_device});
            if (made.size() > opens) throw WorkError("no device can be opened");
            if (made.size() > 1 && tile > most_tile_after_first) throw OutOfDeviceMemory("no memory left");
            return std::make_unique<Stream>(*this, tile, made.size() - 1);
        };
    }

    struct Made {
        std::uint32_t tile;
        bool new_device;
        bool operator==(const Made&) const = default;
    };
    std::vector<Made> made;
    std::size_t opens = SIZE_MAX;                      ///< so many streams can be made
    std::uint32_t most_tile_after_first = UINT32_MAX;  ///< streams of larger tiles do not fit any more
    std::size_t most_under_way = 0;

  private:
    class Stream : public FilterStream {
      public:
        Stream(FailingDevice& device, std::uint32_t tile, std::size_t index)
            : device_(device), tile_(tile), index_(index) {}
        void begin(const Pixels& input, Pixels& output) override {
            if (device_.on_begin_) device_.on_begin_({tile_, index_, input, output});
            under_way_.emplace_back(&input, &output);
            device_.most_under_way = std::max(device_.most_under_way, under_way_.size());
        }
        void finish_next() override {
            const auto [input, output] = under_way_.front();
            under_way_.pop_front();
            if (const auto* deep = std::get_if<Picture16>(input)) {
                invert(*deep, std::get<Picture16>(*output));
            } else {
                invert(std::get<Picture8>(*input), std::get<Picture8>(*output));
            }
            if (device_.on_finish_) device_.on_finish_({tile_, index_, *input, *output});
        }

      private:
        FailingDevice& device_;
        std::uint32_t tile_;
        std::size_t index_;
        std::deque<std::pair<const Pixels*, Pixels*>> under_way_;
    };

    Rule on_finish_, on_begin_;
};

}  // namespace shadenet::test
