// A network applied to pictures that stay on the device, to be drawn there: nothing comes back to the host.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "engine/stack/layerwise.h"
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
    /// Of the latest run; undefined before the first.
    PixelPlanes output() const;

    const Image& image() const { return image_; }

  private:
    friend class ResidentFilter;
    ResidentPicture(const Device& device, Image image, const PictureTile& tile);
    float factor() const;  ///< of PixelPlanes
    float shift() const;

    Image image_;
    PictureTile tile_;
    Buffer input_, output_;
    std::uint32_t output_pitch_, output_plane_;  ///< of the latest run
};

class ResidentFilter {
  public:
    /// Networks of this form, beginning with these parameters. Throws InputError where it is not one that
    /// fold_two_layers() takes.
    ResidentFilter(const Device& device, const Network& network, const Parameters& parameters);

    /// Whether pictures of this size can be held: one is bound as a whole, and filtered by a single call,
    /// which shall end soon.
    static bool takes(const Device& device, const Network& network, std::uint32_t width,
                      std::uint32_t height);
    /// Throws InputError for a picture that is too large, and OutOfDeviceMemory.
    std::unique_ptr<ResidentPicture> hold(Image picture) const;

    /// From the next run on.
    void set(const Parameters& parameters);

    /// Inference, with the moving statistics; submits, and does not wait. The values are those of
    /// PictureFilter.
    void run(ResidentPicture& picture);
    /// As a training step would see it: every norm uses the statistics of this picture alone, a batch of one.
    /// Only for pictures that takes_as_batch() accepts.
    void run_as_batch(ResidentPicture& picture);
    /// Whether the device has room for all feature maps of the picture.
    bool takes_as_batch(const ResidentPicture& picture) const;

    /// Waits for the latest run.
    void finish() { recorder_.finish(); }

  private:
    struct Batch {
        Batch(const Device& device, const Network& network, const Parameters& values, const Shape& shape);
        ParameterBuffers parameters;  ///< whose moving statistics nobody reads
        Tensor x;
        LayerwisePlan plan;
    };

    const Device& device_;
    Network network_;
    Parameters parameters_;
    FoldedKernels kernels_;
    bool changed_ = false;        ///< the kernels still have earlier weights
    std::optional<Batch> batch_;  ///< of the latest size
    std::uint64_t ticket_ = 0;    ///< of the latest run
    Recorder recorder_;           ///< last, so that it has waited before any memory goes
};

}  // namespace shadenet
