#include <cstdint>
#include <memory>
#include <stdexcept>

#include <fmt/format.h>

#include "base/error.h"
#include "engine/learning/loss.h"
#include "engine/learning/loss_sums.h"
#include "engine/tensors/linear_threads.h"
#include "engine/tensors/quad_kernel.h"

namespace shadenet {

namespace {

constexpr std::uint32_t most_classes = 1 << 16;  // a thread goes over an example's logits three times

class CrossEntropy : public Loss {
  public:
    CrossEntropy(const Device& device, const Shape& largest)
        : sums_(device, 2 * std::uint64_t{largest.n}),
          step_(device, "cross_entropy", {"result", "labels", "dresult", "partial"}, {{"GRADIENT", 1}},
                heavy_local_size(device)),
          each_(device, "cross_entropy", {"result", "labels", "dresult", "partial"}, {{"GRADIENT", 0}},
                heavy_local_size(device)) {}

    void step(Recorder& recorder, const PackedView& result, const LossTarget& target,
              const PackedView& dresult, const LossRows& to) override {
        if (dresult.shape != result.shape) {
            throw std::invalid_argument("logits and their gradient have one shape");
        }
        compare(recorder, result, target, &dresult);
        const std::uint32_t images = result.shape.n;
        sums_.sum(recorder, to.correct.buffer != nullptr ? 2 : 1, images, 1, mean_of(target.images(images)),
                  to);
    }

    void each(Recorder& recorder, const PackedView& result, const LossTarget& target,
              const LossRows& to) override {
        compare(recorder, result, target, nullptr);
        const std::uint32_t images = result.shape.n;
        sums_.sum(recorder, to.correct.buffer != nullptr ? 2 * images : images, 1, images, 1, to);
    }

  private:
    static float mean_of(std::uint32_t images) {
        return static_cast<float>(1.0 / static_cast<double>(images));
    }

    /// The examples' losses and right answers, and the gradient where there is one.
    void compare(Recorder& recorder, const PackedView& result, const LossTarget& target,
                 const PackedView* dresult) const {
        if (!result.side_by_side()) throw std::invalid_argument("logits have one pixel");
        const std::uint32_t images = result.shape.n;
        const BufferRange partial = sums_.partials(2 * std::uint64_t{images});
        (dresult != nullptr ? step_ : each_)(recorder,
                                             {{"result", result.range()},
                                              {"labels", target.labels},
                                              {"dresult", dresult != nullptr ? dresult->range() : partial},
                                              {"partial", partial}},
                                             {.images = images,
                                              .classes = result.shape.c,
                                              .first_label = target.first_label,
                                              .scale = mean_of(target.images(images))},
                                             linear_threads(images));
    }

    LossSums sums_;
    QuadKernel<push::CrossEntropyPush> step_, each_;
};

}  // namespace

const LossKind cross_entropy{
    [](const Device& device, const Shape& largest) -> std::unique_ptr<Loss> {
        if (largest.c > most_classes) {
            throw InputError(fmt::format("a network of {} classes; this program trains up to {}", largest.c,
                                         most_classes));
        }
        return std::make_unique<CrossEntropy>(device, largest);
    },
    [](const PixelRange&) { return 1.0; }, true};

}  // namespace shadenet
