#include "apply/careful_work.h"

#include <exception>
#include <new>

#include <fmt/format.h>

#include "base/error.h"

namespace shadenet {

namespace {

constexpr const char* too_little_memory = "the computer has too little free memory for it";

template <class Sample>
Picture<Sample> blank_like(const Picture<Sample>& picture) {
    return {picture.width, picture.height, std::vector<Sample>(picture.rgb.size())};
}
Image blank_like(const Image& image) {
    return {image.width, image.height, std::vector<float>(image.values.size())};
}

}  // namespace

Pixels TilePieces::blank_output(const Pixels& input) {
    return std::visit([](const auto& picture) { return Pixels(blank_like(picture)); }, input);
}

std::uint32_t TilePieces::largest(const Pixels& input) {
    return std::visit([](const auto& pixels) { return std::max(pixels.width, pixels.height); }, input);
}

template <class Input, class Output, class Pieces>
CarefulWork<Input, Output, Pieces>::CarefulWork(Make make, std::uint32_t piece, Check check, Log log)
    : make_(std::move(make)),
      check_(std::move(check)),
      log_(std::move(log)),
      piece_(piece),
      stream_(make_(piece_, false)) {}

template <class Input, class Output, class Pieces>
void CarefulWork<Input, Output, Pieces>::begin(const Input& input) {
    UnderWay& picture = pictures_.emplace_back(UnderWay{.input = &input, .output = {}});
    try {
        picture.output = Pieces::blank_output(input);
    } catch (const std::bad_alloc&) {
        settle(picture, too_little_memory);
        return;
    }
    persist([&] { begin_on_stream(picture); });
}

template <class Input, class Output, class Pieces>
auto CarefulWork<Input, Output, Pieces>::finish_next() -> Finished {
    while (!pictures_.front().settled) persist([&] { finish_oldest(); });
    Finished finished{std::move(pictures_.front().output), std::move(pictures_.front().failure)};
    pictures_.pop_front();
    return finished;
}

template <class Input, class Output, class Pieces>
void CarefulWork<Input, Output, Pieces>::persist(const std::function<void()>& step) {
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
            shrink_pieces(error.what());
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
template <class Input, class Output, class Pieces>
void CarefulWork<Input, Output, Pieces>::open_stream() {
    current_ = oldest();
    try {
        stream_ = make_(piece_, std::exchange(device_failed_, false));
    } catch (const OutOfDeviceMemory& error) {
        shrink_pieces(error.what());
    }
}

template <class Input, class Output, class Pieces>
void CarefulWork<Input, Output, Pieces>::begin_on_stream(UnderWay& picture) {
    current_ = &picture;
    stream_->begin(*picture.input, picture.output);
}

template <class Input, class Output, class Pieces>
void CarefulWork<Input, Output, Pieces>::finish_oldest() {
    UnderWay& picture = *oldest();
    current_ = &picture;
    stream_->finish_next();
    if (check_) check_(*picture.input, picture.output);
    settle(picture, "");
}

template <class Input, class Output, class Pieces>
auto CarefulWork<Input, Output, Pieces>::oldest() -> UnderWay* {
    const auto found = std::ranges::find(pictures_, false, &UnderWay::settled);
    return found == pictures_.end() ? nullptr : &*found;
}

template <class Input, class Output, class Pieces>
void CarefulWork<Input, Output, Pieces>::settle(UnderWay& picture, const std::string& failure) {
    picture.settled = true;
    picture.failure = failure;
    if (!failure.empty()) picture.output = Output();
}

template <class Input, class Output, class Pieces>
void CarefulWork<Input, Output, Pieces>::fail_current(const std::string& reason) {
    stream_.reset();
    settle(*current_, reason);
}

template <class Input, class Output, class Pieces>
std::uint32_t CarefulWork<Input, Output, Pieces>::smaller_piece(const UnderWay& picture) const {
    const std::uint32_t largest = std::min(piece_, Pieces::largest(*picture.input));
    return std::max(largest / 2, std::min(piece_, Pieces::smallest));
}

template <class Input, class Output, class Pieces>
void CarefulWork<Input, Output, Pieces>::shrink_pieces(const std::string& reason) {
    const std::uint32_t smaller = smaller_piece(*current_);
    if (smaller == piece_) {
        fail_current(reason);
        return;
    }
    stream_.reset();
    piece_ = smaller;
    log_(fmt::format("{}; going on {}", reason, fmt::format(Pieces::words, piece_)));
}

template <class Input, class Output, class Pieces>
void CarefulWork<Input, Output, Pieces>::try_oldest_again(const std::string& reason, bool device_lost) {
    UnderWay& picture = *oldest();
    stream_.reset();
    const std::uint32_t piece = smaller_piece(picture);
    log_(fmt::format("{}; trying the picture again on a newly opened device, {}", reason,
                     fmt::format(Pieces::words, piece)));
    try {
        stream_ = make_(piece, true);
    } catch (const OutOfDeviceMemory& error) {
        settle(picture, error.what());
        return;
    }
    try {
        begin_on_stream(picture);
        finish_oldest();
        if (device_lost) piece_ = piece;
    } catch (const std::exception& error) {
        device_failed_ = dynamic_cast<const BadResult*>(&error) == nullptr;
        settle(picture, fmt::format("{} (at the second attempt, too)", error.what()));
    }
    stream_.reset();
}

template class CarefulWork<Pixels, Pixels, TilePieces>;
template class CarefulWork<Levels, Logits, BatchPieces>;

}  // namespace shadenet
