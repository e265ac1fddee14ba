// shadenet train, from the outside.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <thread>

#include <fmt/format.h>

#include "catch.h"
#include "cli/tables.h"
#include "image/image.h"
#include "model/model_file.h"
#include "pictures.h"
#include "places.h"
#include "train/logs/floor.h"

using namespace shadenet::test;
namespace fs = std::filesystem;

namespace {

std::size_t lines(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

/// Waits until the program has said `text`, for at most 30 seconds.
bool says(const Process& process, const std::string& text) {
    for (int i = 0; i < 3000; ++i) {
        if (process.output().find(text) != std::string::npos) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
}

Arguments with_program(Arguments arguments) {
    arguments.insert(arguments.begin(), shadenet_program());
    return arguments;
}

}  // namespace

TEST_CASE("a run shows and leaves everything") {
    const Pictures pictures;
    const Outcome outcome =
        run_shadenet(pictures.train({"--epochs", "3", "--test", pictures.path("more"), "--validation-input",
                                     pictures.path("before"), "--validation-target", pictures.path("after")}),
                     {{"SHADENET_VALIDATION", "1"}});
    REQUIRE(outcome.exit_code == 0);
    CHECK_THAT(outcome.err, !ContainsSubstring("validation:"));
    CHECK(error_lines(outcome) == 0);
    for (const char* part :
         {"trainable parameters", "not trainable", "momentum 0.1 in PyTorch", "921", "38", "epoch 1/3  loss ",
          "epoch 3/3  loss ", "validation 0.", "rate 0.01", "bn1 mean", "bn1 variance", "bn2 mean",
          "bn2 variance", "shadenet apply --model ", "finished   epoch 3 of 3"}) {
        CHECK_THAT(outcome.out, ContainsSubstring(part));
    }
    const auto floor = shadenet::read_floor(pictures / "run/floor.json");
    REQUIRE(floor);
    REQUIRE(floor->reached);
    const std::string lowest = "floor      " + shadenet::loss_text(floor->loss);
    for (const std::string& line :
         {lowest + ": the best any affine filter of 5x5 pixels reaches on these pictures\n",
          lowest + "; the loss on the same pixels is " + shadenet::loss_text(*floor->reached) + ", " +
              shadenet::gap_text(*floor, "floor") + "\n"}) {
        CHECK_THAT(outcome.out, ContainsSubstring(line));
    }
    // What people ask first comes first: health is about the norms alone.
    CHECK_THAT(outcome.out, ContainsSubstring(" validation pictures; before the filter "));
    CHECK(outcome.out.find("\nverdict    ") < outcome.out.find("\nhealth     "));
    for (const char* file : {"config.json", "model.safetensors", "checkpoint.safetensors", "history.csv",
                             "quality.json", "images/before_p0.png", "images/after_p0.png",
                             "images/before_p2.png", "images/after_p2.png", "images/test_wide.png"}) {
        CHECK(fs::is_regular_file(pictures / "run" / file));
    }
    CHECK(lines(read_text(pictures / "run/history.csv")) == 4);
    CHECK(shadenet::image_size(pictures / "run/images/test_wide.png") == std::pair(31u, 7u));
}

TEST_CASE("all 16 channels are shown, of more only their range, and all again with -v") {
    const Pictures pictures;
    const auto longest_row = [&](const Arguments& more) {
        fs::remove_all(pictures / "run");
        const Outcome outcome = run_shadenet(pictures.train(more));
        REQUIRE(outcome.exit_code == 0);
        std::size_t begin = outcome.out.find("  bn1 mean");
        return lines(outcome.out.substr(begin, outcome.out.find("  bn1 variance") - begin));
    };
    CHECK(longest_row({"--epochs", "1"}) == 2);
    CHECK(longest_row({"--epochs", "1", "--hidden", "17"}) == 1);
    CHECK(longest_row({"--epochs", "1", "--hidden", "17", "-v"}) == 3);
}

TEST_CASE("quiet leaves the summary only") {
    const Pictures pictures;
    const Outcome outcome = run_shadenet(pictures.train({"--epochs", "2", "--quiet"}));
    CHECK(outcome.exit_code == 0);
    CHECK_THAT(outcome.out, !ContainsSubstring("epoch 1/2"));
    CHECK_THAT(outcome.out, ContainsSubstring("shadenet apply"));
}

TEST_CASE("the reference's options set epochs and learning rate, and explicit flags win") {
    const Pictures pictures;
    const Outcome plain = run_shadenet(pictures.train({"--reference"}));
    CHECK_THAT(plain.out, ContainsSubstring("training   5 epochs of 1 step, adam, learning rate 0.001,"));
    fs::remove_all(pictures / "run");
    const Outcome mixed = run_shadenet(pictures.train({"--reference", "--epochs", "2"}));
    CHECK_THAT(mixed.out, ContainsSubstring("training   2 epochs of 1 step, adam, learning rate 0.001,"));
    fs::remove_all(pictures / "run");
    const Outcome rate = run_shadenet(pictures.train({"--lr", "0.5", "--reference"}));
    CHECK_THAT(rate.out, ContainsSubstring("training   5 epochs of 1 step, adam, learning rate 0.5,"));
}

TEST_CASE("every choice of network reaches the model file") {
    const Pictures pictures;
    REQUIRE(run_shadenet(pictures.train({"--epochs",
                                         "1",
                                         "--hidden",
                                         "5",
                                         "--kernel",
                                         "5",
                                         "--activation",
                                         "tanh",
                                         "--norm",
                                         "after",
                                         "--no-residual",
                                         "--decay",
                                         "0.75",
                                         "--epsilon",
                                         "0.01",
                                         "--optimizer",
                                         "momentum",
                                         "--batch",
                                         "2",
                                         "--seed",
                                         "7"}))
                .exit_code == 0);
    const shadenet::Model model = shadenet::read_model(pictures / "run/model.safetensors");
    CHECK(model.network == shadenet::two_layer_network({.hidden = 5,
                                                        .kernel = 5,
                                                        .activation = "tanh",
                                                        .norm = shadenet::NormPlacement::after,
                                                        .residual = false,
                                                        .decay = 0.75f,
                                                        .epsilon = 0.01f}));
    const Outcome inspected = run_shadenet({"inspect", pictures.path("run/checkpoint.safetensors")});
    CHECK_THAT(inspected.out, ContainsSubstring("momentum") && ContainsSubstring("step            2"));
}

TEST_CASE("the network is shown with what is done at the edges of pictures") {
    const Pictures pictures;
    const auto shown = [&](const char* padding) {
        fs::remove_all(pictures / "run");
        const Outcome outcome = run_shadenet(pictures.train({"--padding", padding, "--no-tune"}));
        CHECK(outcome.exit_code == 0);
        return outcome.out;
    };
    CHECK_THAT(shown("zero"), ContainsSubstring("conv1: conv 3x3") && ContainsSubstring("same padding") &&
                                  !ContainsSubstring("go on beyond"));
    CHECK_THAT(shown("edge"),
               ContainsSubstring("network    pictures go on beyond their edges, by their outermost pixels") &&
                   !ContainsSubstring("same padding"));
}

TEST_CASE("the plan is shown with the reason for it, and one that does not take the network is refused") {
    const Pictures pictures;
    const auto shown = [&](Arguments more) {
        fs::remove_all(pictures / "run");
        more.insert(more.end(), {"--epochs", "1"});
        const Outcome outcome = run_shadenet(pictures.train(more));
        CHECK(outcome.exit_code == 0);
        const std::size_t begin = outcome.out.find("plan  ");
        return outcome.out.substr(begin, outcome.out.find('\n', begin) - begin);
    };
    CHECK_THAT(shown({}),
               ContainsSubstring("plan       fused: the network has the form it takes; tiles: measured "));
    CHECK(shown({"--no-tune"}) == "plan       fused: the network has the form it takes; tiles: defaults");
    for (const char* word : {"stack", "layerwise"}) {
        const bool old = std::string(word) == "layerwise";
        CHECK(shown({"--plan", word, "--no-tune"}) ==
              fmt::format("plan       stack: asked for{}; tiles: defaults",
                          old ? ", as layerwise, whose last digits differ" : ""));
        CHECK_THAT(read_text(pictures / "run/config.json"), ContainsSubstring("\"plan\": \"stack\""));
    }
    CHECK_THAT(
        shown({"--norm", "after", "--activation", "relu"}),
        ContainsSubstring("plan       stack: the fused plan takes a norm before the activation, and not "
                          "after it; tiles: measured "));
    fs::remove_all(pictures / "run");
    CHECK(unlike_refusal(pictures, pictures.train({"--plan", "fused", "--hidden", "3"}),
                         "the fused plan takes 4 to 64 hidden channels, and not 3") == "");
    CHECK(unlike_refusal(pictures, pictures.train({"--plan", "best"}), "auto, fused or stack") == "");
}

TEST_CASE("train and inspect say how much memory feature maps take, where a network has any") {
    const Pictures pictures;
    const Outcome fused = run_shadenet(pictures.train({"--epochs", "1"}));
    CHECK_THAT(fused.out, !ContainsSubstring("feature maps"));
    CHECK_THAT(run_shadenet({"inspect", pictures.path("run/model.safetensors")}).out,
               !ContainsSubstring("feature maps"));
    fs::remove_all(pictures / "run");
    const Outcome stack = run_shadenet(pictures.train({"--epochs", "1", "--network", "dncnn"}));
    CHECK(stack.exit_code == 0);
    CHECK_THAT(stack.out, ContainsSubstring("\nmemory     ") &&
                              ContainsSubstring(" for the feature maps of a step and their gradients\n"));
    // Two maps of 16 channels in turns, and the input, which is added at the end: 36 · 512² floats.
    CHECK_THAT(
        run_shadenet({"inspect", pictures.path("run/model.safetensors")}).out,
        ContainsSubstring("feature maps of 512 x 512 pixels take 36 MiB, and ") &&
            ContainsSubstring(" in training, or ") &&
            ContainsSubstring(" where memory is short and activations are made again on the way back\n"));
}

TEST_CASE("a loss that is no number any more ends the run with 1 and keeps the checkpoint") {
    const Pictures pictures;
    const Outcome outcome =
        run_shadenet(pictures.train({"--lr", "1e30", "--optimizer", "sgd", "--norm", "none"}));
    CHECK(outcome.exit_code == 1);
    CHECK(error_lines(outcome) == 1);
    CHECK_THAT(outcome.err, ContainsSubstring("--lr"));
    CHECK(run_shadenet({"inspect", pictures.path("run/checkpoint.safetensors")}).exit_code == 0);
    CHECK_FALSE(fs::exists(pictures / "run/model.safetensors"));
}

TEST_CASE("a stopped run that goes on equals one that never stopped, byte for byte") {
    const Pictures stopped, whole;
    const Arguments flags = {"--epochs", "100", "--batch", "2"};
    Process process(with_program(stopped.train(flags)));
    REQUIRE(says(process, "epoch   7/100"));
    process.signal(SIGINT);
    const Outcome outcome = process.wait();
    REQUIRE(outcome.exit_code == 130);
    CHECK_THAT(outcome.out, ContainsSubstring("shadenet train --resume --output " + stopped.path("run")));
    CHECK_FALSE(fs::exists(stopped / "run/model.safetensors"));
    const Outcome resumed = run_shadenet({"train", "--resume", "--output", stopped.path("run")});
    REQUIRE(resumed.exit_code == 0);
    CHECK_THAT(resumed.out, ContainsSubstring("going on after epoch"));
    REQUIRE(run_shadenet(whole.train(flags)).exit_code == 0);
    CHECK(read_text(stopped / "run/model.safetensors") == read_text(whole / "run/model.safetensors"));
    CHECK(lines(read_text(stopped / "run/history.csv")) == 101);
}

TEST_CASE("the model of one run begins another") {
    const Pictures pictures;
    const std::string model = pictures.trained_model();
    const Arguments again = {"train",
                             "--input",
                             pictures.path("before"),
                             "--target",
                             pictures.path("after"),
                             "--output",
                             pictures.path("second"),
                             "--size",
                             "0",
                             "--epochs",
                             "1",
                             "--init",
                             model};
    CHECK(run_shadenet(again).exit_code == 0);
}

TEST_CASE("a folder that holds a run is not overwritten, nor resumed as something else") {
    const Pictures pictures;
    const std::string model = pictures.trained_model();
    const std::string before = read_text(model);
    CHECK(unlike_refusal(pictures, pictures.train({"--epochs", "1"}), "--resume") == "");
    CHECK(unlike_refusal(pictures, pictures.train({"--epochs", "9", "--hidden", "8", "--resume"}),
                         "hidden") == "");
    CHECK(unlike_refusal(pictures, {"train", "--resume", "--output", pictures.path("more")}, "no run") == "");
    CHECK(read_text(model) == before);
}
