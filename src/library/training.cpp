// The library's train(): the flags of the command line, without its terminal.
#include <atomic>
#include <exception>
#include <utility>

#include "cli/commands.h"
#include "cli/help.h"
#include "cli/train_flags.h"
#include "library/opened_gpu.h"
#include "train/run.h"

namespace shadenet {

namespace {

TrainOptions library_options(const Training& training) {
    std::vector<std::string> words = {"train"};
    for (const auto& [flag, folder] : {std::pair{"--input", training.input},
                                       {"--target", training.target},
                                       {"--output", training.output}}) {
        if (folder.empty()) continue;  // a run that goes on knows its pictures
        words.push_back(flag);
        words.push_back(folder.string());
    }
    words.insert(words.end(), training.flags.begin(), training.flags.end());
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    CLI::App parser("", "shadenet train");
    parser.set_help_flag();
    TrainFlags flags;
    add_train_flags(parser, flags);
    take_each_once(parser);
    parse(parser, static_cast<int>(arguments.size()), arguments.data());
    if (!flags.device.empty()) {
        throw InputError("--device is not for the library, where a Gpu is given; leave it out");
    }
    return resolve(flags);
}

/// Hands the ends of epochs on, and asks the run to stop where it is told to.
class ProgressObserver : public RunObserver {
  public:
    ProgressObserver(const Training& training, std::atomic<bool>& stop) : training_(training), stop_(stop) {}

    void on_start(const RunStart& start) override { epochs_ = start.options.epochs; }

    void on_epoch(const EpochRecord& record, const Parameters&) override {
        if (!training_.progress || thrown) return;
        try {
            if (!training_.progress({record.epoch, epochs_, record.train_loss, record.validation_loss})) {
                stop_ = true;
            }
        } catch (...) {
            thrown = std::current_exception();
            stop_ = true;
        }
    }

    std::exception_ptr thrown;

  private:
    const Training& training_;
    std::atomic<bool>& stop_;
    std::uint32_t epochs_ = 0;
};

}  // namespace

bool train(const Gpu& gpu, const Training& training) {
    std::atomic<bool> stop = false;
    ProgressObserver observer(training, stop);
    const RunEnd end = as_library(
        [&] { return run_training(*gpu.inside_->device, library_options(training), observer, stop); });
    if (observer.thrown) std::rethrow_exception(observer.thrown);
    return end == RunEnd::finished;
}

}  // namespace shadenet
