#include "apply/careful_filter.h"

#include <exception>
#include <new>

#include <fmt/format.h>

#include "base/error.h"

namespace shadenet {

namespace {

Pixels blank_like(const Pixels& pixels) {
    return std::visit(
        []<class Kind>(const Kind& picture) {
            return Pixels(Kind{picture.width, picture.height, decltype(picture.rgb)(picture.rgb.size())});
        },
        pixels);
}

constexpr const char* too_little_memory = "the computer has too little free memory for it";

}  // namespace

CarefulFilter::CarefulFilter(MakeStream make, std::uint32_t tile, Check check, Log log)
    : make_(std::move(make)),
      check_(std::move(check)),
      log_(std::move(log)),
      tile_(tile),
      stream_(make_(tile_, false)) {}

void CarefulFilter::begin(const Pixels& input) {
    UnderWay& picture = pictures_.emplace_back(UnderWay{.input = &input, .output = {}});
    try {
        picture.output = blank_like(input);
    } catch (const std::bad_alloc&) {
        settle(picture, too_little_memory);
        return;
    }
    persist([&] { begin_on_stream(picture); });
}

CarefulFilter::Finished CarefulFilter::finish_next() {
    while (!pictures_.front().settled) persist([&] { finish_oldest(); });
    Finished finished{std::move(pictures_.front().output), std::move(pictures_.front().failure)};
    pictures_.pop_front();
    return finished;
}

void CarefulFilter::persist(const std::function<void()>& step) {
    for (bool first = true; oldest() != nullptr; first = false) {
        if (stream_ == nullptr) open_stream();
        if (stream_ == nullptr) continue;
        try {
            if (first) step();
            for (UnderWay& picture : pictures_) {
                if (!first && !picture.settled) begin_on_stream(picture);
            }
            return;
        } catch (const OutOfDeviceMemory& error) {
            shrink_tiles(error.what());
        } catch (const BadResult& error) {
            try_oldest_again(error.what(), false);
        } catch (const WorkError& error) {
            try_oldest_again(error.what(), true);
        } catch (const std::bad_alloc&) {
            fail_current(too_little_memory);
        } catch (const std::exception& error) {
            fail_current(error.what());
        }
    }
}

/// Leaves no stream if the device's memory is too small for one.
void CarefulFilter::open_stream() {
    current_ = oldest();
    try {
        stream_ = make_(tile_, std::exchange(device_failed_, false));
    } catch (const OutOfDeviceMemory& error) {
        shrink_tiles(error.what());
    }
}

void CarefulFilter::begin_on_stream(UnderWay& picture) {
    current_ = &picture;
    stream_->begin(*picture.input, picture.output);
}

void CarefulFilter::finish_oldest() {
    UnderWay& picture = *oldest();
    current_ = &picture;
    stream_->finish_next();
    if (check_) check_(*picture.input, picture.output);
    settle(picture, "");
}

CarefulFilter::UnderWay* CarefulFilter::oldest() {
    const auto found = std::ranges::find(pictures_, false, &UnderWay::settled);
    return found == pictures_.end() ? nullptr : &*found;
}

void CarefulFilter::settle(UnderWay& picture, const std::string& failure) {
    picture.settled = true;
    picture.failure = failure;
    if (!failure.empty()) picture.output = Pixels();
}

void CarefulFilter::fail_current(const std::string& reason) {
    stream_.reset();
    settle(*current_, reason);
}

std::uint32_t CarefulFilter::smaller_tile(const UnderWay& picture) const {
    const std::uint32_t side =
        std::visit([](const auto& pixels) { return std::max(pixels.width, pixels.height); }, *picture.input);
    return std::max(std::min(tile_, side) / 2, std::min(tile_, smallest_tile));
}

void CarefulFilter::shrink_tiles(const std::string& reason) {
    const std::uint32_t smaller = smaller_tile(*current_);
    if (smaller == tile_) {
        fail_current(reason);
        return;
    }
    stream_.reset();
    tile_ = smaller;
    log_(fmt::format("{}; going on in tiles of {} pixels", reason, tile_));
}

void CarefulFilter::try_oldest_again(const std::string& reason, bool device_lost) {
    UnderWay& picture = *oldest();
    stream_.reset();
    const std::uint32_t tile = smaller_tile(picture);
    log_(fmt::format("{}; trying the picture again on a newly opened device, in tiles of {} pixels", reason,
                     tile));
    try {
        stream_ = make_(tile, true);
    } catch (const OutOfDeviceMemory& error) {
        settle(picture, error.what());
        return;
    }
    try {
        begin_on_stream(picture);
        finish_oldest();
        if (device_lost) tile_ = tile;
    } catch (const std::exception& error) {
        device_failed_ = dynamic_cast<const BadResult*>(&error) == nullptr;
        settle(picture, fmt::format("{} (at the second attempt, too)", error.what()));
    }
    stream_.reset();
}

}  // namespace shadenet
