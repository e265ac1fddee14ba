#include "engine/two_layer/crop_statistics.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "engine/two_layer/joined_patches.h"
#include "engine/two_layer/level_moments.h"

namespace shadenet {

namespace {

constexpr std::uint32_t most_steps_ahead = 32;
constexpr unsigned most_threads = 4;

}  // namespace

PatchMoments crop_moments(const PictureCrops& crops, const Crop& crop, std::uint32_t kernel,
                          PicturePadding padding) {
    const std::uint32_t margin = padding == PicturePadding::zero ? kernel / 2 : kernel - 1;
    const std::uint32_t wide = crops.side() + 2 * margin;
    if (crops.whole_levels())
        return level_patch_moments(crops.input_levels(crop, margin, padding), 3, wide, wide, kernel);
    return patch_moments(crops.input(crop, margin, padding), 3, wide, wide, kernel, PatchesOf::inner_pixels);
}

CropStatistics::CropStatistics(const PictureCrops& crops, std::uint32_t kernel, PicturePadding padding,
                               const Shares& shares)
    : crops_(crops), kernel_(kernel), padding_(padding), shares_(shares), joined_(shares) {
    const unsigned threads = std::clamp(std::thread::hardware_concurrency() / 2, 1u, most_threads);
    threads_started_ = threads_.start(threads, [this] { work(); });
}

CropStatistics::~CropStatistics() {
    {
        const std::lock_guard lock(mutex_);
        ends_ = true;
    }
    wake_.notify_all();
}

void CropStatistics::set_batches(Batches batches, std::uint32_t epoch) {
    std::unique_lock lock(mutex_);
    ahead_ = false;
    found_one_.wait(lock, [&] { return working_ == 0; });
    found_.clear();
    joined_.begin_pass(static_cast<std::uint32_t>(batches.size()));
    batches_ = std::move(batches);
    epoch_ = epoch;
    taken_ = next_ = 0;
}

std::vector<float> CropStatistics::take(std::uint32_t step) {
    if (shares_.group().is_alone()) return find(step).values;
    // Ranks exchange in the order of their steps: here, not in a thread that is ahead.
    return joined_.take(step, [this](std::uint32_t next) { return find(next).own; });
}

CropStatistics::Found CropStatistics::find(std::uint32_t step) {
    std::unique_lock lock(mutex_);
    const bool begun = ahead_ && step >= taken_ && step < next_;
    if (!begun) {
        // What threads are at work on is found in vain.
        found_.clear();
        next_ = step + 1;
    }
    taken_ = step + 1;
    ahead_ = threads_started_ > 0;
    wake_.notify_all();
    Found of_this;
    if (begun) {
        found_one_.wait(lock, [&] { return found_.contains(step); });
        of_this = std::move(found_.extract(step).mapped());
    }
    lock.unlock();
    if (!begun) of_this = of_step(step);
    if (of_this.failure) std::rethrow_exception(of_this.failure);
    return of_this;
}

bool CropStatistics::has_work() const {
    return ahead_ && next_ < batches_.size() && next_ < taken_ + most_steps_ahead;
}

void CropStatistics::work() {
    std::unique_lock lock(mutex_);
    while (true) {
        wake_.wait(lock, [&] { return ends_ || has_work(); });
        if (ends_) return;
        const std::uint32_t step = next_++;
        ++working_;
        lock.unlock();
        Found found;
        try {
            found = of_step(step);
        } catch (...) {
            found.failure = std::current_exception();
        }
        lock.lock();
        --working_;
        found_[step] = std::move(found);
        found_one_.notify_all();
    }
}

CropStatistics::Found CropStatistics::of_step(std::uint32_t step) const {
    Found found;
    found.own.assign(shares_.own(), no_moments(3, kernel_));
    for (const std::uint32_t example : batches_[step]) {
        const Crop crop = crops_.crop(epoch_, example);
        found.own[shares_.of(example) - shares_.first()].add(crop_moments(crops_, crop, kernel_, padding_));
    }
    if (shares_.group().is_alone()) found.values = joined_patch_statistics(found.own);
    return found;
}

}  // namespace shadenet
