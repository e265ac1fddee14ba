// The observers of a run: its logs, and the front end.
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <type_traits>
#include <vector>

#include "train/logs/run_observer.h"
#include "train/run_folder.h"

namespace shadenet {

class Device;

/// Told one after the other: history, validations, epochs, floor, histograms and events, and the front end
/// last.
class RunLogs : public TaskObserver {
  public:
    /// Writes nothing yet. The references must outlive this; `parameters` are only looked at. Throws
    /// InputError when the device cannot bind the feature maps that are to be measured.
    RunLogs(const Device& device, const TrainOptions& options, const Network& network, const RunPaths& paths,
            const Task& task, const Parameters& parameters, RunObserver& front_end,
            const std::atomic<bool>& stop);

    /// Calls `event` of all. Throws what they throw.
    template <typename... Values>
    void tell(void (RunObserver::*event)(Values...), std::type_identity_t<Values>... values) {
        for (RunObserver* const one : observers_) (one->*event)(values...);
    }
    void on_result(const SquaredErrors& errors) override;
    void on_pictures(const std::vector<PublishedPicture>& pictures, std::uint64_t step) override;
    void on_test(const TestResults& results) override;
    /// Of all.
    std::vector<std::filesystem::path> files() const;

  private:
    std::vector<std::unique_ptr<RunObserver>> logs_;
    std::vector<RunObserver*> observers_;
};

}  // namespace shadenet
