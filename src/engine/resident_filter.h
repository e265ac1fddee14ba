// A network applied to pictures that stay on the device, to be drawn there: nothing comes back to the host.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "engine/stack/stack_plan.h"
#include "engine/tensors/example_tensor.h"
#include "engine/tensors/parameter_buffers.h"
#include "engine/two_layer/folded_kernels.h"
#include "gpu/buffer.h"
#include "gpu/recorder.h"
#include "image/image.h"
#include "model/network.h"

namespace shadenet {

/// A picture and what a network makes of it. Made by ResidentFilter::hold().
class ResidentPicture {
  public:
    PixelPlanes input() const;
    /// The result of the latest run; undefined before the first.
    PixelPlanes output() const;

    const Image& image() const { return image_; }

  private:
    friend class ResidentFilter;
    ResidentPicture(const Device& device, Image image, const PictureTile& tile);
    float factor() const;  ///< `factor` and `shift` of PixelPlanes
    float shift() const;

    Image image_;
    PictureTile tile_;
    Buffer input_, output_;
    std::uint32_t output_pitch_, output_plane_;  ///< of the latest run
};

class ResidentFilter {
  public:
    /// `network`: the layers of all networks to be run; `parameters`: the first ones. A network that
    /// fold_two_layers() takes is run by one kernel, and any other layer by layer. Throws InputError as
    /// require_keeps_pictures() does.
    ResidentFilter(const Device& device, const Network& network, const Parameters& parameters);

    /// Whether pictures of this size can be held: the device binds a picture as a whole, and filters it by a
    /// single call, which must end soon. A network that is run layer by layer needs room for all feature
    /// maps.
    static bool takes(const Device& device, const Network& network, std::uint32_t width,
                      std::uint32_t height);
    /// Throws InputError for a picture that is too large, and OutOfDeviceMemory.
    std::unique_ptr<ResidentPicture> hold(Image picture) const;

    /// Sets the parameters of the next runs.
    void set(const Parameters& parameters);

    /// Inference, with the moving statistics; submits, and does not wait. The values are those of
    /// PictureFilter.
    void run(ResidentPicture& picture);
    /// The result as a training step has it: every norm uses the statistics of this picture alone, a batch of
    /// one. Only for pictures that takes_as_batch() accepts.
    void run_as_batch(ResidentPicture& picture);
    /// Whether the device has room for all feature maps of the picture.
    bool takes_as_batch(const ResidentPicture& picture) const;

    /// Waits for the latest run.
    void finish() { recorder_.finish(); }

  private:
    /// The layers for pictures of one size.
    struct Layers {
        Layers(const Device& device, const Network& network, const Parameters& values, const Shape& shape,
               Purpose purpose);
        ParameterBuffers parameters;  ///< uploaded anew for every run
        StackPlan plan;
        ExampleTensor x;
    };

    void run_layers(std::optional<Layers>& layers, ResidentPicture& picture, Mode mode);

    const Device& device_;
    Network network_;
    Parameters parameters_;
    std::optional<FoldedKernels> kernels_;  ///< none for a network that does not fold
    bool changed_ = false;                  ///< the parameters are newer than the weights of the kernels
    std::optional<Layers> layers_;          ///< for the latest size
    std::optional<Layers> batch_;           ///< likewise, with the statistics of the picture itself
    std::uint64_t ticket_ = 0;              ///< of the latest run
    Recorder recorder_;                     ///< last: it waits before any memory is freed
};

}  // namespace shadenet
