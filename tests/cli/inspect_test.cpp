// shadenet inspect --health and --svg, and the health check at the end of train.
#include "catch.h"
#include "model/model_file.h"
#include "model/network_text.h"
#include "model/presets.h"
#include "pictures.h"

using namespace shadenet::test;
namespace fs = std::filesystem;

namespace {

/// The made model with `change` done to it.
template <typename Change>
std::string changed_model(const Pictures& pictures, const Change& change) {
    shadenet::Model model = shadenet::read_model(pictures.made_model());
    change(model);
    const std::string path = pictures.path("changed.safetensors");
    shadenet::write_model(path, model);
    return path;
}

/// Statistics that no finding goes with.
void settle(shadenet::Model& model) {
    for (auto& tensor : model.parameters.tensors()) {
        if (tensor.name.ends_with("running_mean")) tensor.values.assign(tensor.values.size(), 0.25f);
        if (tensor.name.ends_with("running_var")) tensor.values.assign(tensor.values.size(), 0.5f);
    }
}

}  // namespace

TEST_CASE("inspect --health says what a file alone tells") {
    const Pictures pictures;
    const std::string untrained = pictures.made_model();
    const Outcome bad = run_shadenet({"inspect", "--health", untrained});
    CHECK(bad.exit_code == 0);
    CHECK_THAT(bad.out,
               ContainsSubstring("health     1 fault\n  fault    The moving statistics of bn1 and bn2 "
                                 "were never updated") &&
                   ContainsSubstring("\n           Train the model, or") &&
                   ContainsSubstring("With --input DIR"));
    const std::string settled = changed_model(pictures, settle);
    const Outcome good = run_shadenet({"inspect", "--health", settled});
    CHECK_THAT(good.out, ContainsSubstring("health     healthy\n  Looked at: "));
    CHECK_THAT(run_shadenet({"inspect", settled}).out, !ContainsSubstring("health"));
    SECTION("the steps of a file count") {
        const std::string young = changed_model(pictures, [](shadenet::Model& model) {
            settle(model);
            model.norm_updates = 7;
        });
        CHECK_THAT(run_shadenet({"inspect", "--health", young}).out,
                   ContainsSubstring("After 7 steps, 48 % of every moving value"));
    }
    SECTION("without a device, too") {
        const Environment no_driver = {{"VK_ICD_FILENAMES", "/nowhere.json"},
                                       {"VK_DRIVER_FILES", "/nowhere"}};
        CHECK(run_shadenet({"inspect", "--health", settled}, no_driver).exit_code == 0);
    }
    SECTION("and no norm is no fault") {
        shadenet::Model plain;
        plain.network = shadenet::two_layer_network({.norm = shadenet::NormPlacement::none});
        plain.parameters = shadenet::initial_parameters(plain.network, 1);
        const std::string path = pictures.path("plain.safetensors");
        shadenet::write_model(path, plain);
        const Outcome outcome =
            run_shadenet({"inspect", "--health", "--input", pictures.path("before"), path});
        CHECK(outcome.exit_code == 0);
        CHECK_THAT(outcome.out, ContainsSubstring("health     healthy\n  The network has no batch norm."));
    }
}

TEST_CASE("a model of whole pictures is shown, and filters none") {
    const Pictures pictures;
    const std::string model = pictures.path("whole.safetensors"), svg = pictures.path("whole.svg");
    shadenet::Model whole;
    whole.network = shadenet::parse_network(
        "input 3x4x5, dense 11, norm, sigmoid, dropout 0.5, dense 7, norm, average", "text");
    whole.parameters = shadenet::initial_parameters(whole.network, 1, {{shadenet::WeightRule::he}, 0.5f});
    shadenet::write_model(model, whole);
    const Outcome shown = run_shadenet({"inspect", "--health", "--svg", svg, model});
    CHECK(shown.exit_code == 0);
    CHECK(shown.err.empty());
    CHECK_THAT(shown.out, ContainsSubstring("fc1           671  dense, 60 -> 11") &&
                              ContainsSubstring("dropout            dropout, keeps 0.5") &&
                              ContainsSubstring("fc2            84  dense, 11 -> 7") &&
                              ContainsSubstring("average            average over rows and columns") &&
                              ContainsSubstring("The bias of fc1 (up to 0.5) does nothing in training") &&
                              !ContainsSubstring("a pixel of the result"));
    CHECK(fs::exists(svg));
    const std::string before = pictures.path("before");
    CHECK(unlike_refusal(pictures, {"apply", "-m", model, "-i", before, "-o", pictures.path("out")},
                         "makes no pictures, and does not name its classes") == "");
    CHECK(unlike_refusal(pictures, {"stats", model, "--input", before},
                         "makes no pictures, and does not name its classes") == "");
}

