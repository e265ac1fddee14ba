// shadenet train --reference and --network.
#include <fstream>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "catch.h"
#include "cli/train_flags.h"
#include "model/network_text.h"
#include "model/safetensors.h"
#include "pictures.h"

using namespace shadenet;
using namespace shadenet::test;
namespace fs = std::filesystem;

TEST_CASE("the reference is whole, save what flags say besides") {
    CLI::App command;
    TrainFlags flags;
    add_train_flags(command, flags);
    flags.options.network.two_layer = {.hidden = 3, .activation = "relu", .decay = 0.5f};
    flags.options.optimizer.beta1 = 0.1f;
    flags.options.size = 7;
    std::vector<std::string> arguments = {"--lr=0.5", "--kernel=5", "--reference"};
    command.parse(arguments);
    const TrainOptions options = given_options(flags);
    CHECK(options.network.two_layer == NetworkOptions{.hidden = 16, .kernel = 5, .activation = "none"});
    CHECK(options.optimizer.learning_rate == 0.5f);
    CHECK(options.optimizer.beta1 == 0.9f);
    CHECK(options.size == 512);
    CHECK(options.epochs == 5);
}

TEST_CASE("the defaults that are asked for are whole, save what flags say besides") {
    const auto given = [](std::vector<std::string> arguments) {
        CLI::App command;
        TrainFlags flags;
        add_train_flags(command, flags);
        command.parse(arguments);
        return given_options(flags);
    };
    TrainOptions classic = classic_options();
    classic.epochs = 7;
    const TrainOptions options = given({"--epochs=7", "--classic"});
    const TrainOptions draft = default_options(Quality::draft), drafted = given({"--quality=draft"});
    for (const Option& row : option_table()) {
        INFO(row.flag);
        CHECK(row.text(options) == row.text(classic));
        CHECK(row.text(drafted) == row.text(draft));
        CHECK(row.text(given({})) == row.text(default_options(Quality::normal)));
    }
    CHECK(given({"--quality=draft", "--epochs=7"}).epochs == 7);
}

TEST_CASE("a network of one's own is trained, kept in all files, and gone on with") {
    const Pictures pictures;
    const std::string layers =
        "input 3, conv 4 3x3, norm, relu, conv 3 3x3, norm, relu, conv 3 1x1, add input";
    std::ofstream(pictures / "layers.txt") << layers;
    Arguments arguments = {"train",
                           "--input",
                           pictures.path("before"),
                           "--target",
                           pictures.path("after"),
                           "--output",
                           pictures.path("run"),
                           "--size",
                           "0",
                           "--classic",
                           "--network"};
    arguments.insert(arguments.end(), {pictures.path("layers.txt"), "--epochs", "1"});
    const Outcome outcome = run_shadenet(arguments);
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    const std::string text = to_text(parse_network(layers, ""));
    for (const char* file : {"run/model.safetensors", "run/checkpoint.safetensors"}) {
        CHECK(read_safetensors(pictures / file).metadata.at("network") == text);
    }
    CHECK_THAT(read_text(pictures / "run/config.json"), ContainsSubstring("conv 3 1x1"));
    CHECK(fs::is_regular_file(pictures / "run/report.html"));
    const Outcome resumed =
        run_shadenet({"train", "--resume", "--output", pictures.path("run"), "--epochs", "2"});
    CHECK(resumed.exit_code == 0);
    const Outcome other =
        run_shadenet({"train", "--resume", "--output", pictures.path("run"), "--network", "dncnn"});
    CHECK(other.exit_code == 2);
    CHECK_THAT(other.err, ContainsSubstring("the run was begun with line 2"));
    const Outcome applied = run_shadenet({"apply", "-m", pictures.path("run/model.safetensors"), "-i",
                                          pictures.path("more"), "-o", pictures.path("out")});
    CHECK(applied.exit_code == 0);
}
