// Whole runs on labelled pictures, in a folder of their own.
#pragma once

#include <string>

#include "labelled_set.h"
#include "model/network_text.h"
#include "train/run_scene.h"

namespace shadenet::test {

/// 30 training pictures of three classes, of which a tenth validates, and 7 to test on.
class LabelledScene {
  public:
    LabelledScene() {
        write_part(folder / "data", "train", labelled_set(30, 4, 5, 3));
        write_part(folder / "data", "t10k", labelled_set(7, 4, 5, 3, 2));
    }
    TrainOptions options(const char* output) const {
        TrainOptions options;
        options.labelled = folder / "data";
        options.output = folder / output;
        options.network.take(
            parse_network("input 1x4x5, dense 6, norm decay 0.7, relu, dropout 0.8, dense 3", "network"));
        options.size = 0;
        options.batch = 8;
        options.epochs = 3;
        options.seed = 11;
        options.validate_every = 2;
        return options;
    }
    static RunEnd run(const TrainOptions& options, Watcher& watcher, SharedJob* job = nullptr) {
        return run_training(*ValidatedDevice(), options, watcher, watcher.stop, {}, nullptr, job);
    }
    static RunEnd run(const TrainOptions& options) {
        Watcher watcher;
        return run(options, watcher);
    }
    static std::string refusal(const TrainOptions& options) {
        return message_of<InputError>([&] { run(options); });
    }
    TemporaryFolder folder;
};

}  // namespace shadenet::test
