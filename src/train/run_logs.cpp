#include "train/run_logs.h"

#include <algorithm>
#include <string>
#include <vector>

#include "data/picture_pairs.h"

namespace shadenet {

namespace {

/// More would crowd TensorBoard's page.
constexpr std::uint32_t most_pictures = 4;

}  // namespace

RunLogs::RunLogs(const Device& device, const TrainOptions& options, const RunFolder& folder,
                 const PicturePairs& pictures, const Parameters& parameters)
    : options_(options), folder_(folder), pictures_(pictures) {
    const Network architecture = options.network.network();
    if (!options.histograms || !has_norm(architecture)) return;
    histograms_.emplace(device, architecture, parameters, Shape{1, 3, pictures.height(), pictures.width()});
}

void RunLogs::begin(const Trainer& trainer, const std::atomic<bool>& stop) {
    const std::uint32_t epochs = trainer.epochs_done();
    const std::uint64_t steps = trainer.steps_done();
    if (histograms_) histogram_log_.emplace(folder_.histograms(), epochs);
    if (options_.tensorboard) {
        event_log_.emplace(folder_.path(), options_.resume ? std::optional(steps) : std::nullopt);
    }
    const bool at_an_end = epochs > 0 && steps == std::uint64_t{epochs} * trainer.steps_per_epoch();
    if (!histograms_ || !at_an_end || histogram_log_->last_epoch() >= epochs) return;
    const std::vector<NormHistogram> histograms = measured(trainer.parameters(), epochs, stop);
    if (event_log_ && !histograms.empty()) event_log_->add_histograms(steps, histograms);
}

std::vector<NormHistogram> RunLogs::measured(const Parameters& parameters, std::uint32_t epoch,
                                             const std::atomic<bool>& stop) {
    std::vector<NormHistogram> histograms = histograms_->measure(parameters, pictures_, epoch, stop);
    histogram_log_->add(histograms);
    return histograms;
}

void RunLogs::add_epoch(const EpochRecord& record, const Parameters& parameters,
                        const std::atomic<bool>& stop) {
    std::vector<NormHistogram> histograms;
    if (histograms_) histograms = measured(parameters, record.epoch, stop);
    if (event_log_) event_log_->add_epoch(record, parameters, histograms);
}

void RunLogs::add_validation(const ValidationRecord& record) {
    if (event_log_) event_log_->add_validation(record);
}

void RunLogs::add_pictures(const char* kind, std::uint64_t step) {
    if (!event_log_) return;
    for (std::uint32_t i = 0; i < std::min(pictures_.size(), most_pictures); ++i) {
        const std::string& stem = pictures_.stems()[i];
        event_log_->add_picture(step, stem, folder_.picture(kind, stem), pictures_.width(),
                                pictures_.height());
    }
}

}  // namespace shadenet
