// The shown picture on the device with the network's output, and the thumbnails of the strip.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>

#include "engine/resident_filter.h"
#include "gpu/buffer.h"
#include "gpu/recorder.h"
#include "model/network.h"
#include "model/parameters.h"
#include "viewer/picture_loader.h"
#include "viewer/picture_painter.h"
#include "viewer/pictures_view.h"
#include "viewer/window.h"

namespace shadenet {

/// Which statistics the norms of the shown output use.
enum class ShownStatistics { moving, batch };

class Stage : public PicturePainter {
  public:
    /// The window must outlive the stage.
    explicit Stage(Window& window);
    ~Stage() override;

    /// Uses this network from now on; there is no output before show_parameters().
    void set_network(const Network& network);
    /// Sets the parameters for the output.
    void show_parameters(const Parameters& parameters);
    void show_statistics(ShownStatistics statistics);
    /// There is no output until show_parameters() is called again.
    void hide_output();
    ShownStatistics statistics() const { return statistics_; }

    void set_picture(LoadedPicture picture);
    void clear_picture();
    void set_thumbnail(LoadedPicture picture);
    bool has_thumbnail(std::size_t index) const { return thumbnails_.contains(index); }
    void clear_pictures();

    /// Submits the work that brings the output up to date. To be called once in a frame, before drawing.
    void update();
    bool has_picture() const { return picture_ != nullptr; }
    /// Whether the output is the one that was requested last.
    bool up_to_date() const { return !changed_; }
    /// False if the picture is too large for the statistics of a batch; then its output uses the moving ones.
    bool statistics_fit() const;
    std::uint32_t width() const { return picture_ ? picture_->image().width : 0; }
    std::uint32_t height() const { return picture_ ? picture_->image().height : 0; }

    /// Requests the values at a pixel; values() has them a frame or two later.
    void read(std::optional<PixelPosition> pixel);
    PixelValues values() const { return values_; }

    void draw(ImDrawList& list, PictureId picture, const PicturePlace& place) override;
    void draw_difference(ImDrawList& list, PictureId a, PictureId b, float gain,
                         const PicturePlace& place) override;

  private:
    /// A picture copied unchanged from the host to the device.
    struct Still {
        Still(const Device& device, const Image& image, const char* name);
        PixelPlanes planes() const;
        std::uint32_t width, height;
        Buffer buffer;
    };

    void hold_picture();
    std::optional<PixelPlanes> planes(PictureId picture) const;
    void collect_output_value();

    Window& window_;
    Recorder reader_;  ///< reads single values
    Buffer value_;     ///< the output's value at a pixel, three floats
    std::uint64_t value_ticket_ = 0;
    std::optional<PixelPosition> asked_;  ///< the pixel whose value is being read
    PixelValues values_;

    std::optional<Network> network_;
    std::optional<Parameters> parameters_;
    ShownStatistics statistics_ = ShownStatistics::moving;
    std::unique_ptr<ResidentFilter> filter_;
    std::optional<Image> input_, target_image_;
    std::shared_ptr<ResidentPicture> picture_;
    std::shared_ptr<Still> target_;
    std::map<std::size_t, std::shared_ptr<Still>> thumbnails_;
    bool changed_ = false;
};

}  // namespace shadenet