TEST_CASE("a model that continues pictures is shown with what its layers compute") {
    const Pictures pictures;
    const std::string model = pictures.path("mirrored.safetensors");
    shadenet::Model made;
    made.network = shadenet::two_layer_network({.padding = shadenet::PicturePadding::reflect});
    made.parameters = shadenet::initial_parameters(made.network, 1);
    shadenet::write_model(model, made);
    const Outcome shown = run_shadenet({"inspect", model});
    CHECK(shown.exit_code == 0);
    CHECK_THAT(shown.out, ContainsSubstring("conv 3x3, 3 -> 16, stride 1\n") &&
                              ContainsSubstring("pictures go on beyond their edges, by their mirror images"));
}

TEST_CASE("a picture in a model's place is named, and a model in a picture's") {
    const Pictures pictures;
    const std::string model = pictures.made_model(), picture = pictures.path("before/p1.png");
    const std::string no_model = "p1.png: is a PNG picture, not a model; give a model.safetensors";
    const std::string no_picture =
        "is a safetensors file, not a picture; give a PNG, JPEG, BMP, TGA, TIFF or WebP";
    const std::string output = pictures.path("o.png");
    CHECK(unlike_refusal(pictures, {"inspect", picture}, no_model) == "");
    CHECK(unlike_refusal(pictures, {"apply", "-m", picture, "-i", model, "-o", output}, no_model) == "");
    CHECK(unlike_refusal(pictures, {"apply", "-m", model, "-i", model, "-o", output}, no_picture) == "");
    CHECK(unlike_refusal(pictures, {"stats", model, "--input", model}, no_picture) == "");
    CHECK(unlike_refusal(pictures, {"inspect", pictures.path("before")}, "is a folder; give the model") ==
          "");
}

TEST_CASE("inspect --health --input measures pictures, and stats --write mends what it finds") {
    const Pictures pictures;
    const std::string settled = changed_model(pictures, settle);
    const Arguments inspect = {"inspect", "--health", "--input", pictures.path("before"), settled};
    const Outcome bad = run_shadenet(inspect);
    CHECK(bad.exit_code == 0);
    CHECK_THAT(bad.out, ContainsSubstring("measured   3 pictures") &&
                            ContainsSubstring("of bn1 are not those of the 3 pictures: a mean is off by") &&
                            ContainsSubstring("the results of 3 pictures change by"));
    REQUIRE(run_shadenet({"stats", settled, "--input", pictures.path("before"), "--write"}).exit_code == 0);
    const Outcome good = run_shadenet(inspect);
    CHECK_THAT(good.out, ContainsSubstring("health     healthy") &&
                             ContainsSubstring("(means off by 0 deviations, variances by a factor of 1)") &&
                             ContainsSubstring("(apart by 0 grey levels in the mean, 0 at most)"));
    SECTION("of other pictures they are not the statistics") {
        const Outcome other =
            run_shadenet({"inspect", "--health", "--input", pictures.path("more/wide.png"), settled});
        CHECK_THAT(other.out, ContainsSubstring("of the 1 picture"));
    }
    SECTION("a damaged picture is left out, and said") {
        write_bytes(pictures / "before/p0.png", Bytes{'n', 'o'});
        const Outcome outcome = run_shadenet(inspect);
        CHECK(outcome.exit_code == 0);
        CHECK_THAT(outcome.err, ContainsSubstring("p0.png"));
        CHECK_THAT(outcome.out, ContainsSubstring("of 2 pictures"));
    }
}

