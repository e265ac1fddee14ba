#include "apply/device_stream.h"

#include "apply/reopened_device.h"
#include "engine/picture_filter.h"

namespace shadenet {

namespace {

class DeviceStream : public FilterStream {
  public:
    DeviceStream(std::shared_ptr<const Device> device, const Model& model, const FilterOptions& options)
        : device_(std::move(device)), filter_(*device_, model.network, model.parameters, options) {}

    void begin(const Pixels& input, Pixels& output) override {
        std::visit(
            [&]<class Picture>(const Picture& picture) { filter_.begin(picture, std::get<Picture>(output)); },
            input);
    }
    void finish_next() override { filter_.finish_next(); }

  private:
    std::shared_ptr<const Device> device_;  ///< before the filter, so that the device outlives the filter
    PictureFilter filter_;
};

}  // namespace

MakeStream device_streams(std::unique_ptr<Device> device, const std::string& request, const Model& model,
                          float strength) {
    return [current = ReopenedDevice(std::move(device), request), model, strength](std::uint32_t tile,
                                                                                   bool new_device) mutable {
        return std::make_unique<DeviceStream>(current.device(new_device), model,
                                              FilterOptions{.tile = tile, .strength = strength});
    };
}

}  // namespace shadenet
