#include "pairs/looking.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

#include "base/error.h"
#include "base/one_line.h"
#include "base/threads.h"
#include "image/picture_file.h"

namespace shadenet {

namespace {

constexpr std::uint64_t most_pixels_under_way = std::uint64_t{1} << 26;
constexpr unsigned most_threads = 16;

/// Room for pictures, which all threads share.
class Room {
  public:
    /// Waits until there is room for so many pixels, or nothing else is in it.
    void take(std::uint64_t pixels) {
        std::unique_lock lock(mutex_);
        freed_.wait(lock, [&] { return used_ == 0 || used_ + pixels <= most_pixels_under_way; });
        used_ += pixels;
    }
    void give_back(std::uint64_t pixels) {
        const std::lock_guard lock(mutex_);
        used_ -= pixels;
        freed_.notify_all();
    }

  private:
    std::mutex mutex_;
    std::condition_variable freed_;
    std::uint64_t used_ = 0;
};

/// A part of the room, as long as it lives.
class Place {
  public:
    Place(Room& room, std::uint64_t pixels) : room_(room), pixels_(pixels) { room_.take(pixels_); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    ~Place() { room_.give_back(pixels_); }

  private:
    Room& room_;
    std::uint64_t pixels_;
};

std::uint64_t pixels_of(const PictureReader& reader) {
    return std::uint64_t{reader.facts().width} * reader.facts().height;
}

Image decoded_image(PictureReader& reader, const std::filesystem::path& path, ColourProfile& profile) {
    const FilePicture picture = reader.decode();
    profile = colour_profile(picture.metadata);
    return to_image(picture, path);
}

/// What the threads share.
struct Looking {
    std::atomic<std::uint32_t> next = 0;
    std::atomic<bool> stop = false;
    std::mutex mutex;
    std::condition_variable changed;
    std::uint32_t done = 0;
    std::exception_ptr failure;
};

void work(Looking& shared, std::vector<PairLook>& looks, const std::function<PairLook(std::uint32_t)>& look) {
    while (!shared.stop) {
        const std::uint32_t i = shared.next++;
        if (i >= looks.size()) return;
        std::exception_ptr failure;
        try {
            looks[i] = look(i);
        } catch (...) {
            failure = std::current_exception();
        }
        const std::lock_guard lock(shared.mutex);
        ++shared.done;
        if (failure && !shared.failure) shared.failure = failure;
        if (failure) shared.stop = true;
        shared.changed.notify_all();
    }
}

}  // namespace

PairLook look_at_files(const ImagePair& pair, unsigned processes) {
    static Room room;
    try {
        PictureReader input(pair.input), target(pair.target);
        const Place place(room, processes * (pixels_of(input) + pixels_of(target)));
        ColourProfile profile, target_profile;
        const Image before = decoded_image(input, pair.input, profile);
        PairLook look = look_at_pair(before, decoded_image(target, pair.target, target_profile));
        look.bits = 8 * input.facts().sample_bytes();
        look.target_bits = 8 * target.facts().sample_bytes();
        look.profile = std::move(profile);
        look.target_profile = std::move(target_profile);
        return look;
    } catch (const InputError& error) {
        PairLook look;
        look.problem = on_one_line(error.what());
        return look;
    }
}

std::optional<std::vector<PairLook>> look_at_all(std::uint32_t count,
                                                 const std::function<PairLook(std::uint32_t)>& look,
                                                 const std::function<bool(std::uint32_t)>& go_on,
                                                 unsigned processes) {
    constexpr std::chrono::milliseconds between_calls{100};
    std::vector<PairLook> looks(count);
    Looking shared;
    bool goes_on = true;
    {
        ThreadGroup threads;
        const unsigned cores = std::clamp(std::thread::hardware_concurrency() / processes, 1u, most_threads);
        if (threads.start(std::min(cores, count), [&] { work(shared, looks, look); }) == 0) {
            work(shared, looks, look);
        }
        std::unique_lock lock(shared.mutex);
        std::uint32_t done = 0;  // those that have been told
        while (goes_on && done < count && !shared.failure) {
            shared.changed.wait_for(lock, between_calls,
                                    [&] { return shared.done == count || shared.failure; });
            done = shared.done;
            lock.unlock();
            goes_on = !go_on || go_on(done);
            lock.lock();
        }
        shared.stop = true;
    }
    if (shared.failure) std::rethrow_exception(shared.failure);
    if (!goes_on) return std::nullopt;
    return looks;
}

}  // namespace shadenet