TEST_CASE("inspect refuses what it cannot use") {
    const Pictures pictures;
    const std::string model = pictures.made_model();
    const auto check = [&](const Arguments& arguments, const std::string& part) {
        CHECK(unlike_refusal(pictures, arguments, part) == "");
    };
    check({"inspect", model, "--input", pictures.path("before")}, "give --health too");
    check({"inspect", model, "--health", "--input", pictures.path("nowhere")}, "nowhere: ");
    check({"inspect", model, "--health", "--input", pictures.path("before"), "--size", "16385"}, "--size");
    check({"inspect", model, "--health", "--input", pictures.path("before"), "--device", "no such"},
          "no such");
    check({"inspect", model, "--svg", model}, "is there already, and is no drawing that can be replaced");
    check({"inspect", model, "--svg", pictures.path("before")}, "is there already");
}

TEST_CASE("inspect draws the network") {
    const Pictures pictures;
    const std::string model = pictures.made_model(), svg = pictures.path("network.svg");
    const Outcome outcome = run_shadenet({"inspect", model, "--svg", svg});
    CHECK(outcome.exit_code == 0);
    CHECK_THAT(outcome.out, ContainsSubstring("drawing    " + svg));
    const std::string text = read_text(svg);
    CHECK(text.starts_with("<svg xmlns"));
    for (const char* layer : {">conv1<", ">bn1<", ">conv2<", ">bn2<", ">skip<"}) {
        CHECK_THAT(text, ContainsSubstring(layer));
    }
    const Arguments again = {"inspect", model, "--svg", svg};
    CHECK(unlike_refusal(pictures, again, "is there already; --overwrite replaces it") == "");
    const std::string other = pictures.path("other.safetensors");
    fs::rename(model, other);
    pictures.made_model({.hidden = 3});
    REQUIRE(run_shadenet({"inspect", model, "--svg", svg, "--overwrite"}).exit_code == 0);
    CHECK(read_text(svg) != text);
    REQUIRE(run_shadenet({"inspect", other, "--svg", svg, "--overwrite"}).exit_code == 0);
    CHECK(read_text(svg) == text);
    const Outcome nowhere = run_shadenet({"inspect", model, "--svg", pictures.path("no/such/folder.svg")});
    CHECK(nowhere.exit_code == 2);
    CHECK(error_lines(nowhere) == 1);
}

TEST_CASE("training ends with a health check, in words, in a file and in the report") {
    const Pictures pictures;
    const Outcome outcome = run_shadenet(pictures.train({"--epochs", "2", "--quiet"}));
    REQUIRE(outcome.exit_code == 0);
    CHECK_THAT(outcome.out, ContainsSubstring("\nhealth     ") &&
                                ContainsSubstring("  fault    After 2 steps, 81 %") &&
                                !ContainsSubstring("(3 pictures of 24 x 18)"));
    CHECK_THAT(read_text(pictures / "run/health.json"),
               ContainsSubstring("\"step\": 2") && ContainsSubstring("\"start_left\""));
    CHECK_THAT(read_text(pictures / "run/report.html"),
               ContainsSubstring("<h2>Health</h2>") && ContainsSubstring("After 2 steps, 81 %"));
    SECTION("a failure of it leaves the run finished, with a warning") {
        fs::remove(pictures / "run/health.json");
        fs::create_directories(pictures / "run/health.json/inside");
        const Outcome again =
            run_shadenet({"train", "--resume", "--output", pictures.path("run"), "--quiet"});
        CHECK(again.exit_code == 0);
        CHECK_THAT(again.err, ContainsSubstring("health is not known: "));
        CHECK_THAT(again.out, ContainsSubstring("model      "));
    }
}
