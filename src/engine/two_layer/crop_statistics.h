// The statistics of the patches of crops, found on the host while earlier steps run.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <map>
#include <mutex>
#include <vector>

#include "base/threads.h"
#include "data/batches.h"
#include "data/picture_crops.h"
#include "engine/two_layer/joined_patches.h"
#include "engine/two_layer/patch_moments.h"
#include "group/shares.h"

namespace shadenet {

/// The moments of a crop's patches, as a layer of this kernel sees them: around the crop's pixels with zeros
/// beyond them, and otherwise around those of the ring of kernel/2 pixels too, with the picture's own pixels
/// around the crop.
PatchMoments crop_moments(const PictureCrops& crops, const Crop& crop, std::uint32_t kernel,
                          PicturePadding padding);

/// The statistics of batches of crops, some of them ahead.
class CropStatistics {
  public:
    /// The crops must outlive it.
    CropStatistics(const PictureCrops& crops, std::uint32_t kernel, PicturePadding padding,
                   const Shares& shares = {});
    CropStatistics(const CropStatistics&) = delete;
    ~CropStatistics();

    /// Forgets earlier batches.
    void set_batches(Batches batches, std::uint32_t epoch);
    /// The result of joined_patch_statistics() for the crops of a step; the batches hold the crops of this
    /// rank's shares. Begins the moments of the following steps, too. Any order of steps gives the same bits;
    /// a rising order is fast.
    std::vector<float> take(std::uint32_t step);

  private:
    struct Found {
        std::vector<PatchMoments> own;  ///< of each of this rank's shares
        std::vector<float> values;      ///< empty where other ranks have moments too
        std::exception_ptr failure;
    };

    Found of_step(std::uint32_t step) const;
    /// What is found of a step, by this thread where no other has begun it.
    Found find(std::uint32_t step);
    void work();
    bool has_work() const;

    const PictureCrops& crops_;
    std::uint32_t kernel_;
    PicturePadding padding_;
    Shares shares_;
    JoinedPatches joined_;

    std::mutex mutex_;  ///< of all that follows; batches_ and epoch_ change while no thread works
    std::condition_variable wake_, found_one_;
    Batches batches_;
    std::uint32_t epoch_ = 0;
    std::uint32_t taken_ = 0;  ///< the step behind the latest that was taken
    std::uint32_t next_ = 0;   ///< the next that a thread begins
    bool ahead_ = false;       ///< threads have work: a first step was taken
    bool ends_ = false;
    unsigned working_ = 0;  ///< threads that compute
    std::map<std::uint32_t, Found> found_;
    unsigned threads_started_ = 0;
    ThreadGroup threads_;  ///< last, so that it has ended before anything goes
};

}  // namespace shadenet
